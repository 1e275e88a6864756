// Protocol-buffer varints and zigzag, for our own stored formats.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sothon {

inline void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

inline void AppendSignedVarint(int64_t value, std::string* out) {
  AppendVarint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63), out);
}

// Consumes one varint from the front of `*in`; false (and `*in` unspecified) when it is truncated or longer than 64
// bits.
inline bool ConsumeVarint(std::string_view* in, uint64_t* value) {
  uint64_t result = 0;
  for (int shift = 0; shift < 64 && !in->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in->front());
    in->remove_prefix(1);
    if (shift == 63 && byte > 1) return false;
    result |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      return true;
    }
  }
  return false;
}

inline bool ConsumeSignedVarint(std::string_view* in, int64_t* value) {
  uint64_t raw = 0;
  if (!ConsumeVarint(in, &raw)) return false;
  *value = static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
  return true;
}

}  // namespace sothon
