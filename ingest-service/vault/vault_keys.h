// Keys of the vault, docs/formats/vault.md.
#pragma once

#include <string>

#include "common/base/ids.h"
#include "common/base/strings.h"
#include "ingest-service/vault/number_hasher.h"

namespace sothon::ingest {

inline constexpr char kNumberPrefix = 'N';
// An erased subject: its numbers are gone, the vault still knows that it was one.
inline constexpr char kFencePrefix = 'F';
// What numbers a subject with several of them has: one of each kind, never two.
inline constexpr char kLinkPrefix = 'S';
inline constexpr char kLogKey[] = "L";
inline constexpr char kCheckKey[] = "C";
// Hashed under the vault's key and stored: tells whether a key file belongs to a vault.
inline constexpr char kCheckText[] = "sothon vault 1";

inline std::string LinkKey(const SubjectId& subject, NumberKind kind) {
  return StrCat(std::string(1, kLinkPrefix), subject.AsBytes(), std::string(1, static_cast<char>(kind)));
}

inline std::string FenceKey(const SubjectId& subject) {
  return StrCat(std::string(1, kFencePrefix), subject.AsBytes());
}

inline std::string NumberKey(const NumberHash& hash) { return StrCat(std::string(1, kNumberPrefix), hash.AsBytes()); }

}  // namespace sothon::ingest
