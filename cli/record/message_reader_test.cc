// Every kind and every field of the protocol can be written in an event file.
#include "cli/record/message_reader.h"

#include <fstream>
#include <random>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "cli/record/event_keys.h"
#include "cli/record/events_file.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/testing/seed.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace sothon::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::util::MessageDifferencer;

// Fills messages at random and says how an event file writes them.
class Writer {
 public:
  explicit Writer(uint64_t seed) : random_(seed) {}

  // `message` filled, as lines or as the inside of an inline table.
  std::string Fill(Message* message, const KeyOfField& key_of, const char* separator) {
    std::vector<std::string> keys;
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message->GetDescriptor()->field(i);
      if (key_of(*field).empty() || IsServerAssigned(*field)) continue;
      std::vector<std::string> values;
      const int size = field->is_repeated() ? 1 + static_cast<int>(random_() % 3) : 1;
      for (int n = 0; n < size; ++n) values.push_back(Value(message, field));
      const std::string text = absl::StrJoin(values, ", ");
      keys.push_back(StrCat(key_of(*field), " = ", field->is_repeated() ? StrCat("[", text, "]") : text));
    }
    return absl::StrJoin(keys, separator);
  }

 private:
  std::string Quoted(std::string_view text) { return StrCat("\"", text, "\""); }

  std::string Value(Message* message, const FieldDescriptor* field) {
    const Reflection* set = message->GetReflection();
    const bool is_repeated = field->is_repeated();
    const uint64_t number = 1 + random_() % 1'000'000;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        Message* inner = is_repeated ? set->AddMessage(message, field) : set->MutableMessage(message, field);
        return StrCat("{ ",
                      Fill(
                          inner, [](const FieldDescriptor& f) { return f.name(); }, ", "),
                      " }");
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        const bool is_bytes = field->type() == FieldDescriptor::TYPE_BYTES;
        const bool is_id = field->name().find("_id") != std::string::npos;
        const std::string text = is_bytes ? std::string(16, static_cast<char>(number))
                                 : is_id  ? StrCat("id-", number)
                                          : StrCat("chữ ", number);
        is_repeated ? set->AddString(message, field, text) : set->SetString(message, field, text);
        return Quoted(is_bytes ? absl::BytesToHexString(text) : text);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* type = field->enum_type();
        const auto* value = type->value(1 + static_cast<int>(number % static_cast<uint64_t>(type->value_count() - 1)));
        is_repeated ? set->AddEnum(message, field, value) : set->SetEnum(message, field, value);
        return Quoted(value->name());
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        set->SetBool(message, field, true);
        return "true";
      case FieldDescriptor::CPPTYPE_INT32:
        return DateOrMonth(message, field);
      case FieldDescriptor::CPPTYPE_UINT32:
        set->SetUInt32(message, field, static_cast<uint32_t>(number));
        return StrCat(number);
      case FieldDescriptor::CPPTYPE_INT64:
        set->SetInt64(message, field, static_cast<int64_t>(number));
        return StrCat(number);
      case FieldDescriptor::CPPTYPE_UINT64:
        is_repeated ? set->AddUInt64(message, field, number) : set->SetUInt64(message, field, number);
        return StrCat(number);
      default:
        ADD_FAILURE() << field->full_name() << " has a type that this test does not know";
        return "";
    }
  }

  // The protocol has no other use for int32 (event.proto, "Units").
  std::string DateOrMonth(Message* message, const FieldDescriptor* field) {
    const CivilDate date = CivilDate::FromWire(20200101)->Plus(static_cast<int32_t>(random_() % 5000));
    const bool is_month = field->name().ends_with("_month");
    message->GetReflection()->SetInt32(message, field, is_month ? date.Month().ToWire() : date.ToWire());
    return is_month ? Quoted(date.Month().ToString()) : random_() % 2 == 0 ? date.ToString() : Quoted(date.ToString());
  }

  std::mt19937_64 random_;
};

TEST(EventFiles, EveryFieldOfEveryKindComesBackAsItWasWritten) {
  Writer writer(sothon::testing::SeedForThisRun());
  for (const EventKind kind : AllEventKinds()) {
    const std::string name(EventKindName(kind));
    SCOPED_TRACE(name);
    v1::Submission written;
    v1::Event* event = written.mutable_event();
    const FieldDescriptor* field = v1::Event::descriptor()->FindFieldByName(name);
    std::string text = StrCat("format = \"sothon-events/1\"\nfile_id = \"f\"\n[[events]]\nkind = \"", name, "\"\n");
    StrAppend(&text, writer.Fill(event, KeyOfEventField, "\n"), "\n");
    const auto key_of = [&](const FieldDescriptor& inner) { return KeyOfKindField(name, inner); };
    StrAppend(&text, writer.Fill(event->GetReflection()->MutableMessage(event, field), key_of, "\n"), "\n");
    StrAppend(&text, "[events.identity]\n",
              writer.Fill(
                  written.mutable_identity(), [](const FieldDescriptor& f) { return f.name(); }, "\n"),
              "\n");
    const std::string path = ::testing::TempDir() + "/every-kind.toml";
    std::ofstream(path, std::ios::binary) << text;
    const auto file = ReadEventsFile(path, false);
    ASSERT_TRUE(file.ok()) << file.status() << "\n" << text;
    ASSERT_EQ(file->items.size(), 1u);
    std::string differences;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&differences);
    EXPECT_TRUE(differencer.Compare(written, file->items[0].submission)) << differences << text;
  }
}

