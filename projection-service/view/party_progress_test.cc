#include "projection-service/view/party_progress.h"

#include <map>
#include <string>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::ContributionSpec;
using ::sothon::testing::TempDir;
using testing::FakeLog;
using testing::MustOpen;

class PartyProgress : public ::testing::Test {
 protected:
  PartyProgress() {
    log_.AddAll(sothon::testing::MinimalRegistry(2));
    for (const char* agency : {"post", "bank"}) log_.Add(sothon::testing::Agency(agency, agency));
    log_.Add(sothon::testing::Collector("an", "post"));
    log_.Add(sothon::testing::Collector("binh", "post"));
    v1::Event union_ = sothon::testing::Agency("union", "Hội thử nghiệm");
    union_.mutable_party_registered()->set_kind(v1::UNION);
    log_.Add(union_);
    Pay(1, "post", "an", "w40", {"union"});
    Pay(2, "post", "an", "", {});
    Pay(3, "post", "binh", "w40", {"union", "union"});
    Pay(4, "post", "", "", {});
    Pay(5, "bank", "an", "w41", {});
    Pay(1, "bank", "", "", {"union"});  // again in the same month
  }

  void Pay(uint64_t person, const std::string& agency, const std::string& collector, const std::string& drive,
           const std::vector<std::string>& credited) {
    ContributionSpec spec;
    spec.person = person;
    spec.receipt = StrCat("BL-", ++receipts_);
    spec.agency_id = agency;
    spec.collector_id = collector;
    spec.place_id = person % 2 == 0 ? "23500-01" : "23500-02";
    v1::Event event = sothon::testing::Contribution(spec);
    event.mutable_contribution_recorded()->set_drive_id(drive);
    for (const std::string& party : credited) event.mutable_contribution_recorded()->add_credited_party_ids(party);
    log_.Add(event);
  }

  void Open() {
    projection_ = MustOpen(dir_);
    ASSERT_NE(projection_, nullptr);
    const uint64_t from = projection_->position().value + 1;
    if (from <= log_.size()) {
      ASSERT_TRUE(log_.Feed(projection_.get(), from, log_.size()).ok());
    }
  }

  // "party drive agency" of each row of the whole period and one scheme: first, repeat, paid.
  std::map<std::string, std::string> Rows(const v1::GetPartyProgressRequest& request) {
    v1::GetPartyProgressResponse response;
    const absl::Status status = projection_->GetPartyProgress(request, &response);
    EXPECT_TRUE(status.ok()) << status;
    std::map<std::string, std::string> rows;
    for (const v1::ProgressRow& row : response.rows()) {
      if (row.span() != v1::ProgressRow::PERIOD || row.scheme() != v1::BHXH_TN) continue;
      const v1::Figures& f = row.figures();
      EXPECT_EQ(f.active(), 0);
      const auto [slot, is_new] = rows.try_emplace(StrCat(row.party_id(), "|", row.drive_id(), "|", row.agency_id()),
                                                   StrCat(f.first(), " ", f.repeat(), " ", f.paid_vnd() / 1000));
      EXPECT_TRUE(is_new) << slot->first;
    }
    return rows;
  }
  static v1::GetPartyProgressRequest Ask() {
    v1::GetPartyProgressRequest request;
    request.set_period("2025-10");
    request.add_schemes(v1::BHXH_TN);
    return request;
  }
  std::map<std::string, std::string> Party(const std::string& id, uint64_t as_of = 0) {
    v1::GetPartyProgressRequest request = Ask();
    request.set_party_id(id);
    if (as_of != 0) request.mutable_as_of()->set_position(as_of);
    return Rows(request);
  }

  using Map = std::map<std::string, std::string>;
  const TempDir dir_;
  FakeLog log_;
  int receipts_ = 0;
  std::unique_ptr<Projection> projection_;
};

TEST_F(PartyProgress, AgenciesCollectorsAndTheCreditedCountTheirOwnPlan24) {
  Open();
  EXPECT_EQ(Party("post"), (Map{{"post||", "4 0 1056"}}));
  EXPECT_EQ(Party("bank"), (Map{{"bank||", "1 1 528"}}));
  EXPECT_EQ(Party("an"), (Map{{"an||", "3 0 792"}})) << "whatever agency they worked for";
  EXPECT_EQ(Party("union"), (Map{{"union||", "2 1 792"}})) << "named twice on a receipt, credited once";
}

