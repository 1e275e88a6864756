#include "common/config/config.h"

#include <fstream>

#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Settings {
  int64_t queue_bytes_max = 64;
  double share = 0.5;
  bool sync = true;
  std::string address = "127.0.0.1:0";
  std::string key = "";
  std::vector<std::string> logs = {"a"};

  bool operator==(const Settings&) const = default;
};

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    schema_.Text("address", &settings_.address, "Where it listens.");
    schema_.Integer("limits.queue_bytes_max", &settings_.queue_bytes_max, 1, 1000, "bytes", "How much may wait.");
    schema_.Number("limits.share", &settings_.share, 0, 1, "", "A share.");
    schema_.Boolean("log.sync", &settings_.sync, "Sync before the answer.");
    schema_.Text("vault.key", &settings_.key, "The key.", ConfigSchema::Sensitivity::kSecret);
    schema_.TextList("log.names", &settings_.logs, "Logs to follow.");
  }

  // What is wrong with `toml`; checks that nothing was changed.
  std::string Refusal(std::string_view toml) {
    const Settings before = settings_;
    const absl::Status status = schema_.LoadText(toml, "test.toml");
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_TRUE(settings_ == before) << "a refused file changed something";
    return std::string(status.message());
  }

  Settings settings_;
  ConfigSchema schema_;
};

TEST_F(ConfigTest, LoadsEveryType) {
  ASSERT_TRUE(schema_
                  .LoadText(R"(address = "127.0.0.1:7401"  # Đăk Hà
                               [limits]
                               queue_bytes_max = 1000
                               share = 1
                               [log]
                               sync = false
                               names = ["x", "y"])",
                            "test.toml")
                  .ok());
  EXPECT_EQ(settings_.address, "127.0.0.1:7401");
  EXPECT_EQ(settings_.queue_bytes_max, 1000);
  EXPECT_EQ(settings_.share, 1.0);
  EXPECT_FALSE(settings_.sync);
  EXPECT_THAT(settings_.logs, ElementsAre("x", "y"));
}

TEST_F(ConfigTest, WhatIsLeftOutKeepsItsDefault) {
  ASSERT_TRUE(schema_.LoadText("", "test.toml").ok());
  EXPECT_TRUE(settings_ == Settings());
}

