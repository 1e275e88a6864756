// Valid events in one line each, for tests: the smallest registry of Đăk Hà, and collections of synthetic people.
//
// All are pure. Events carry `subject_id`, as they stand in a log; Submit() turns one into what a client sends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "sothon/v1/event.pb.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::testing {

inline constexpr char kProvinceId[] = "51";
inline constexpr char kCommuneId[] = "23500";
inline constexpr char kAgencyId[] = "TCDVT-01";
inline constexpr char kCollectorId[] = "NVT-01";
inline constexpr char kDocumentId[] = "KH-TEST";

// "23500-07" for 7.
std::string VillageId(int number, std::string_view commune_id = kCommuneId);
// The subject id of synthetic person number `person`, never all zeros; distinct for distinct people, random-looking.
SubjectId SubjectOf(uint64_t person);
// A 12-digit synthetic citizen number, distinct for people below 10^9.
std::string CitizenNumberOf(uint64_t person);

v1::Event Province(std::string_view id = kProvinceId, std::string_view name = "Quảng Ngãi");
v1::Event Commune(std::string_view id = kCommuneId, std::string_view parent = kProvinceId,
                  std::string_view name = "Đăk Hà");
v1::Event Village(int number, std::string_view name, std::string_view commune_id = kCommuneId);
v1::Event Agency(std::string_view id = kAgencyId, std::string_view name = "Bưu điện Đăk Hà");
v1::Event Collector(std::string_view id = kCollectorId, std::string_view agency_id = kAgencyId);
v1::Event Document(std::string_view id = kDocumentId, std::string_view title = "Kế hoạch thử nghiệm");

// A target of one village, DEVELOPED, for one month.
v1::Event VillageTarget(std::string_view target_id, std::string_view place_id, v1::Scheme scheme, int32_t month,
                        int64_t value, std::string_view document_id = kDocumentId);

struct OpeningSpec {
  uint64_t person = 1;
  v1::Scheme scheme = v1::BHXH_TN;
  std::string place_id = "23500-01";
  int32_t date = 20250930;
  int32_t covered_until = 20250930;
};
v1::Event Opening(const OpeningSpec& spec);

struct ContributionSpec {
  std::string receipt = "BL-0001";
  uint64_t person = 1;
  v1::Scheme scheme = v1::BHXH_TN;
  std::string place_id = "23500-01";
  int32_t date = 20251017;
  int32_t from_month = 0;  // 0: the month of `date`
  uint32_t months = 1;
  int64_t due_vnd = 330'000;
  int64_t paid_vnd = 264'000;
  int64_t central_support_vnd = 66'000;
  int64_t local_support_vnd = 0;
  std::string agency_id = kAgencyId;
  std::string collector_id = kCollectorId;
  v1::Declared declared = v1::DECLARED_UNSPECIFIED;
};
// Its event id is "c:<agency>:<receipt>".
v1::Event Contribution(const ContributionSpec& spec);

// Takes back the receipt; as a client sends it, without the fields that the server fills in.
v1::Event Reversal(std::string_view receipt, int32_t date, std::string_view agency_id = kAgencyId,
                   std::string_view place_id = "23500-01");

// The person lives in `place_id` from `date` on.
v1::Event Move(uint64_t person, std::string_view place_id, int32_t date);

// Province, commune, villages 1 to `villages` ("Thôn thử 1" ...), agency, collector, document: all that collections
// need.
std::vector<v1::Event> MinimalRegistry(int villages = 1);

// As a client sends `event`: without position and recorded time.
v1::Submission Submit(v1::Event event);
// The same for an event about a person: the identity in place of the subject id.
v1::Submission SubmitFor(uint64_t person, v1::Event event);

}  // namespace sothon::testing
