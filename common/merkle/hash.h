// Hashes of a Merkle tree as RFC 6962, section 2.1, defines them, over SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sothon::merkle {

using Hash = std::array<uint8_t, 32>;

// SHA-256(0x00 || bytes).
Hash HashLeaf(std::string_view bytes);
// SHA-256(0x01 || left || right).
Hash HashNode(const Hash& left, const Hash& right);
// SHA-256 of nothing: the root of the tree without leaves.
Hash EmptyRoot();

inline std::string_view AsBytes(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace sothon::merkle
