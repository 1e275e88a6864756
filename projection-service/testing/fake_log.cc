#include "projection-service/testing/fake_log.h"

#include <algorithm>
#include <random>
#include <utility>

#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"

namespace sothon::projection::testing {

using namespace sothon::testing;  // NOLINT(google-build-using-namespace): the builders, throughout

namespace {

constexpr int64_t kFirstRecordedAtUs = 1'760'000'000'000'000;
constexpr int64_t kSecondUs = 1'000'000;
constexpr size_t kReadAtOnce = 97;

}  // namespace

Position FakeLog::Add(v1::Event event, int64_t recorded_at_us) {
  const int64_t last_us = recorded_at_us_.empty() ? kFirstRecordedAtUs : recorded_at_us_.back();
  if (recorded_at_us == 0) recorded_at_us = last_us + kSecondUs;
  if (event.has_contribution_reversed() && event.contribution_reversed().reversed_position() == 0) {
    v1::ContributionReversed& reversal = *event.mutable_contribution_reversed();
    for (size_t i = 0; i < stored_.size(); ++i) {
      v1::Event earlier;
      earlier.ParseFromString(stored_[i]);
      const v1::ContributionRecorded& contribution = earlier.contribution_recorded();
      if (!earlier.has_contribution_recorded() || contribution.receipt_number() != reversal.receipt_number() ||
          contribution.agency_id() != reversal.agency_id()) {
        continue;
      }
      reversal.set_reversed_position(i + 1);
      reversal.set_subject_id(contribution.subject_id());
      reversal.set_scheme(contribution.scheme());
    }
  }
  std::string stored;
  AppendStoredEvent({stored_.size() + 1}, recorded_at_us, SerializeBody(event), &stored);
  stored_.push_back(std::move(stored));
  recorded_at_us_.push_back(recorded_at_us);
  return {stored_.size()};
}

void FakeLog::AddAll(const std::vector<v1::Event>& events) {
  for (const v1::Event& event : events) Add(event);
}

std::vector<std::string_view> FakeLog::Range(uint64_t from, uint64_t to) const {
  std::vector<std::string_view> range;
  for (uint64_t position = from; position <= to; ++position) range.push_back(stored(position));
  return range;
}

absl::Status FakeLog::Feed(EventSink* sink, uint64_t from, uint64_t to, size_t at_once, bool catching_up) const {
  for (uint64_t position = from; position <= to; position += at_once) {
    const auto events = Range(position, std::min(to, position + at_once - 1));
    SOTHON_RETURN_IF_ERROR(sink->Apply(events, catching_up));
  }
  return absl::OkStatus();
}

absl::Status FakeLog::ReadRange(Position from, Position to,
                                absl::FunctionRef<absl::Status(absl::Span<const std::string_view>)> visit) {
  for (uint64_t position = from.value; position <= to.value; position += kReadAtOnce) {
    if (before_visit) before_visit();
    SOTHON_RETURN_IF_ERROR(visit(Range(position, std::min(to.value, position + kReadAtOnce - 1))));
  }
  return absl::OkStatus();
}

WorkedExample MakeWorkedExample() {
  WorkedExample example;
  example.log.AddAll(MinimalRegistry(1));
  example.before = example.log.size();
  constexpr uint64_t kA = 1, kB = 2, kC = 3, kD = 4, kE = 5;
  const auto pay = [&](uint64_t person, const char* receipt, int32_t date, int32_t from_month, uint32_t months) {
    ContributionSpec spec;
    spec.person = person;
    spec.receipt = receipt;
    spec.date = date;
    spec.from_month = from_month;
    spec.months = months;
    example.log.Add(Contribution(spec));
  };
  pay(kC, "BL-1", 20250110, 202501, 1);
  pay(kA, "BL-2", 20251005, 202510, 1);
  pay(kB, "BL-3", 20251020, 202510, 3);
  pay(kC, "BL-4", 20251105, 202511, 1);
  pay(kA, "BL-5", 20251110, 202511, 1);
  pay(kE, "BL-6", 20251112, 202511, 1);
  pay(kD, "BL-7", 20251115, 202511, 1);
  pay(kA, "BL-8", 20251120, 202512, 1);
  example.log.Add(Reversal("BL-7", 20251202));
  pay(kE, "BL-10", 20251028, 202510, 1);
  return example;
}

namespace {

// One random log in the making.
class RandomLogMaker {
 public:
  RandomLogMaker(uint64_t seed, FakeLog* log) : random_(seed), log_(log) {}

