// What is wrong with a request, collected so that all of it can be mended at once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::ingest {

// Of one request. Thread-compatible.
class Violations {
 public:
  // More than `max` are not told.
  explicit Violations(size_t max) : max_(max) {}

  void Add(std::string_view field, std::string description) {
    if (!full()) violations_.push_back({std::string(field), std::move(description)});
  }
  bool empty() const { return violations_.empty(); }
  bool full() const { return violations_.size() >= max_; }
  size_t size() const { return violations_.size(); }
  // Forgets all but the first `size`.
  void Truncate(size_t size) { violations_.resize(size); }
  // OK when there is none.
  absl::Status ToStatus() const { return empty() ? absl::OkStatus() : BadRequest(violations_); }

 private:
  const size_t max_;
  std::vector<FieldViolation> violations_;
};

// Of one submission of a request. Thread-compatible; borrows `all`.
class SubmissionViolations {
 public:
  SubmissionViolations(size_t index, Violations* all) : index_(index), all_(all) {}

  // `field` is a path below the submission: "event.effective_date".
  void Add(std::string_view field, std::string description) {
    found_ = true;
    all_->Add(StrCat("submissions[", index_, "].", field), std::move(description));
  }
  bool found() const { return found_; }

 private:
  const size_t index_;
  Violations* const all_;
  bool found_ = false;
};

}  // namespace sothon::ingest
