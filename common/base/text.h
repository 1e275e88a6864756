// Vietnamese text: validity, normal form C, and how wide it stands on a terminal (plan#14).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sothon {

bool IsValidUtf8(std::string_view text);

// `text` in normal form C; nullopt when it is not valid UTF-8. ASCII is returned without a look at the tables.
std::optional<std::string> ToNfc(std::string_view text);

// For matching names: NFC, case folded, runs of white space made one blank, ends trimmed. nullopt for invalid UTF-8.
std::optional<std::string> MatchingForm(std::string_view text);

// What makes two texts look the same on paper and on a screen although they differ, so that a number must not hold it.
struct HiddenCharacter {
  enum Kind {
    kBlankAtEnd,     // white space of any kind at the beginning or the end
    kDoubleBlank,    // several blanks in a row
    kOddSpace,       // white space inside that is not a plain blank: no-break, thin, full-width...
    kControl,        // a control character, a line feed and a tab among them
    kInvisible,      // takes no room: zero-width space and joiners, byte order mark, marks of writing direction...
    kCompatibility,  // another way to write a plain character: full-width digits and letters, superscripts,
                     // ligatures...
  };
  Kind kind;
  uint32_t code_point;
};
// The first one in `text`; nullopt when there is none, or `text` is not UTF-8. Normal form C or not does not matter.
// Letters of different scripts that look alike are not told apart.
std::optional<HiddenCharacter> FindHiddenCharacter(std::string_view text);

// Columns `text` takes on a terminal (combining marks 0, East Asian wide 2).
size_t DisplayWidth(std::string_view text);

enum class Align { kLeft, kRight };
// `text` padded with blanks to `width` columns; never cut.
std::string PadTo(std::string_view text, size_t width, Align align);

// 1234567 as "1.234.567", the Vietnamese way.
std::string FormatThousands(int64_t value);

}  // namespace sothon