  void AddOne() {
    const uint64_t kind = Below(100);
    if (kind < 70) {
      AddContribution();
    } else if (kind < 80) {
      AddReversal();
    } else if (kind < 86) {
      AddWith(Move(Below(kPeople), AnyVillage(), AnyDate()));
    } else if (kind < 92) {
      AddOpening();
    } else if (kind < 97) {
      AddTarget();
    } else if (kind < 98) {
      AddChangeOfPlace();
    } else if (villages_ < kVillagesMax) {
      ++villages_;
      log_->Add(Village(villages_, StrCat("Thôn mới ", villages_)));
    }
  }

 private:
  static constexpr uint64_t kPeople = 25;
  static constexpr int kVillagesMax = 6;

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::string AnyVillage() { return VillageId(static_cast<int>(1 + Below(static_cast<uint64_t>(villages_)))); }
  v1::Scheme AnyScheme() { return static_cast<v1::Scheme>(1 + Below(3)); }
  int32_t AnyMonth() { return Below(4) == 0 ? 202509 : static_cast<int32_t>(202510 + Below(3)); }
  int32_t AnyDate() { return AnyMonth() * 100 + static_cast<int32_t>(1 + Below(28)); }

  // Several events may share a moment, as those of one request do.
  void AddWith(const v1::Event& event) {
    const int64_t last_us = log_->recorded_at_us(log_->size());
    log_->Add(event, last_us + static_cast<int64_t>(Below(3) * 1000));
  }

  void AddContribution() {
    ContributionSpec spec;
    spec.receipt = StrCat("BL-", log_->size());
    spec.person = Below(kPeople);
    spec.scheme = AnyScheme();
    spec.place_id = AnyVillage();
    spec.date = AnyDate();
    spec.from_month = Below(3) == 0 ? AnyMonth() : 0;
    spec.months = static_cast<uint32_t>(1 + Below(4));
    spec.paid_vnd = static_cast<int64_t>(Below(500'000));
    v1::Event event = Contribution(spec);
    event.set_synthetic(Below(50) == 0);
    AddWith(event);
    receipts_.push_back(spec.receipt);
  }

  void AddReversal() {
    if (receipts_.empty()) return;
    const size_t chosen = Below(receipts_.size());
    AddWith(Reversal(receipts_[chosen], AnyDate()));
    receipts_.erase(receipts_.begin() + static_cast<std::ptrdiff_t>(chosen));
  }

  void AddOpening() {
    OpeningSpec spec;
    spec.person = Below(kPeople);
    spec.scheme = AnyScheme();
    spec.place_id = AnyVillage();
    spec.covered_until = AnyDate();
    AddWith(Opening(spec));
  }

  void AddChangeOfPlace() {
    v1::Event event;
    v1::PlaceChanged& change = *event.mutable_place_changed();
    change.set_place_id(Below(4) == 0 ? std::string(kCommuneId) : AnyVillage());
    change.set_change(v1::PlaceChanged::RENAMED);
    change.set_new_name(StrCat("Tên mới ", log_->size()));
    if (change.place_id() != kCommuneId && Below(2) == 0) {
      change.set_change(v1::PlaceChanged::CONVERTED);
      change.set_new_level(Below(2) == 0 ? v1::VILLAGE : v1::RESIDENTIAL_GROUP);
    }
    AddWith(event);
  }

  void AddTarget() {
    const bool revises = !targets_.empty() && Below(3) == 0;
    v1::Event event = VillageTarget(StrCat("CT-", log_->size()), AnyVillage(), AnyScheme(), AnyMonth(),
                                    static_cast<int64_t>(Below(6)));
    v1::TargetSet& target = *event.mutable_target_set();
    target.set_to_month(202512);
    target.set_measure(static_cast<v1::Measure>(1 + Below(3)));
    if (Below(4) == 0) {
      event.set_place_id(kCommuneId);
      target.set_each_village(Below(2) == 0);
    }
    if (Below(2) == 0) target.set_reading(StrCat("cách hiểu ", Below(4)));
    if (revises) target.set_revises_target_id(targets_[Below(targets_.size())]);
    targets_.push_back(target.target_id());
    AddWith(event);
  }

  std::mt19937_64 random_;
  FakeLog* const log_;
  int villages_ = 4;
  std::vector<std::string> receipts_;
  std::vector<std::string> targets_;
};

}  // namespace

FakeLog MakeRandomLog(uint64_t seed, int events) {
  FakeLog log;
  log.AddAll(MinimalRegistry(4));
  RandomLogMaker maker(seed, &log);
  for (int i = 0; i < events; ++i) maker.AddOne();
  return log;
}

}  // namespace sothon::projection::testing
