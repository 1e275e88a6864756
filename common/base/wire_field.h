// Takes a protocol-buffer message apart without copying, for the few places where a parser's allocations would cost
// more than the work itself.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/varint.h"

namespace sothon {

// What stands before a field on the wire: its number, and how its value is written.
constexpr uint64_t VarintTag(int field) { return static_cast<uint64_t>(field) << 3; }
constexpr uint64_t BytesTag(int field) { return static_cast<uint64_t>(field) << 3 | 2; }

// One field of a message, as it stands on the wire. `number` is set after a VarintTag, `bytes` after a BytesTag.
struct WireField {
  uint64_t tag = 0;
  uint64_t number = 0;
  std::string_view bytes;
};

// Consumes one field from the front of `*in`. False at the end, and at what is neither a varint nor a length with bytes
// (messages of this project have nothing else); `*in` is empty at the end only.
inline bool ConsumeWireField(std::string_view* in, WireField* field) {
  std::string_view rest = *in;
  if (rest.empty() || !ConsumeVarint(&rest, &field->tag)) return false;
  switch (field->tag & 7) {
    case 0:
      if (!ConsumeVarint(&rest, &field->number)) return false;
      break;
    case 2: {
      uint64_t size = 0;
      if (!ConsumeVarint(&rest, &size) || size > rest.size()) return false;
      field->bytes = rest.substr(0, size);
      rest.remove_prefix(size);
      break;
    }
    default:
      return false;
  }
  *in = rest;
  return true;
}

}  // namespace sothon
