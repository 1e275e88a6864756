// Which view of a data directory is in use (view_directories.h), read by whoever does not hold the directory, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sothon::projection {

inline constexpr char kViewPrefix[] = "view-";
inline constexpr char kCurrentFile[] = "CURRENT";

// n of "view-<n>"; nullopt: it is not the name of a view.
std::optional<uint64_t> ViewNumber(std::string_view name);

// The number of the view that CURRENT names; nullopt: there is no CURRENT. DATA_LOSS: it names none.
absl::StatusOr<std::optional<uint64_t>> ReadCurrentView(const std::string& data_directory);

}  // namespace sothon::projection
