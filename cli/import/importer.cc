#include "cli/import/importer.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_join.h"
#include "cli/app/connection.h"
#include "cli/app/digest.h"
#include "cli/app/log_access.h"
#include "cli/app/submission_errors.h"
#include "cli/app/text_tools.h"
#include "cli/import/conflict.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr absl::Duration kCheckpointEvery = absl::Seconds(1);

// Calls `read` again while the service is away, for as long as imports go on trying.
template <typename F>
auto WithRetry(const PipelineOptions& options, F read) -> decltype(read()) {
  const absl::Time until = absl::Now() + options.retry_for;
  for (;;) {
    auto result = read();
    if (result.ok() || result.status().code() != absl::StatusCode::kUnavailable || absl::Now() >= until) return result;
    options.sleep(absl::Milliseconds(200));
  }
}

// A link stands for its file: what is kept beside the file is found again under each of its names.
std::string BehindLinks(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const std::filesystem::path file = std::filesystem::weakly_canonical(path, error);
  return error ? path : file.string();
}

}  // namespace

Importer::Importer(v1::IngestService::StubInterface* ingest, ImportOptions options,
                   std::function<void(const std::string&)> tell, std::function<void(const ImportProgress&)> progressed)
    : ingest_(ingest),
      erased_(ingest),
      options_(std::move(options)),
      tell_(std::move(tell)),
      progressed_(std::move(progressed)) {
  options_.path = BehindLinks(options_.path);
  options_.rejects_path =
      options_.rejects_path.empty() ? options_.path + ".rejects.csv" : BehindLinks(options_.rejects_path);
  // A dry run leaves the rejects of an import alone, which somebody may be mending.
  if (options_.dry_run) options_.rejects_path += ".dry-run";
  options_.pipeline.validate_only = options_.dry_run;
}

Importer::~Importer() = default;

absl::Status Importer::Open() {
  std::error_code error;
  if (!std::filesystem::is_regular_file(options_.path, error)) {
    return absl::NotFoundError(StrCat(options_.path, " is not a file; name a CSV file"));
  }
  auto in = std::make_unique<std::ifstream>(options_.path, std::ios::binary);
  Sha256 sha;
  std::vector<char> chunk(1 << 20);
  while (*in) {
    in->read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    sha.Update({chunk.data(), static_cast<size_t>(in->gcount())});
    progress_.bytes_total += static_cast<uint64_t>(in->gcount());
  }
  if (!in->eof()) return absl::FailedPreconditionError(StrCat("cannot read ", options_.path, " to its end"));
  file_sha256_ = sha.HexDigest();
  in->clear();
  in->seekg(0);
  in_ = std::move(in);
  reader_ = std::make_unique<CsvReader>(in_.get());
  if (const absl::Status status = reader_->ReadHeader(); !status.ok()) {
    return absl::InvalidArgumentError(StrCat(options_.path, ": ", status.message()));
  }
  for (const std::string& comment : reader_->comments()) {
    if (AsciiLower(comment).find("synthetic") != std::string::npos) options_.row.is_synthetic = true;
  }
  summary_.is_synthetic = options_.row.is_synthetic;
  return absl::OkStatus();
}

// The reject file replaces what stands in its place: that must be nothing anybody would miss.
absl::Status Importer::CheckRejectsPath() const {
  std::error_code error;
  const std::string& path = options_.rejects_path;
  const std::filesystem::file_status file = std::filesystem::status(path, error);
  if (!std::filesystem::exists(file)) return absl::OkStatus();
  std::string what;
  if (!std::filesystem::is_regular_file(file)) {
    what = "is no file";
  } else if (std::filesystem::equivalent(path, options_.path, error)) {
    what = "is the imported file itself";
  } else if (std::ifstream in(path, std::ios::binary); !RejectFile::MayBeReplaced(&in)) {
    what = "is there already and is no reject file; it would be lost";
  }
  if (what.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("the place of the reject file, ", path, ", ", what, ": name another file with --rejects"));
}

