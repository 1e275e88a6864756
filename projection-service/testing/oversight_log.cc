#include "projection-service/testing/oversight_log.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"

namespace sothon::projection::testing {
namespace {

using sothon::testing::Contribution;
using sothon::testing::ContributionSpec;
using sothon::testing::kCommuneId;
using sothon::testing::kDocumentId;
using sothon::testing::VillageId;

constexpr uint64_t kPeople = 30;
const char* const kAgencies[] = {"TCDVT-01", "TCDVT-02"};
const char* const kCollectors[] = {"NVT-01", "NVT-02", "NVT-03", "NVT-04"};
const char* const kDrives[] = {"DRQ-1", "DRQ-2", "DRQ-3"};

class Maker {
 public:
  Maker(uint64_t seed, FakeLog* log) : random_(seed), log_(log) {}

  void AddRegistry() {
    log_->AddAll(sothon::testing::MinimalRegistry(4));
    Party("TCDVT-02", v1::AGENCY, "");
    for (int i = 1; i < 4; ++i) Party(kCollectors[i], v1::COLLECTOR, kAgencies[i / 2]);
    Party("BHXH-CS", v1::BHXH_OFFICE, "");
    Party("UBND", v1::PEOPLES_COMMITTEE, "");
    Party("DOAN", v1::UNION, "");
    Party("TRUONG", v1::SCHOOL, "");
    Parameter("rate.base_salary", 2'340'000);
    Parameter("rate.bhxh_tn", 220);
    Parameter("rate.income_floor", 1'500'000);
    Parameter("rate.bhyt", 45);
  }

