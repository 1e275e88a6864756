// Accounts and postings: the whole vocabulary of a progress view.
//
// An account is one cell: (dimension, who or where, scheme, month) with a few counters. A posting is a signed change of
// one counter, caused by the event at one position. Any figure is the sum of its postings.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "sothon/v1/vocabulary.pb.h"

namespace sothon::ledger {

// What the ordinal of an account counts. Numbers are stored: only add.
enum class Dimension : uint8_t {
  kVillage = 1,
  // The rest count collections only: nobody is covered by a desk. See Names for their ordinals.
  kDesk = 2,      // where money was handed in; desks add up to collectors and to agencies (plan#28)
  kCredited = 3,  // an official, union or school that an enrolment is credited to (plan#24)
  kDrive = 4,     // (plan#27)
};

// The n-th of its kind in the log, from 0: places as they are registered, the others as contributions name them.
// Derived from the log alone, so equal logs give equal ordinals.
struct Ordinal {
  uint32_t value = 0;
  constexpr auto operator<=>(const Ordinal&) const = default;
};

// Packed so that numeric order is (dimension, ordinal, scheme, month): dimension 8 bits, ordinal 32, scheme 8,
// month 16.
class AccountKey {
 public:
  constexpr AccountKey() = default;
  constexpr explicit AccountKey(uint64_t packed) : packed_(packed) {}
  constexpr AccountKey(Dimension dimension, Ordinal ordinal, v1::Scheme scheme, CivilMonth month)
      : packed_(static_cast<uint64_t>(dimension) << 56 | static_cast<uint64_t>(ordinal.value) << 24 |
                static_cast<uint64_t>(scheme) << 16 | static_cast<uint16_t>(month.value)) {}

  constexpr auto operator<=>(const AccountKey&) const = default;
  constexpr uint64_t packed() const { return packed_; }
  constexpr Dimension dimension() const { return static_cast<Dimension>(packed_ >> 56); }
  constexpr Ordinal ordinal() const { return {static_cast<uint32_t>(packed_ >> 24)}; }
  constexpr v1::Scheme scheme() const { return static_cast<v1::Scheme>(packed_ >> 16 & 0xff); }
  constexpr CivilMonth month() const { return {static_cast<int32_t>(packed_ & 0xffff)}; }

  template <typename H>
  friend H AbslHashValue(H state, const AccountKey& key) {
    return H::combine(std::move(state), key.packed_);
  }

 private:
  uint64_t packed_ = 0;
};

// Numbers are stored: only add.
enum class Counter : uint8_t {
  kFirst = 0,
  kReturned = 1,
  kRenewed = 2,
  kRepeat = 3,
  // Covers begun in this month less covers that ended with the month before. The people covered at the end of month m
  // are the sum over all months up to m.
  kActiveChange = 4,
  kPaidVnd = 5,
  kCentralSupportVnd = 6,
  kLocalSupportVnd = 7,
};
inline constexpr size_t kCounterCount = 8;

struct Counters {
  std::array<int64_t, kCounterCount> values{};
  auto operator<=>(const Counters&) const = default;

  int64_t& operator[](Counter counter) { return values[static_cast<size_t>(counter)]; }
  int64_t operator[](Counter counter) const { return values[static_cast<size_t>(counter)]; }
  Counters& operator+=(const Counters& other) {
    for (size_t i = 0; i < kCounterCount; ++i) values[i] += other.values[i];
    return *this;
  }
  bool IsZero() const { return *this == Counters{}; }
};

// A change of one counter by the event being applied; its position is the event's.
struct Posting {
  AccountKey account;
  Counter counter = Counter::kFirst;
  int64_t change = 0;
  auto operator<=>(const Posting&) const = default;
};

}  // namespace sothon::ledger
