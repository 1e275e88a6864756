#include "cli/views/event_text.h"

#include "common/base/strings.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// As proto3 has it in a program that knows the kind, with nothing in it but the kind.
TEST(EventText, EveryKindOfTheProtoIsSaidInWords) {
  const google::protobuf::OneofDescriptor* kinds = v1::Event::descriptor()->FindOneofByName("kind");
  ASSERT_GT(kinds->field_count(), 30);
  for (int i = 0; i < kinds->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* kind = kinds->field(i);
    v1::Event event;
    event.set_place_id("23500-01");
    google::protobuf::Message* payload = event.GetReflection()->MutableMessage(&event, kind);
    // A registered place is said by its name alone.
    if (const auto* name = payload->GetDescriptor()->FindFieldByName("name")) {
      payload->GetReflection()->SetString(payload, name, "Thôn Một");
    }
    EXPECT_THAT(Summarise(event), Not(HasSubstr("{"))) << kind->name();
    EXPECT_NE(Summarise(event), "") << kind->name();
  }
}

TEST(EventText, WhatHappensToAPersonNamesNobody) {
  v1::Event moved;
  moved.set_place_id("23500-02");
  moved.mutable_participant_moved()->set_subject_id("abcdefghijklmnop");
  EXPECT_EQ(Summarise(moved), "chuyển đến 23500-02, người 61626364");
  v1::Event classified;
  classified.mutable_participant_classified()->set_group("ho_ngheo");
  classified.mutable_participant_classified()->set_until_date(20261231);
  classified.set_synthetic(true);
  EXPECT_EQ(Summarise(classified), "thuộc nhóm ho_ngheo, đến hết ngày 2026-12-31 [giả lập]");
}

TEST(EventText, ParametersDrivesAndReportsSayWhatTheySet) {
  v1::Event parameter;
  parameter.mutable_parameter_set()->set_name("deadline.weekly_report");
  parameter.mutable_parameter_set()->set_value(3);
  EXPECT_EQ(Summarise(parameter), "tham số deadline.weekly_report = 3");
  v1::Event opened;
  opened.mutable_drive_opened()->set_drive_id("d-01");
  opened.mutable_drive_opened()->set_office_party_id("bhxh");
  v1::DriveOpened::Baseline* baseline = opened.mutable_drive_opened()->add_baselines();
  baseline->set_scheme(v1::BHXH_TN);
  baseline->set_remaining(1234);
  EXPECT_EQ(Summarise(opened), "mở đợt ra quân d-01 (bhxh), còn lại: BHXH_TN 1.234");
  v1::Event report;
  report.mutable_report_filed()->set_report_kind("weekly");
  report.mutable_report_filed()->set_by_party_id("bhxh");
  report.mutable_report_filed()->add_to_party_ids("ubnd");
  report.mutable_report_filed()->set_period_from(20251103);
  report.mutable_report_filed()->set_period_to(20251109);
  EXPECT_EQ(Summarise(report), "báo cáo tuần của bhxh gửi ubnd, kỳ từ ngày 2025-11-03 đến ngày 2025-11-09");
  v1::Event merged;
  merged.mutable_place_changed()->set_place_id("23500-03");
  merged.mutable_place_changed()->set_change(v1::PlaceChanged::MERGED);
  merged.mutable_place_changed()->add_into_place_ids("23500-02");
  EXPECT_EQ(Summarise(merged), "23500-03 nhập vào 23500-02");
}

}  // namespace
}  // namespace sothon::cli
