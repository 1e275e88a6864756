#include "projection-service/rules/receipt_sentence.h"

#include "common/base/strings.h"
#include "projection-service/rules/gathering.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {

Sentence ReceiptSentence(const oversight::Situation& situation, const TraceGroup& group, std::string_view vi,
                         std::string_view en) {
  const std::string_view who = situation.AtDesk(group.desk);
  const std::string place = situation.NameOf(group.place);
  return {StrCat(place, ", ", MonthVi(group.month), ": ", group.count, " biên lai ", SchemeVi(group.scheme), " của ",
                 who.empty() ? "người không rõ" : who, " ", vi),
          StrCat(place, ", ", group.month.ToString(), ": ", group.count,
                 Several(group.count, " receipt of ", " receipts of "), SchemeEn(group.scheme), " by ",
                 who.empty() ? "nobody named" : who, " ", en)};
}

}  // namespace sothon::rules
