// absl::string_view is a type of its own in Debian 12's build of Abseil and std::string_view in Debian 13's.
#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace sothon {

// For absl functions and hash maps that are given a std::string_view.
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace sothon
