// How a log is taken up: at the start, and again after a failed write.
#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "ingest-service/log/event_block.h"
#include "ingest-service/log/log_options.h"
#include "ingest-service/log/receipt_key.h"
#include "ingest-service/log/rocks_log.h"

namespace sothon::ingest {
namespace {

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

// So much of the tree of a log that had none is gathered for one write.
constexpr size_t kTreeBatchBytes = 1 << 20;

absl::Status RefuseDamage(const absl::Status& status) {
  if (!absl::IsDataLoss(status)) return status;
  return absl::DataLossError(
      StrCat(status.message(), ". The damage may hold acknowledged events, so the log is not opened without them"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventLog>> EventLog::Open(const EventLogOptions& options) {
  return RocksLog::Open(options);
}

absl::StatusOr<std::unique_ptr<RocksLog>> RocksLog::Open(const EventLogOptions& options) {
  if (!IsWellFormedId(options.log_id)) {
    return absl::InvalidArgumentError(
        StrCat("log id \"", options.log_id, "\" is not 1 to 64 of [A-Za-z0-9._:-]; configure log.id"));
  }
  absl::StatusOr<std::unique_ptr<ReopenableDb>> db = ReopenableDb::Open(LogDbOptions(options));
  if (!db.ok()) return RefuseDamage(db.status());
  std::unique_ptr<RocksLog> log(new RocksLog(options, *std::move(db)));
  if (absl::Status status = log->Start(); !status.ok()) return RefuseDamage(status);
  return log;
}

RocksLog::RocksLog(const EventLogOptions& options, std::unique_ptr<ReopenableDb> db)
    : log_id_(options.log_id), db_(std::move(db)), keys_(db_.get(), options.index_events_in_memory) {}

absl::Status RocksLog::Start() {
  SOTHON_ASSIGN_OR_RETURN(LogIndex stored, Index());
  SOTHON_ASSIGN_OR_RETURN(const End end, FindEnd(stored));
  SOTHON_RETURN_IF_ERROR(CheckIdentity(end.position, &stored));
  SOTHON_RETURN_IF_ERROR(keys_.Start(&stored));
  return TakeUp(end);
}

absl::Status RocksLog::Load() {
  SOTHON_ASSIGN_OR_RETURN(const LogIndex stored, Index());
  SOTHON_ASSIGN_OR_RETURN(const End end, FindEnd(stored));
  return TakeUp(end);
}

// The head is moved last: whoever sees it finds the keys and the tree of the events up to there.
absl::Status RocksLog::TakeUp(const End& end) {
  SOTHON_RETURN_IF_ERROR(CheckMarks(end.position));
  SOTHON_RETURN_IF_ERROR(IndexTail(end.position));
  if (without_tree_) SOTHON_RETURN_IF_ERROR(MakeTree(end.position));
  SOTHON_RETURN_IF_ERROR(LoadTree(end.position));
  PublishHead(end.position, end.recorded_at_us);
  return absl::OkStatus();
}

// The index and the outbox only ever know of acknowledged events. Marks beyond the head show that the end of the log is
// missing, which a write-ahead log that was cut short does not show by itself.
absl::Status RocksLog::CheckMarks(Position head) const {
  SOTHON_ASSIGN_OR_RETURN(const Position published, LoadOutboxCursor());
  const Position known = std::max(keys_.covered_to(), published);
  if (known <= head) return absl::OkStatus();
  return absl::DataLossError(StrCat("the event log in ", db_->directory(), " ends at position ", head.value,
                                    ", but events up to ", known.value,
                                    " were acknowledged: its end is missing; restore it from a backup or a replica"));
}

absl::Status RocksLog::CheckIdentity(Position head, LogIndex* stored) {
  SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> format, stored->FindMeta(kLogFormatKey));
  SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> log_id, stored->FindMeta(kLogIdKey));
  if (!format && !log_id && head.value == 0) {
    rocksdb::WriteBatch batch;
    batch.Put(ToSlice(kLogFormatKey), ToSlice(kLogFormat));
    batch.Put(ToSlice(kLogIdKey), ToSlice(log_id_));
    rocksdb::WriteOptions options;
    options.sync = true;
    return db_->Write(options, &batch);
  }
  if (!format || !log_id) {
    return absl::DataLossError(StrCat("the event log in ", db_->directory(), " does not say whose it is"));
  }
  without_tree_ = *format == kLogFormatWithoutTree;
  if (*format != kLogFormat && !without_tree_) {
    return absl::FailedPreconditionError(StrCat("the event log in ", db_->directory(), " has format ", *format,
                                                ", this version reads format ", kLogFormat,
                                                "; run the version that wrote it"));
  }
  if (*log_id != log_id_) {
    return absl::FailedPreconditionError(StrCat("the event log in ", db_->directory(), " is log ", *log_id,
                                                ", the configuration says ", log_id_,
                                                "; correct log.id or data.directory"));
  }
  return absl::OkStatus();
}

absl::StatusOr<RocksLog::End> RocksLog::FindEnd(const LogIndex& stored) const {
  const std::unique_ptr<rocksdb::Iterator> blocks(
      stored.handle().db()->NewIterator(rocksdb::ReadOptions(), stored.family(LogFamily::kEvents)));
  blocks->SeekToLast();
  if (!blocks->Valid()) {
    SOTHON_RETURN_IF_ERROR(
        FromRocksDb(blocks->status(), StrCat("find the end of the event log in ", db_->directory())));
    return End{};
  }
  SOTHON_ASSIGN_OR_RETURN(const std::string_view last, LastOfBlock({blocks->value().data(), blocks->value().size()}));
  SOTHON_ASSIGN_OR_RETURN(const StoredEventView view, SplitStoredEvent(last));
  if (blocks->key().size() != 8 || ReadBigEndian64({blocks->key().data(), 8}) != view.position.value) {
    return absl::DataLossError(StrCat("the last event of the log in ", db_->directory(),
                                      " does not stand at its own position ", view.position.value));
  }
  return End{view.position, view.recorded_at_us};
}

absl::Status RocksLog::IndexTail(Position head) {
  absl::Status status;
  const auto index_event = [&](Position position, std::string_view bytes) {
    v1::Event event;
    if (!event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      status = absl::DataLossError(StrCat("the event at position ", position.value, " cannot be read"));
      return false;
    }
    IndexKeys keys{event.event_id(), {}, std::nullopt, position};
    std::string receipt_key;
    if (event.has_contribution_recorded()) {
      const v1::ContributionRecorded& contribution = event.contribution_recorded();
      receipt_key = ReceiptKey(contribution.agency_id(), contribution.receipt_number());
      keys.receipt_key = receipt_key;
    }
    if (event.has_contribution_reversed()) keys.reverses = Position{event.contribution_reversed().reversed_position()};
    keys_.Add({&keys, 1});
    return true;
  };
  SOTHON_RETURN_IF_ERROR(ReadEvents(keys_.covered_to().Next(), head, index_event));
  return status;
}

absl::Status RocksLog::LoadTree(Position head) {
  SOTHON_ASSIGN_OR_RETURN(const LogIndex stored, Index());
  return tree_.Load(stored, head, [this](Position from, Position to, LogTree::VisitEvent visit) {
    return ReadEvents(from, to, [&](Position, std::string_view event) {
      visit(event);
      return true;
    });
  });
}

// Whatever an interrupted try has written is written again.
absl::Status RocksLog::MakeTree(Position head) {
  SOTHON_ASSIGN_OR_RETURN(const LogIndex stored, Index());
  rocksdb::WriteBatch batch;
  absl::Status written;
  tree_.Begin();
  SOTHON_RETURN_IF_ERROR(ReadEvents({1}, head, [&](Position, std::string_view event) {
    tree_.Add(event, stored.family(LogFamily::kTree), &batch);
    if (batch.GetDataSize() < kTreeBatchBytes) return true;
    written = db_->Write(rocksdb::WriteOptions(), &batch);
    batch.Clear();
    return written.ok();
  }));
  SOTHON_RETURN_IF_ERROR(written);
  batch.Put(ToSlice(kLogFormatKey), ToSlice(kLogFormat));
  rocksdb::WriteOptions options;
  options.sync = true;
  SOTHON_RETURN_IF_ERROR(db_->Write(options, &batch));
  without_tree_ = false;
  return absl::OkStatus();
}

absl::Status RocksLog::Recover() {
  if (!db_->failed() && !stale_) return absl::OkStatus();
  // What the failed write left behind may have become events: nothing known of the log holds until it is read again.
  stale_ = true;
  SOTHON_RETURN_IF_ERROR(db_->Recover());
  gaps_.event_ids.Clear();
  gaps_.receipts.Clear();
  SOTHON_RETURN_IF_ERROR(Load());
  stale_ = false;
  return absl::OkStatus();
}

}  // namespace sothon::ingest