TEST(EventKeys, NoTwoFieldsOfAnEventShareAKeyAndPathsLeadToThem) {
  for (const EventKind kind : AllEventKinds()) {
    const std::string name(EventKindName(kind));
    std::set<std::string> keys{"kind"};
    const auto add = [&](const std::string& key, const std::string& path) {
      if (key.empty()) return;
      EXPECT_TRUE(keys.insert(key).second) << key << " of " << name;
      EXPECT_EQ(KeyOfPath(path), key);
      EXPECT_EQ(KeyOfPath(path + "[2].inner"), key + "[2].inner");
    };
    const auto* submission = v1::Submission::descriptor();
    for (int i = 0; i < submission->field_count(); ++i) {
      add(KeyOfSubmissionField(*submission->field(i)), submission->field(i)->name());
    }
    const auto* event = v1::Event::descriptor();
    for (int i = 0; i < event->field_count(); ++i) {
      add(KeyOfEventField(*event->field(i)), StrCat("event.", event->field(i)->name()));
    }
    const auto* message = event->FindFieldByName(name)->message_type();
    for (int i = 0; i < message->field_count(); ++i) {
      add(KeyOfKindField(name, *message->field(i)), StrCat("event.", name, ".", message->field(i)->name()));
    }
    EXPECT_EQ(KeyOfPath(StrCat("event.", name)), "kind");
  }
  EXPECT_EQ(KeyOfPath("event"), "");
  EXPECT_EQ(KeyOfKindField("activity_recorded", *v1::ActivityRecorded::descriptor()->FindFieldByName("kind")),
            "activity_kind");
}

class ReadingAMessage : public ::testing::Test {
 protected:
  std::string Read(const std::string& text, Message* message) {
    const toml::table table = toml::parse(text);
    std::vector<FieldViolation> problems;
    TomlSection section(table, "", "f", &problems);
    ReadMessage(
        &section, message, [](const FieldDescriptor& field) { return field.name(); }, nullptr);
    section.RefuseOtherKeys();
    std::string told;
    for (const FieldViolation& problem : problems) StrAppend(&told, problem.field, ": ", problem.description, "\n");
    return told;
  }
};

// Types that no event has yet, in messages of protobuf's own.
TEST_F(ReadingAMessage, TypesThatNoEventHasYetAreReadToo) {
  google::protobuf::UninterpretedOption option;
  EXPECT_EQ(Read("identifier_value = \"x\"\npositive_int_value = 9223372036854775807\nnegative_int_value = -5\n"
                 "double_value = 2.5\nstring_value = \"00fF\"\n"
                 "name = [{ name_part = \"a\", is_extension = true }, { name_part = \"b\", is_extension = false }]",
                 &option),
            "");
  EXPECT_EQ(option.positive_int_value(), 9223372036854775807u);
  EXPECT_EQ(option.negative_int_value(), -5);
  EXPECT_EQ(option.double_value(), 2.5);
  EXPECT_EQ(option.string_value(), std::string("\x00\xff", 2));
  ASSERT_EQ(option.name_size(), 2);
  EXPECT_TRUE(option.name(0).is_extension());
  google::protobuf::FileDescriptorProto file;
  EXPECT_EQ(Read("public_dependency = [0, 7]\ndependency = [\"a b\"]\n"
                 "options = { optimize_for = \"CODE_SIZE\" }",
                 &file),
            "");
  EXPECT_THAT(file.public_dependency(), ::testing::ElementsAre(0, 7));
  EXPECT_EQ(file.options().optimize_for(), google::protobuf::FileOptions::CODE_SIZE);
}

TEST_F(ReadingAMessage, ValuesThatDoNotFitAreProblems) {
  v1::ContributionRecorded contribution;
  EXPECT_EQ(Read("months = -1\npaid_vnd = 1.5\nreceipt_number = 7\ncredited_party_ids = \"a\"\nscheme = \"X\"\n"
                 "from_month = \"10/2025\"",
                 &contribution),
            "f line 5 (scheme): \"X\" is unknown; write one of BHXH_TN, BHYT_HGD, BHYT_HSSV, BHYT_NLNN, BHYT_NSNN, "
            "BHYT_KHAC\n"
            "f line 3 (receipt_number): must be a text in quotes, and not empty\n"
            "f line 6 (from_month): \"10/2025\" is not a month; write it as \"2025-10\"\n"
            "f line 1 (months): must be a whole number from 0 to 4294967295\n"
            "f line 2 (paid_vnd): must be a whole number\n"
            "f line 4 (credited_party_ids): must be a list of identifiers, each 1 to 64 of A-Z a-z 0-9 . _ : -, in "
            "quotes\n");
  v1::RoleAssigned role;
  EXPECT_EQ(Read("until_date = 20251001", &role),
            "f line 1 (until_date): must be a date of the years 1900 to 2199, for example 2025-10-17\n");
  v1::PeriodPublished period;
  EXPECT_EQ(Read("digest = \"abc\"", &period),
            "f line 1 (digest): must be hexadecimal digits in quotes, two for each byte\n");
  v1::PortfolioHandedOver portfolio;
  EXPECT_EQ(Read("subject_ids = [\"xy\"]", &portfolio),
            "f line 1 (subject_ids): must be a list of hexadecimal digits in quotes, two for each byte\n");
  v1::DriveOpened opened;
  EXPECT_EQ(Read("baselines = 3", &opened), "f line 1 (baselines): must be a list of tables: [[baselines]]\n");
  EXPECT_EQ(Read("[[baselines]]\nschemes = \"BHXH_TN\"", &opened),
            "f line 2 (baselines[0].schemes): is not a key of this table; did you mean `scheme`? Known: achieved, "
            "remaining, scheme, scheme_group_id, target\n");
  v1::ExpectedVersion version;
  EXPECT_EQ(Read("none = true\nexact = 2", &version),
            "f line 2 (exact): cannot stand beside `none`; keep one of them\n");
}

}  // namespace
}  // namespace sothon::cli
