#include "tests/harness/workload.h"

#include <random>
#include <utility>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"

namespace sothon::testing {
namespace {

class Generator {
 public:
  explicit Generator(const WorkloadOptions& options) : options_(options), random_(options.seed) {}

  v1::RecordRequest Registry() {
    v1::RecordRequest request;
    for (v1::Event& event : MinimalRegistry(options_.villages)) {
      *request.add_submissions() = Submit(std::move(event));
    }
    return request;
  }

  v1::RecordRequest Collections() {
    v1::RecordRequest request;
    const int count = 1 + Below(options_.events_per_request_max);
    for (int i = 0; i < count; ++i) *request.add_submissions() = One();
    // A receipt can be reversed by a later request than the one that brings it.
    receipts_.insert(receipts_.end(), new_receipts_.begin(), new_receipts_.end());
    new_receipts_.clear();
    return request;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }
  std::string SomeVillage() { return VillageId(1 + Below(options_.villages)); }
  // A day of September to December 2025.
  int32_t SomeDate() { return 20250900 + 100 * Below(4) + 1 + Below(28); }

  v1::Submission One() {
    const uint64_t person = 1 + static_cast<uint64_t>(Below(options_.people));
    const int kind = Below(20);
    if (kind == 0 && !receipts_.empty()) return ReverseOne();
    if (kind == 1) {
      const int32_t date = SomeDate();
      v1::Event move = Move(person, SomeVillage(), date);
      move.set_event_id(StrCat("m:", ++count_));
      return SubmitFor(person, std::move(move));
    }
    if (kind == 2) {
      OpeningSpec spec;
      spec.person = person;
      spec.scheme = static_cast<v1::Scheme>(1 + Below(4));
      spec.place_id = SomeVillage();
      v1::Event opening = Opening(spec);
      opening.set_event_id(StrCat("o:", ++count_));
      return SubmitFor(person, std::move(opening));
    }
    ContributionSpec spec;
    spec.person = person;
    spec.receipt = StrCat("BL-", ++count_);
    spec.scheme = static_cast<v1::Scheme>(1 + Below(4));
    spec.place_id = SomeVillage();
    spec.date = SomeDate();
    spec.months = static_cast<uint32_t>(1 + Below(6));
    spec.due_vnd = 0;
    spec.paid_vnd = 1'000 * (1 + Below(900));
    new_receipts_.push_back({spec.receipt, spec.place_id});
    return SubmitFor(person, Contribution(spec));
  }

  v1::Submission ReverseOne() {
    const size_t index = static_cast<size_t>(Below(static_cast<int>(receipts_.size())));
    const auto [receipt, place_id] = receipts_[index];
    receipts_.erase(receipts_.begin() + static_cast<std::ptrdiff_t>(index));
    return Submit(Reversal(receipt, 20251231, kAgencyId, place_id));
  }

  const WorkloadOptions options_;
  std::mt19937_64 random_;
  int count_ = 0;
  // Receipts that can be reversed, with their villages.
  std::vector<std::pair<std::string, std::string>> receipts_;
  std::vector<std::pair<std::string, std::string>> new_receipts_;
};

}  // namespace

std::vector<v1::RecordRequest> MakeWorkload(const WorkloadOptions& options) {
  Generator generator(options);
  std::vector<v1::RecordRequest> requests{generator.Registry()};
  for (int i = 0; i < options.requests; ++i) requests.push_back(generator.Collections());
  for (size_t i = 0; i < requests.size(); ++i) requests[i].set_request_id(i);
  return requests;
}

}  // namespace sothon::testing
