// What findings about receipts of one desk, village, month and scheme say alike.
#pragma once

#include <string_view>

#include "projection-service/rules/rule.h"

namespace sothon::rules {

// "Thôn 1, tháng 11/2025: 3 biên lai BHXH tự nguyện của NVT-07 " and `vi`: what is wrong with them; "...: 3 receipts of
// voluntary social insurance by NVT-07 " and `en`.
Sentence ReceiptSentence(const oversight::Situation& situation, const TraceGroup& group, std::string_view vi,
                         std::string_view en);

}  // namespace sothon::rules
