// A GetProgressResponse as a table for people, and as CSV and JSON for programs (docs/formats/cli.md).
#pragma once

#include <string>
#include <vector>

#include "sothon/v1/event.pb.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

struct ProgressTableOptions {
  std::string place_id;  // that was asked for: its row stands last, as the total
  // Show the figures of every scheme too, not just targets.
  bool with_figures = false;
  // The documents that targets cite, where they could be read.
  std::vector<v1::DocumentIssued> documents;
  // Ids of those that could not be looked up now, and of those that the log does not have.
  std::vector<std::string> unread_documents;
  std::vector<std::string> unknown_documents;
};

std::string RenderProgressTable(const v1::GetProgressResponse& response, const ProgressTableOptions& options);
std::string RenderProgressCsv(const v1::GetProgressResponse& response);
std::string RenderProgressJson(const v1::GetProgressResponse& response);

// "1 sự kiện sau đầu sổ"-like line on what an answer reflects, for the foot of tables.
std::string DescribeFreshness(const v1::Freshness& freshness);
// "*** KHÔNG CẬP NHẬT: ..." with a line end, where the figures do not follow the log; empty: they do.
std::string TroubleLine(const v1::Freshness& freshness);
// "xã", "thôn", "TDP", "tỉnh".
std::string LevelName(v1::PlaceLevel level);
// "62,5": one decimal, the Vietnamese way.
std::string FormatPercent(double percent);

}  // namespace sothon::cli