TEST_F(PartyProgress, AnAgencyIsTheSumOfItsDesksPlan28) {
  Open();
  v1::GetPartyProgressRequest request = Ask();
  request.set_kind(v1::AGENCY);
  request.set_by_desk(true);
  EXPECT_EQ(Rows(request), (Map{{"post||", "4 0 1056"},
                                {"an||post", "2 0 528"},
                                {"binh||post", "1 0 264"},
                                {"||post", "1 0 264"},
                                {"bank||", "1 1 528"},
                                {"an||bank", "1 0 264"},
                                {"||bank", "0 1 264"},
                                {StrCat(sothon::testing::kAgencyId, "||"), "0 0 0"}}));
}

TEST_F(PartyProgress, OfThePastNoDeskAndNoDriveIsToldThatCameLater) {
  Open();
  const uint64_t second = log_.size() - 4;  // of six payments
  v1::GetPartyProgressRequest request = Ask();
  request.set_kind(v1::AGENCY);
  request.set_by_desk(true);
  request.mutable_as_of()->set_position(second);
  EXPECT_EQ(Rows(request), (Map{{"post||", "2 0 528"},
                                {"an||post", "2 0 528"},
                                {"bank||", "0 0 0"},
                                {StrCat(sothon::testing::kAgencyId, "||"), "0 0 0"}}));
  request = Ask();
  request.set_every_drive(true);
  request.mutable_as_of()->set_position(second);
  EXPECT_EQ(Rows(request), (Map{{"|w40|", "1 0 264"}}));
}

TEST_F(PartyProgress, TargetsOfAContractAreHeldAgainstWhatWasHandedIn_Plan28) {
  const auto set = [&](const char* id, const char* party, int64_t value, const char* revises = "") {
    v1::Event event = sothon::testing::VillageTarget(id, "", v1::BHXH_TN, 202510, value);
    event.mutable_target_set()->set_party_id(party);
    event.mutable_target_set()->set_revises_target_id(revises);
    log_.Add(event);
  };
  set("CT-post", "post", 8);
  set("CT-binh", "binh", 2);
  set("CT-an", "an", 9);
  const uint64_t before = log_.size();
  set("CT-an-2", "an", 3, "CT-an");
  v1::Event farms = sothon::testing::VillageTarget("CT-n", "", v1::BHYT_NLNN, 202510, 7);
  farms.mutable_target_set()->set_party_id("binh");
  log_.Add(farms);
  Open();
  // "party scheme target achieved remaining" of October.
  const auto held = [&](uint64_t position, auto choose) {
    v1::GetPartyProgressRequest request;
    request.set_period("2025-10");
    if (position > 0) request.mutable_as_of()->set_position(position);
    choose(&request);
    v1::GetPartyProgressResponse response;
    EXPECT_TRUE(projection_->GetPartyProgress(request, &response).ok());
    std::vector<std::string> lines;
    for (const v1::ProgressRow& row : response.rows()) {
      if (row.span() != v1::ProgressRow::MONTH) continue;
      for (const v1::TargetProgress& target : row.targets()) {
        lines.push_back(StrCat(row.party_id(), " ", v1::Scheme_Name(row.scheme()), " ", target.target(), " ",
                               target.achieved(), " ", target.remaining()));
      }
    }
    return lines;
  };
  using Lines = std::vector<std::string>;
  const auto collectors = [](v1::GetPartyProgressRequest* request) { request->set_kind(v1::COLLECTOR); };
  EXPECT_EQ(held(0, collectors), (Lines{"an BHXH_TN 3 3 0", "binh BHXH_TN 2 1 1", "binh BHYT_NLNN 7 0 7"}))
      << "a product with a target and no figure is there, too";
  EXPECT_EQ(held(before, collectors), (Lines{"an BHXH_TN 9 3 6", "binh BHXH_TN 2 1 1"})) << "before the revision";
  EXPECT_EQ(held(0,
                 [](v1::GetPartyProgressRequest* request) {
                   request->set_party_id("post");
                   request->set_by_desk(true);
                 }),
            Lines{"post BHXH_TN 8 4 4"})
      << "an agency's, not a desk's";
}

