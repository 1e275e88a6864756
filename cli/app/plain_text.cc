#include "cli/app/plain_text.h"

#include <cstdlib>
#include <memory>

#include "absl/strings/str_format.h"
#include "utf8proc.h"

namespace sothon::cli {
namespace {

struct Sign {
  utf8proc_int32_t code_point = -1;  // negative: no UTF-8
  size_t size = 1;
};

Sign SignAt(std::string_view text) {
  Sign sign;
  const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                 static_cast<utf8proc_ssize_t>(text.size()), &sign.code_point);
  if (size > 0) {
    sign.size = static_cast<size_t>(size);
  } else {
    sign.code_point = -1;
  }
  return sign;
}

Sign LastSign(std::string_view text) {
  size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
  const Sign sign = SignAt(text.substr(begin));
  return sign.size == text.size() - begin ? sign : Sign();
}

bool IsWhiteSpace(utf8proc_int32_t code_point) {
  if (code_point < 0) return false;
  if ((code_point >= 0x09 && code_point <= 0x0d) || code_point == 0x85) return true;
  const utf8proc_category_t category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

// Signs without a shape that their category does not tell.
bool IsFiller(utf8proc_int32_t c) {
  return c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || c == 0x2800 || c == 0x3164 ||
         c == 0xffa0 || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

// Whether a terminal would do something with it, or show nothing.
bool IsUnseen(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return IsFiller(code_point);
  }
}

}  // namespace

std::string_view TrimWhiteSpace(std::string_view text) {
  while (!text.empty()) {
    const Sign sign = SignAt(text);
    if (!IsWhiteSpace(sign.code_point)) break;
    text.remove_prefix(sign.size);
  }
  while (!text.empty()) {
    const Sign sign = LastSign(text);
    if (!IsWhiteSpace(sign.code_point)) break;
    text.remove_suffix(sign.size);
  }
  return text;
}

std::optional<std::string> InvisibleSign(std::string_view text) {
  for (Sign sign; !text.empty(); text.remove_prefix(sign.size)) {
    sign = SignAt(text);
    if (sign.code_point < 0 || sign.code_point == ' ') continue;
    const utf8proc_category_t category = utf8proc_category(sign.code_point);
    const char* what = nullptr;
    if (sign.code_point == 0xa0 || sign.code_point == 0x202f) {
      what = "a no-break space";
    } else if (category == UTF8PROC_CATEGORY_CC) {
      what = "a control character";
    } else if (IsWhiteSpace(sign.code_point)) {
      what = "a blank of another kind";
    } else if (category == UTF8PROC_CATEGORY_CF || IsFiller(sign.code_point)) {
      what = "a sign that is not seen";
    }
    if (what != nullptr) return absl::StrFormat("U+%04X (%s)", sign.code_point, what);
  }
  return std::nullopt;
}

std::string PlainForm(std::string_view text) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (size < 0) return std::string(text);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
  return std::string(reinterpret_cast<const char*>(raw), static_cast<size_t>(size));
}

std::string ForTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (Sign sign; !text.empty(); text.remove_prefix(sign.size)) {
    sign = SignAt(text);
    if (sign.code_point < 0) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<uint8_t>(text.front()));
    } else if (!IsUnseen(sign.code_point)) {
      out.append(text.substr(0, sign.size));
    } else if (sign.code_point < 0x80) {
      absl::StrAppendFormat(&out, "\\x%02x", sign.code_point);
    } else {
      absl::StrAppendFormat(&out, "\\u%04x", sign.code_point);
    }
  }
  return out;
}

}  // namespace sothon::cli
