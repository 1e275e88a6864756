// The word that somebody who mistyped one probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sothon::cli {

// Of `words`, the one with the fewest letters to change, put in or leave out; empty: none is near (more than a third of
// the letters of `typed`, and more than 2, are wrong, and none begins with it or holds it).
std::string NearestWord(std::string_view typed, const std::vector<std::string>& words);

}  // namespace sothon::cli
