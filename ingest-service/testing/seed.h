// Seeds of property tests: random, printed when the test fails, and taken from the environment to replay it.
#pragma once

#include <cstdlib>
#include <random>

namespace sothon::ingest::testing {

// $SOTHON_TEST_SEED where it is set.
inline unsigned TestSeed() {
  const char* const given = std::getenv("SOTHON_TEST_SEED");
  return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

}  // namespace sothon::ingest::testing
