// Questions narrowed to an id that nobody knows: refused, as an empty answer would read like an all-clear.
#include "cli/oversight/oversight_fixture.h"
#include "cli/testing/fake_ingest.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class KnownIds : public OversightCommands {
 protected:
  KnownIds() {
    for (const char* id : {"ra-quan-tdp-1", "ra-quan-tdp-2"}) progress_.drives.add_drives()->set_drive_id(id);
    v1::RecordRequest request;
    for (const char* id : {"buu-dien-dak-ha", "NVT-BD-01"}) {
      v1::Event* event = request.add_submissions()->mutable_event();
      event->set_event_id(id);
      event->mutable_party_registered()->set_party_id(id);
      event->mutable_party_registered()->set_kind(id[0] == 'N' ? v1::COLLECTOR : v1::AGENCY);
    }
    grpc::ClientContext context;
    v1::RecordResponse response;
    EXPECT_TRUE(ingest_.NewStub()->Record(&context, request, &response).ok());
  }
  void ForgetParties() { progress_.party_status = {grpc::StatusCode::NOT_FOUND, "no party"}; }
  Outcome Ask(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--place", "23500", "--ingest", ingest_.address()});
    return Run(std::move(arguments));
  }
  // What is said of what was refused.
  std::string Refused(std::vector<std::string> arguments) {
    const Outcome outcome = Ask(std::move(arguments));
    EXPECT_EQ(outcome.exit, 1);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  }

  FakeIngest ingest_;
};

TEST_F(KnownIds, ADriveThatThePlaceHasNotIsNamedWithTheNearest) {
  for (const char* command : {"drives", "findings"}) {
    EXPECT_THAT(Refused({command, "--drive", "ra-quan-tdp-9"}),
                HasSubstr("--drive ra-quan-tdp-9: 23500 has no such drive by then; do you mean ra-quan-tdp-1? `sothon "
                          "drives --place 23500` lists those that it has"));
    EXPECT_THAT(Refused({command, "--drive", "X"}), Not(HasSubstr("do you mean")));
  }
  EXPECT_EQ(progress_.asked_drives.inquiry().place_id(), "23500");
  EXPECT_EQ(Ask({"drives", "--drive", "ra-quan-tdp-2"}).exit, 0);
  EXPECT_THAT(Ask({"findings", "--drive", "ra-quan-tdp-2"}).out, HasSubstr("Không phát hiện gì."));
  progress_.oversight_status = {grpc::StatusCode::NOT_FOUND, "no such place"};
  EXPECT_THAT(Refused({"drives", "--drive", "ra-quan-tdp-9"}), HasSubstr("--place 23500 is not in the book"));
}

TEST_F(KnownIds, APartyThatIsNotRegisteredIsNamedWithTheNearest) {
  EXPECT_EQ(Ask({"findings", "--party", "buu-dien-dak-ha"}).exit, 0);
  EXPECT_EQ(Ask({"renewals", "--collector", "NVT-BD-01"}).exit, 0);
  ForgetParties();
  EXPECT_THAT(Refused({"findings", "--party", "buu-dien-dak-h"}),
              HasSubstr("--party buu-dien-dak-h: no party with this id is registered by then; do you mean "
                        "buu-dien-dak-ha?"));
  EXPECT_THAT(Refused({"renewals", "--collector", "NVT-BD-0"}), HasSubstr("--collector NVT-BD-0: no party with"));
  EXPECT_THAT(Refused({"report", "renewals", "--format", "csv", "--collector", "NVT-BD-02"}),
              HasSubstr("do you mean NVT-BD-01?"));
  ingest_.Stop();
  EXPECT_THAT(Refused({"findings", "--party", "X", "--as-of", "@7"}), HasSubstr("--party X: no party"));
  EXPECT_EQ(progress_.asked_of_parties.as_of().position(), 7u);
}

TEST_F(KnownIds, NobodyIsNoParty) {
  ForgetParties();
  EXPECT_EQ(Ask({"renewals", "--collector", "-"}).exit, 0);
  EXPECT_EQ(Ask({"report", "renewals", "--format", "csv", "--collector", "-"}).exit, 0);
}

}  // namespace
}  // namespace sothon::cli
