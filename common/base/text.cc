#include "common/base/text.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "utf8proc.h"

namespace sothon {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

// Decodes the code point at the front; a negative length means that the bytes there are not UTF-8.
utf8proc_ssize_t Decode(std::string_view text, utf8proc_int32_t* code_point) {
  return utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                          static_cast<utf8proc_ssize_t>(text.size()), code_point);
}

std::optional<std::string> Map(std::string_view text, int options) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(options));
  if (size < 0) return std::nullopt;
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
  return std::string(reinterpret_cast<const char*>(raw), static_cast<size_t>(size));
}

bool IsWhiteSpace(utf8proc_int32_t code_point) {
  if (code_point >= 0x09 && code_point <= 0x0d) return true;
  if (code_point == 0x85) return true;
  const utf8proc_category_t category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

// Without anything hidden, told without a look at the tables.
bool IsPlainAscii(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x20 || byte >= 0x7f || (c == ' ' && before == ' ')) return false;
    before = c;
  }
  return before != ' ' || text.empty();
}

// Whether normal form KC makes something else of it than normal form C.
bool HasCompatibilityForm(utf8proc_int32_t code_point) {
  // The longest decomposition of any character has 18 code points.
  constexpr utf8proc_ssize_t kDecomposedMax = 32;
  utf8proc_int32_t canonical[kDecomposedMax];
  utf8proc_int32_t compatible[kDecomposedMax];
  int boundary = UTF8PROC_BOUNDCLASS_START;
  const auto canonical_size =
      utf8proc_decompose_char(code_point, canonical, kDecomposedMax, UTF8PROC_DECOMPOSE, &boundary);
  boundary = UTF8PROC_BOUNDCLASS_START;
  const auto compatible_size =
      utf8proc_decompose_char(code_point, compatible, kDecomposedMax,
                              static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT), &boundary);
  return !std::equal(canonical, canonical + std::clamp<utf8proc_ssize_t>(canonical_size, 0, kDecomposedMax), compatible,
                     compatible + std::clamp<utf8proc_ssize_t>(compatible_size, 0, kDecomposedMax));
}

std::optional<HiddenCharacter::Kind> KindOfHidden(utf8proc_int32_t code_point) {
  if (code_point == ' ') return std::nullopt;
  if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0)) return HiddenCharacter::kControl;
  if (code_point < 0x7f) return std::nullopt;
  if (IsWhiteSpace(code_point)) return HiddenCharacter::kOddSpace;
  if (utf8proc_category(code_point) == UTF8PROC_CATEGORY_CF || utf8proc_get_property(code_point)->ignorable) {
    return HiddenCharacter::kInvisible;
  }
  if (HasCompatibilityForm(code_point)) return HiddenCharacter::kCompatibility;
  return std::nullopt;
}

// `text` is valid UTF-8.
std::string CollapseWhiteSpace(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const auto size = static_cast<size_t>(std::max<utf8proc_ssize_t>(Decode(text, &code_point), 1));
    if (IsWhiteSpace(code_point)) {
      gap = !out.empty();
    } else {
      if (gap) out.push_back(' ');
      gap = false;
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  if (IsAscii(text)) return true;
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size = Decode(text, &code_point);
    if (size <= 0) return false;
    text.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

std::optional<std::string> ToNfc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  return Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::optional<std::string> MatchingForm(std::string_view text) {
  const std::optional<std::string> folded = Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  if (!folded) return std::nullopt;
  return CollapseWhiteSpace(*folded);
}

std::optional<HiddenCharacter> FindHiddenCharacter(std::string_view text) {
  if (IsPlainAscii(text)) return std::nullopt;
  utf8proc_int32_t before = 0;
  bool at_begin = true;
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size = Decode(text, &code_point);
    if (size <= 0) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(size));
    const auto found = static_cast<uint32_t>(code_point);
    if (IsWhiteSpace(code_point)) {
      if (at_begin || text.empty()) return HiddenCharacter{HiddenCharacter::kBlankAtEnd, found};
      if (code_point == ' ' && before == ' ') return HiddenCharacter{HiddenCharacter::kDoubleBlank, found};
    }
    if (const auto kind = KindOfHidden(code_point)) return HiddenCharacter{*kind, found};
    before = code_point;
    at_begin = false;
  }
  return std::nullopt;
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size = Decode(text, &code_point);
    if (size <= 0) {  // a terminal shows one replacement mark for a stray byte
      ++width;
      text.remove_prefix(1);
      continue;
    }
    width += static_cast<size_t>(std::max(utf8proc_charwidth(code_point), 0));
    text.remove_prefix(static_cast<size_t>(size));
  }
  return width;
}

std::string PadTo(std::string_view text, size_t width, Align align) {
  const size_t taken = DisplayWidth(text);
  const std::string blanks(taken < width ? width - taken : 0, ' ');
  return align == Align::kLeft ? std::string(text) + blanks : blanks + std::string(text);
}

std::string FormatThousands(int64_t value) {
  // Negated as unsigned, so that the least int64 has its absolute value too.
  const uint64_t magnitude = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  std::string out = std::to_string(magnitude);
  for (size_t end = out.size(); end > 3; end -= 3) out.insert(end - 3, 1, '.');
  if (value < 0) out.insert(0, 1, '-');
  return out;
}

}  // namespace sothon
