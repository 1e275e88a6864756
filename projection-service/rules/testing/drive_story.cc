#include "projection-service/rules/testing/drive_story.h"

#include "common/base/strings.h"
#include "common/testing/event_builders.h"

namespace sothon::rules::testing {

DriveStory::DriveStory(int villages) : Story(villages) {
  Party("BHXH-DC", v1::BHXH_OFFICE);
  Party("UBND-XA", v1::PEOPLES_COMMITTEE);
  Party("TCDVT-02", v1::AGENCY);
  for (const char* id : {"NVT-02", "NVT-03", "NVT-04", "NVT-05", "NVT-06"}) Party(id, v1::COLLECTOR, "TCDVT-01");
  for (const char* id : {"NVT-21", "NVT-22", "NVT-23"}) Party(id, v1::COLLECTOR, "TCDVT-02");
}

uint64_t DriveStory::Contract(std::string_view agency, int32_t from, int32_t until, std::string_view place) {
  return Role(StrCat("contract:", agency, ":", from), v1::CONTRACTED_AGENCY, agency, place, from, until);
}

uint64_t DriveStory::Agree(int32_t date, std::string_view drive) {
  v1::Event event;
  event.mutable_drive_agreed()->set_drive_id(std::string(drive));
  event.mutable_drive_agreed()->set_office_party_id("BHXH-DC");
  return Tell(date, "", std::move(event));
}

uint64_t DriveStory::Schedule(int32_t date, int32_t from, int32_t to, std::string_view officer,
                              std::vector<std::string> notified, std::string_view drive, std::string_view place) {
  v1::Event event;
  v1::DriveScheduled* scheduled = event.mutable_drive_scheduled();
  scheduled->set_drive_id(std::string(drive));
  scheduled->set_from_date(from);
  scheduled->set_to_date(to);
  scheduled->set_officer_party_id(std::string(officer));
  scheduled->mutable_notified_agency_ids()->Assign(notified.begin(), notified.end());
  return Tell(date, place, std::move(event));
}

uint64_t DriveStory::Open(int32_t date, std::string_view drive, std::string_view place) {
  v1::Event event;
  event.mutable_drive_opened()->set_drive_id(std::string(drive));
  event.mutable_drive_opened()->set_office_party_id("BHXH-DC");
  return Tell(date, place, std::move(event));
}

uint64_t DriveStory::Close(int32_t date, std::string_view drive) {
  v1::Event event;
  event.mutable_drive_closed()->set_drive_id(std::string(drive));
  event.mutable_drive_closed()->set_office_party_id("BHXH-DC");
  return Tell(date, "", std::move(event));
}

uint64_t DriveStory::Activity(int32_t date, v1::ActivityKind kind, std::string_view drive, std::string_view place) {
  v1::Event event;
  event.mutable_activity_recorded()->set_kind(kind);
  event.mutable_activity_recorded()->set_drive_id(std::string(drive));
  return Tell(date, place, std::move(event));
}

uint64_t DriveStory::Commit(int32_t date, std::string_view head, int64_t surveyed, std::string_view drive,
                            std::string_view place) {
  v1::Event event;
  event.mutable_commitment_signed()->set_drive_id(std::string(drive));
  event.mutable_commitment_signed()->set_party_id(std::string(head));
  event.mutable_commitment_signed()->set_surveyed_non_participants(surveyed);
  return Tell(date, place, std::move(event));
}

uint64_t DriveStory::Report(int32_t date, std::string_view kind, std::vector<std::string> to, std::string_view drive) {
  v1::Event event;
  v1::ReportFiled* report = event.mutable_report_filed();
  report->set_report_kind(std::string(kind));
  report->set_drive_id(std::string(drive));
  report->mutable_to_party_ids()->Assign(to.begin(), to.end());
  return Tell(date, "23500-01", std::move(event));
}

uint64_t DriveStory::Collect(std::string_view receipt, uint64_t person, int32_t date, std::string_view collector,
                             std::string_view drive, std::string_view agency, std::string_view place) {
  v1::Event event = sothon::testing::Contribution({.receipt = std::string(receipt),
                                                   .person = person,
                                                   .place_id = std::string(place),
                                                   .date = date,
                                                   .agency_id = std::string(agency),
                                                   .collector_id = std::string(collector)});
  event.mutable_contribution_recorded()->set_drive_id(std::string(drive));
  return Tell(std::move(event));
}

}  // namespace sothon::rules::testing
