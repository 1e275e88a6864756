#include "ingest-service/log/key_index.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "rocksdb/sst_file_writer.h"
#include "spdlog/spdlog.h"

namespace sothon::ingest {
namespace {

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

// How many times `events_in_memory` may gather while the disk is slow.
constexpr size_t kOverflow = 4;
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

}  // namespace

KeyIndex::KeyIndex(ReopenableDb* db, size_t events_in_memory)
    : db_(db),
      events_in_memory_(events_in_memory),
      scratch_directory_(db->directory() + "/index.tmp"),
      recent_(std::make_unique<Tables>()) {}

KeyIndex::~KeyIndex() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

Position KeyIndex::covered_to() const {
  absl::ReaderMutexLock lock(&mutex_);
  return covered_to_;
}

absl::Status KeyIndex::Start(LogIndex* stored) {
  std::error_code ignored;
  std::filesystem::remove_all(scratch_directory_, ignored);
  SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> indexed_to, stored->FindMeta(kIndexedToKey));
  if (indexed_to && indexed_to->size() != 8) return absl::DataLossError("the event log's index mark is no position");
  {
    absl::MutexLock lock(&mutex_);
    if (indexed_to) covered_to_ = Position{ReadBigEndian64(*indexed_to)};
  }
  thread_ = std::thread(&KeyIndex::Run, this);
  return absl::OkStatus();
}

absl::Status KeyIndex::AwaitRoom(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto has_room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return leaving_ == nullptr || recent_->events < kOverflow * events_in_memory_;
  };
  if (mutex_.AwaitWithTimeout(absl::Condition(&has_room), timeout)) return absl::OkStatus();
  return absl::UnavailableError(StrCat("the disk does not keep up with the index of the event log",
                                       last_error_.ok() ? "" : ": ", last_error_.message()));
}

void KeyIndex::Add(absl::Span<const IndexKeys> events) {
  if (events.empty()) return;
  absl::MutexLock lock(&mutex_);
  for (const IndexKeys& event : events) {
    recent_->event_ids.Add(event.event_id, event.position);
    if (!event.receipt_key.empty()) {
      scratch_.assign(1, kReceiptPrefix);
      scratch_.append(event.receipt_key);
      recent_->natural_keys.Add(scratch_, event.position);
    }
    if (event.reverses) recent_->natural_keys.Add(ReversalKey(*event.reverses), event.position);
  }
  recent_->events += events.size();
  recent_->last = covered_to_ = events.back().position;
  if (recent_->events >= events_in_memory_ && leaving_ == nullptr) {
    leaving_ = std::move(recent_);
    recent_ = std::make_unique<Tables>();
  }
}

std::optional<Position> KeyIndex::FindRecent(KeyTable Tables::*table, std::string_view key) const {
  absl::ReaderMutexLock lock(&mutex_);
  const std::optional<Position> found = ((*recent_).*table).Find(key);
  if (found || leaving_ == nullptr) return found;
  return ((*leaving_).*table).Find(key);
}

absl::StatusOr<std::optional<Position>> KeyIndex::FindEventId(std::string_view event_id, LogIndex* stored) const {
  if (const auto recent = FindRecent(&Tables::event_ids, event_id)) return recent;
  return stored->FindEventId(event_id);
}

absl::StatusOr<std::optional<Position>> KeyIndex::FindNaturalKey(std::string_view key, LogIndex* stored) const {
  if (const auto recent = FindRecent(&Tables::natural_keys, key)) return recent;
  return stored->FindNaturalKey(key);
}

absl::StatusOr<std::optional<Position>> KeyIndex::FindReceipt(std::string_view receipt_key, LogIndex* stored) const {
  std::string key(1, kReceiptPrefix);
  key.append(receipt_key);
  return FindNaturalKey(key, stored);
}

absl::StatusOr<std::optional<Position>> KeyIndex::FindReversal(Position reversed, LogIndex* stored) const {
  return FindNaturalKey(ReversalKey(reversed), stored);
}

void KeyIndex::Teach(GapCursors* event_ids, GapCursors* receipts, const LogIndex& stored) const {
  TeachOne(event_ids, &Tables::event_ids, LogFamily::kEventIds, stored);
  TeachOne(receipts, &Tables::natural_keys, LogFamily::kNaturalKeys, stored);
}

