// What the CSV and JSON of all figures have in common: stable names, documented in docs/formats/cli.md.
#pragma once

#include <string>
#include <vector>

#include "cli/format/json_writer.h"
#include "google/protobuf/repeated_field.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// "2025-10"; empty: none.
std::string MonthText(int32_t wire);
// Empty: the row is of a group.
std::string SchemeText(const v1::ProgressRow& row);
// "month", "quarter", ...
std::string SpanText(const v1::ProgressRow& row);

// The counters and amounts, in one order everywhere. Who is covered belongs to villages, so others go without `active`.
std::vector<std::string> FigureColumns(bool with_active);
void AppendFigureCells(const v1::Figures& figures, bool with_active, std::vector<std::string>* cells);
void WriteFigures(const v1::Figures& figures, bool with_active, JsonWriter* json);
// The key "targets" and what a row says of each.
void WriteTargets(const v1::ProgressRow& row, JsonWriter* json);

// Keys of the object at hand.
void WriteFreshness(const v1::Freshness& freshness, JsonWriter* json);
void WriteGroups(const google::protobuf::RepeatedPtrField<v1::SchemeGroup>& groups, JsonWriter* json);

// `published_date`, `publication_position`, `published_by`, `digest_holds`: empty where nothing was published.
void AppendPublicationCells(const v1::Publication& publication, std::vector<std::string>* cells);
// An object, or null.
void WritePublication(const v1::Publication* publication, JsonWriter* json);

}  // namespace sothon::cli