absl::Status Importer::CheckAgency(const Directory& directory) const {
  const v1::PartyRegistered* agency = directory.FindParty(options_.row.agency_id);
  if (agency != nullptr && agency->kind() == v1::AGENCY) return absl::OkStatus();
  const std::vector<std::string> known = directory.PartyIds(v1::AGENCY);
  return absl::InvalidArgumentError(StrCat("--agency ", options_.row.agency_id,
                                           agency == nullptr ? " is not in the book" : " is not a collection agency",
                                           "; ",
                                           known.empty() ? "no agency is: load a plan first (`sothon plan load`)"
                                                         : StrCat("write one of ", absl::StrJoin(known, ", "))));
}

void Importer::TellRetrying(const absl::Status& why) {
  if (IsFullDisk(why)) {
    tell_(StrCat(options_.service, " cannot record just now (", why.message(),
                 "); it goes on by itself when there is room, and this import with it for up to ",
                 absl::ToInt64Seconds(options_.pipeline.retry_for), " s (--retry-seconds); run it again after that"));
    return;
  }
  tell_(StrCat(options_.service, " does not answer (", why.message(), "); trying again for up to ",
               absl::ToInt64Seconds(options_.pipeline.retry_for),
               " s (--retry-seconds). If it listens elsewhere, name where with --ingest HOST:PORT"));
}

absl::Status Importer::MeetService() {
  bool is_told = false;
  const auto fetch = [&] {
    auto answer = FetchStatus(ingest_);
    if (!is_told && answer.status().code() == absl::StatusCode::kUnavailable &&
        options_.pipeline.retry_for > absl::ZeroDuration()) {
      is_told = true;
      TellRetrying(answer.status());
    }
    return answer;
  };
  SOTHON_ASSIGN_OR_RETURN(const v1::GetStatusResponse status, WithRetry(options_.pipeline, fetch));
  summary_.log_id = status.log_id();
  head_at_start_ = status.head_position();
  const v1::Limits& limits = status.limits();
  if (limits.events_per_request_max() > 0) {
    options_.pipeline.batch_submissions_max =
        std::min<size_t>(options_.pipeline.batch_submissions_max, limits.events_per_request_max());
  }
  if (limits.request_bytes_max() > 0) {
    options_.pipeline.batch_bytes_max =
        std::min<size_t>(options_.pipeline.batch_bytes_max, limits.request_bytes_max() / 2);
  }
  SOTHON_ASSIGN_OR_RETURN(directory_, WithRetry(options_.pipeline, [this] { return ReadDirectory(ingest_); }));
  return CheckAgency(directory_);
}

absl::Status Importer::BeginRejects(uint64_t last_line_kept) {
  std::string kept_as;
  SOTHON_RETURN_IF_ERROR(rejects_->Begin(last_line_kept, &kept_as));
  if (kept_as.empty()) return absl::OkStatus();
  tell_(StrCat("the reject file ", rejects_->path(), " was changed since it was written; it is kept as ", kept_as));
  return absl::OkStatus();
}

absl::Status Importer::Resume() {
  std::error_code error;
  // The same file, from whichever folder it is named.
  std::filesystem::path rejects_path = std::filesystem::weakly_canonical(options_.rejects_path, error);
  if (error) rejects_path = options_.rejects_path;
  const std::string digest = ShortDigest(
      absl::StrJoin(std::vector<std::string>{options_.row.agency_id, StrCat(static_cast<int>(options_.row.kind)),
                                             StrCat(options_.row.default_scheme), StrCat(options_.row.is_synthetic),
                                             options_.row.opening_date ? options_.row.opening_date->ToString() : "",
                                             rejects_path.string(), absl::StrJoin(options_.ignored_columns, ",")},
                    "\n"));
  journal_ =
      std::make_unique<Journal>(options_.path + ".sothon-progress", JournalKey{file_sha256_, digest, summary_.log_id});
  const auto entry = options_.dry_run ? std::nullopt : journal_->Load();
  if (!entry || entry->head_position > head_at_start_) return BeginRejects(0);
  summary_.resumed_after_line = entry->line;
  summary_.min_position = entry->head_position;
  // The line need not be one on which a row begins: it may be blank, the header, or inside of a quoted field.
  CsvRecord record;
  while (reader_->Next(&record)) {
    if (record.line > entry->line) {
      read_ahead_ = std::move(record);
      break;
    }
    last_line_read_ = record.line;
  }
  tell_(StrCat("going on after line ", entry->line, ", where an earlier import of this file was broken off"));
  SOTHON_RETURN_IF_ERROR(BeginRejects(entry->line));
  summary_.rejected_earlier = rejects_->count();
  return absl::OkStatus();
}

