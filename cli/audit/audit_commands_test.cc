// The commands of the audit that need no service.
#include <sys/stat.h>

#include "cli/audit/export_fixture.h"
#include "cli/testing/run_command.h"
#include "common/base/durable_file.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AuditCommandsTest : public ::testing::Test {
 protected:
  sothon::testing::TempDir temp_;
  const std::string export_ = temp_.Path("export");
  const std::string key_file_ = temp_.Path("log.key");
};

TEST_F(AuditCommandsTest, AKeyIsMadeOnceAndItsVerifierKeyPrintedAlone) {
  const Outcome made = RunWith({"audit", "keygen", "ia-nan", "--out", key_file_});
  ASSERT_EQ(made.exit, kDone) << made.err;
  const auto key = note::ReadSignerKeyFile(key_file_);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(made.out, key->verifier().ToString() + "\n");
  EXPECT_EQ(key->type(), note::KeyType::kNote);
  EXPECT_THAT(made.err, HasSubstr("key_files"));
  struct stat file = {};
  ASSERT_EQ(stat(key_file_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600);

  EXPECT_EQ(RunWith({"audit", "vkey", key_file_}).out, made.out);
  EXPECT_EQ(RunWith({"audit", "vkey", temp_.Path("nothing")}).exit, kRefused);

  const std::string before = ReadFile(key_file_);
  EXPECT_EQ(RunWith({"audit", "keygen", "ia-nan", "--out", key_file_}).exit, kRefused);
  EXPECT_EQ(ReadFile(key_file_), before);
  EXPECT_EQ(RunWith({"audit", "keygen", "ia+nan", "--out", temp_.Path("other")}).exit, kWrongUsage);
  EXPECT_FALSE(std::filesystem::exists(temp_.Path("other")));
}

TEST_F(AuditCommandsTest, AWitnessHasAnotherKindOfKey) {
  ASSERT_EQ(RunWith({"audit", "keygen", "witness-1", "--witness", "--out", key_file_}).exit, kDone);
  EXPECT_EQ(note::ReadSignerKeyFile(key_file_)->type(), note::KeyType::kCosignature);
}

TEST_F(AuditCommandsTest, VerifySaysWhatItChecked) {
  FakeLog log(300);
  const std::string since = temp_.Path("since");
  WriteFile(since, log.Checkpoint());
  log.Grow(10);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const std::string key = LogKey().verifier().ToString();
  const Outcome good = RunWith({"audit", "verify", export_, "--key", key, "--since", since});
  EXPECT_EQ(good.exit, kDone) << good.out << good.err;
  EXPECT_THAT(good.out, HasSubstr("entries checked: 310 of 310"));
  EXPECT_THAT(good.out, HasSubstr("signed by test-log+"));
  EXPECT_THAT(good.out, HasSubstr("goes on from the earlier checkpoint of 300 entries"));
  EXPECT_THAT(good.out, HasSubstr("\nOK\n"));
  EXPECT_THAT(good.out, Not(HasSubstr("NO SIGNATURE")));

  const Outcome unsigned_by_anybody = RunWith({"audit", "verify", export_});
  EXPECT_EQ(unsigned_by_anybody.exit, kDone);
  EXPECT_THAT(unsigned_by_anybody.out, HasSubstr("NO SIGNATURE WAS CHECKED"));
}

TEST_F(AuditCommandsTest, VerifyNamesTheFirstBadEntry) {
  FakeLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  std::string bundle = ReadFile(export_ + "/tile/entries/001.p/44");
  bundle.back() = static_cast<char>(bundle.back() ^ 1);
  WriteFile(export_ + "/tile/entries/001.p/44", bundle);
  const Outcome bad = RunWith({"audit", "verify", export_});
  EXPECT_EQ(bad.exit, kRefused);
  EXPECT_THAT(bad.out, HasSubstr("entries checked: 299 of 300"));
  EXPECT_THAT(bad.out, HasSubstr("first bad index 299 (position 300): its hash is not the one in tile/0/001.p/44"));
  EXPECT_THAT(bad.out, HasSubstr("NOT OK"));
}

// Also where the hashes above it, of tiles that begin before it, are wrong because of it.
TEST_F(AuditCommandsTest, VerifyNamesTheFirstBadEntryOfAFullBundle) {
  FakeLog log(600);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  std::string bundle = ReadFile(export_ + "/tile/entries/001");
  bundle.back() = static_cast<char>(bundle.back() ^ 1);
  WriteFile(export_ + "/tile/entries/001", bundle);
  const Outcome bad = RunWith({"audit", "verify", export_});
  EXPECT_EQ(bad.exit, kRefused);
  EXPECT_THAT(bad.out, HasSubstr("first bad index 511 (position 512): its hash is not the one in tile/0/001"));
  EXPECT_THAT(bad.out, HasSubstr("tile/1/000.p/2: its hash 1 is not that of the entries 256 to 511"));
}

TEST_F(AuditCommandsTest, WrongUsage) {
  EXPECT_EQ(RunWith({"audit"}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"audit", "verify"}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"audit", "verify", export_}).exit, kWrongUsage);
  FakeLog log(3);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  EXPECT_EQ(RunWith({"audit", "verify", export_, "--key", "nonsense"}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"audit", "verify", export_, "--since", temp_.Path("nothing")}).exit, kWrongUsage);
  EXPECT_EQ(RunWith({"audit", "export", export_, "--jsonl", export_ + "/events.jsonl"}).exit, kWrongUsage);
}

