// What only the rows of a file together show: good rows that may be wrong all the same. Remarks, never refusals.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::cli {

// Operation
//   Numbers of 10 digits in a column of citizen numbers, most of which have 12: a spreadsheet may have dropped leading
//   zeros, and what is left is read as a BHXH number. Receipts whose numbers differ only by case.
// Concurrency
//   Thread-compatible.
// Limitations
//   The first kReceiptsMax receipts of a file are compared, so that memory stays bounded.
class FileRemarks {
 public:
  static constexpr size_t kReceiptsMax = 1'000'000;
  static constexpr size_t kLinesMax = 20;  // named in one remark

  explicit FileRemarks(bool is_for_citizen_numbers) : is_for_citizen_numbers_(is_for_citizen_numbers) {}

  // A row that is taken.
  void Look(const v1::Submission& submission, uint64_t line);
  std::vector<std::string> Texts() const;

 private:
  struct Receipt {
    uint32_t spelling = 0;  // a hash of the number as it is written
    uint32_t line = 0;
  };

  bool is_for_citizen_numbers_;
  uint64_t citizen_numbers_ = 0;
  uint64_t short_numbers_ = 0;
  std::vector<uint64_t> short_lines_;
  absl::flat_hash_map<uint64_t, Receipt> receipts_;  // by a hash of the number without case
  uint64_t same_but_case_ = 0;
  std::vector<std::string> same_but_case_lines_;
};

}  // namespace sothon::cli
