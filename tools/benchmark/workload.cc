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