  void AddOne() {
    const uint64_t choice = Below(100);
    if (choice < 50) {
      AddContribution();
    } else if (choice < 57) {
      AddReversal();
    } else if (choice < 63) {
      AddAboutPerson();
    } else if (choice < 75) {
      AddRole();
    } else if (choice < 90) {
      AddDriveStep();
    } else {
      AddReportOrParameter();
    }
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  template <size_t kSize>
  std::string AnyOf(const char* const (&names)[kSize]) {
    return names[Below(kSize)];
  }
  std::string AnyVillage() { return VillageId(static_cast<int>(1 + Below(4))); }
  int32_t AnyMonth() { return static_cast<int32_t>(202509 + Below(4)); }
  int32_t AnyDate() { return AnyMonth() * 100 + static_cast<int32_t>(1 + Below(28)); }

  v1::Event At(const std::string& place) {
    v1::Event event;
    event.set_event_id(StrCat("e-", log_->size()));
    event.set_effective_date(AnyDate());
    event.set_place_id(place);
    return event;
  }
  void Party(const char* id, v1::PartyKind kind, const char* parent) {
    v1::Event event = At(kCommuneId);
    event.set_effective_date(20250101);
    event.mutable_party_registered()->set_party_id(id);
    event.mutable_party_registered()->set_kind(kind);
    event.mutable_party_registered()->set_name(id);
    event.mutable_party_registered()->set_parent_party_id(parent);
    log_->Add(event);
  }
  void Parameter(const char* name, int64_t value) {
    v1::Event event = At("");
    event.set_effective_date(20250101);
    event.mutable_parameter_set()->set_name(name);
    event.mutable_parameter_set()->set_value(value);
    log_->Add(event);
  }

  void AddContribution() {
    ContributionSpec spec;
    spec.receipt = StrCat("BL-", log_->size());
    spec.person = 1 + Below(kPeople);
    spec.scheme = static_cast<v1::Scheme>(1 + Below(4));
    spec.place_id = AnyVillage();
    spec.date = AnyDate();
    spec.from_month = Below(3) == 0 ? AnyMonth() : 0;
    spec.months = static_cast<uint32_t>(1 + Below(4));
    spec.agency_id = AnyOf(kAgencies);
    spec.collector_id = AnyOf(kCollectors);
    spec.declared = static_cast<v1::Declared>(Below(3));
    v1::Event event = Contribution(spec);
    if (Below(3) == 0) event.mutable_contribution_recorded()->set_drive_id(AnyOf(kDrives));
    if (Below(4) == 0) event.mutable_contribution_recorded()->add_credited_party_ids(Below(2) == 0 ? "DOAN" : "TRUONG");
    if (Below(3) == 0) event.mutable_contribution_recorded()->set_income_base_vnd(1'500'000);
    log_->Add(event);
    receipts_.emplace_back(spec.receipt, spec.agency_id);
  }

  void AddReversal() {
    if (receipts_.empty()) return;
    const size_t chosen = Below(receipts_.size());
    log_->Add(sothon::testing::Reversal(receipts_[chosen].first, AnyDate(), receipts_[chosen].second));
    receipts_.erase(receipts_.begin() + static_cast<std::ptrdiff_t>(chosen));
  }

  void AddAboutPerson() {
    const std::string subject(sothon::testing::SubjectOf(1 + Below(kPeople)).AsBytes());
    v1::Event event = At(AnyVillage());
    switch (Below(4)) {
      case 0:
        event.mutable_certificate_issued()->set_subject_id(subject);
        event.mutable_certificate_issued()->set_scheme(v1::BHXH_TN);
        break;
      case 1:
        event.mutable_participant_classified()->set_subject_id(subject);
        event.mutable_participant_classified()->set_group(Below(2) == 0 ? "ho_ngheo" : "can_ngheo");
        if (Below(2) == 0) event.mutable_participant_classified()->set_until_date(20251231);
        break;
      case 2:
        event.mutable_participant_moved()->set_subject_id(subject);
        break;
      default:
        event.mutable_opening_recorded()->set_subject_id(subject);
        event.mutable_opening_recorded()->set_scheme(static_cast<v1::Scheme>(1 + Below(3)));
        event.mutable_opening_recorded()->set_covered_until(AnyDate());
    }
    log_->Add(event);
  }

  void AddRole() {
    if (!roles_.empty() && Below(4) == 0) {
      v1::Event end = At("");
      end.mutable_role_ended()->set_role_id(roles_[Below(roles_.size())]);
      log_->Add(end);
      return;
    }
    v1::Event event = At(Below(3) == 0 ? std::string(kCommuneId) : AnyVillage());
    v1::RoleAssigned* role = event.mutable_role_assigned();
    role->set_role_id(StrCat("R-", log_->size()));
    const bool contract = Below(4) == 0;
    role->set_role(contract ? v1::CONTRACTED_AGENCY : v1::RESIDENT_COLLECTOR);
    role->set_party_id(contract ? AnyOf(kAgencies) : AnyOf(kCollectors));
    if (Below(3) == 0) role->set_until_date(AnyDate());
    roles_.push_back(role->role_id());
    log_->Add(event);
  }

  void AddDriveStep() {
    v1::Event event = At(AnyVillage());
    const std::string drive = AnyOf(kDrives);
    switch (Below(6)) {
      case 0:
        event.mutable_drive_agreed()->set_drive_id(drive);
        event.mutable_drive_agreed()->set_office_party_id("BHXH-CS");
        break;
      case 1:
        event.mutable_drive_scheduled()->set_drive_id(drive);
        event.mutable_drive_scheduled()->set_from_date(AnyDate());
        event.mutable_drive_scheduled()->set_to_date(AnyDate());
        break;
      case 2:
        event.mutable_drive_opened()->set_drive_id(drive);
        event.mutable_drive_opened()->set_office_party_id("BHXH-CS");
        break;
      case 3:
        event.mutable_drive_closed()->set_drive_id(drive);
        event.mutable_drive_closed()->set_office_party_id("BHXH-CS");
        break;
      default: {
        v1::AttendanceRecorded* there = event.mutable_attendance_recorded();
        there->set_drive_id(drive);
        there->set_agency_id(AnyOf(kAgencies));
        for (uint64_t i = Below(5); i > 0; --i) there->add_collector_ids(AnyOf(kCollectors));
      }
    }
    log_->Add(event);
  }

  void AddReportOrParameter() {
    v1::Event event = At(Below(4) == 0 ? AnyVillage() : std::string(kCommuneId));
    switch (Below(5)) {
      case 0: {
        static constexpr const char* kNames[] = {
            "duty.resident_collector", "duty.week_ladder",     "duty.weekly_report",     "duty.dialogue_monthly",
            "duty.both_products",      "deadline.certificate", "deadline.weekly_report", "deadline.handover"};
        event.mutable_parameter_set()->set_name(AnyOf(kNames));
        event.mutable_parameter_set()->set_value(static_cast<int64_t>(Below(2)));
        break;
      }
      case 1:
        event.mutable_activity_recorded()->set_kind(static_cast<v1::ActivityKind>(1 + Below(8)));
        event.mutable_activity_recorded()->set_drive_id(AnyOf(kDrives));
        break;
      case 2:
        event.mutable_report_filed()->set_report_kind(Below(2) == 0 ? "weekly" : "drive");
        event.mutable_report_filed()->set_drive_id(AnyOf(kDrives));
        event.mutable_report_filed()->set_by_party_id("BHXH-CS");
        event.mutable_report_filed()->add_to_party_ids("UBND");
        event.mutable_report_filed()->set_period_from(20251006);
        event.mutable_report_filed()->set_period_to(20251012);
        break;
      case 3:
        event.mutable_decision_recorded()->set_kind(static_cast<v1::DecisionRecorded::DecisionKind>(1 + Below(8)));
        event.mutable_decision_recorded()->set_about_party_id(AnyOf(kAgencies));
        break;
      default: {
        v1::Event target = sothon::testing::VillageTarget(StrCat("CT-", log_->size()), AnyVillage(),
                                                          static_cast<v1::Scheme>(1 + Below(3)), AnyMonth(),
                                                          static_cast<int64_t>(1 + Below(4)));
        log_->Add(target);
        return;
      }
    }
    log_->Add(event);
  }

  std::mt19937_64 random_;
  FakeLog* const log_;
  std::vector<std::pair<std::string, std::string>> receipts_;  // number and agency
  std::vector<std::string> roles_;
};

}  // namespace

FakeLog MakeOversightLog(uint64_t seed, int events) {
  FakeLog log;
  Maker maker(seed, &log);
  maker.AddRegistry();
  for (int i = 0; i < events; ++i) maker.AddOne();
  return log;
}

}  // namespace sothon::projection::testing
