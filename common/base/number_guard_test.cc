#include "common/base/number_guard.h"

#include "gtest/gtest.h"

namespace sothon {
namespace {

TEST(NumberGuard, ANumberIsSeenHoweverItIsWritten) {
  for (const char* text : {
           "theo đơn của CCCD 000587230177",
           "theo đơn của CCCD 000 587 230 177",
           "CCCD 000.587.230.177, điều 14",
           "CCCD 000-587-230-177",
           "CCCD 000\u2013587\u2014230\u2212177",
           "CCCD 000 - 587 . 230\t177",
           "CCCD000587230177",
           "CCCD000 587 230 177",
           "0\u00a00\u202f0\u20095 8 7 2 3 0",
           "000\u200b587\u200b230\u200b177",
           "\uff10\uff10\uff10\uff15\uff18\uff17\uff12\uff13\uff10\uff11\uff17\uff17",
           "\uff10\uff10\uff10\u3000\uff15\uff18\uff17\uff0e\uff12\uff13\uff10",
           "\u0660\u0660\u0660\u0665\u0668\u0667\u0662\u0663\u0660",
           "BHXH 5120 123 456",
           "CMND 123456789",
           "điện thoại 0912.345.678",
           "ngày 17.04.2023 000587230177",
           "000587230177 17.04.2023",
           "17.04.2023.000.587",
           "00.05.8723.0177",
           "000587230177\xff",
       }) {
    EXPECT_TRUE(HoldsLongNumber(text)) << text;
  }
}

TEST(NumberGuard, LawsArticlesAndDaysAreNone) {
  for (const char* text : {
           "",
           "Nghị định 13/2023/NĐ-CP, điều 16, ngày 17/04/2023",
           "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 26.06.2025, điều 14",
           "Luật 91/2025/QH15 2025-06-26",
           "từ 17.04.2023 - 18.04.2023",
           "từ 17.04.2023-18.04.2023",
           "17-4-2023 1-1-2024 2025-12-03",
           "91/2025/QH15 26/06/2025 27/06/2025",
           "khoản 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 điều 16",
           "điều 14 khoản 2 điểm 3.1.2; 12345678",
           "giai đoạn 2021-2025",
           "đơn số 1234/UBND-VX năm 2025",
           "\xff\xfe 12345678 \xff",
       }) {
    EXPECT_FALSE(HoldsLongNumber(text)) << text;
  }
}

}  // namespace
}  // namespace sothon
