// Figures of desks, credits and drives are the sums of their postings, too.
#include "projection-service/view/explanation.h"

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gtest/gtest.h"
#include "projection-service/testing/asking.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using ::sothon::testing::ContributionSpec;
using ::sothon::testing::TempDir;
using testing::ListAll;
using testing::MustOpen;

class PartyExplanation : public ::testing::Test {
 protected:
  PartyExplanation() {
    log_.AddAll(sothon::testing::MinimalRegistry(2));
    for (const char* agency : {"post", "bank"}) log_.Add(sothon::testing::Agency(agency, agency));
    log_.Add(sothon::testing::Collector("an", "post"));
    v1::Event union_ = sothon::testing::Agency("union", "Hội thử nghiệm");
    union_.mutable_party_registered()->set_kind(v1::UNION);
    log_.Add(union_);
    before_ = log_.size();
    Pay(1, "post", "an", 20251117);                                 // +1
    Pay(2, "post", "", 20251118);                                   // +2
    Pay(3, "bank", "an", 20251119);                                 // +3
    log_.Add(sothon::testing::Reversal("BL-2", 20251120, "post"));  // +4
    Pay(1, "bank", "", 20251017);  // +5: late; the first payment of +1 becomes a renewal
    projection_ = MustOpen(dir_);
    EXPECT_TRUE(log_.FeedAll(projection_.get()).ok());
  }

  void Pay(uint64_t person, const std::string& agency, const std::string& collector, int32_t date) {
    ContributionSpec spec;
    spec.person = person;
    spec.receipt = StrCat("BL-", ++receipts_);
    spec.agency_id = agency;
    spec.collector_id = collector;
    spec.date = date;
    v1::Event event = sothon::testing::Contribution(spec);
    event.mutable_contribution_recorded()->set_drive_id("w46");
    event.mutable_contribution_recorded()->add_credited_party_ids("union");
    log_.Add(event);
  }

  static v1::ExplainRequest Ask(const std::string& party, const std::string& drive = "") {
    v1::ExplainRequest request;
    request.set_party_id(party);
    request.set_drive_id(drive);
    request.set_period("2025-11");
    request.set_scheme(v1::BHXH_TN);
    request.set_counter(v1::COUNTER_FIRST);
    return request;
  }
  // "+1@1 -1@5 = 0": the postings by event of the story, and the sum.
  std::string Told(const v1::ExplainRequest& request) {
    int64_t sum = 0;
    std::string told;
    for (const v1::Posting& posting : ListAll(*projection_, request, &sum)) {
      EXPECT_EQ(posting.place_id(), "");
      StrAppend(&told, posting.change() > 0 ? "+" : "", posting.change(), "@", posting.position() - before_, " ");
    }
    return StrCat(told, "= ", sum);
  }

  const TempDir dir_;
  testing::FakeLog log_;
  uint64_t before_ = 0;
  int receipts_ = 0;
  std::unique_ptr<Projection> projection_;
};

TEST_F(PartyExplanation, TheLateReceiptOfAnotherAgencyShowsAtTheDeskItMoves) {
  EXPECT_EQ(Told(Ask("post")), "+1@1 +1@2 -1@4 -1@5 = 0");
  EXPECT_EQ(Told(Ask("bank")), "+1@3 = 1");
  EXPECT_EQ(Told(Ask("an")), "+1@1 +1@3 -1@5 = 1");
  EXPECT_EQ(Told(Ask("union")), "+1@1 +1@2 +1@3 -1@4 -1@5 = 1");
  EXPECT_EQ(Told(Ask("", "w46")), "+1@1 +1@2 +1@3 -1@4 -1@5 = 1");
  v1::ExplainRequest past = Ask("post");
  past.mutable_as_of()->set_position(before_ + 3);
  EXPECT_EQ(Told(past), "+1@1 +1@2 = 2");
}

TEST_F(PartyExplanation, WhomNobodyKnowsAndTwoAtOnceAreRefused) {
  const auto code = [&](const v1::ExplainRequest& request) {
    return projection_->StartExplanation(request).status().code();
  };
  EXPECT_EQ(code(Ask("nobody")), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(Ask("", "w99")), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(Ask("post", "w46")), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Ask("")), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sothon::projection
