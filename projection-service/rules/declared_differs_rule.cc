// Design: what an agency declared (new, continuing) is kept beside what is derived; a difference is worth a look.
#include <algorithm>

#include "projection-service/rules/receipt_sentence.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

using ledger::Counter;

// What was returned is new to some and continuing to others.
bool Differs(uint8_t declared, Counter derived) {
  if (declared == v1::DECLARED_NEW) return derived == Counter::kRenewed || derived == Counter::kRepeat;
  return declared == v1::DECLARED_CONTINUING && derived == Counter::kFirst;
}

class DeclaredDiffers final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "declared_differs",
            .severity = v1::WARNING,
            .plan_items = {55, 57},
            .title_vi = "Khai báo tăng mới, tiếp tục khác với sổ theo dõi",
            .title_en = "Declared as new or continuing, and derived otherwise",
            .reading =
                "New, and the book has an earlier cover that was not lapsed; or continuing, and the book has none. "
                "Returned people may be declared as either. The figures count what is derived."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances&, TraceSink* sink) const override {
    const oversight::Step* before = nullptr;
    for (const oversight::Step& step : person.steps) {
      const oversight::Step* earlier = before != nullptr && before->scheme == step.scheme ? before : nullptr;
      before = &step;
      if (step.IsOpening() || !Differs(person.EntryOf(step).declared, step.what)) continue;
      oversight::Trace& trace = sink->Add(step, step.date);
      trace.month = step.date.Month();
      if (earlier == nullptr) continue;
      trace.positions = {std::min(earlier->position, step.position), std::max(earlier->position, step.position)};
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    return ReceiptSentence(situation, group, "khai tăng mới hoặc tiếp tục khác với kết quả theo dõi",
                           "declared as new or continuing, and derived otherwise");
  }
};

}  // namespace

SOTHON_RULE(declared_differs, DeclaredDiffers)

}  // namespace sothon::rules
