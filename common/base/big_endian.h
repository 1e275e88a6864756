// Big-endian integers: the byte order in which keys sort as the numbers they hold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sothon {

inline void AppendBigEndian64(uint64_t value, std::string* out) {
  char bytes[8];
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<char>(value & 0xff);
  out->append(bytes, 8);
}

inline std::string BigEndian64(uint64_t value) {
  std::string out;
  AppendBigEndian64(value, &out);
  return out;
}

// `bytes` must hold at least 8.
inline uint64_t ReadBigEndian64(std::string_view bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

}  // namespace sothon
