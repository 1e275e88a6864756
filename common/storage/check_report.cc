#include "common/storage/check_report.h"

#include <utility>

namespace sothon {

void CheckReport::AddArea(std::string things, uint64_t good, uint64_t total) {
  areas_.push_back({std::move(things), good, total});
}

void CheckReport::AddFault(std::string where, std::string what) {
  if (++fault_count_ <= kFaultsKept) faults_.push_back({std::move(where), std::move(what)});
}

void CheckReport::AddRemark(std::string remark) { remarks_.push_back(std::move(remark)); }

}  // namespace sothon
