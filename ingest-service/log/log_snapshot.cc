#include "ingest-service/log/log_snapshot.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "ingest-service/log/event_block.h"
#include "ingest-service/log/log_options.h"

namespace sothon::ingest {
namespace {

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

ReadOnlyDb::Options ReadingOptions(const std::string& directory) {
  EventLogOptions options;
  options.directory = directory;
  const ReopenableDb::Options writing = LogDbOptions(options);
  return {writing.name, writing.directory, writing.db, writing.families};
}

}  // namespace

absl::StatusOr<std::unique_ptr<LogSnapshot>> LogSnapshot::Open(const std::string& data_directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(data_directory, ignored)) {
    return absl::NotFoundError(
        StrCat(data_directory, " is no directory; name the data.directory of the ingest service"));
  }
  std::unique_ptr<LogSnapshot> snapshot(new LogSnapshot(data_directory));
  SOTHON_RETURN_IF_ERROR(snapshot->ReadCheckpoint());
  SOTHON_ASSIGN_OR_RETURN(snapshot->db_, ReadOnlyDb::Open(ReadingOptions(data_directory + "/log")));
  SOTHON_RETURN_IF_ERROR(snapshot->CheckFormat());
  SOTHON_RETURN_IF_ERROR(snapshot->FindHead());
  return snapshot;
}

absl::Status LogSnapshot::ReadCheckpoint() {
  absl::StatusOr<std::string> bytes = ReadWholeFile(data_directory_ + "/checkpoint");
  if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
  if (!bytes.ok()) return bytes.status();
  checkpoint_ = *std::move(bytes);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> LogSnapshot::FindMeta(std::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      db_->db()->Get(rocksdb::ReadOptions(), family(LogFamily::kDefault), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  SOTHON_RETURN_IF_ERROR(FromRocksDb(status, StrCat("read the event log in ", db_->directory())));
  return value;
}

absl::Status LogSnapshot::CheckFormat() {
  SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> format, FindMeta(kLogFormatKey));
  SOTHON_ASSIGN_OR_RETURN(const std::optional<std::string> log_id, FindMeta(kLogIdKey));
  if (!format || !log_id) {
    return absl::FailedPreconditionError(
        StrCat(db_->directory(),
               " is no event log, or one that does not say whose it is; name the data.directory of "
               "the ingest service, or restore the log from a backup"));
  }
  if (*format == kLogFormatWithoutTree) {
    return absl::FailedPreconditionError(StrCat("the event log in ", db_->directory(), " has format ", *format,
                                                " and no tree yet; start the ingest service once, which makes it"));
  }
  if (*format != kLogFormat) {
    return absl::FailedPreconditionError(StrCat("the event log in ", db_->directory(), " has format ", *format,
                                                ", this version checks format ", kLogFormat,
                                                "; run the version that wrote it"));
  }
  for (size_t i = 0; i <= static_cast<size_t>(LogFamily::kTree); ++i) {
    if (db_->family(i) != nullptr) continue;
    return absl::DataLossError(StrCat("the event log in ", db_->directory(), " lacks column family no. ", i, " of ",
                                      "docs/formats/log.md; restore it from a backup or a replica"));
  }
  log_id_ = *log_id;
  return absl::OkStatus();
}

absl::Status LogSnapshot::FindHead() {
  const auto blocks = Walk(LogFamily::kEvents);
  for (blocks->SeekToLast(); blocks->Valid() && head_.value == 0; blocks->Prev()) {
    if (blocks->key().size() != 8) continue;
    const Position key{ReadBigEndian64({blocks->key().data(), 8})};
    const absl::StatusOr<std::string_view> last = LastOfBlock({blocks->value().data(), blocks->value().size()});
    if (last.ok() && PositionOfStored(*last) == key) head_ = key;
  }
  return FromRocksDb(blocks->status(), StrCat("find the end of the event log in ", db_->directory()));
}

absl::Status LogSnapshot::Read(Position from, Position to, VisitEvents visit) const {
  const auto lacks = [&](Position position) {
    return absl::DataLossError(StrCat("the event log in ", db_->directory(), " lacks position ", position.value));
  };
  const auto blocks = Walk(LogFamily::kEvents);
  Position expected = from;
  std::vector<std::string_view> stored;
  for (blocks->Seek(BigEndian64(from.value)); blocks->Valid() && expected <= to; blocks->Next()) {
    EventBlockReader events({blocks->value().data(), blocks->value().size()});
    stored.clear();
    while (expected <= to) {
      SOTHON_ASSIGN_OR_RETURN(const std::string_view event, events.Next());
      if (event.empty()) break;
      const Position position = PositionOfStored(event);
      if (position < expected) continue;  // before `from`, in the first block
      if (position != expected) return lacks(expected);
      stored.push_back(event);
      expected = expected.Next();
    }
    if (!stored.empty()) SOTHON_RETURN_IF_ERROR(visit(stored));
  }
  SOTHON_RETURN_IF_ERROR(FromRocksDb(blocks->status(), StrCat("read the event log in ", db_->directory())));
  return expected <= to ? lacks(expected) : absl::OkStatus();
}

absl::StatusOr<std::string> LogSnapshot::Get(Position position) const {
  std::string found;
  SOTHON_RETURN_IF_ERROR(Read(position, position, [&](absl::Span<const std::string_view> stored) {
    found = stored.front();
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace sothon::ingest
