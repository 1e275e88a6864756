#include "ingest-service/log/log_checker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/merkle/tile.h"
#include "common/note/checkpoint.h"
#include "ingest-service/log/derived_keys.h"
#include "ingest-service/log/event_block.h"

namespace sothon::ingest {
namespace {

using merkle::Hash;
using merkle::kTileWidth;

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }
std::string At(uint64_t position) { return StrCat("position ", position); }
std::string Text(const absl::Status& status) { return std::string(status.message()); }

class LogChecker {
 public:
  LogChecker(const LogSnapshot& log, const LogCheckOptions& options)
      : log_(log), options_(options), derived_(&log, &report_) {}
  CheckReport Run();

 private:
  void CheckFamilies();
  void CheckMeta();
  void ReadCheckpoint();
  void CheckSignatures();
  void CheckEvents();
  // The block whose last event should stand at `last`, which is its key.
  void CheckBlock(Position last, std::string_view block);
  void CheckEvent(Position position, std::string_view stored);
  void CheckFullTile(uint32_t level, uint64_t index, absl::Span<const Hash> hashes);
  void CheckNoMoreTiles();
  void CheckRoot();
  // Events up to `to` cannot be read: what follows from all of them cannot be said any more.
  void GiveUpOn(Position to);

  const LogSnapshot& log_;
  const LogCheckOptions& options_;
  CheckReport report_;
  DerivedKeys derived_;
  std::optional<note::Checkpoint> checkpoint_;
  Position indexed_to_;

  Position expected_{1};  // the next event's
  int64_t recorded_at_us_ = 0;
  uint64_t good_events_ = 0;
  std::vector<std::string_view> stored_;  // scratch: of one block
  v1::Event event_;                       // scratch
  merkle::TreeEdge tree_;
  bool tree_follows_ = true;  // so far no event was missing
  uint64_t good_tiles_ = 0;
  std::optional<Hash> root_at_checkpoint_;
};

CheckReport LogChecker::Run() {
  CheckFamilies();
  CheckMeta();
  ReadCheckpoint();
  CheckEvents();
  CheckNoMoreTiles();
  CheckRoot();
  derived_.Check(indexed_to_);
  return std::move(report_);
}

void LogChecker::CheckFamilies() {
  for (const std::string& name : log_.db().unknown_families()) {
    report_.AddFault(StrCat("column family ", absl::Utf8SafeCHexEscape(name)), "no version of this program makes it");
  }
}

void LogChecker::CheckMeta() {
  if (!options_.log_id.empty() && options_.log_id != log_.log_id()) {
    report_.AddFault("log_id", StrCat("the log says that it is ", absl::CHexEscape(log_.log_id()),
                                      ", the configuration says ", options_.log_id));
  }
  const auto walk = log_.Walk(LogFamily::kDefault);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    const std::string_view key = AsView(walk->key());
    if (key == kLogFormatKey || key == kLogIdKey) continue;
    if (key != kIndexedToKey && key != kOutboxCursorKey) {
      report_.AddFault(StrCat("default/", absl::CHexEscape(ToAbsl(key))), "no such key is known");
      continue;
    }
    const uint64_t mark = walk->value().size() == 8 ? ReadBigEndian64(AsView(walk->value())) : UINT64_MAX;
    if (mark > log_.head().value) {
      report_.AddFault(std::string(key), mark == UINT64_MAX
                                             ? std::string("is no position")
                                             : StrCat("says that events up to ", mark,
                                                      " were acknowledged, the log ends at ", log_.head().value));
    } else if (key == kIndexedToKey) {
      indexed_to_ = {mark};
    }
  }
  if (!walk->status().ok()) report_.AddFault("default", StrCat("cannot be read: ", walk->status().ToString()));
}

// ---------------------------------------------------------------- the checkpoint