TEST_F(AuditCommandsTest, AFileInThePlaceOfAKeyIsToldApart) {
  FakeLog log(3);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  const std::string file = temp_.Path("log.vkey");
  WriteFile(file, LogKey().verifier().ToString() + "\n");
  for (const char* option : {"--key", "--witness"}) {
    const Outcome refused = RunWith({"audit", "verify", export_, option, file});
    EXPECT_EQ(refused.exit, kWrongUsage);
    EXPECT_THAT(refused.err, HasSubstr(StrCat("this is a file with a verifier key")));
    EXPECT_THAT(refused.err, HasSubstr(StrCat(option, " \"$(cat ", file, ")\"")));
  }
  EXPECT_THAT(RunWith({"audit", "prove", file, "--key", file}).err, HasSubstr("\"$(cat "));
  // Not a word of secrets where there is none.
  const Outcome vkey = RunWith({"audit", "vkey", file});
  EXPECT_EQ(vkey.exit, kRefused);
  EXPECT_THAT(vkey.err, HasSubstr("holds a verifier key already"));
  EXPECT_THAT(vkey.err, Not(HasSubstr("chmod")));
  ASSERT_EQ(RunWith({"audit", "keygen", "ia-nan", "--out", key_file_}).exit, kDone);
  EXPECT_THAT(RunWith({"audit", "verify", export_, "--key", key_file_}).err, HasSubstr("sothon audit vkey"));
  ASSERT_EQ(chmod(key_file_.c_str(), 0644), 0);
  EXPECT_THAT(RunWith({"audit", "vkey", key_file_}).err, HasSubstr("chmod 600"));
}

// The stick of last month, or the wrong folder: nobody is accused for it.
TEST_F(AuditCommandsTest, AnOlderCopyIsRefusedWithoutEvidence) {
  FakeLog log(300);
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  log.Grow(10);
  const std::string since = temp_.Path("since");
  WriteFile(since, log.Checkpoint());
  const std::string evidence = temp_.Path("evidence");
  const std::string key = LogKey().verifier().ToString();
  const std::vector<std::string> verify = {"audit", "verify", export_, "--key", key, "--evidence", evidence};
  const Outcome alone = RunWith(verify);
  EXPECT_EQ(alone.exit, kWrongUsage) << "evidence of what?";
  const Outcome unsigned_ones =
      RunWith({"audit", "verify", export_, "--since", export_ + "/checkpoint", "--evidence", evidence});
  EXPECT_EQ(unsigned_ones.exit, kWrongUsage);
  EXPECT_THAT(unsigned_ones.err, HasSubstr("--evidence goes with the log's --key"));
  const std::string witness = note::TestKey("witness", note::KeyType::kCosignature, 'w').verifier().ToString();
  for (const char* option : {"--witness", "--key"}) {
    const Outcome cosigned = RunWith(
        {"audit", "verify", export_, option, witness, "--since", export_ + "/checkpoint", "--evidence", evidence});
    EXPECT_EQ(cosigned.exit, kWrongUsage) << "a witness's key says nothing of what the log signed";
  }
  EXPECT_THAT(alone.err, HasSubstr("--since"));
  std::vector<std::string> with_since = verify;
  with_since.insert(with_since.end(), {"--since", since});
  const Outcome shorter = RunWith(with_since);
  EXPECT_EQ(shorter.exit, kRefused);
  EXPECT_THAT(shorter.out, HasSubstr("the earlier checkpoint covers 310 entries, this export only 300: either it is "
                                     "an old copy, or the log was rolled back"));
  EXPECT_THAT(shorter.out, HasSubstr("`sothon audit export`"));
  EXPECT_THAT(shorter.out, HasSubstr("`sothon audit witness`"));
  EXPECT_THAT(shorter.out, Not(HasSubstr("evidence.txt")));
  EXPECT_FALSE(std::filesystem::exists(evidence));
  // Brought up to date, it goes on from what was kept.
  ASSERT_TRUE(ExportTo(export_, &log).ok());
  EXPECT_EQ(RunWith(with_since).exit, kDone);
}

TEST_F(AuditCommandsTest, ALogOutOfReachLeavesNothing) {
  const Outcome refused = RunWith({"--ingest", "127.0.0.1:1", "audit", "export", export_});
  EXPECT_EQ(refused.exit, kRefused);
  EXPECT_THAT(refused.err, HasSubstr("cannot reach sothon-ingest"));
  EXPECT_TRUE(std::filesystem::is_empty(export_));
}

}  // namespace
}  // namespace sothon::cli