TEST_F(PartyProgress, DrivesCountWhatNamesThemPlan27) {
  Open();
  v1::GetPartyProgressRequest request = Ask();
  request.set_every_drive(true);
  EXPECT_EQ(Rows(request), (Map{{"|w40|", "2 0 528"}, {"|w41|", "1 0 264"}}));
  request = Ask();
  request.set_drive_id("w41");
  EXPECT_EQ(Rows(request), (Map{{"|w41|", "1 0 264"}}));
}

TEST_F(PartyProgress, IsTheSameAfterARestartAndGoesOn) {
  Open();
  projection_.reset();
  Pay(6, "bank", "binh", "w40", {"union"});
  Open();
  EXPECT_EQ(Party("an"), (Map{{"an||", "3 0 792"}}));
  EXPECT_EQ(Party("binh"), (Map{{"binh||", "2 0 528"}}));
  EXPECT_EQ(Party("union"), (Map{{"union||", "3 1 1056"}}));
}

TEST_F(PartyProgress, AReversalTakesBackEverywhereAndThePastStays) {
  const uint64_t before = log_.size();
  log_.Add(sothon::testing::Reversal("BL-1", 20251101, "post", "23500-02"));
  Open();
  EXPECT_EQ(Party("an"), (Map{{"an||", "2 0 528"}}));
  EXPECT_EQ(Party("bank"), (Map{{"bank||", "2 0 528"}})) << "the repeat has become the first";
  EXPECT_EQ(Party("an", before), (Map{{"an||", "3 0 792"}}));
  EXPECT_EQ(Party("bank", before), (Map{{"bank||", "1 1 528"}}));
}

// "w41" and An's desk at the bank have this one receipt.
TEST_F(PartyProgress, ADeskOrDriveWhoseOnlyReceiptWasReversedIsListedNoMore) {
  const uint64_t before = log_.size();
  log_.Add(sothon::testing::Reversal("BL-5", 20251101, "bank", "23500-02"));
  Open();
  v1::GetPartyProgressRequest desks = Ask();
  desks.set_party_id("bank");
  desks.set_by_desk(true);
  EXPECT_EQ(Rows(desks), (Map{{"bank||", "0 1 264"}, {"||bank", "0 1 264"}}));
  desks.mutable_as_of()->set_position(before);
  EXPECT_EQ(Rows(desks), (Map{{"bank||", "1 1 528"}, {"an||bank", "1 0 264"}, {"||bank", "0 1 264"}}));
  v1::GetPartyProgressRequest drives = Ask();
  drives.set_every_drive(true);
  EXPECT_EQ(Rows(drives), (Map{{"|w40|", "2 0 528"}}));
  drives.mutable_as_of()->set_position(before);
  EXPECT_EQ(Rows(drives), (Map{{"|w40|", "2 0 528"}, {"|w41|", "1 0 264"}}));
  v1::GetPartyProgressRequest drive = Ask();
  drive.set_drive_id("w41");
  EXPECT_EQ(Rows(drive), (Map{{"|w41|", "0 0 0"}})) << "it is known by its name all the same";
}

TEST_F(PartyProgress, WrongQuestionsAreToldWhatToAsk) {
  Open();
  v1::GetPartyProgressResponse response;
  v1::GetPartyProgressRequest request = Ask();
  EXPECT_EQ(projection_->GetPartyProgress(request, &response).code(), absl::StatusCode::kInvalidArgument);
  request.set_party_id("post");
  request.set_drive_id("w40");
  EXPECT_EQ(projection_->GetPartyProgress(request, &response).code(), absl::StatusCode::kInvalidArgument);
  request.clear_drive_id();
  request.set_party_id("nobody");
  EXPECT_EQ(projection_->GetPartyProgress(request, &response).code(), absl::StatusCode::kNotFound);
  request.clear_party_id();
  request.set_drive_id("nothing");
  EXPECT_EQ(projection_->GetPartyProgress(request, &response).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sothon::projection
