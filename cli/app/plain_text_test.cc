// What a stranger's text may do to a terminal: nothing.
#include "cli/app/plain_text.h"

#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

TEST(ForTerminalTest, WhatIsSeenStays) {
  for (const char* text :
       {"", "Thôn 8 (Kon Trang Mơ Năy), Đăk Hà", "Tho\xcc\x82n", "a \\ \"b\"", "日本 \xF0\x9F\x98\x80"}) {
    EXPECT_EQ(ForTerminal(text), text);
  }
}

TEST(ForTerminalTest, OrdersAndUnseenSignsAreSpelledOut) {
  EXPECT_EQ(ForTerminal("a\x1b[1A\x1b[2Kb"), "a\\x1b[1A\\x1b[2Kb");
  EXPECT_EQ(ForTerminal("one\r\ntwo\ttab\x7f"), "one\\x0d\\x0atwo\\x09tab\\x7f");
  EXPECT_EQ(ForTerminal(std::string_view("a\0b", 3)), "a\\x00b");
  for (int c = 0; c < 0x100; ++c) {
    if ((c >= 0x20 && c < 0x7f) || c > 0x9f) continue;
    const std::string sign =
        c < 0x80 ? std::string(1, static_cast<char>(c)) : "\xc2" + std::string(1, static_cast<char>(c));
    EXPECT_EQ(ForTerminal(sign).front(), '\\') << c;
  }
  EXPECT_EQ(ForTerminal("\xc2\x9b;2J"), "\\u009b;2J") << "C1: the same order in two bytes";
  EXPECT_EQ(ForTerminal("\x9b;2J"), "\\x9b;2J") << "and in one, which is not UTF-8";
  EXPECT_EQ(ForTerminal("a\u202eb\u200bc\u2028d\ufeff"), "a\\u202eb\\u200bc\\u2028d\\ufeff");
  EXPECT_EQ(ForTerminal("Th\xf4n"), "Th\\xf4n");
}

}  // namespace
}  // namespace sothon::cli
