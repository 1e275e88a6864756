// plan#58: book and card are handed out promptly.
#include <algorithm>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

constexpr char kDeadline[] = "deadline.certificate";

// The day on which the first one of `scheme` was handed out, on `date` or later; kNever: none was.
CivilDate HandedOut(const oversight::Person& person, uint8_t scheme, CivilDate date) {
  CivilDate first = oversight::kNever;
  for (const ledger::HistoryEntry& entry : person.history) {
    if (entry.kind != ledger::HistoryEntry::Kind::kCertificate || entry.effective < date) continue;
    if (entry.scheme != v1::SCHEME_UNSPECIFIED && entry.scheme != scheme) continue;
    first = std::min(first, entry.effective);
  }
  return first;
}

class CertificateMissing final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "certificate_missing",
            .severity = v1::WARNING,
            .plan_items = {58, 41},
            .title_vi = "Đã thu mà chưa trả sổ BHXH, thẻ BHYT đúng hạn",
            .title_en = "Paid, and no book or card handed out after the deadline",
            .reading =
                "Of first and returned collections: who renews has a book or card already. The deadline is that of "
                "the date of the receipt; unset, nothing is ever late.",
            .parameters = {kDeadline}};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    for (const oversight::Step& step : person.steps) {
      if (!step.IsDeveloped()) continue;
      const v1::Event* deadline = known.parameters.SetBy(kDeadline, step.place, step.date);
      if (deadline == nullptr) continue;
      const CivilDate since = step.date.Plus(static_cast<int32_t>(deadline->parameter_set().value()) + 1);
      const CivilDate handed_out = HandedOut(person, step.scheme, step.date);
      if (handed_out <= since) continue;
      oversight::Trace& trace = sink->Add(step, since);
      if (handed_out != oversight::kNever) trace.until = handed_out.Plus(-1);
      trace.month = step.date.Month();
      trace.positions = {std::min(deadline->position(), step.position), std::max(deadline->position(), step.position)};
    }
  }

 private:
  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const bool book = group.scheme == v1::BHXH_TN;
    const std::string_view who = situation.AtDesk(group.desk);
    const std::string place = situation.NameOf(group.place);
    return Sentence{
        StrCat(place, ", ", MonthVi(group.month), ": ", group.count, " người đã nộp ", SchemeVi(group.scheme), " cho ",
               who.empty() ? "người không rõ" : who, " mà quá hạn chưa có ", book ? "sổ BHXH" : "thẻ BHYT"),
        StrCat(place, ", ", group.month.ToString(), ": ", group.count, " ", PeopleEn(group.count), " paid for ",
               SchemeEn(group.scheme), " to ", who.empty() ? "nobody named" : who, " and had no ",
               book ? "book" : "card", " after the deadline")};
  }
};

}  // namespace

SOTHON_RULE(certificate_missing, CertificateMissing)

}  // namespace sothon::rules
