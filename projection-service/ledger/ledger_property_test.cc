// Every cell of the ledger against the slow oracle, over random event sequences with late receipts, reversals, moves,
// repeats, openings and out-of-order arrival. SOTHON_SEED replays a failure.
#include <gtest/gtest.h>

#include <random>

#include "common/testing/seed.h"
#include "projection-service/ledger/cells.h"
#include "projection-service/ledger/ledger.h"
#include "projection-service/ledger/ledger_oracle.h"

namespace sothon::ledger {
namespace {

constexpr int32_t kFromMonth = 202406;
constexpr int32_t kToMonth = 202712;

class RandomLog {
 public:
  RandomLog(uint32_t seed, int people, int villages) : random_(seed), people_(people), villages_(villages) {
    Place("51", v1::PROVINCE, "");
    Place("23500", v1::COMMUNE, "51");
    for (int i = 1; i <= villages; ++i) Place(VillageId(i), v1::VILLAGE, "23500");
  }

  void AddRandomEvent() {
    v1::Event& event = Next();
    event.set_effective_date(RandomDate());
    event.set_place_id(VillageId(1 + Below(villages_)));
    const uint32_t choice = Below(100);
    if (choice < 12 && !standing_.empty()) {
      Reverse(&event);
    } else if (choice < 22) {
      event.mutable_participant_moved()->set_subject_id(Person());
    } else if (choice < 25) {
      auto* certificate = event.mutable_certificate_issued();
      certificate->set_subject_id(Person());
      certificate->set_scheme(RandomScheme());
    } else if (choice < 28) {
      auto* classified = event.mutable_participant_classified();
      classified->set_subject_id(Person());
      classified->set_group(Below(2) == 0 ? "ho_ngheo" : "can_ngheo");
    } else if (choice < 36) {
      auto* opening = event.mutable_opening_recorded();
      opening->set_subject_id(Person());
      opening->set_scheme(RandomScheme());
      opening->set_covered_until(RandomDate());
    } else {
      auto* paid = event.mutable_contribution_recorded();
      paid->set_subject_id(Person());
      paid->set_scheme(RandomScheme());
      paid->set_from_month(RandomDate() / 100);
      paid->set_months(1 + Below(Below(3) == 0 ? 24 : 3));
      paid->set_paid_vnd(Below(1000) * int64_t{1000});
      paid->set_central_support_vnd(Below(50));
      paid->set_local_support_vnd(Below(3));
      if (Below(8) != 0) paid->set_agency_id(Below(2) == 0 ? "post" : "bank");
      if (!paid->agency_id().empty() && Below(3) != 0) paid->set_collector_id(Below(2) == 0 ? "an" : "binh");
      if (Below(3) == 0) paid->set_drive_id(Below(2) == 0 ? "w40" : "w41");
      for (uint32_t i = Below(4) == 0 ? Below(4) : 0; i > 0; --i)
        paid->add_credited_party_ids(Below(2) == 0 ? "union" : "school");
      standing_.push_back(event.position());
    }
  }

  const std::vector<v1::Event>& events() const { return events_; }

