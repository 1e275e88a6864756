// The vault's secret key on disk.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace sothon::ingest {

using VaultKey = std::array<uint8_t, 32>;

// NOT_FOUND; FAILED_PRECONDITION: not 32 bytes, or readable by others than its owner.
absl::StatusOr<VaultKey> ReadKeyFile(const std::string& path);
// Writes a new random key, mode 0600, synced. ALREADY_EXISTS.
absl::StatusOr<VaultKey> CreateKeyFile(const std::string& path);

}  // namespace sothon::ingest
