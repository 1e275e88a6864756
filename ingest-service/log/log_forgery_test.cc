// Whatever stands in the database of a log, checking it ends, with so many faults at most as the log has events and
// entries.
#include <limits>
#include <map>
#include <random>

#include "absl/strings/escaping.h"
#include "common/base/varint.h"
#include "common/testing/seed.h"
#include "ingest-service/log/log_checker_fixture.h"

namespace sothon::ingest {
namespace {

using ::testing::HasSubstr;
using testing::LogCheckerTest;

constexpr uint64_t kFarAway[] = {uint64_t{1} << 33, uint64_t{1} << 62, std::numeric_limits<uint64_t>::max() - 1,
                                 std::numeric_limits<uint64_t>::max()};

class LogForgeryTest : public LogCheckerTest {};

TEST_F(LogForgeryTest, ABlockThatIsNoneBehindTheEndIsOneFault) {
  std::vector<uint64_t> keys(std::begin(kFarAway), std::end(kFarAway));
  keys.push_back(head_ + 1);
  for (const uint64_t key : keys) {
    for (const std::string& value : {std::string("\x01\x00", 2), std::string(), std::string("\xff", 1)}) {
      Change(LogFamily::kEvents, BigEndian64(key), value);
      EXPECT_EQ(Faults(), StrCat("block ", key, ": what stands there is no block that ends at this position, and the ",
                                 "events end at ", head_, "; restore it from a backup, a replica or an export\n"));
    }
    Change(LogFamily::kEvents, BigEndian64(key), std::nullopt);
  }
  Change(LogFamily::kEvents, std::string(12, '\xff'), "x");
  EXPECT_THAT(Faults(), HasSubstr("its key is no position"));
}

// It says of itself that it stands where its key says: then everything in between is missing.
TEST_F(LogForgeryTest, AnEventFarBehindTheEndIsNamedWithWhatIsMissing) {
  for (const uint64_t key : kFarAway) {
    std::string block;
    AppendToEventBlock({key}, now_us_ + 1, SerializeBody(testing::Paid("far")), &block);
    Change(LogFamily::kEvents, BigEndian64(key), block);
    EXPECT_THAT(Faults(), HasSubstr(StrCat("position ", head_ + 1, ": no event up to position ", key - 1)));
    Change(LogFamily::kEvents, BigEndian64(key), std::nullopt);
  }
  EXPECT_EQ(Faults(), "");
}

TEST_F(LogForgeryTest, TheLastBlockDamaged) {
  Change(LogFamily::kEvents, BigEndian64(head_), "damaged");
  const std::string faults = Faults();
  EXPECT_THAT(faults, HasSubstr(StrCat("block ", head_, ": what stands there is no block")));
  EXPECT_THAT(faults, HasSubstr(StrCat("the log ends at ", head_ - 1, ": its end is missing")));
}

// Random keys with random values, and those of the log in wrong places.
class Forger {
 public:
  Forger(unsigned seed, std::vector<std::map<std::string, std::string>> families)
      : random_(seed), families_(std::move(families)) {}

  size_t Family() { return Below(families_.size()); }
  std::string Key(size_t family) {
    if (Below(3) == 0) return Bytes(Below(20));
    if (Below(2) == 0) return BigEndian64(Number());
    return Changed(Any(family).first);
  }
  std::string Value() {
    if (Below(3) == 0) return Bytes(Below(60));
    if (Below(2) == 0) return Changed(Any(Family()).second);
    std::string value;
    for (size_t i = Below(4); i < 4; ++i) AppendVarint(Number(), &value);
    return value;
  }

 private:
  size_t Below(size_t end) { return random_() % end; }
  // Of all sizes, and about those where numbers end.
  uint64_t Number() {
    const uint64_t bits = uint64_t{random_()} << 32 | random_();
    return Below(4) == 0 ? std::numeric_limits<uint64_t>::max() - Below(3) : bits >> Below(64);
  }
  std::string Bytes(size_t count) {
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  std::pair<std::string, std::string> Any(size_t family) {
    const auto& all = families_[family];
    if (all.empty()) return {};
    return *std::next(all.begin(), static_cast<std::ptrdiff_t>(Below(all.size())));
  }
  std::string Changed(std::string bytes) {
    if (!bytes.empty() && Below(2) == 0) bytes[Below(bytes.size())] = static_cast<char>(random_());
    if (Below(4) == 0) bytes += Bytes(1 + Below(3));
    if (Below(4) == 0) bytes.resize(bytes.size() - Below(bytes.size() + 1));
    return bytes;
  }

  std::mt19937 random_;
  const std::vector<std::map<std::string, std::string>> families_;
};

TEST_F(LogForgeryTest, WhateverIsPutAnywhereTheCheckEnds) {
  std::vector<std::map<std::string, std::string>> entries;
  size_t count = 0;
  WithDb([&](rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
    for (rocksdb::ColumnFamilyHandle* family : families) {
      auto& all = entries.emplace_back();
      const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(rocksdb::ReadOptions(), family));
      for (at->SeekToFirst(); at->Valid(); at->Next()) all[at->key().ToString()] = at->value().ToString();
      count += all.size();
    }
  });
  const unsigned seed = sothon::testing::SeedForThisRun();
  Forger forger(seed, entries);
  for (int round = 0; round < 60; ++round) {
    const size_t family = forger.Family();
    const std::string key = forger.Key(family);
    const std::string value = forger.Value();
    SCOPED_TRACE(StrCat("family ", family, ", ", absl::BytesToHexString(key), " = ", absl::BytesToHexString(value)));
    Change(static_cast<LogFamily>(family), key, value);
    const auto report = Check();
    if (report.ok()) {
      EXPECT_LE(report->fault_count(), 2 * count);
    } else {
      EXPECT_EQ(family, 0u) << "only the marks say that it is no log to be checked: " << report.status();
    }
    const auto before = entries[family].find(key);
    Change(static_cast<LogFamily>(family), key,
           before == entries[family].end() ? std::nullopt : std::optional(before->second));
  }
  EXPECT_EQ(Faults(), "");
}

}  // namespace
}  // namespace sothon::ingest
