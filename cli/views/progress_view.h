// A GetProgressResponse as a table for people, and as CSV and JSON for programs (docs/formats/cli.md).
#pragma once

#include <string>
#include <vector>

#include "cli/views/progress_words.h"
#include "sothon/v1/event.pb.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

struct ProgressTableOptions {
  // That was asked for: its row stands last, as the total. Of an office's answer: empty, as the place of its own row
  // is.
  std::string place_id;
  std::string office_party_id;  // instead of a place
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

}  // namespace sothon::cli
