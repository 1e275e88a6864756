// Whether a figure follows from proven events, without any service.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/proof_files.h"
#include "projection-service/view/question.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

struct FigurePosting {
  v1::Posting posting;
  std::vector<std::string> event_cells;  // EventCells() of the event that caused it, as the file has them
};

struct Figure {
  std::string log_id;
  uint64_t position = 0;  // up to which the log was counted
  std::string about;      // a place, party or drive
  std::string period;
  std::string unit;  // a scheme or a scheme group
  std::string counter;
  int64_t sum = 0;
  std::vector<FigurePosting> postings;

  // "first · 23500-26 · 2025-11 · BHXH_TN = 5".
  std::string Heading() const;
  std::set<uint64_t> Positions() const;
};

// From figure.json. INVALID_ARGUMENT names the field that is not there or is something else than it must be.
absl::StatusOr<Figure> ParseFigure(std::string_view json);

// What keeps `proven`, by position, from proving the figure, in words; empty: nothing. Proven is that the log has these
// events, that each can have caused its posting (cli/views/posting_check.h), that the postings are those the heading
// names, and that they add up. `groups`: the scheme groups that a figure may be of. That none is left out follows from
// no proof of single events: `audit replay` shows it.
std::vector<std::string> FaultsOfFigure(const Figure& figure, const std::map<uint64_t, ProvenEvent>& proven,
                                        const projection::SchemeGroups& groups);

}  // namespace sothon::cli
