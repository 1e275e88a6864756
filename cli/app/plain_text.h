// What a person does not see in a text: white space at its ends, signs without a shape, orders to a terminal.
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

// `text` of somebody who is not trusted, as it may be printed: on one line, and a terminal takes no order from it. What
// is seen stays as it is; control characters (C0, DEL, C1), marks of writing direction and other signs without a shape,
// line and paragraph separators, and bytes that are not UTF-8 become "\x1b", "\u202e", "\xff".
std::string ForTerminal(std::string_view text);

}  // namespace sothon::cli
