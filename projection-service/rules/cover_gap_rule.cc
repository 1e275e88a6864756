// plan#56: maturity is collected without a gap.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::Step;
using Steps = absl::Span<const Step>;

// The day from which on `later` together cover everything from `first` to `last`; kNever: they never do.
CivilDate FilledOn(Steps later, CivilDate first, CivilDate last) {
  CivilDate reach = first.Plus(-1);
  for (size_t known = 1; known <= later.size(); ++known) {
    for (bool grows = true; grows;) {
      grows = false;
      for (const Step& step : later.first(known)) {
        if (step.cover_first > reach.Plus(1) || step.CoverLast() <= reach) continue;
        reach = step.CoverLast();
        grows = true;
      }
    }
    if (reach >= last) return later[known - 1].date;
  }
  return oversight::kNever;
}

void Leave(ledger::Ordinal home, const Step& ended, const Step* next, CivilDate since, CivilDate until,
           TraceSink* sink) {
  if (until < since) return;
  oversight::Trace& trace = sink->Add(home, ended.position, since);
  trace.until = until;
  trace.scheme = ended.scheme;
  trace.month = ended.covered_until.Month();
  if (next == nullptr) return;
  trace.positions = {std::min(ended.position, next->position), std::max(ended.position, next->position)};
}

// A cover's end: of `same`, which all end it on that day (those after the first add nothing); `later` are the steps
// behind them.
void ExamineEnd(const oversight::Person& person, Steps same, Steps later, const oversight::Circumstances& known,
                TraceSink* sink) {
  const Step& ended = same.front();
  const CivilDate first_day = ended.covered_until.Plus(1);
  const CivilDate since = std::max(first_day, ended.date);
  const Step* known_then = &ended;
  for (const Step& step : same) {
    if (step.date <= since) known_then = &step;
  }
  const ledger::Ordinal home = person.HomeOn(*known_then, since);
  if (!known.parameters.IsOn("duty.continuity", home, first_day)) return;
  if (later.empty()) return Leave(home, ended, nullptr, since, oversight::kNever, sink);
  const Step& next = later.front();
  Leave(home, ended, nullptr, since, next.date.Plus(-1), sink);
  if (next.cover_first <= first_day) return;
  const CivilDate filled = FilledOn(later, first_day, next.cover_first.Plus(-1));
  const CivilDate until = filled == oversight::kNever ? oversight::kNever : filled.Plus(-1);
  Leave(home, ended, &next, std::max(first_day, next.date), until, sink);
}

class CoverGap final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "cover_gap",
            .severity = v1::WARNING,
            .plan_items = {56},
            .title_vi = "Đến hạn mà không thu nối tiếp",
            .title_en = "A cover ended and was not continued without a gap",
            .reading =
                "By person and scheme, from the day after the last day covered; no grace. A later cover that leaves "
                "days out does not take it back, a later payment for those days does. What the State pays for "
                "(BHYT_NSNN) is nobody's to collect.",
            .parameters = {"duty.continuity"}};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    const Steps steps = person.steps;
    for (size_t begin = 0; begin < steps.size();) {
      size_t end = begin;
      while (end < steps.size() && steps[end].scheme == steps[begin].scheme &&
             steps[end].covered_until == steps[begin].covered_until) {
        ++end;
      }
      size_t last = end;
      while (last < steps.size() && steps[last].scheme == steps[begin].scheme) ++last;
      if (steps[begin].scheme != v1::BHYT_NSNN) {
        ExamineEnd(person, steps.subspan(begin, end - begin), steps.subspan(end, last - end), known, sink);
      }
      begin = end;
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string place = situation.NameOf(group.place);
    return Sentence{StrCat(place, ": ", group.count, " người hết hạn ", SchemeVi(group.scheme), " trong ",
                           MonthVi(group.month), " mà không được thu nối tiếp ngay"),
                    StrCat(place, ": ", group.count, " ", PeopleEn(group.count), " whose ", SchemeEn(group.scheme),
                           " ended in ", group.month.ToString(), " and was not continued without a gap")};
  }
};

}  // namespace

SOTHON_RULE(cover_gap, CoverGap)

}  // namespace sothon::rules
