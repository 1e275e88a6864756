#include "projection-service/view/parse_ahead.h"

#include <algorithm>

namespace sothon::projection {

ParseAhead::ParseAhead() {
  for (auto& chunk : chunks_) chunk = std::make_unique<Chunk>();
  parser_ = std::thread([this] { Parse(); });
}

ParseAhead::~ParseAhead() {
  stopping_.store(true, std::memory_order_release);
  wanted_.fetch_add(1, std::memory_order_release);  // wakes the thread wherever it waits
  wanted_.notify_one();
  parser_.join();
}

void ParseAhead::Parse() {
  for (uint64_t chunk = 0;; ++chunk) {
    wanted_.wait(chunk, std::memory_order_acquire);
    if (stopping_.load(std::memory_order_acquire)) return;
    // Run() uses up whatever it has asked for, so there is room before long.
    for (uint64_t used; chunk - (used = used_.load(std::memory_order_acquire)) >= kChunks;) {
      used_.wait(used, std::memory_order_acquire);
    }
    Chunk& into = *chunks_[chunk % kChunks];
    const size_t begin = (chunk - first_) * kChunkEvents;
    const size_t end = std::min(begin + kChunkEvents, stored_.size());
    for (size_t i = begin; i < end; ++i) into.events[i - begin] = into.parsers[i - begin].Parse(stored_[i]);
    parsed_.store(chunk + 1, std::memory_order_release);
    parsed_.notify_one();
  }
}

void ParseAhead::Run(absl::Span<const std::string_view> stored,
                     absl::FunctionRef<bool(absl::Span<const std::string_view>, absl::Span<const Parsed>)> use) {
  const uint64_t chunks = (stored.size() + kChunkEvents - 1) / kChunkEvents;
  first_ = wanted_.load(std::memory_order_relaxed);
  stored_ = stored;
  wanted_.store(first_ + chunks, std::memory_order_release);
  wanted_.notify_one();
  bool using_them = true;
  for (uint64_t chunk = first_; chunk < first_ + chunks; ++chunk) {
    for (uint64_t parsed; (parsed = parsed_.load(std::memory_order_acquire)) <= chunk;) {
      parsed_.wait(parsed, std::memory_order_acquire);
    }
    const Chunk& from = *chunks_[chunk % kChunks];
    const size_t begin = (chunk - first_) * kChunkEvents;
    const size_t size = std::min(kChunkEvents, stored.size() - begin);
    using_them = using_them && use(stored.subspan(begin, size), absl::MakeConstSpan(from.events).first(size));
    used_.store(chunk + 1, std::memory_order_release);
    used_.notify_one();
  }
}

}  // namespace sothon::projection
