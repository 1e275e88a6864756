// The seed of a property test: another one in every run, told, and taken again to repeat a run.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace sothon::testing {

// $SOTHON_SEED when it is set, otherwise a random one; printed, so that the run can be repeated.
inline uint32_t SeedForThisRun() {
  const char* const given = std::getenv("SOTHON_SEED");
  const uint32_t seed =
      given != nullptr ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  std::cout << "SOTHON_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace sothon::testing
