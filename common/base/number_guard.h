// Free text that is recorded for ever must not hold anybody's number.
#pragma once

#include <string_view>

namespace sothon {

// What is wrong with a field whose text HoldsLongNumber(), and the remedy. It does not repeat the text.
inline constexpr std::string_view kHoldsLongNumber =
    "holds a number of 9 digits or more (blanks, dots and dashes within it do not count), as a CCCD, a mã số BHXH or a "
    "telephone number has: it would be recorded for ever, and nothing takes it out again; name the law and its "
    "article, not the person";

// Whether 9 digits or more stand in `text` with nothing but white space, dots, dashes and what takes no room between
// them; digits of any script and shape count ("０００" is 000). Days (17.04.2023, 2023-04-17) are no part of a number;
// whatever else stands between digits (a letter, a slash, a comma) ends it. Text that is not UTF-8 is read as bytes.
bool HoldsLongNumber(std::string_view text);

}  // namespace sothon
