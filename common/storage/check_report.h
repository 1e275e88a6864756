// What a check of stored data found: how much was looked at, and what is wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sothon {

// So many things that were looked at: "events", "tree tiles".
struct CheckedArea {
  std::string things;
  uint64_t good = 0;  // of which nothing is wrong by themselves
  uint64_t total = 0;
};

struct CheckFault {
  std::string where;  // a position, a key, an account
  std::string what;   // what is wrong, and what there should be
};

// Thread-compatible.
class CheckReport {
 public:
  static constexpr size_t kFaultsKept = 50;

  void AddArea(std::string things, uint64_t good, uint64_t total);
  void AddFault(std::string where, std::string what);
  void AddRemark(std::string remark);

  bool ok() const { return fault_count_ == 0; }
  // Faults that are found now are kept; finding words for others is not worth it.
  bool keeps_faults() const { return fault_count_ < kFaultsKept; }
  uint64_t fault_count() const { return fault_count_; }
  // The first kFaultsKept of them, in the order in which they were found.
  const std::vector<CheckFault>& faults() const { return faults_; }
  const std::vector<CheckedArea>& areas() const { return areas_; }
  // What is not wrong, but was not checked, or is worth knowing.
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  std::vector<CheckedArea> areas_;
  std::vector<CheckFault> faults_;
  std::vector<std::string> remarks_;
  uint64_t fault_count_ = 0;
};

}  // namespace sothon
