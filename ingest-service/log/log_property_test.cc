// Random requests against an oracle that is slow and obvious.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "common/status/status.h"
#include "common/testing/seed.h"
#include "common/testing/temp_dir.h"
#include "ingest-service/testing/prepared_events.h"

namespace sothon::ingest {
namespace {

// The log as a list that is searched from the front.
class Oracle {
 public:
  // "ok 3 4d" (positions, d for duplicate) or the reason of the refusal.
  std::string Append(const PreparedRequest& request) {
    const size_t before = events_.size();
    std::string result = "ok";
    for (const PreparedEvent& event : request.events) {
      const std::string refusal = AppendOne(event, &result);
      if (refusal.empty()) continue;
      events_.resize(before);
      return refusal;
    }
    return result;
  }
  const std::vector<PreparedEvent>& events() const { return events_; }

 private:
  std::string AppendOne(const PreparedEvent& event, std::string* result) {
    uint64_t version = 0;
    for (size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].event_id != event.event_id) continue;
      if (events_[i].body != event.body) return "EVENT_ID_REUSED";
      StrAppend(result, " ", i + 1, "d");
      return {};
    }
    for (const PreparedEvent& earlier : events_) {
      if (!event.receipt_key.empty() && earlier.receipt_key == event.receipt_key) return "RECEIPT_REUSED";
      version += !event.stream.empty() && earlier.stream == event.stream ? 1 : 0;
    }
    for (const PreparedEvent& earlier : events_) {
      if (event.reverses && earlier.reverses == event.reverses) return "ALREADY_REVERSED";
    }
    if (event.expected_version && *event.expected_version != version) return "STREAM_VERSION";
    events_.push_back(event);
    StrAppend(result, " ", events_.size());
    return {};
  }

  std::vector<PreparedEvent> events_;
};

std::string InWords(const AppendOutcome& outcome) {
  if (!outcome.ok()) return ErrorInfoOf(outcome.status()).reason();
  std::string result = "ok";
  for (const AppendedEvent& event : *outcome) StrAppend(&result, " ", event.position.value, event.duplicate ? "d" : "");
  return result;
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}
  unsigned Below(unsigned n) { return random_() % n; }

  PreparedRequest Request() {
    PreparedRequest request;
    const unsigned count = 1 + Below(6);
    for (unsigned i = 0; i < count; ++i) request.events.push_back(Event());
    return request;
  }

 private:
  PreparedEvent Event() {
    // Few ids, so that they meet; some ascend, as clients' do.
    const std::string id = Below(3) == 0 ? StrCat("id-", Below(60)) : StrCat("up-", 100'000 + ++ascending_);
    v1::Event event;
    switch (Below(4)) {
      case 0:
        event = sothon::testing::Village(static_cast<int>(1 + Below(9)), "Thôn");
        break;
      case 1:
        event = testing::Reversed(id, Position{1 + Below(80)});
        break;
      default:
        event = testing::Paid(Below(3) == 0 ? StrCat("r", Below(60)) : StrCat("u", 100'000 + ascending_));
        break;
    }
    event.set_event_id(id);
    if (Below(3) == 0) event.set_note(StrCat("note ", Below(2)));
    PreparedEvent prepared = testing::Prepare(event);
    if (!prepared.stream.empty() && Below(2) == 0) prepared.expected_version = Below(4);
    return prepared;
  }

  std::mt19937 random_;
  unsigned ascending_ = 0;
};

class LogPropertyTest : public ::testing::Test {
 protected:
  void Open() {
    log_.reset();
    EventLogOptions options;
    options.directory = directory_.path();
    options.log_id = "test";
    options.index_events_in_memory = 40;  // so that the index goes to disk often
    auto log = EventLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  const sothon::testing::TempDir directory_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(LogPropertyTest, DecidesAsTheOracleDoesAcrossBatchesAndRestarts) {
  Generator generator(sothon::testing::SeedForThisRun());
  Oracle oracle;
  std::map<std::string, int> outcomes_seen;
  ASSERT_NO_FATAL_FAILURE(Open());
  for (int round = 0; round < 400; ++round) {
    std::vector<PreparedRequest> requests(1 + generator.Below(5));
    std::vector<const PreparedRequest*> batch;
    for (PreparedRequest& request : requests) {
      request = generator.Request();
      batch.push_back(&request);
    }
    if (requests.size() == 1) {
      Oracle copy = oracle;
      EXPECT_EQ(log_->Check(requests[0]).ok(), copy.Append(requests[0]).starts_with("ok"));
    }
    const auto outcomes = log_->Append(batch, 1'000 + round);
    ASSERT_TRUE(outcomes.ok()) << outcomes.status();
    for (size_t i = 0; i < requests.size(); ++i) {
      const std::string expected = oracle.Append(requests[i]);
      ASSERT_EQ(InWords(outcomes->at(i)), expected) << "round " << round << " request " << i;
      ++outcomes_seen[expected.substr(0, expected.find(' '))];
    }
    ASSERT_EQ(log_->Head().value, oracle.events().size());
    if (generator.Below(40) == 0) {
      ASSERT_NO_FATAL_FAILURE(Open());
    }
  }
  EXPECT_EQ(outcomes_seen.size(), 5u) << "every outcome must occur";
  const std::vector<std::string> stored = testing::ReadAll(*log_);
  ASSERT_EQ(stored.size(), oracle.events().size());
  for (size_t i = 0; i < stored.size(); ++i) EXPECT_EQ(SplitStoredEvent(stored[i])->body, oracle.events()[i].body);
}

}  // namespace
}  // namespace sothon::ingest
