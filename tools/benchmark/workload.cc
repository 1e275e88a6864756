#include "tools/benchmark/workload.h"

#include <cstdio>

namespace sothon::benchmark {
namespace {

constexpr int kVillages = 29;

// SplitMix64: well spread, and the same on every machine.
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

template <typename... Args>
std::string Format(const char* format, Args... args) {
  char buffer[96];
  std::snprintf(buffer, sizeof buffer, format, args...);
  return buffer;
}

v1::Event* Add(v1::RecordRequest* request, const std::string& id) {
  v1::Event* event = request->add_submissions()->mutable_event();
  event->set_event_id("bench:" + id);
  event->set_effective_date(20250701);
  event->set_synthetic(true);
  return event;
}

void AddPlace(v1::RecordRequest* request, const std::string& id, v1::PlaceLevel level, const std::string& parent) {
  v1::Event* event = Add(request, "place:" + id);
  event->set_place_id(id);
  v1::PlaceRegistered* place = event->mutable_place_registered();
  place->set_place_id(id);
  place->set_level(level);
  place->set_parent_place_id(parent);
  place->set_name("Synthetic " + id);
}

void AddParty(v1::RecordRequest* request, const std::string& id, v1::PartyKind kind, const std::string& parent) {
  v1::PartyRegistered* party = Add(request, "party:" + id)->mutable_party_registered();
  party->set_party_id(id);
  party->set_kind(kind);
  party->set_name(id);
  party->set_parent_party_id(parent);
}

}  // namespace

v1::RecordRequest RegistryRequest() {
  v1::RecordRequest request;
  AddPlace(&request, "51", v1::PROVINCE, "");
  AddPlace(&request, "23500", v1::COMMUNE, "51");
  for (int i = 1; i <= kVillages; ++i) AddPlace(&request, Format("23500-%02d", i), v1::VILLAGE, "23500");
  AddParty(&request, "bench-agency", v1::AGENCY, "");
  AddParty(&request, "bench-collector", v1::COLLECTOR, "bench-agency");
  return request;
}

namespace {

void AddParameter(v1::RecordRequest* request, const std::string& name, int64_t value) {
  v1::Event* event = Add(request, "parameter:" + name);
  event->set_place_id("23500");
  event->mutable_parameter_set()->set_name(name);
  event->mutable_parameter_set()->set_value(value);
  event->mutable_parameter_set()->set_reading("for the benchmark");
}

void AddTargets(v1::RecordRequest* request, const std::string& village) {
  for (int month = 202510; month <= 202512; ++month) {
    for (const v1::Scheme scheme : {v1::BHXH_TN, v1::BHYT_HGD}) {
      const std::string id = Format("%s-%d-%d", village.c_str(), month, static_cast<int>(scheme));
      v1::Event* event = Add(request, "target:" + id);
      event->set_place_id(village);
      event->set_document_id("bench-plan");
      v1::TargetSet* target = event->mutable_target_set();
      target->set_target_id(id);
      target->set_measure(v1::DEVELOPED);
      target->set_scheme(scheme);
      target->set_from_month(month);
      target->set_to_month(month);
      target->set_value(100);
    }
  }
}

// Proposed, agreed, scheduled, opened, attended and closed; nothing is reported, so that there is something to find.
void AddDrive(v1::RecordRequest* request, int number) {
  const std::string id = Format("bench-drive-%02d", number);
  const int32_t date = 20251001 + number / 4 * 100 + number % 4 * 7;
  const auto step = [&](const char* name) {
    v1::Event* event = Add(request, id + ":" + name);
    event->set_effective_date(date);
    event->set_place_id(Format("23500-%02d", number % kVillages + 1));
    return event;
  };
  v1::DriveAgreed* agreed = step("agreed")->mutable_drive_agreed();
  agreed->set_drive_id(id);
  agreed->set_office_party_id("bench-office");
  v1::DriveScheduled* scheduled = step("scheduled")->mutable_drive_scheduled();
  scheduled->set_drive_id(id);
  scheduled->set_from_date(date);
  scheduled->set_to_date(date + 2);
  v1::DriveOpened* opened = step("opened")->mutable_drive_opened();
  opened->set_drive_id(id);
  opened->set_office_party_id("bench-office");
  v1::AttendanceRecorded* attendance = step("attendance")->mutable_attendance_recorded();
  attendance->set_drive_id(id);
  attendance->set_agency_id("bench-agency");
  attendance->add_collector_ids("bench-collector");
  attendance->set_on_date(date);
  v1::DriveClosed* closed = step("closed")->mutable_drive_closed();
  closed->set_drive_id(id);
  closed->set_office_party_id("bench-office");
}

}  // namespace

v1::RecordRequest OversightRequest() {
  v1::RecordRequest request;
  AddParty(&request, "bench-office", v1::BHXH_OFFICE, "");
  AddParty(&request, "bench-resident", v1::COLLECTOR, "bench-agency");
  v1::DocumentIssued* plan = Add(&request, "document:plan")->mutable_document_issued();
  plan->set_document_id("bench-plan");
  plan->set_title("Synthetic");
  for (const char* duty : {"duty.week_ladder", "duty.weekly_report", "duty.resident_collector", "duty.dialogue_monthly",
                           "duty.continuity"}) {
    AddParameter(&request, duty, 1);
  }
  AddParameter(&request, "rate.base_salary", 2'340'000);
  AddParameter(&request, "rate.bhxh_tn", 220);
  AddParameter(&request, "rate.income_floor", 1'500'000);
  for (int i = 1; i <= kVillages; ++i) {
    const std::string village = Format("23500-%02d", i);
    AddTargets(&request, village);
    v1::Event* event = Add(&request, "resident:" + village);
    event->set_place_id(village);
    v1::RoleAssigned* role = event->mutable_role_assigned();
    role->set_role_id("resident-" + village);
    role->set_role(v1::RESIDENT_COLLECTOR);
    role->set_party_id(i % 2 == 0 ? "bench-resident" : "bench-collector");
  }
  for (int i = 0; i < 12; ++i) AddDrive(&request, i);
  return request;
}

void FillContribution(const std::string& run, uint64_t index, uint64_t people, v1::Submission* submission) {
  const uint64_t person = index % people;
  const uint64_t random = Mix(index);
  // People come back about every third of the run; the calendar runs over the twelve months from October 2025.
  const int month = static_cast<int>(index * 12 / (people * 4)) % 12;
  const int year_month = month < 3 ? 202510 + month : 202601 + month - 3;

  submission->mutable_identity()->set_citizen_number(Format("000%09llu", static_cast<unsigned long long>(person + 1)));
  v1::Event* event = submission->mutable_event();
  event->set_event_id(Format("%s:%012llu", run.c_str(), static_cast<unsigned long long>(index)));
  event->set_effective_date(year_month * 100 + 1 + static_cast<int>(random % 28));
  event->set_place_id(Format("23500-%02d", static_cast<int>(Mix(person) % kVillages) + 1));
  event->set_synthetic(true);
  v1::ContributionRecorded* paid = event->mutable_contribution_recorded();
  paid->set_scheme(Mix(person) % 3 == 0 ? v1::BHXH_TN : v1::BHYT_HGD);
  paid->set_agency_id("bench-agency");
  paid->set_receipt_number(Format("%s-%010llu", run.c_str(), static_cast<unsigned long long>(index)));
  paid->set_collector_id("bench-collector");
  paid->set_from_month(year_month);
  paid->set_months(1 + static_cast<uint32_t>(random >> 8) % 6);
  paid->set_due_vnd(330000 * paid->months());
  paid->set_central_support_vnd(66000 * paid->months());
  paid->set_paid_vnd(264000 * paid->months());
}

}  // namespace sothon::benchmark
