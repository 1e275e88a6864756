// Imports one CSV file: good rows into the log, bad ones into the reject file, once each however often it is run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "cli/csv/csv_reader.h"
#include "cli/import/erased_subjects.h"
#include "cli/import/file_remarks.h"
#include "cli/import/journal.h"
#include "cli/import/record_pipeline.h"
#include "cli/import/reject_file.h"
#include "cli/import/row_mapper.h"

namespace sothon::cli {

struct ImportOptions {
  std::string path;
  std::string rejects_path;  // empty: path + ".rejects.csv"; a dry run adds ".dry-run"
  RowOptions row;
  std::string service = "the service";  // what it is called in remarks
  std::vector<std::string> ignored_columns;
  bool dry_run = false;
  PipelineOptions pipeline;
};

struct ImportProgress {
  uint64_t bytes = 0;
  uint64_t bytes_total = 0;
  uint64_t rows = 0;
};

struct ImportSummary {
  uint64_t rows = 0;      // of data, read by this run; rows of sums and empty ones are not counted
  uint64_t recorded = 0;  // or would be, in a dry run
  uint64_t known = 0;     // recorded before this run began
  uint64_t rejected = 0;
  uint64_t totals_skipped = 0;
  uint64_t resumed_after_line = 0;  // 0: from the beginning
  uint64_t rejected_earlier = 0;    // by the run that was gone on with
  uint64_t last_position = 0;       // of what was recorded; 0: nothing was
  uint64_t min_position = 0;        // what a reader asks for to see all of the file's rows; 0: there are none
  std::string log_id;
  std::string rejects_path;          // empty: nothing was rejected
  bool is_synthetic = false;         // the file says so itself
  std::vector<std::string> remarks;  // what may be wrong with rows that were taken
};

// Operation
//   One pass to know the file again (SHA-256), one to read it. Rows go out through a RecordPipeline; each is remembered
//   until it is settled, so memory is bounded by what is in flight. About once a second the journal is brought forward
//   to the last line before which all is settled.
// Concurrency
//   Thread-compatible; for one file.
class Importer {
 public:
  // `ingest` is borrowed. `tell` gets remarks for people (a row of sums skipped, a stream that is opened again).
  Importer(v1::IngestService::StubInterface* ingest, ImportOptions options,
           std::function<void(const std::string&)> tell, std::function<void(const ImportProgress&)> progressed);
  ~Importer();

  // INVALID_ARGUMENT: the file as a whole cannot be imported (header, unknown agency). Rejected rows are no error.
  // On other errors what was settled stays so; run it again to go on.
  absl::StatusOr<ImportSummary> Run();

 private:
  absl::Status Open();
  absl::Status CheckRejectsPath() const;
  absl::Status MeetService();
  void TellRetrying(const absl::Status& why);
  absl::Status CheckAgency(const Directory& directory) const;
  absl::Status Resume();
  absl::Status BeginRejects(uint64_t last_line_kept);
  bool NextRecord(CsvRecord* record);
  std::optional<RecordPipeline::Item> NextItem();
  void Settle(const RecordPipeline::Item& item, const v1::Receipt& receipt);
  void Refuse(const RecordPipeline::Item& item, const absl::Status& why);
  void Reject(const CsvRecord& record, const std::vector<Problem>& problems);
  bool IsRepeatedInDryRun(const v1::Submission& submission, uint64_t line, std::vector<Problem>* problems);
  std::vector<Problem> Translate(const RecordPipeline::Item& item, const absl::Status& why);
  // The last line up to which everything is settled.
  uint64_t SettledLine() const;
  void Checkpoint(bool force);

  v1::IngestService::StubInterface* ingest_;
  ErasedSubjects erased_;
  ImportOptions options_;
  std::function<void(const std::string&)> tell_;
  std::function<void(const ImportProgress&)> progressed_;

  std::unique_ptr<std::istream> in_;
  std::unique_ptr<CsvReader> reader_;
  std::string file_sha256_;
  ImportProgress progress_;
  ImportSummary summary_;
  Directory directory_;
  std::unique_ptr<RowMapper> mapper_;
  std::unique_ptr<FileRemarks> remarks_;
  std::unique_ptr<RejectFile> rejects_;
  std::unique_ptr<Journal> journal_;
  uint64_t head_at_start_ = 0;
  uint64_t next_ordinal_ = 1;
  uint64_t last_line_read_ = 0;
  std::optional<CsvRecord> read_ahead_;  // the first row behind those that an earlier import settled
  absl::btree_map<uint64_t, CsvRecord> unsettled_;
  // Dry run only, by event id, since the service reserves nothing.
  struct Seen {
    std::string digest;  // of the submission
    uint64_t line = 0;
    bool is_settled = false;
  };
  absl::flat_hash_map<std::string, Seen> seen_;
  absl::Time last_checkpoint_ = absl::Now();
  absl::Status file_trouble_;  // the reject file or the journal cannot be written
};

}  // namespace sothon::cli
