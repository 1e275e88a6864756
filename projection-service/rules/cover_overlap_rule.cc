// plan#20, plan#62: nobody is insured twice.
#include <algorithm>
#include <tuple>
#include <vector>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::Step;

// Cards change in the middle of a month: so many days, a month, are a change and not a second card.
constexpr int32_t kDaysMax = 31;

// Consecutive days covered by a scheme, as known so far.
struct Run {
  CivilDate first;
  CivilDate last;
  uint64_t position = 0;  // of the newest step in it
};
using Runs = std::vector<Run>;

// Puts a step's days among `runs`; what they touch becomes one. Returns that one.
Run Join(const Step& step, Runs* runs) {
  Run joined{step.cover_first, step.CoverLast(), step.position};
  runs->erase(std::remove_if(runs->begin(), runs->end(),
                             [&](const Run& run) {
                               if (run.last.Plus(1) < joined.first || joined.last.Plus(1) < run.first) return false;
                               joined.first = std::min(joined.first, run.first);
                               joined.last = std::max(joined.last, run.last);
                               return true;
                             }),
              runs->end());
  runs->push_back(joined);
  return joined;
}

bool IsHealth(const Step& step) { return step.scheme != v1::BHXH_TN; }

bool HasSeveralCards(const std::vector<Step>& steps) {
  const Step* first = nullptr;
  for (const Step& step : steps) {
    if (!IsHealth(step)) continue;
    if (first == nullptr) first = &step;
    if (step.scheme != first->scheme) return true;
  }
  return false;
}

struct Overlap {
  uint8_t a, b;  // schemes, a < b
  CivilDate first, last;
};

class CoverOverlap final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "cover_overlap",
            .severity = v1::WARNING,
            .plan_items = {20, 62},
            .title_vi = "Một người có hai thẻ BHYT theo hai hình thức cùng lúc",
            .title_en = "People covered by two kinds of health insurance at once",
            .reading =
                "Covered by both on more than 31 consecutive days, as far as is paid for; from the first such day on, "
                "once known, and it stays. A pupil covered elsewhere is told as BHYT_HSSV."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances&, TraceSink* sink) const override {
    if (!HasSeveralCards(person.steps)) return;
    std::vector<const Step*> steps;
    for (const Step& step : person.steps) {
      if (IsHealth(step) && step.cover_first <= step.CoverLast()) steps.push_back(&step);
    }
    std::sort(steps.begin(), steps.end(), [](const Step* a, const Step* b) {
      return std::tie(a->date, a->position) < std::tie(b->date, b->position);
    });
    std::vector<Runs> runs(v1::Scheme_ARRAYSIZE);
    std::vector<Overlap> told;
    for (const Step* step : steps) {
      const Run own = Join(*step, &runs[step->scheme]);
      for (size_t other = 0; other < runs.size(); ++other) {
        if (other == step->scheme) continue;
        for (const Run& run : runs[other]) Compare(person, *step, own, static_cast<uint8_t>(other), run, &told, sink);
      }
    }
  }

 private:
  static void Compare(const oversight::Person& person, const Step& step, const Run& own, uint8_t other, const Run& run,
                      std::vector<Overlap>* told, TraceSink* sink) {
    const Overlap overlap{std::min(step.scheme, other), std::max(step.scheme, other), std::max(own.first, run.first),
                          std::min(own.last, run.last)};
    if (overlap.last.value - overlap.first.value + 1 <= kDaysMax) return;
    for (Overlap& earlier : *told) {
      if (earlier.a != overlap.a || earlier.b != overlap.b) continue;
      if (earlier.last < overlap.first || overlap.last < earlier.first) continue;
      earlier = overlap;
      return;
    }
    told->push_back(overlap);
    const CivilDate since = std::max(step.date, overlap.first);
    oversight::Trace& trace = sink->Add(person.HomeOn(step, since), step.position, since);
    if (overlap.a == v1::BHYT_HSSV || overlap.b == v1::BHYT_HSSV) trace.scheme = v1::BHYT_HSSV;
    trace.positions = {std::min(run.position, step.position), std::max(run.position, step.position)};
  }

  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const bool pupils = group.scheme == v1::BHYT_HSSV;
    const std::string place = situation.NameOf(group.place);
    return Sentence{StrCat(place, ": ", group.count, " trường hợp ", pupils ? "học sinh, sinh viên" : "một người",
                           " có thẻ BHYT theo hai hình thức cùng lúc quá ", kDaysMax, " ngày"),
                    StrCat(place, ": ", group.count, pupils ? " pupils or students" : " people",
                           " covered by two kinds of health insurance at once, for more than ", kDaysMax, " days")};
  }
};

}  // namespace

SOTHON_RULE(cover_overlap, CoverOverlap)

}  // namespace sothon::rules
