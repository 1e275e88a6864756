#include "cli/audit/repeat_finder.h"

#include <tuple>

#include "absl/hash/hash.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr char kEventId = 'E';
constexpr char kReceipt = 'R';
constexpr char kReversal = 'V';

std::string Describe(char kind, std::string_view one, std::string_view other) {
  if (kind == kEventId) return StrCat("event id ", one);
  return StrCat(kind == kReversal ? "reversal of " : "", "receipt ", other, " of ", one);
}

}  // namespace

void RepeatFinder::Look(absl::Span<const std::string_view> stored) {
  for (const std::string_view bytes : stored) {
    const absl::StatusOr<const v1::Event*> parsed = parser_.Parse(bytes);
    if (!parsed.ok()) continue;  // the fold stops there
    const v1::Event& event = **parsed;
    Note(kEventId, event.event_id(), "", event.position());
    if (event.has_contribution_recorded()) {
      const v1::ContributionRecorded& paid = event.contribution_recorded();
      Note(kReceipt, paid.agency_id(), paid.receipt_number(), event.position());
    } else if (event.has_contribution_reversed()) {
      const v1::ContributionReversed& reversed = event.contribution_reversed();
      Note(kReversal, reversed.agency_id(), reversed.receipt_number(), event.position());
    }
  }
}

void RepeatFinder::Note(char kind, std::string_view one, std::string_view other, uint64_t position) {
  const std::pair<uint64_t, uint64_t> key(absl::HashOf(kind, one, other), absl::HashOf(other, one, kind, kind));
  const auto [at, is_new] = positions_.try_emplace(key, position);
  if (is_new) return;
  ++count_;
  if (repeats_.size() < kRepeatsTold) repeats_.push_back({position, at->second, Describe(kind, one, other)});
}

}  // namespace sothon::cli