TEST_F(ConfigTest, AnUnknownKeyIsRefusedWithTheNearestKnownOne) {
  EXPECT_EQ(Refusal("[limits]\nqueue_byte_max = 10\n"),
            "test.toml:2: unknown key limits.queue_byte_max; did you mean limits.queue_bytes_max?");
  EXPECT_THAT(Refusal("adress = \"x\""), HasSubstr("did you mean address?"));
  EXPECT_THAT(Refusal("queue_bytes_max = 3"), HasSubstr("did you mean limits.queue_bytes_max?")) << "wrong table";
  EXPECT_THAT(Refusal("[limit]\nshare = 0.1"), HasSubstr("did you mean limits.share?"));
  EXPECT_THAT(Refusal("zzzzzzzzzzzzzzzzzzz = 1"), AllOf(HasSubstr("remove it"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(Refusal("[strange]"), HasSubstr("unknown key strange"));
}

TEST_F(ConfigTest, ValuesOutOfBoundsAreRefused) {
  EXPECT_EQ(Refusal("[limits]\n\nqueue_bytes_max = 0"),
            "test.toml:3: limits.queue_bytes_max must be a whole number from 1 to 1000 (bytes), not 0");
  EXPECT_THAT(Refusal("[limits]\nqueue_bytes_max = 1001"), HasSubstr("not 1001"));
  EXPECT_THAT(Refusal("[limits]\nshare = 1.01"), HasSubstr("a number from 0 to 1"));
  EXPECT_THAT(Refusal("[limits]\nshare = nan"), HasSubstr("a number from 0 to 1"));
  ASSERT_TRUE(schema_.LoadText("[limits]\nqueue_bytes_max = 1\nshare = 0.0", "test.toml").ok()) << "bounds are inside";
}

TEST_F(ConfigTest, WrongTypesAreRefused) {
  EXPECT_THAT(Refusal("address = 7401"), HasSubstr("address must be a text in quotes"));
  EXPECT_THAT(Refusal("[limits]\nqueue_bytes_max = \"10\""), HasSubstr("must be a whole number"));
  EXPECT_THAT(Refusal("[limits]\nqueue_bytes_max = 1.5"), HasSubstr("must be a whole number"));
  EXPECT_THAT(Refusal("[log]\nsync = 1"), HasSubstr("must be true or false"));
  EXPECT_THAT(Refusal("[log]\nnames = \"x\""), HasSubstr("must be a list of texts"));
  EXPECT_THAT(Refusal("[log]\nnames = [\"x\", 1]"), HasSubstr("must be a list of texts"));
  EXPECT_THAT(Refusal("limits = 3"), HasSubstr("write [limits]"));
  EXPECT_THAT(Refusal("[[address]]\nx = 1"), HasSubstr("address must be a text"));
}

TEST_F(ConfigTest, OneBadKeyKeepsTheGoodOnesOut) {
  EXPECT_THAT(Refusal("address = \"127.0.0.1:1\"\n[limits]\nqueue_bytes_max = 5\nshare = 7.0\nshar = 1\n"),
              AllOf(HasSubstr("test.toml:4: limits.share"), HasSubstr("test.toml:5: unknown key limits.shar")));
}

TEST_F(ConfigTest, WhatIsNoTomlIsRefusedWithItsLine) {
  EXPECT_THAT(Refusal("address = \"x\"\n[limits\n"), HasSubstr("test.toml:2: not valid TOML"));
  EXPECT_THAT(Refusal("address = \"\xff\""), HasSubstr("not valid TOML"));
  EXPECT_THAT(Refusal("address = \"x\"\naddress = \"y\"\n"), HasSubstr("not valid TOML"));
}

TEST_F(ConfigTest, LoadsFilesAndNamesThoseThatAreMissing) {
  testing::TempDir directory;
  const std::string path = directory.Path("ingest.toml");
  EXPECT_EQ(schema_.LoadFile(path).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(schema_.LoadFile(path).message()), HasSubstr(path));
  EXPECT_EQ(schema_.LoadFile(directory.path()).code(), absl::StatusCode::kNotFound) << "a directory";
  std::ofstream(path) << "addres = \"y\"\n";
  EXPECT_THAT(std::string(schema_.LoadFile(path).message()), HasSubstr(path + ":1:"));
  std::ofstream(path) << "address = \"z\"\n";
  EXPECT_TRUE(schema_.LoadFile(path).ok());
  EXPECT_EQ(settings_.address, "z");
}

TEST_F(ConfigTest, EffectiveShowsWhatIsInForceAndHidesSecrets) {
  ASSERT_TRUE(schema_.LoadText("[vault]\nkey = \"hunter2\"\n[log]\nsync = false\n", "test.toml").ok());
  EXPECT_EQ(schema_.Effective(),
            "address=\"127.0.0.1:0\" limits.queue_bytes_max=64 limits.share=0.5 log.sync=false vault.key=<redacted> "
            "log.names=[\"a\"]");
}

TEST_F(ConfigTest, TheTemplateLoadsAndIsTheDefaults) {
  settings_.address = "say \"hi\" \\ \x01";
  const std::string text = schema_.Template();
  EXPECT_THAT(text, HasSubstr("# How much may wait.\n# a whole number from 1 to 1000 (bytes)\nqueue_bytes_max = 64\n"));
  ASSERT_TRUE(schema_.LoadText(text, "template").ok()) << schema_.LoadText(text, "template") << text;
  EXPECT_TRUE(settings_ == Settings()) << "the defaults at the time of declaration";
}

TEST_F(ConfigTest, TheTemplateEscapesText) {
  std::string odd = "say \"hi\" \\ \x01\n";
  const std::string expected = odd;
  ConfigSchema schema;
  schema.Text("odd", &odd, "Line one.\nLine two.");
  const std::string text = schema.Template();
  odd.clear();
  ASSERT_TRUE(schema.LoadText(text, "template").ok()) << text;
  EXPECT_EQ(odd, expected);
}

}  // namespace
}  // namespace sothon
