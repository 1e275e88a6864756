// Proofs, without a look into the database, that a key is new.
//
// Operation
//   A gap is a stretch between two neighbouring stored keys, so nothing in it is stored. Clients that number their
//   receipts upwards or send time-ordered event ids add each key just above their last one: one look-up finds the gap,
//   and the next thousands of keys need none. Every key taken out of a gap shrinks it to what lies above that key, so
//   a repeated key is never taken twice.
// Concurrency
//   Thread-compatible; owned by the only writer. Keys written past it would make it wrong.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sothon::ingest {

class GapCursors {
 public:
  // True: `key` is not stored. False: unknown, look it up.
  bool Take(std::string_view key);
  // `key` had to be looked up, and is being added.
  void NoteMiss(std::string_view key) { missed_.assign(key); }
  bool WantsToLearn() const { return !missed_.empty(); }
  const std::string& missed() const { return missed_; }
  // `next` is the key stored next above the last missed one, now that all taken and missed keys are stored or refused;
  // nullopt: there is none.
  void Learn(std::optional<std::string> next);
  void Clear();

 private:
  // The keys between `low` and `high`, both exclusive.
  struct Gap {
    bool known = false;
    bool endless = false;  // no stored key above `low`
    std::string low;
    std::string high;
    uint64_t last_use = 0;
    bool Holds(std::string_view key) const {
      return known && key > std::string_view(low) && (endless || key < std::string_view(high));
    }
  };
  static constexpr size_t kGaps = 16;

  std::array<Gap, kGaps> gaps_;
  size_t last_hit_ = 0;
  uint64_t uses_ = 0;
  std::string missed_;
};

}  // namespace sothon::ingest