void LogChecker::ReadCheckpoint() {
  if (!log_.checkpoint()) {
    const std::string none = StrCat("there is no ", log_.data_directory(), "/checkpoint");
    options_.keys.empty() ? report_.AddRemark(none + ": nothing was signed that the log could be held against")
                          : report_.AddFault("checkpoint", none + ", so nothing that --key could have signed");
    return;
  }
  const absl::StatusOr<note::Note> note = note::ParseNote(*log_.checkpoint());
  const absl::StatusOr<note::Checkpoint> checkpoint =
      note.ok() ? note::ParseCheckpoint(note->text) : absl::StatusOr<note::Checkpoint>(note.status());
  if (!checkpoint.ok()) {
    report_.AddFault("checkpoint", StrCat("is none: ", Text(checkpoint.status())));
    return;
  }
  checkpoint_ = *checkpoint;
  if (checkpoint_->origin != log_.log_id()) {
    report_.AddFault("checkpoint", StrCat("is of the log ", checkpoint_->origin, ", the log says that it is ",
                                          absl::CHexEscape(log_.log_id())));
  }
  if (checkpoint_->size > log_.head().value) {
    report_.AddFault("checkpoint", StrCat("was signed for ", checkpoint_->size, " events, the log ends at ",
                                          log_.head().value, ": its end is missing"));
  }
  CheckSignatures();
}

void LogChecker::CheckSignatures() {
  if (options_.keys.empty()) {
    report_.AddRemark("no signature was checked: give the log's verifier key with --key");
    return;
  }
  const absl::Status opened =
      note::OpenCheckpoint(*log_.checkpoint(), options_.keys, note::OriginRuleFor(options_.keys)).status();
  if (!opened.ok()) report_.AddFault("checkpoint", Text(opened));
}

void LogChecker::CheckRoot() {
  if (!checkpoint_ || checkpoint_->size > log_.head().value) return;
  if (checkpoint_->size == 0) root_at_checkpoint_ = merkle::EmptyRoot();
  if (!root_at_checkpoint_) {
    report_.AddRemark("the root at the checkpoint was not checked, because not every event can be read");
    return;
  }
  const bool holds = *root_at_checkpoint_ == checkpoint_->root;
  if (!holds) {
    report_.AddFault("checkpoint", StrCat("the first ", checkpoint_->size, " events are not those it was signed for"));
  }
  report_.AddArea("events of the checkpoint", holds ? checkpoint_->size : 0, checkpoint_->size);
}

// ---------------------------------------------------------------- events and tree

void LogChecker::CheckEvents() {
  const uint64_t head = log_.head().value;
  const auto blocks = log_.Walk(LogFamily::kEvents);
  for (blocks->SeekToFirst(); blocks->Valid(); blocks->Next()) {
    if (blocks->key().size() != 8) {
      report_.AddFault(StrCat("block ", absl::CHexEscape(blocks->key().ToString())), "its key is no position");
      continue;
    }
    CheckBlock({ReadBigEndian64(AsView(blocks->key()))}, AsView(blocks->value()));
    if (options_.on_progress) options_.on_progress(expected_.value - 1, head);
  }
  if (!blocks->status().ok()) {
    report_.AddFault(At(expected_.value), StrCat("events from there on cannot be read: ", blocks->status().ToString()));
    GiveUpOn(log_.head());
  }
  report_.AddArea("events", good_events_, head);
}

void LogChecker::CheckBlock(Position last, std::string_view block) {
  stored_.clear();
  EventBlockReader events(block);
  absl::StatusOr<std::string_view> next = events.Next();
  for (; next.ok() && !next->empty(); next = events.Next()) stored_.push_back(*next);
  const uint64_t first = last.value - stored_.size() + 1;
  if (last > log_.head()) {
    report_.AddFault(StrCat("block ", last.value),
                     StrCat("what stands there is no block that ends at this position, and the events end at ",
                            log_.head().value, "; restore it from a backup, a replica or an export"));
    derived_.NoteUnread(last);
    tree_follows_ = false;
    return;
  }
  if (!next.ok() || stored_.empty() || stored_.size() > last.value || first < expected_.value) {
    report_.AddFault(At(expected_.value), StrCat("the block up to position ", last.value,
                                                 " is no block of the events that should stand there; restore it ",
                                                 "from a backup, a replica or an export"));
    GiveUpOn(last);
    return;
  }
  if (first > expected_.value) {
    report_.AddFault(At(expected_.value), StrCat("no event up to position ", first - 1, " is there"));
    GiveUpOn({first - 1});
  }
  for (const std::string_view stored : stored_) {
    CheckEvent(expected_, stored);
    expected_ = expected_.Next();
  }
}

