// A GetPartyProgressResponse as a table for people, and as CSV and JSON for programs (docs/formats/cli.md).
#pragma once

#include <string>

#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

// Rows that add up (agencies, collectors, drives: a receipt names one of each) end with their sum. Credited parties
// have none: one receipt may be credited to several (plan#24).
std::string RenderPartyTable(const v1::GetPartyProgressResponse& response);
std::string RenderPartyCsv(const v1::GetPartyProgressResponse& response);
std::string RenderPartyJson(const v1::GetPartyProgressResponse& response);

}  // namespace sothon::cli
