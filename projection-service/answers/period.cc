#include "projection-service/answers/period.h"

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::answers {

absl::StatusOr<MonthRange> ParsePeriod(const std::string& period) {
  const auto range = MonthRange::Parse(period);
  if (!range) {
    return BadRequest({{"period", StrCat("\"", period,
                                         "\" is no period; write 2025-10, 2025Q4, 2025 or "
                                         "2025-10..2025-12")}});
  }
  if (range->Size() > kPeriodMonthsMax) {
    return BadRequest(
        {{"period", StrCat("\"", period, "\" has ", range->Size(), " months; ask for at most ", kPeriodMonthsMax)}});
  }
  return *range;
}

bool Concerns(const oversight::Situation& situation, std::string_view place_id) {
  const ledger::Place* named = situation.reference_view().FindPlace(place_id, situation.position());
  if (named == nullptr) return false;
  if (situation.Covers(named->ordinal)) return true;
  for (std::optional<ledger::Ordinal> at = situation.place(); at; at = situation.reference().place(*at).parent) {
    if (*at == named->ordinal) return true;
  }
  return false;
}

}  // namespace sothon::answers
