// No posting of the ledger is refused with its own event, and those of another event mostly are. SOTHON_SEED replays.
#include "cli/views/posting_check.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "common/base/ids.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "projection-service/ledger/ledger.h"

namespace sothon::cli {
namespace {

v1::Counter CounterOf(ledger::Counter counter) {
  switch (counter) {
    case ledger::Counter::kFirst:
      return v1::COUNTER_FIRST;
    case ledger::Counter::kReturned:
      return v1::COUNTER_RETURNED;
    case ledger::Counter::kRenewed:
      return v1::COUNTER_RENEWED;
    case ledger::Counter::kRepeat:
      return v1::COUNTER_REPEAT;
    case ledger::Counter::kActiveChange:
      return v1::COUNTER_ACTIVE;
    case ledger::Counter::kPaidVnd:
      return v1::COUNTER_PAID_VND;
    case ledger::Counter::kCentralSupportVnd:
      return v1::COUNTER_CENTRAL_SUPPORT_VND;
    default:
      return v1::COUNTER_LOCAL_SUPPORT_VND;
  }
}

// A few people of a few villages, with late receipts, reversals, moves and openings.
class RandomLog {
 public:
  explicit RandomLog(uint32_t seed) : random_(seed) {
    AddPlace("51", v1::PROVINCE, "");
    AddPlace("23500", v1::COMMUNE, "51");
    for (int i = 1; i <= 3; ++i) AddPlace("23500-0" + std::to_string(i), v1::VILLAGE, "23500");
  }

  const v1::Event& Next() {
    v1::Event event;
    event.set_position(events_.size() + 1);
    event.set_effective_date((2025 + Below(2)) * 10000 + (1 + Below(12)) * 100 + 1 + Below(28));
    event.set_place_id("23500-0" + std::to_string(1 + Below(3)));
    const std::string subject = std::string(15, 'p') + static_cast<char>('a' + Below(4));
    const int choice = Below(100);
    if (choice < 20 && !standing_.empty()) {
      const size_t index = static_cast<size_t>(Below(static_cast<int>(standing_.size())));
      const v1::Event& receipt = events_.at(standing_[index]);
      v1::ContributionReversed* reversal = event.mutable_contribution_reversed();
      reversal->set_reversed_position(receipt.position());
      reversal->set_receipt_number(receipt.contribution_recorded().receipt_number());
      reversal->set_agency_id(receipt.contribution_recorded().agency_id());
      reversal->set_subject_id(receipt.contribution_recorded().subject_id());
      reversal->set_scheme(receipt.contribution_recorded().scheme());
      standing_.erase(standing_.begin() + static_cast<std::ptrdiff_t>(index));
    } else if (choice < 28) {
      event.mutable_participant_moved()->set_subject_id(subject);
    } else if (choice < 36) {
      v1::OpeningRecorded* opening = event.mutable_opening_recorded();
      opening->set_subject_id(subject);
      opening->set_scheme(v1::BHXH_TN);
      opening->set_covered_until(20250101 + Below(28));
    } else {
      v1::ContributionRecorded* receipt = event.mutable_contribution_recorded();
      receipt->set_subject_id(subject);
      receipt->set_receipt_number(std::to_string(event.position()));
      receipt->set_scheme(Below(4) == 0 ? v1::BHYT_HGD : v1::BHXH_TN);
      receipt->set_from_month(event.effective_date() / 100);
      receipt->set_months(static_cast<uint32_t>(1 + Below(6)));
      receipt->set_paid_vnd(1000 + Below(1000));
      receipt->set_central_support_vnd(Below(50));
      if (Below(8) != 0) receipt->set_agency_id(Below(2) == 0 ? "post" : "bank");
      if (!receipt->agency_id().empty() && Below(3) != 0) receipt->set_collector_id(Below(2) == 0 ? "an" : "binh");
      if (Below(3) == 0) receipt->set_drive_id(Below(2) == 0 ? "w40" : "w41");
      for (int n = Below(3); n > 0; --n) receipt->add_credited_party_ids(Below(2) == 0 ? "union" : "school");
      standing_.push_back(event.position());
    }
    return events_[event.position()] = event;
  }

  const std::map<uint64_t, v1::Event>& events() const { return events_; }
  const v1::Event* ReversedBy(const v1::Event& event) const {
    const auto found = events_.find(event.contribution_reversed().reversed_position());
    return found == events_.end() ? nullptr : &found->second;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }
  void AddPlace(const std::string& id, v1::PlaceLevel level, const std::string& parent) {
    v1::Event event;
    event.set_position(events_.size() + 1);
    v1::PlaceRegistered* place = event.mutable_place_registered();
    place->set_place_id(id);
    place->set_level(level);
    place->set_parent_place_id(parent);
    events_[event.position()] = event;
  }

