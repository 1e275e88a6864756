// What a person does not see in a text: white space at its ends, signs without a shape.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sothon::cli {

// Without Unicode white space at both ends (no-break and ideographic blanks too). Bytes that are not UTF-8 are kept.
std::string_view TrimWhiteSpace(std::string_view text);

// The first sign in `text` that has no shape of its own, or is a blank other than U+0020: control characters,
// zero-width signs, no-break blanks. As "U+00A0 (a no-break space)"; nullopt: there is none.
std::optional<std::string> InvisibleSign(std::string_view text);

// `text` with full-width letters and other compatibility forms (Ａ, ①, ﬁ) as plain ones; `text` where there are none.
std::string PlainForm(std::string_view text);

}  // namespace sothon::cli
