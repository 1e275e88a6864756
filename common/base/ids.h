// Strong types for the identifiers and amounts of the domain, so that two bare integers never stand side by side.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sothon {

// The 1-based place of an event in its log. 0 means "before the first event".
struct Position {
  uint64_t value = 0;
  constexpr auto operator<=>(const Position&) const = default;
  constexpr Position Next() const { return {value + 1}; }
  constexpr Position Plus(uint64_t count) const { return {value + count}; }
};

// Whole đồng (VND).
struct Vnd {
  int64_t value = 0;
  constexpr auto operator<=>(const Vnd&) const = default;
};

// Random 128-bit pseudonym of a person. All zeros means "none".
struct SubjectId {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const SubjectId&) const = default;

  bool IsZero() const { return *this == SubjectId{}; }
  std::string_view AsBytes() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  // nullopt unless `raw` is exactly 16 bytes.
  static std::optional<SubjectId> FromBytes(std::string_view raw) {
    if (raw.size() != 16) return std::nullopt;
    SubjectId id;
    std::memcpy(id.bytes.data(), raw.data(), 16);
    return id;
  }
  // 32 lower-case hexadecimal digits.
  std::string ToHex() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out(32, '0');
    for (size_t i = 0; i < 16; ++i) {
      out[2 * i] = kDigits[bytes[i] >> 4];
      out[2 * i + 1] = kDigits[bytes[i] & 15];
    }
    return out;
  }
  // Subject ids are random, so their first bytes are a hash already.
  template <typename H>
  friend H AbslHashValue(H state, const SubjectId& id) {
    uint64_t low;
    std::memcpy(&low, id.bytes.data(), sizeof low);
    return H::combine(std::move(state), low);
  }
};

// Client-chosen identifiers (event, document, party, target, drive, role): 1 to 64 of [A-Za-z0-9._:-].
bool IsWellFormedId(std::string_view id);

}  // namespace sothon
