#include "common/status/status.h"

#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"

namespace sothon {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<FieldViolation> kViolations = {
    {"submissions[3].event.contribution_recorded.months", "is 0; write 1 to 60"},
    {"submissions[4].event.place_id", "thôn “Đăk” is unknown; register it first"},
};

void ExpectSameViolations(const absl::Status& status) {
  const std::vector<FieldViolation> read = FieldViolationsOf(status);
  ASSERT_EQ(read.size(), kViolations.size());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].field, kViolations[i].field);
    EXPECT_EQ(read[i].description, kViolations[i].description);
  }
}

TEST(BadRequestTest, SaysTheFirstViolationInWords) {
  const absl::Status status = BadRequest(kViolations);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "submissions[3].event.contribution_recorded.months: is 0; write 1 to 60 (and 1 more)");
  ExpectSameViolations(status);
  EXPECT_TRUE(FieldViolationsOf(absl::InvalidArgumentError("x")).empty());
  EXPECT_TRUE(FieldViolationsOf(absl::OkStatus()).empty());
}

TEST(BadRequestTest, SurvivesGrpcAndProto) {
  const absl::Status status = BadRequest(kViolations);
  const grpc::Status over_grpc = ToGrpc(status);
  EXPECT_EQ(over_grpc.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(over_grpc.error_message(), std::string(status.message()));
  EXPECT_EQ(FromGrpc(over_grpc), status);
  ExpectSameViolations(FromGrpc(over_grpc));
  EXPECT_EQ(FromProto(ToProto(status)), status);
}

TEST(BadRequestTest, DetailsHaveTheStandardForm) {
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(ToGrpc(BadRequest(kViolations)).error_details()));
  EXPECT_EQ(details.code(), 3);
  ASSERT_EQ(details.details_size(), 1);
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.BadRequest");
}

TEST(BadRequestTest, AThousandViolationsStillFitTheTrailers) {
  std::vector<FieldViolation> many(1000,
                                   {"submissions[999].event.place_id", "làng này chưa có trong sổ; ghi nó trước"});
  many[0].description.append(5000, 'x');
  const absl::Status status = BadRequest(many);
  const grpc::Status over_grpc = ToGrpc(status);
  EXPECT_LT(over_grpc.error_details().size() * 4 / 3 + 3 * over_grpc.error_message().size(), 8000u);
  const std::vector<FieldViolation> read = FieldViolationsOf(FromGrpc(over_grpc));
  ASSERT_GT(read.size(), 3u);
  EXPECT_EQ(read[1].description, many[1].description);
  EXPECT_THAT(read.back().description, HasSubstr("more violations are left out"));
  EXPECT_EQ(FieldViolationsOf(FromProto(ToProto(status))).size(), 1000u) << "a stream's answer has no such limit";
}

TEST(WithReasonTest, RoundTrips) {
  const absl::Status status = WithReason(absl::StatusCode::kAlreadyExists, "recorded before", "RECEIPT_REUSED",
                                         {{"position", "4711"}, {"submission", "3"}});
  const google::rpc::ErrorInfo info = ErrorInfoOf(FromGrpc(ToGrpc(status)));
  EXPECT_EQ(info.reason(), "RECEIPT_REUSED");
  EXPECT_EQ(info.domain(), "sothon");
  EXPECT_EQ(info.metadata().at("position"), "4711");
  EXPECT_EQ(info.metadata().at("submission"), "3");
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  EXPECT_EQ(ErrorInfoOf(absl::NotFoundError("x")).reason(), "");
}

TEST(AnnotateTest, KeepsCodeAndPayloads) {
  const absl::Status status = Annotate(BadRequest(kViolations), "line 7");
  EXPECT_THAT(std::string(status.message()), StartsWith("line 7: submissions[3]"));
  ExpectSameViolations(status);
  EXPECT_TRUE(Annotate(absl::OkStatus(), "line 7").ok());
}

