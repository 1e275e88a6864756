#pragma once

namespace sothon::ingest {

// SOTHON_VERSION comes from the build.
inline constexpr char kVersion[] = SOTHON_VERSION;

}  // namespace sothon::ingest
