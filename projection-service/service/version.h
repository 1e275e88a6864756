#pragma once

namespace sothon::projection {

// SOTHON_VERSION comes from the build.
inline constexpr char kVersion[] = SOTHON_VERSION;

}  // namespace sothon::projection
