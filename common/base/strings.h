// Joining text with numbers. absl::StrCat as Debian 12 builds it has a string_view of its own and does not take
// std::string_view; these do, with both releases. Everything else absl::StrCat takes is passed through.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "common/base/absl_view.h"

namespace sothon {

namespace strings_internal {
template <typename T>
decltype(auto) Adapt(const T& value) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return ToAbsl(value);
  } else {
    return (value);
  }
}
}  // namespace strings_internal

template <typename... Parts>
std::string StrCat(const Parts&... parts) {
  return absl::StrCat(strings_internal::Adapt(parts)...);
}

template <typename... Parts>
void StrAppend(std::string* out, const Parts&... parts) {
  absl::StrAppend(out, strings_internal::Adapt(parts)...);
}

}  // namespace sothon