// The tables are looked at before the database: a key that leaves the one in between is seen in the other.
void KeyIndex::TeachOne(GapCursors* gaps, KeyTable Tables::*table, LogFamily family, const LogIndex& stored) const {
  if (!gaps->WantsToLearn()) return;
  const std::string key = gaps->missed();
  std::optional<std::string> next;
  const auto consider = [&](std::string_view candidate) {
    if (!next || candidate < *next) next = std::string(candidate);
  };
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (const auto recent = ((*recent_).*table).KeyAfter(key)) consider(*recent);
    if (leaving_ != nullptr) {
      if (const auto leaving = ((*leaving_).*table).KeyAfter(key)) consider(*leaving);
    }
  }
  const std::unique_ptr<rocksdb::Iterator> keys(
      stored.handle().db()->NewIterator(rocksdb::ReadOptions(), stored.family(family)));
  keys->Seek(key);
  if (keys->Valid() && keys->key() == rocksdb::Slice(key)) keys->Next();
  if (keys->Valid()) consider({keys->key().data(), keys->key().size()});
  if (keys->status().ok()) gaps->Learn(std::move(next));
}

void KeyIndex::Run() {
  std::shared_ptr<const Tables> tables;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || leaving_ != nullptr; };
      mutex_.Await(absl::Condition(&has_work));
      if (stopping_) return;
      tables = leaving_;
    }
    const absl::Status written = WriteOut(*tables);
    tables.reset();
    absl::MutexLock lock(&mutex_);
    if (last_error_.ok() && !written.ok()) spdlog::warn("index of the event log not written: {}", written.ToString());
    last_error_ = written;
    if (written.ok()) {
      leaving_.reset();
    } else {
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kRetryAfter);
    }
  }
}

absl::Status KeyIndex::WriteOut(const Tables& tables) const {
  std::error_code error;
  std::filesystem::create_directories(scratch_directory_, error);
  if (error) return absl::UnavailableError(StrCat("cannot create ", scratch_directory_, ": ", error.message()));
  SOTHON_ASSIGN_OR_RETURN(ReopenableDb::HandlePtr handle, db_->Acquire());
  const LogIndex stored(std::move(handle));
  std::vector<rocksdb::IngestExternalFileArg> files;
  for (const auto& [table, family] : {std::pair(&Tables::event_ids, LogFamily::kEventIds),
                                      std::pair(&Tables::natural_keys, LogFamily::kNaturalKeys)}) {
    if ((tables.*table).size() == 0) continue;
    const std::string path = StrCat(scratch_directory_, "/", static_cast<int>(family), ".sst");
    SOTHON_RETURN_IF_ERROR(WriteFile(tables.*table, family, stored, path));
    rocksdb::IngestExternalFileArg& file = files.emplace_back();
    file.column_family = stored.family(family);
    file.external_files = {path};
    file.options.move_files = true;
  }
  rocksdb::DB* const db = stored.handle().db();
  SOTHON_RETURN_IF_ERROR(FromRocksDb(db->IngestExternalFiles(files), "take up the index of the event log"));
  // Without sync: after a crash an older mark has these keys read from the events once more.
  rocksdb::WriteBatch mark;
  mark.Put(ToSlice(kIndexedToKey), BigEndian64(tables.last.value));
  return db_->Write(rocksdb::WriteOptions(), &mark);
}

absl::Status KeyIndex::WriteFile(const KeyTable& table, LogFamily family, const LogIndex& stored,
                                 const std::string& path) const {
  rocksdb::ColumnFamilyHandle* const column_family = stored.family(family);
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), stored.handle().db()->GetOptions(column_family), column_family);
  rocksdb::Status status = writer.Open(path);
  std::string value;
  for (auto key = table.keys().begin(); status.ok() && key != table.keys().end(); ++key) {
    value.clear();
    AppendBigEndian64(key->second, &value);
    status = writer.Put(ToSlice(key->first), value);
  }
  if (status.ok()) status = writer.Finish();
  return FromRocksDb(status, StrCat("write the index of the event log to ", path));
}

}  // namespace sothon::ingest