 private:
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(random_() % bound); }
  static std::string VillageId(int i) { return std::string("23500-0") + static_cast<char>('0' + i); }
  v1::Scheme RandomScheme() { return Below(3) == 0 ? v1::BHYT_HGD : v1::BHXH_TN; }
  int32_t RandomDate() {
    const int32_t month = Below(18);
    return (2025 + month / 12) * 10000 + (month % 12 + 1) * 100 + 1 + static_cast<int32_t>(Below(28));
  }
  std::string Person() { return std::string(15, 'p') + static_cast<char>('a' + Below(people_)); }
  v1::Event& Next() {
    events_.emplace_back().set_position(events_.size());
    return events_.back();
  }
  void Place(const std::string& id, v1::PlaceLevel level, const std::string& parent) {
    auto* place = Next().mutable_place_registered();
    place->set_place_id(id);
    place->set_level(level);
    place->set_parent_place_id(parent);
  }
  void Reverse(v1::Event* event) {
    const size_t index = Below(static_cast<uint32_t>(standing_.size()));
    const v1::Event& contribution = events_[standing_[index] - 1];
    auto* reversal = event->mutable_contribution_reversed();
    reversal->set_reversed_position(contribution.position());
    reversal->set_subject_id(contribution.contribution_recorded().subject_id());
    reversal->set_scheme(contribution.contribution_recorded().scheme());
    standing_.erase(standing_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  std::mt19937 random_;
  uint32_t people_;
  uint32_t villages_;
  std::vector<v1::Event> events_;
  std::vector<uint64_t> standing_;
};

std::string AccountInWords(AccountKey key, const Ledger& ledger) {
  switch (key.dimension()) {
    case Dimension::kVillage:
      return ledger.reference().place(key.ordinal()).id;
    case Dimension::kDesk: {
      const Names::Desk desk = ledger.names().DeskAt(key.ordinal());
      return "desk " + std::string(desk.agency_id) + " " + std::string(desk.collector_id);
    }
    case Dimension::kCredited:
      return "credited " + ledger.names().All(Names::Kind::kCredited)[key.ordinal().value];
    case Dimension::kDrive:
      return "drive " + ledger.names().All(Names::Kind::kDrive)[key.ordinal().value];
  }
  return "unknown";
}

std::map<OracleKey, OracleCell> CellsInWords(const Cells& cells, const Ledger& ledger) {
  std::map<OracleKey, OracleCell> out;
  std::map<std::pair<std::string, v1::Scheme>, std::map<int32_t, int64_t>> active_changes;
  for (const auto& [key, cell] : cells) {
    const std::string place = AccountInWords(key, ledger);
    const int32_t month = key.month().ToWire();
    active_changes[{place, key.scheme()}][month] += cell.counters[Counter::kActiveChange];
    OracleCell& words = out[{place, key.scheme(), month}];
    words = {cell.counters[Counter::kFirst],
             cell.counters[Counter::kReturned],
             cell.counters[Counter::kRenewed],
             cell.counters[Counter::kRepeat],
             0,
             cell.counters[Counter::kPaidVnd],
             cell.counters[Counter::kCentralSupportVnd],
             cell.counters[Counter::kLocalSupportVnd]};
  }
  for (const auto& [where, changes] : active_changes) {
    for (CivilMonth month = *CivilMonth::FromWire(kFromMonth); month <= *CivilMonth::FromWire(kToMonth);
         month = month.Plus(1)) {
      int64_t active = 0;
      for (const auto& [changed, change] : changes) active += changed <= month.ToWire() ? change : 0;
      out[{where.first, where.second, month.ToWire()}].active = active;
    }
  }
  std::erase_if(out, [](const auto& cell) { return cell.second == OracleCell{}; });
  // Covers may reach beyond the months compared.
  std::erase_if(
      out, [](const auto& cell) { return std::get<2>(cell.first) < kFromMonth || std::get<2>(cell.first) > kToMonth; });
  return out;
}

std::string Describe(const std::map<OracleKey, OracleCell>& cells) {
  std::string out;
  for (const auto& [key, cell] : cells) {
    out += std::get<0>(key) + " " + v1::Scheme_Name(std::get<1>(key)) + " " + std::to_string(std::get<2>(key)) +
           ": first " + std::to_string(cell.first) + " returned " + std::to_string(cell.returned) + " renewed " +
           std::to_string(cell.renewed) + " repeat " + std::to_string(cell.repeat) + " active " +
           std::to_string(cell.active) + " paid " + std::to_string(cell.paid) + "\n";
  }
  return out;
}

TEST(LedgerProperty, EveryCellAgreesWithTheSlowOracleAfterEveryPrefixLookedAt) {
  const uint32_t seed = sothon::testing::SeedForThisRun();
  for (uint32_t round = 0; round < 1000; ++round) {
    RandomLog log(seed + round, 1 + static_cast<int>(round % 6), 1 + static_cast<int>(round % 4));
    Ledger ledger;
    Cells cells;
    size_t applied = 0;
    const int steps = 10 + static_cast<int>(round % 50);
    for (int step = 0; step < steps; ++step) {
      log.AddRandomEvent();
      for (; applied < log.events().size(); ++applied) {
        std::vector<Posting> postings;
        SubjectId touched;
        const v1::Event& event = log.events()[applied];
        ASSERT_TRUE(ledger.Apply(event, &postings, &touched).ok()) << event.DebugString();
        for (const Posting& posting : postings) Post(posting, Position{event.position()}, &cells);
      }
      if (step % 7 != 0 && step != steps - 1) continue;
      const auto expected = CountSlowly(log.events(), kFromMonth, kToMonth, 90);
      const auto counted = CellsInWords(cells, ledger);
      ASSERT_EQ(counted, expected) << "round " << round << " after " << applied
                                   << " events; replay with SOTHON_SEED=" << seed << "\ncounted\n"
                                   << Describe(counted) << "expected\n"
                                   << Describe(expected);
    }
  }
}

TEST(LedgerProperty, AHistoryAsOfAPositionIsTheOneThatStoodThere) {
  const uint32_t seed = sothon::testing::SeedForThisRun();
  for (uint32_t round = 0; round < 200; ++round) {
    RandomLog log(seed + round, 2, 2);
    for (int i = 0; i < 60; ++i) log.AddRandomEvent();
    Ledger ledger;
    std::vector<std::pair<Position, std::map<SubjectId, History>>> stood;
    for (const v1::Event& event : log.events()) {
      std::vector<Posting> postings;
      SubjectId touched;
      ASSERT_TRUE(ledger.Apply(event, &postings, &touched).ok());
      auto& histories = stood.emplace_back(Position{event.position()}, std::map<SubjectId, History>()).second;
      for (const auto& [subject, history] : ledger.participants()) histories[subject] = history;
    }
    for (const auto& [position, histories] : stood) {
      for (const auto& [subject, history] : ledger.participants()) {
        const History known = AsOf(history, position);
        const auto then = histories.find(subject);
        ASSERT_TRUE(then == histories.end() ? known.empty() : known == then->second)
            << "at " << position.value << "; replay with SOTHON_SEED=" << seed + round;
        History decoded;
        ASSERT_TRUE(DecodeHistory(EncodeHistory(history), &decoded));
        ASSERT_EQ(decoded, history);
      }
    }
  }
}

TEST(LedgerProperty, AnUnknownKindStopsTheReaderAndChangesNothing) {
  Ledger ledger;
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(std::string("\x08\x07\xea\x3e\x00", 5)));  // position 7, an empty field 1005
  std::vector<Posting> postings;
  SubjectId touched;
  EXPECT_EQ(ledger.Apply(event, &postings, &touched).code(), absl::StatusCode::kUnimplemented);
  EXPECT_TRUE(postings.empty());
}

}  // namespace
}  // namespace sothon::ledger