TEST(GrpcTest, EveryCodeGoesBothWays) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "lỗi");
    EXPECT_EQ(static_cast<int>(ToGrpc(status).error_code()), code);
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  }
}

TEST(GrpcTest, ForeignDetailsAreNotBelieved) {
  const grpc::Status garbage(grpc::StatusCode::NOT_FOUND, "none", "\xff\xff\xff");
  EXPECT_EQ(FromGrpc(garbage), absl::NotFoundError("none"));
  const grpc::Status contradiction(grpc::StatusCode::NOT_FOUND, "none",
                                   ToProto(BadRequest(kViolations)).SerializeAsString());
  EXPECT_EQ(FromGrpc(contradiction), absl::NotFoundError("none"));
  google::rpc::Status odd;
  odd.set_code(99);
  EXPECT_EQ(FromProto(odd).code(), absl::StatusCode::kUnknown);
}

TEST(RocksDbTest, ASecondUserOfADirectoryIsToldSo) {
  testing::TempDir directory;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* first = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, directory.Path("db"), &first).ok());
  const std::unique_ptr<rocksdb::DB> owner(first);
  rocksdb::DB* second = nullptr;
  const absl::Status status =
      FromRocksDb(rocksdb::DB::Open(options, directory.Path("db"), &second), "open the event log");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot open the event log: another process uses"));
}

TEST(RocksDbTest, CausesGetCodesAndRemedies) {
  EXPECT_TRUE(FromRocksDb(rocksdb::Status::OK(), "x").ok());
  const absl::Status lock =
      FromRocksDb(rocksdb::Status::IOError("While lock file: /data/LOCK", "Resource temporarily unavailable"),
                  "open the event log");
  EXPECT_EQ(lock.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(lock.message()), HasSubstr("stop it first"));
  const absl::Status space = FromRocksDb(rocksdb::Status::NoSpace("No space left on device"), "write");
  EXPECT_EQ(space.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(space.message()), HasSubstr("free some"));
  const absl::Status damage = FromRocksDb(rocksdb::Status::Corruption("bad checksum"), "read");
  EXPECT_EQ(damage.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(damage.message()), HasSubstr("restore"));
  EXPECT_THAT(std::string(damage.message()), HasSubstr("bad checksum"));
  const absl::Status denied = FromRocksDb(
      rocksdb::Status::IOError("While open a file for lock: /data/LOCK", "Permission denied"), "open the event log");
  EXPECT_EQ(denied.code(), absl::StatusCode::kPermissionDenied) << "not taken for a held lock";
  EXPECT_EQ(FromRocksDb(rocksdb::Status::NotFound(), "x").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(FromRocksDb(rocksdb::Status::IOError("bad sector"), "x").code(), absl::StatusCode::kUnavailable);
}

TEST(NatsTest, CausesGetCodes) {
  EXPECT_TRUE(FromNats(NATS_OK, "x").ok());
  EXPECT_EQ(FromNats(NATS_TIMEOUT, "x").code(), absl::StatusCode::kDeadlineExceeded);
  const absl::Status status = FromNats(NATS_NO_SERVER, "connect to nats://127.0.0.1:1");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), StartsWith("cannot connect to nats://127.0.0.1:1: "));
  EXPECT_EQ(FromNats(NATS_NOT_FOUND, "x").code(), absl::StatusCode::kNotFound);
}

absl::StatusOr<int> Half(int value) {
  if (value % 2 != 0) return absl::InvalidArgumentError("odd");
  return value / 2;
}
absl::StatusOr<int> Quarter(int value) {
  SOTHON_ASSIGN_OR_RETURN(const int half, Half(value));
  SOTHON_RETURN_IF_ERROR(Half(half).status());
  return half / 2;
}

TEST(MacroTest, ReturnTheError) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(7).status(), absl::InvalidArgumentError("odd"));
  EXPECT_EQ(Quarter(6).status(), absl::InvalidArgumentError("odd"));
}

}  // namespace
}  // namespace sothon