void Importer::Reject(const CsvRecord& record, const std::vector<Problem>& problems) {
  const absl::Status status = rejects_->Add(record, problems);
  if (file_trouble_.ok()) file_trouble_ = status;
}

// A dry run's service reserves nothing, so that a receipt standing twice in the file is found here.
bool Importer::IsRepeatedInDryRun(const v1::Submission& submission, uint64_t line, std::vector<Problem>* problems) {
  if (!options_.dry_run) return false;
  Sha256 sha;
  sha.Update(submission.SerializeAsString());
  const std::string digest = sha.HexDigest();
  const auto [seen, is_new] = seen_.try_emplace(submission.event().event_id(), Seen{digest, line});
  if (is_new || seen->second.digest == digest) return false;
  problems->push_back(
      {"", StrCat("the same receipt or reference stands on line ", seen->second.line, " with other content"),
       "keep the right row"});
  return true;
}

bool Importer::NextRecord(CsvRecord* record) {
  if (!read_ahead_) return reader_->Next(record);
  *record = *std::move(read_ahead_);
  read_ahead_.reset();
  return true;
}

std::optional<RecordPipeline::Item> Importer::NextItem() {
  CsvRecord record;
  while (file_trouble_.ok() && NextRecord(&record)) {
    progress_.bytes = reader_->bytes_consumed();
    last_line_read_ = record.line;
    if (RowMapper::IsEmptyRow(record)) continue;
    if (record.problem.empty() && mapper_->IsTotalRow(record)) {
      ++summary_.totals_skipped;
      tell_(StrCat("line ", record.line, " is a row of sums (\"Tổng\"), not a village: skipped"));
      continue;
    }
    ++summary_.rows;
    progress_.rows = summary_.rows;
    std::vector<Problem> problems;
    auto submission = mapper_->Map(record, &problems);
    if (!submission || IsRepeatedInDryRun(*submission, record.line, &problems)) {
      Reject(record, problems);
      continue;
    }
    remarks_->Look(*submission, record.line);
    RecordPipeline::Item item{next_ordinal_++, *std::move(submission)};
    unsettled_.emplace(item.ordinal, std::move(record));
    return item;
  }
  progress_.bytes = reader_->bytes_consumed();
  return std::nullopt;
}

void Importer::Settle(const RecordPipeline::Item& item, const v1::Receipt& receipt) {
  // A row whose answer was lost on a broken stream comes back as known, and was recorded by this import all the same.
  bool is_ours = !receipt.duplicate() || (item.may_be_recorded && receipt.position() > head_at_start_);
  if (options_.dry_run) {
    is_ours = !std::exchange(seen_[item.submission.event().event_id()].is_settled, true) && is_ours;
  } else {
    summary_.min_position = std::max(summary_.min_position, receipt.position());
  }
  ++(is_ours ? summary_.recorded : summary_.known);
  if (is_ours) summary_.last_position = std::max(summary_.last_position, receipt.position());
  unsettled_.erase(item.ordinal);
}

std::vector<Problem> Importer::Translate(const RecordPipeline::Item& item, const absl::Status& why) {
  std::vector<Problem> problems;
  if (why.code() == absl::StatusCode::kAlreadyExists) {
    const uint64_t position = PositionOf(why);
    const auto earlier = FetchEvents(ingest_, {position});
    const bool is_there = earlier.ok() && earlier->count(position) > 0;
    problems.push_back(DescribeConflict(item.submission.event(), position, is_there ? &earlier->at(position) : nullptr,
                                        [this](std::string_view subject) { return erased_.Contains(subject); }));
  }
  for (const FieldViolation& violation : FieldViolationsOf(why)) {
    // The service writes what is wrong and the remedy as one sentence.
    const size_t split = violation.description.find("; ");
    const bool has_remedy = split != std::string::npos;
    problems.push_back({mapper_->ColumnOfPath(violation.field), violation.description.substr(0, split),
                        has_remedy ? violation.description.substr(split + 2) : "correct it and import it again"});
  }
  if (problems.empty()) {
    problems.push_back({"", std::string(why.message()), "look at the service's answer and the row"});
  }
  return problems;
}