void LogChecker::GiveUpOn(Position to) {
  derived_.NoteUnread(to);
  tree_follows_ = false;
  if (to >= expected_) expected_ = to.Next();
}

void LogChecker::CheckEvent(Position position, std::string_view stored) {
  if (tree_follows_) {
    tree_.Append(merkle::HashLeaf(stored), [this](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
      CheckFullTile(level, index, hashes);
    });
    if (checkpoint_ && tree_.size() == checkpoint_->size) root_at_checkpoint_ = tree_.Root();
  }
  const absl::StatusOr<StoredEventView> view = SplitStoredEvent(stored);
  if (!view.ok() || !event_.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
    report_.AddFault(At(position.value), "what is stored there is no event");
    derived_.NoteUnread(position);
    return;
  }
  derived_.Note(event_);
  if (view->position != position) {
    report_.AddFault(At(position.value), StrCat("the event there says that it stands at ", view->position.value));
  } else if (view->recorded_at_us < recorded_at_us_) {
    report_.AddFault(At(position.value), StrCat("was recorded at ", view->recorded_at_us, " µs, before the event in ",
                                                "front of it, at ", recorded_at_us_, " µs"));
  } else {
    ++good_events_;
  }
  recorded_at_us_ = view->recorded_at_us;
}

void LogChecker::CheckFullTile(uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
  const std::string path = merkle::TilePath({level, index});
  std::string bytes;
  const rocksdb::Status found =
      log_.db().db()->Get(rocksdb::ReadOptions(), log_.family(LogFamily::kTree), TileKey(level, index), &bytes);
  const std::string_view expected(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof(Hash));
  if (found.ok() && bytes == expected) {
    ++good_tiles_;
  } else if (found.IsNotFound()) {
    report_.AddFault(path, "is missing");
  } else if (!found.ok() || bytes.size() != expected.size()) {
    report_.AddFault(path, found.ok() ? std::string("is no full tile") : StrCat("cannot be read: ", found.ToString()));
  } else {
    const auto differs = std::mismatch(bytes.begin(), bytes.end(), expected.begin()).first;
    const uint64_t hash = static_cast<uint64_t>(differs - bytes.begin()) / sizeof(Hash);
    const uint64_t first = (index * kTileWidth + hash) << (level * merkle::kTileHeight);
    report_.AddFault(At(first + 1), level == 0
                                        ? StrCat("the event is not the one whose hash is in ", path)
                                        : StrCat("the events from there on are not those whose hash is in ", path));
  }
}

void LogChecker::CheckNoMoreTiles() {
  const uint64_t size = log_.head().value;
  uint64_t total = 0;
  for (uint32_t level = 0; merkle::FullTiles(size, level) > 0; ++level) total += merkle::FullTiles(size, level);
  const auto walk = log_.Walk(LogFamily::kTree);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    const std::string_view key = AsView(walk->key());
    const uint32_t level = key.size() == 9 ? static_cast<uint8_t>(key[0]) : UINT32_MAX;
    const bool has_level = level < 64 / merkle::kTileHeight;
    if (has_level && ReadBigEndian64(key.substr(1)) < merkle::FullTiles(size, level)) continue;
    report_.AddFault(StrCat("tile ", absl::CHexEscape(ToAbsl(key))), StrCat("a tree of ", size, " events has none"));
  }
  if (!walk->status().ok()) report_.AddFault("tree", StrCat("cannot be read: ", walk->status().ToString()));
  if (!tree_follows_) report_.AddRemark("tiles were checked up to the first event that cannot be read");
  report_.AddArea("tree tiles", good_tiles_, total);
}

}  // namespace

CheckReport CheckLog(const LogSnapshot& log, const LogCheckOptions& options) { return LogChecker(log, options).Run(); }

}  // namespace sothon::ingest
