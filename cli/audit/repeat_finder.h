// Finds what stands twice in a log although it may count only once: event ids, receipts of an agency (plan#59),
// reversals of a receipt. The service refuses them; whoever writes a log without it may not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "projection-service/view/event_parser.h"

namespace sothon::cli {

struct Repeat {
  uint64_t position = 0;
  uint64_t first_position = 0;
  std::string what;  // "event id bd:1", "receipt GL-1 of BD", "reversal of receipt GL-1 of BD"
};

// Thread-compatible. Keeps 24 bytes for each key, and no text: two keys are the same when 128 bits of their hashes are.
// Takes ordinary events apart without parsing them, which would take longer than the fold. What is out of the ordinary
// (a field twice, which protobuf merges) goes through the fold's own parser, so that both see the same event.
class RepeatFinder {
 public:
  // For a log of about so many events.
  explicit RepeatFinder(uint64_t events = 0);
  // The next events of the log; those that cannot be read are passed over.
  void Look(absl::Span<const std::string_view> stored);

  // The first kRepeatsTold of them, in order of position.
  const std::vector<Repeat>& repeats() const { return repeats_; }
  uint64_t count() const { return count_; }

 private:
  // What may stand in a log once, of one event.
  struct Keys {
    std::string_view event_id;
    char kind = 0;  // of the receipt; 0: none
    std::string_view agency_id;
    std::string_view receipt_number;
  };
  static bool TakeApart(std::string_view body, Keys* keys);
  static bool TakeReceiptApart(char kind, std::string_view message, Keys* keys);
  static Keys KeysOf(const v1::Event& event);
  using Hashes = std::pair<uint64_t, uint64_t>;
  // They are hashes already.
  struct FirstOfThem {
    size_t operator()(const Hashes& hashes) const { return hashes.first; }
  };
  // A key whose place in the table is on its way from memory.
  struct Awaited {
    Hashes hashes;
    uint64_t position;
    char kind;
    std::string_view one, other;
  };
  void Note(char kind, std::string_view one, std::string_view other, uint64_t position);
  // Puts all that were noted into the table.
  void Settle();

  projection::EventParser parser_;
  absl::flat_hash_map<Hashes, uint64_t, FirstOfThem> positions_;
  std::vector<Awaited> awaited_;
  std::vector<Repeat> repeats_;
  uint64_t count_ = 0;
};

inline constexpr size_t kRepeatsTold = 50;

}  // namespace sothon::cli
