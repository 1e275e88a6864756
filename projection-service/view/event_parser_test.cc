#include "projection-service/view/event_parser.h"

#include <random>
#include <string>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "common/testing/seed.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "projection-service/testing/fake_log.h"

namespace sothon::projection {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Sets a random half of the fields of `message`, of whatever type they are, to random values; messages are left alone.
void SetRandomFields(std::mt19937_64* random, Message* message) {
  const auto& reflection = *message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if ((*random)() % 2 == 0 || field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const uint64_t value = (*random)() >> (*random)() % 64;
    const std::string text((*random)() % 40, static_cast<char>('a' + value % 26));
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(message, field, static_cast<int32_t>(value));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        reflection.SetUInt32(message, field, static_cast<uint32_t>(value));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(message, field, static_cast<int64_t>(value));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        reflection.SetUInt64(message, field, value);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(message, field, value % 2 == 0);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection.SetEnumValue(message, field, static_cast<int>(value % 9));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        if (field->is_repeated()) {
          for (uint64_t n = 0; n < value % 4; ++n) reflection.AddString(message, field, text);
        } else {
          reflection.SetString(message, field, text);
        }
        break;
      default:
        FAIL() << "a type of field that the parser has not met: " << field->full_name();
    }
  }
}

// Every field there is or will be: a field added to the proto goes through protobuf until the parser learns it, and
// this fails when it is learnt wrong.
TEST(EventParser, AgreesWithProtobufOnEveryField) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  EventParser parser;
  for (int round = 0; round < 3000; ++round) {
    v1::Event event;
    SetRandomFields(&random, &event);
    event.set_position(1 + random() % 1'000'000);
    event.set_recorded_at_us(1 + static_cast<int64_t>(random() % 1'000'000));
    SetRandomFields(&random, event.mutable_contribution_recorded());
    const auto parsed = parser.Parse(event.SerializeAsString());
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_TRUE(google::protobuf::util::MessageDifferencer::Equals(event, **parsed))
        << event.DebugString() << "\nbut parsed\n"
        << (*parsed)->DebugString();
  }
  EXPECT_EQ(parser.slowly_parsed(), 0u);
}

TEST(EventParser, NothingIsLeftOfTheEventBefore) {
  EventParser parser;
  v1::Event full = sothon::testing::Contribution({});
  full.set_position(1);
  full.set_recorded_at_us(1);
  full.set_synthetic(true);
  full.set_note("ghi chú");
  full.mutable_contribution_recorded()->add_credited_party_ids("HND");
  ASSERT_TRUE(parser.Parse(full.SerializeAsString()).ok());
  v1::Event bare;
  bare.set_position(2);
  bare.set_recorded_at_us(2);
  bare.mutable_contribution_recorded();
  const auto parsed = parser.Parse(bare.SerializeAsString());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ((*parsed)->SerializeAsString(), bare.SerializeAsString());
}

TEST(EventParser, OtherKindsGoThroughProtobuf) {
  EventParser parser;
  const testing::FakeLog log = testing::MakeRandomLog(1, 300);
  for (uint64_t position = 1; position <= log.size(); ++position) {
    const auto parsed = parser.Parse(log.stored(position));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ((*parsed)->SerializeAsString(), log.stored(position));
  }
  EXPECT_GT(parser.slowly_parsed(), 50u);
  EXPECT_LT(parser.slowly_parsed(), 200u);
}

TEST(EventParser, CutOrScrambledBytesAgreeWithProtobufToo) {
  std::mt19937_64 random(sothon::testing::SeedForThisRun());
  EventParser parser;
  v1::Event event = sothon::testing::Contribution({});
  event.set_position(7);
  event.set_recorded_at_us(8);
  const std::string good = event.SerializeAsString();
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    if (round % 2 == 0) bytes.resize(random() % bytes.size());
    // Not in the first fields: a stored event begins with its position and time, which is checked before.
    if (bytes.size() > 8) bytes[4 + random() % (bytes.size() - 4)] = static_cast<char>(random());
    v1::Event expected;
    const bool is_event = expected.ParseFromString(bytes);
    const auto parsed = parser.Parse(bytes);
    if (absl::IsUnimplemented(parsed.status())) continue;
    // Protobuf also refuses strings that are not UTF-8, which ingest has checked and this does not.
    if (is_event) {
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      ASSERT_EQ((*parsed)->SerializeAsString(), expected.SerializeAsString());
    }
  }
}

}  // namespace
}  // namespace sothon::projection
