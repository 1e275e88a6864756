// plan#2: a number that calls the document one kind and encodes another, as "Thông báo số 66/QĐ-UBND".
#include <algorithm>

#include "common/base/strings.h"
#include "common/base/text.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/plan_facts.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {
namespace {

// Kinds of documents of the administration with the code that their numbers carry (Decree 30/2020/NĐ-CP, annex III).
struct DocumentKind {
  std::string_view name;  // as MatchingForm writes it
  std::string_view code;  // the same
};
constexpr DocumentKind kKinds[] = {
    {"nghị quyết", "nq"}, {"nghị định", "nđ"}, {"quyết định", "qđ"},    {"chỉ thị", "ct"},   {"quy chế", "qc"},
    {"thông báo", "tb"},  {"hướng dẫn", "hd"}, {"chương trình", "ctr"}, {"kế hoạch", "kh"},  {"phương án", "pa"},
    {"đề án", "đa"},      {"dự án", "da"},     {"báo cáo", "bc"},       {"tờ trình", "ttr"}, {"biên bản", "bb"},
    {"hợp đồng", "hđ"},   {"công điện", "cđ"}, {"thông tư", "tt"},
};

// The kind that the number begins with; nullptr: none that is known.
const DocumentKind* NamedKind(std::string_view number) {
  const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                 [&](const DocumentKind& one) { return number.starts_with(one.name); });
  return kind == std::end(kKinds) ? nullptr : kind;
}

// The kind of the code between the last stroke and the hyphen behind it: "qđ" of "66/qđ-ubnd".
const DocumentKind* CodedKind(std::string_view number) {
  const size_t stroke = number.rfind('/');
  if (stroke == std::string_view::npos) return nullptr;
  std::string_view code = number.substr(stroke + 1);
  code = code.substr(0, code.find_first_of("- "));
  const auto kind =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const DocumentKind& one) { return one.code == code; });
  return kind == std::end(kKinds) ? nullptr : kind;
}

class DocumentNumberMixed final : public Rule {
 public:
  RuleInfo info() const override {
    return {
        .code = "document_number_mixed",
        .severity = v1::NOTICE,
        .plan_items = {2},
        .title_vi = "Số, ký hiệu văn bản ghi lẫn hai loại",
        .title_en = "A document number that mixes two kinds",
        .reading = "The number is kept as printed, with the normalised one beside it; nothing is counted by either."};
  }

  void Judge(Case* hearing) const override {
    const oversight::Situation& situation = hearing->situation();
    Gathering gathering;
    for (const v1::Event* event : DocumentsAsked(situation)) {
      const v1::DocumentIssued& document = event->document_issued();
      const std::string number = MatchingForm(document.number_verbatim()).value_or("");
      const DocumentKind* named = NamedKind(number);
      const DocumentKind* coded = CodedKind(number);
      if (named == nullptr || coded == nullptr || named == coded) continue;
      const std::string& verbatim = document.number_verbatim();
      gathering.Add({.place = PlaceOf(situation, *event), .party_id = document.issuer_party_id()},
                    {{StrCat("“", verbatim, "” ghi ký hiệu của ", coded->name),
                      StrCat("“", verbatim, "” carries the code of “", coded->name, "”")},
                     ledger::DateOf(*event),
                     {event->position()}});
    }
    gathering.Report(hearing, [&](const Subject& subject, uint64_t count) {
      const std::string place = Before(situation, subject.place);
      return Words{StrCat(place, count, " văn bản có số, ký hiệu ghi lẫn hai loại"),
                   StrCat(place, count, Several(count, " document", " documents"), " whose number mixes two kinds")};
    });
  }
};

}  // namespace

SOTHON_RULE(document_number_mixed, DocumentNumberMixed)

}  // namespace sothon::rules
