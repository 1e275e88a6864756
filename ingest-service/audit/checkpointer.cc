#include "ingest-service/audit/checkpointer.h"

#include <filesystem>
#include <utility>

#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "spdlog/spdlog.h"

namespace sothon::ingest {

merkle::TileNodes NodesOf(const EventLog& log, uint64_t size) {
  return merkle::TileNodes(size, [&log](const merkle::Tile& tile) { return log.ReadTile(tile); });
}

absl::StatusOr<std::unique_ptr<Checkpointer>> Checkpointer::Open(CheckpointerOptions options, const EventLog* log) {
  std::unique_ptr<Checkpointer> checkpointer(new Checkpointer(std::move(options), log));
  SOTHON_RETURN_IF_ERROR(checkpointer->ReadKeys());
  SOTHON_RETURN_IF_ERROR(checkpointer->TakeUpStored());
  return checkpointer;
}

Checkpointer::~Checkpointer() { Stop(); }

absl::Status Checkpointer::ReadKeys() {
  for (const std::string& file : options_.key_files) {
    SOTHON_ASSIGN_OR_RETURN(note::SignerKey key, note::ReadSignerKeyFile(file));
    if (key.name() != log_->log_id() || key.type() != note::KeyType::kNote) {
      return absl::FailedPreconditionError(StrCat(file, ": the key is of \"", key.name(), "\", the log is \"",
                                                  log_->log_id(), "\"; make one with `sothon audit keygen ",
                                                  log_->log_id(), "`, or correct audit.key_files"));
    }
    keys_.push_back(std::move(key));
  }
  return absl::OkStatus();
}

absl::Status Checkpointer::TakeUpStored() {
  absl::StatusOr<std::string> bytes = ReadWholeFile(path());
  if (absl::IsNotFound(bytes.status())) {
    if (log_->Head().value > 0 && !keys_.empty()) {
      spdlog::warn(
          "there is no {}: nothing holds the log of {} events to what was signed before; right only where none "
          "ever was",
          path(), log_->Head().value);
    }
    return absl::OkStatus();
  }
  if (!bytes.ok()) return bytes.status();
  constexpr char kBringBack[] = "; bring the file back from a copy: an export or a witness has the newest";
  const absl::StatusOr<note::Note> note = note::ParseNote(*bytes);
  if (!note.ok()) return absl::DataLossError(StrCat(path(), ": ", note.status().message(), kBringBack));
  const absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return absl::DataLossError(StrCat(path(), ": ", checkpoint.status().message(), kBringBack));
  constexpr char kRemedy[] = "restore the log from a backup that is as new as the checkpoint, or a replica";
  if (checkpoint->origin != log_->log_id()) {
    return absl::DataLossError(StrCat(path(), " is of log \"", checkpoint->origin, "\"; ", kRemedy));
  }
  if (checkpoint->size > log_->Head().value) {
    return absl::DataLossError(StrCat("the event log ends at position ", log_->Head().value, ", but a checkpoint of ",
                                      checkpoint->size, " events was signed: its end is ", "missing; ", kRemedy));
  }
  SOTHON_ASSIGN_OR_RETURN(const merkle::Hash root, merkle::Root(checkpoint->size, NodesOf(*log_, checkpoint->size)));
  if (root != checkpoint->root) {
    return absl::DataLossError(StrCat("the first ", checkpoint->size,
                                      " events of the log are not those that a checkpoint was signed for; ", kRemedy));
  }
  if (keys_.empty()) return absl::OkStatus();
  // One by other keys than those of now is not shown again: the first thing that is made is signed by all of these.
  SOTHON_ASSIGN_OR_RETURN(const Signed signed_now, Sign(checkpoint->size));
  if (signed_now.note != *bytes) {
    spdlog::warn(
        "{} was signed by other keys than those of audit.key_files: it is signed again by these. Name the old "
        "key, too, until auditors know the new one",
        path());
    return absl::OkStatus();
  }
  absl::MutexLock lock(&mutex_);
  newest_ = signed_now;
  return absl::OkStatus();
}

absl::StatusOr<Checkpointer::Signed> Checkpointer::Sign(uint64_t size) const {
  Signed made;
  made.checkpoint.origin = log_->log_id();
  made.checkpoint.size = size;
  SOTHON_ASSIGN_OR_RETURN(made.checkpoint.root, merkle::Root(size, NodesOf(*log_, size)));
  SOTHON_ASSIGN_OR_RETURN(const std::string text, note::FormatCheckpoint(made.checkpoint));
  std::vector<const note::SignerKey*> keys;
  for (const note::SignerKey& key : keys_) keys.push_back(&key);
  SOTHON_ASSIGN_OR_RETURN(const note::Note note, note::SignNote(text, keys));
  made.note = note::FormatNote(note);
  return made;
}

absl::Status Checkpointer::NoKey() const {
  return absl::FailedPreconditionError(
      StrCat("no key is configured to sign checkpoints with; make one with `sothon audit keygen ", log_->log_id(),
             "`, and name its file in audit.key_files"));
}

absl::StatusOr<Checkpointer::Signed> Checkpointer::Make() {
  if (keys_.empty()) return NoKey();
  absl::MutexLock making(&making_);
  SOTHON_ASSIGN_OR_RETURN(Signed made, Sign(log_->Head().value));
  {
    // Where nothing came, the newest one says all there is to say.
    absl::MutexLock lock(&mutex_);
    if (newest_ && newest_->note == made.note) return made;
  }
  SOTHON_RETURN_IF_ERROR(WriteFileDurably(path(), made.note));
  absl::MutexLock lock(&mutex_);
  newest_ = made;
  return made;
}

absl::StatusOr<Checkpointer::Signed> Checkpointer::Newest() const {
  if (keys_.empty()) return NoKey();
  absl::MutexLock lock(&mutex_);
  if (newest_) return *newest_;
  return absl::UnavailableError("no checkpoint was made yet; try again, or ask for a fresh one");
}

void Checkpointer::MakeSoon(Answer answer) {
  if (keys_.empty()) return answer(NoKey());
  {
    absl::MutexLock lock(&mutex_);
    if (!stopping_) {
      waiting_.push_back(std::move(answer));
      return;
    }
  }
  answer(absl::UnavailableError("the service is going down"));
}

void Checkpointer::MakeFor(const std::vector<Answer>& waiting) {
  const absl::StatusOr<Signed> made = Make();
  {
    absl::MutexLock lock(&mutex_);
    if (made.ok() != trouble_.empty()) {
      made.ok() ? spdlog::info("checkpoints are signed again")
                : spdlog::error("no checkpoint could be made: {}", std::string(made.status().message()));
    }
    trouble_ = made.ok() ? "" : StrCat("no checkpoint can be made: ", made.status().message());
  }
  for (const Answer& answer : waiting) answer(made);
}

std::string Checkpointer::trouble() const {
  absl::MutexLock lock(&mutex_);
  return trouble_;
}

void Checkpointer::Start() {
  if (keys_.empty()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = false;
  }
  thread_ = std::thread(&Checkpointer::Run, this);
}

void Checkpointer::Stop() {
  std::vector<Answer> waiting;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  {
    absl::MutexLock lock(&mutex_);
    waiting.swap(waiting_);
  }
  for (const Answer& answer : waiting) answer(absl::UnavailableError("the service is going down"));
}

void Checkpointer::Run() {
  for (;;) {
    std::vector<Answer> waiting;
    bool is_due;
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return;
      waiting.swap(waiting_);
      is_due = !newest_ || newest_->checkpoint.size < log_->Head().value;
    }
    if (is_due || !waiting.empty()) MakeFor(waiting);
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(this, &Checkpointer::HasWork), options_.every);
  }
}

}  // namespace sothon::ingest
