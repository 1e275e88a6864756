// A small generator of pseudo-random numbers (SplitMix64): the same numbers for a seed on every machine and library.
#pragma once

#include <cstdint>

namespace sothon::cli {

// Thread-compatible.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // 0 to `bound` - 1. For the small bounds used here the bias of the remainder is below one in 2^40.
  int64_t Below(int64_t bound) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(bound)); }
  int64_t Between(int64_t first, int64_t last) { return first + Below(last - first + 1); }
  bool PerMille(int64_t chance) { return Below(1000) < chance; }
  // `numerator` / `denominator` rounded up or down at random, so that the mean is exact.
  int64_t Share(int64_t numerator, int64_t denominator) {
    return numerator / denominator + (Below(denominator) < numerator % denominator ? 1 : 0);
  }

 private:
  uint64_t state_;
};

}  // namespace sothon::cli