  std::mt19937 random_;
  std::map<uint64_t, v1::Event> events_;
  std::vector<uint64_t> standing_;
};

bool IsMoney(ledger::Counter counter) {
  return counter == ledger::Counter::kPaidVnd || counter == ledger::Counter::kCentralSupportVnd ||
         counter == ledger::Counter::kLocalSupportVnd;
}

// Whom an account's figures are of, as `explain` names them.
std::vector<std::string> NamesOf(ledger::AccountKey account, const ledger::Ledger& ledger) {
  using ledger::Names;
  switch (account.dimension()) {
    case ledger::Dimension::kVillage:
      return {ledger.reference().place(account.ordinal()).id};
    case ledger::Dimension::kDesk: {
      const Names::Desk desk = ledger.names().DeskAt(account.ordinal());
      std::vector<std::string> names = {std::string(desk.agency_id)};
      if (!desk.collector_id.empty()) names.emplace_back(desk.collector_id);
      return names;
    }
    case ledger::Dimension::kCredited:
      return {ledger.names().All(Names::Kind::kCredited)[account.ordinal().value]};
    default:
      return {ledger.names().All(Names::Kind::kDrive)[account.ordinal().value]};
  }
}

bool DoesName(const v1::ContributionRecorded& receipt, const std::string& about) {
  const auto& credited = receipt.credited_party_ids();
  return receipt.agency_id() == about || receipt.collector_id() == about || receipt.drive_id() == about ||
         std::find(credited.begin(), credited.end(), about) != credited.end();
}

TEST(PostingCheck, EveryPostingFitsItsOwnEventAndFewFitAnother) {
  RandomLog log(sothon::testing::SeedForThisRun());
  ledger::Ledger ledger;
  std::vector<ledger::Posting> postings;
  SubjectId touched;
  for (const auto& [position, event] : log.events()) ASSERT_TRUE(ledger.Apply(event, &postings, &touched).ok());
  size_t checked = 0;
  size_t of_receipts = 0;
  size_t foreign = 0;
  size_t foreign_taken = 0;
  v1::Event before;
  for (int i = 0; i < 3000; ++i) {
    const v1::Event& event = log.Next();
    postings.clear();
    const absl::Status applied = ledger.Apply(event, &postings, &touched);
    ASSERT_TRUE(applied.ok()) << applied;
    std::set<std::string> of_people;
    std::set<std::tuple<std::string, int32_t, int, int, bool>> cells;
    for (const ledger::Posting& made : postings) {
      v1::Posting posting;
      posting.set_position(event.position());
      posting.set_change(made.change);
      const bool is_of_village = made.account.dimension() == ledger::Dimension::kVillage;
      if (is_of_village) posting.set_place_id(ledger.reference().place(made.account.ordinal()).id);
      posting.set_scheme(made.account.scheme());
      posting.set_month(made.account.month().ToWire());
      posting.set_counter(CounterOf(made.counter));
      ++checked;
      ASSERT_TRUE(CanHaveCaused(event, log.ReversedBy(event), posting))
          << posting.ShortDebugString() << " of " << event.ShortDebugString();
      ASSERT_FALSE(CanHaveCaused(log.events().at(1), nullptr, posting)) << "a place is nothing that counts";
      for (const std::string& about : NamesOf(made.account, ledger)) {
        const v1::ContributionRecorded* const itself = ReceiptItself(event, log.ReversedBy(event), posting);
        if (itself == nullptr) continue;
        of_receipts += is_of_village ? 0 : 1;
        ASSERT_TRUE(is_of_village || DoesName(*itself, about)) << about << posting.ShortDebugString();
        if (!IsMoney(made.counter)) {
          ASSERT_TRUE(of_people.emplace(about).second) << about << posting.ShortDebugString() << ": twice of one event";
        }
      }
      for (const std::string& about : NamesOf(made.account, ledger)) {
        ASSERT_TRUE(cells
                        .emplace(about, posting.month(), posting.scheme(), posting.counter(),
                                 is_of_village || posting.change() > 0)
                        .second)
            << about << posting.ShortDebugString() << ": one event changes a counter once";
      }
      if (made.counter != ledger::Counter::kFirst && made.counter != ledger::Counter::kPaidVnd) continue;
      // Any other event, put at this position.
      if (!before.has_contribution_recorded() || !event.has_contribution_recorded() || made.change < 0) continue;
      before.set_position(event.position());
      ++foreign;
      foreign_taken += CanHaveCaused(before, nullptr, posting) ? 1 : 0;
    }
    before = event;
  }
  EXPECT_GT(checked, 5000u);
  EXPECT_GT(of_receipts, 5000u);
  EXPECT_GT(foreign, 500u);
  EXPECT_LT(foreign_taken, foreign / 50);
}

}  // namespace
}  // namespace sothon::cli
