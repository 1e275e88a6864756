// Parses events on a thread of its own, a little ahead of the one who uses them.
//
// Concurrency
//   Thread-compatible: owned by the thread that calls Run().
// Limitations
//   Worth its handovers for hundreds of events at once, not for a few.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "projection-service/view/event_parser.h"

namespace sothon::projection {

class ParseAhead {
 public:
  ParseAhead();
  ~ParseAhead();
  ParseAhead(const ParseAhead&) = delete;
  ParseAhead& operator=(const ParseAhead&) = delete;

  using Parsed = absl::StatusOr<const v1::Event*>;

  // Calls `use` with some of `stored`, in order, and with what EventParser::Parse() says of each, until there are no
  // more or it returns false.
  void Run(absl::Span<const std::string_view> stored,
           absl::FunctionRef<bool(absl::Span<const std::string_view> stored, absl::Span<const Parsed> events)> use);

 private:
  static constexpr size_t kChunkEvents = 256;
  static constexpr size_t kChunks = 4;
  struct Chunk {
    std::array<EventParser, kChunkEvents> parsers;
    std::array<Parsed, kChunkEvents> events;
  };
  void Parse();

  std::array<std::unique_ptr<Chunk>, kChunks> chunks_;  // in turn
  // What there is to parse; changed only while the thread has parsed everything.
  absl::Span<const std::string_view> stored_;
  // Numbers of chunks since the beginning of time.
  std::atomic<uint64_t> wanted_{0};
  std::atomic<uint64_t> parsed_{0};
  std::atomic<uint64_t> used_{0};
  uint64_t first_ = 0;  // the first chunk of stored_
  std::atomic<bool> stopping_{false};
  std::thread parser_;
};

}  // namespace sothon::projection
