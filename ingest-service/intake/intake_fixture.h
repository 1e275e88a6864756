// Intake over a real log, vault and registry, with the registry of one commune recorded.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/event/stored_event.h"
#include "common/status/status.h"
#include "common/testing/event_builders.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/intake/intake.h"
#include "ingest-service/log/receipt_key.h"

namespace sothon::ingest {

class IntakeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EventLogOptions log_options;
    log_options.directory = directory_.Path("log");
    log_options.log_id = "test";
    auto log = EventLog::Open(log_options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    auto vault = Vault::Open({directory_.Path("vault"), directory_.Path("vault.key"), 100});
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
    Record({testing::Province(), testing::Commune(), testing::Village(1, "Thôn 1"), testing::Village(2, "Thôn 2"),
            testing::Agency(), testing::Collector(), testing::Document()});
  }

  static v1::Submission Contribution(std::function<void(v1::Submission*)> change = nullptr) {
    v1::Submission submission = testing::SubmitFor(1, testing::Contribution({}));
    if (change) change(&submission);
    return submission;
  }
  static v1::RecordRequest Request(const std::vector<v1::Submission>& submissions) {
    v1::RecordRequest request;
    for (const v1::Submission& submission : submissions) *request.add_submissions() = submission;
    return request;
  }
  absl::StatusOr<PreparedRequest> Prepare(v1::RecordRequest request) {
    PreparedRequest prepared;
    const Intake intake(limits_, &registry_, vault_.get(), log_.get());
    SOTHON_RETURN_IF_ERROR(intake.Prepare(&request, *CivilDate::FromWire(20251120), &prepared));
    return prepared;
  }
  absl::StatusOr<PreparedRequest> Prepare(const v1::Submission& submission) { return Prepare(Request({submission})); }

  // Prepares, appends and folds what must be right.
  void Record(const std::vector<v1::Event>& events) {
    v1::RecordRequest request;
    for (const v1::Event& event : events) *request.add_submissions()->mutable_event() = event;
    RecordRequest(std::move(request));
  }
  void RecordRequest(v1::RecordRequest request) {
    const auto prepared = Prepare(std::move(request));
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    const Position before = log_->Head();
    const PreparedRequest* one = &*prepared;
    const auto outcomes = log_->Append({one}, 1'763'600'000'000'000);
    ASSERT_TRUE(outcomes.ok()) << outcomes.status();
    ASSERT_TRUE(outcomes->front().ok()) << outcomes->front().status();
    ASSERT_TRUE(log_->Read(before.Next(), log_->Head(),
                           [&](Position, std::string_view stored) {
                             EXPECT_TRUE(registry_.Apply(stored).ok());
                             return true;
                           })
                    .ok());
  }

  // A submission of any kind in the first village; `fill` sets the payload.
  static v1::Submission Of(const std::string& event_id, const std::function<void(v1::Event*)>& fill) {
    v1::Submission submission;
    v1::Event* event = submission.mutable_event();
    event->set_event_id(event_id);
    event->set_effective_date(20251101);
    event->set_place_id("23500-01");
    fill(event);
    return submission;
  }
  void ExpectTaken(const v1::Submission& submission) {
    const auto prepared = Prepare(submission);
    EXPECT_TRUE(prepared.ok()) << prepared.status() << "\n" << submission.ShortDebugString();
  }

  // Expects exactly one violation, of `field`, with `words` in its description.
  void ExpectRefused(const v1::Submission& submission, const std::string& field, const std::string& words) {
    const auto prepared = Prepare(submission);
    ASSERT_FALSE(prepared.ok()) << "accepted: " << submission.ShortDebugString();
    EXPECT_EQ(prepared.status().code(), absl::StatusCode::kInvalidArgument);
    const auto violations = FieldViolationsOf(prepared.status());
    ASSERT_EQ(violations.size(), 1u) << prepared.status();
    EXPECT_EQ(violations[0].field, "submissions[0]." + field);
    EXPECT_THAT(violations[0].description, ::testing::HasSubstr(words));
  }

  const testing::TempDir directory_;
  IntakeLimits limits_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Vault> vault_;
  Registry registry_;
};

}  // namespace sothon::ingest