void Importer::Refuse(const RecordPipeline::Item& item, const absl::Status& why) {
  const auto found = unsettled_.find(item.ordinal);
  Reject(found->second, Translate(item, why));
  unsettled_.erase(found);
}

uint64_t Importer::SettledLine() const {
  return unsettled_.empty() ? last_line_read_ : unsettled_.begin()->second.line - 1;
}

void Importer::Checkpoint(bool force) {
  // A reject that could not be written must not be passed over by the next run.
  if (options_.dry_run || !file_trouble_.ok() || (!force && absl::Now() - last_checkpoint_ < kCheckpointEvery)) return;
  last_checkpoint_ = absl::Now();
  absl::Status status = rejects_->Sync();
  if (status.ok()) {
    JournalEntry entry;
    entry.line = SettledLine();
    entry.head_position = std::max(head_at_start_, summary_.last_position);
    status = journal_->Store(entry);
  }
  if (file_trouble_.ok()) file_trouble_ = status;
}

absl::StatusOr<ImportSummary> Importer::Run() {
  SOTHON_RETURN_IF_ERROR(Open());
  auto columns = ColumnMap::FromHeader(reader_->header(), options_.row.kind, options_.ignored_columns,
                                       options_.row.default_scheme != v1::SCHEME_UNSPECIFIED);
  if (!columns.ok()) {
    return absl::InvalidArgumentError(StrCat(options_.path, ": ", columns.status().message()));
  }
  SOTHON_RETURN_IF_ERROR(CheckRejectsPath());
  SOTHON_RETURN_IF_ERROR(MeetService());
  remarks_ = std::make_unique<FileRemarks>(columns->IsForCitizenNumbers());
  mapper_ = std::make_unique<RowMapper>(options_.row, *std::move(columns), &directory_);
  rejects_ = std::make_unique<RejectFile>(options_.rejects_path, reader_->header(), reader_->separator(),
                                          reader_->has_byte_order_mark());
  SOTHON_RETURN_IF_ERROR(Resume());

  RecordPipeline::Callbacks callbacks;
  callbacks.next = [this] { return NextItem(); };
  callbacks.settled = [this](const RecordPipeline::Item& item, const v1::Receipt& receipt) { Settle(item, receipt); };
  callbacks.refused = [this](const RecordPipeline::Item& item, const absl::Status& why) { Refuse(item, why); };
  callbacks.retrying = [this](const absl::Status& why, int attempt) {
    Checkpoint(/*force=*/true);
    if (attempt > 1) return;
    TellRetrying(why);
  };
  callbacks.progressed = [this] {
    Checkpoint(/*force=*/false);
    progressed_(progress_);
  };
  const absl::Status status = RecordPipeline(ingest_, options_.pipeline, std::move(callbacks)).Run();
  Checkpoint(/*force=*/true);
  SOTHON_RETURN_IF_ERROR(file_trouble_);
  SOTHON_RETURN_IF_ERROR(status);
  SOTHON_RETURN_IF_ERROR(rejects_->Finish());
  if (!options_.dry_run) journal_->Remove();
  if (summary_.rows + summary_.totals_skipped + summary_.resumed_after_line == 0) {
    return absl::InvalidArgumentError(StrCat(options_.path, " holds a header and no rows; was it exported in full?"));
  }
  summary_.remarks = remarks_->Texts();
  summary_.rejected = rejects_->count() - summary_.rejected_earlier;
  if (rejects_->count() > 0) summary_.rejects_path = rejects_->path();
  return summary_;
}

}  // namespace sothon::cli
