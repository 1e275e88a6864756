#include "projection-service/ledger/ledger_oracle.h"

#include <algorithm>
#include <set>

namespace sothon::ledger {
namespace {

// Days since 1970-01-01, counted by walking the calendar: slow, and independent of <chrono>.
int DaysInMonth(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

int DayNumber(int yyyymmdd) {
  static std::map<int, int> known;
  const auto it = known.find(yyyymmdd);
  if (it != known.end()) return it->second;
  int day = 0;
  for (int year = 1970; year < yyyymmdd / 10000; ++year) {
    for (int month = 1; month <= 12; ++month) day += DaysInMonth(year, month);
  }
  for (int month = 1; month < yyyymmdd / 100 % 100; ++month) day += DaysInMonth(yyyymmdd / 10000, month);
  return known[yyyymmdd] = day + yyyymmdd % 100 - 1;
}

int NextMonth(int yyyymm) { return yyyymm % 100 == 12 ? yyyymm + 89 : yyyymm + 1; }
int FirstDay(int yyyymm) { return DayNumber(yyyymm * 100 + 1); }
int LastDay(int yyyymm) { return DayNumber(yyyymm * 100 + DaysInMonth(yyyymm / 100, yyyymm % 100)); }

struct Fact {
  int order_group;  // 0 openings, 1 the rest
  int effective;    // YYYYMMDD
  uint64_t position;
  bool is_move;
  bool is_opening;
  std::string place;
  int cover_first = 0, cover_last = 0;  // day numbers
  int from_month = 0;
  int64_t paid = 0, central = 0, local = 0;
  std::set<std::string> accounts;  // that a collection counts in
  bool operator<(const Fact& other) const {
    return std::tie(order_group, effective, position) < std::tie(other.order_group, other.effective, other.position);
  }
};

using Cells = std::map<OracleKey, OracleCell>;

void CountPerson(const std::vector<Fact>& facts, v1::Scheme scheme, int from_month, int to_month, int grace_days,
                 Cells* cells) {
  // What each contribution is.
  for (size_t i = 0; i < facts.size(); ++i) {
    const Fact& fact = facts[i];
    if (fact.is_move || fact.is_opening) continue;
    bool earlier_in_month = false, earlier = false;
    int covered_until = 0;
    for (size_t j = 0; j < i; ++j) {
      if (facts[j].is_move) continue;
      covered_until = earlier ? std::max(covered_until, facts[j].cover_last) : facts[j].cover_last;
      earlier = true;
      if (!facts[j].is_opening && facts[j].effective / 100 == fact.effective / 100) earlier_in_month = true;
    }
    const int month = fact.effective / 100;
    if (month < from_month || month > to_month) continue;
    for (const std::string& account : fact.accounts) {
      OracleCell& cell = (*cells)[{account, scheme, month}];
      if (earlier_in_month) {
        ++cell.repeat;
      } else if (!earlier) {
        ++cell.first;
      } else if (FirstDay(fact.from_month) - (covered_until + 1) > grace_days) {
        ++cell.returned;
      } else {
        ++cell.renewed;
      }
      cell.paid += fact.paid;
      cell.central += fact.central;
      cell.local += fact.local;
    }
  }
  // Who is covered on each month's last day, and where.
  for (int month = from_month; month <= to_month; month = NextMonth(month)) {
    const int day = LastDay(month);
    bool covered = false;
    std::string lives_in, first_known;
    for (const Fact& fact : facts) {
      if (!fact.is_move && fact.cover_first <= day && day <= fact.cover_last) covered = true;
      if (!fact.is_move && first_known.empty()) first_known = fact.place;
      if (fact.effective / 100 <= month) lives_in = fact.place;
    }
    if (covered) ++(*cells)[{lives_in.empty() ? first_known : lives_in, scheme, month}].active;
  }
}

Fact FactOf(const v1::Event& event) {
  Fact fact{};
  fact.order_group = event.has_opening_recorded() ? 0 : 1;
  fact.effective = event.effective_date();
  fact.position = event.position();
  fact.is_move = event.has_participant_moved();
  fact.is_opening = event.has_opening_recorded();
  fact.place = event.place_id();
  if (fact.is_opening) {
    fact.cover_first = DayNumber(event.effective_date());
    fact.cover_last = DayNumber(event.opening_recorded().covered_until());
  } else if (event.has_contribution_recorded()) {
    const auto& paid = event.contribution_recorded();
    fact.from_month = paid.from_month();
    int last_month = paid.from_month();
    for (uint32_t i = 1; i < paid.months(); ++i) last_month = NextMonth(last_month);
    fact.cover_first = FirstDay(paid.from_month());
    fact.cover_last = LastDay(last_month);
    fact.paid = paid.paid_vnd();
    fact.central = paid.central_support_vnd();
    fact.local = paid.local_support_vnd();
    fact.accounts = {event.place_id()};
    if (!paid.agency_id().empty()) fact.accounts.insert("desk " + paid.agency_id() + " " + paid.collector_id());
    if (!paid.drive_id().empty()) fact.accounts.insert("drive " + paid.drive_id());
    for (const std::string& party : paid.credited_party_ids()) fact.accounts.insert("credited " + party);
  }
  return fact;
}

}  // namespace

Cells CountSlowly(const std::vector<v1::Event>& events, int32_t from_month, int32_t to_month, int grace_days) {
  std::set<uint64_t> reversed;
  std::set<std::string> people;
  for (const v1::Event& event : events) {
    if (event.has_contribution_reversed()) reversed.insert(event.contribution_reversed().reversed_position());
    if (event.has_opening_recorded()) people.insert(event.opening_recorded().subject_id());
    if (event.has_contribution_recorded()) people.insert(event.contribution_recorded().subject_id());
  }
  Cells cells;
  for (const std::string& person : people) {
    for (int scheme = v1::Scheme_MIN + 1; scheme <= v1::Scheme_MAX; ++scheme) {
      std::vector<Fact> facts;
      bool concerned = false;
      for (const v1::Event& event : events) {
        const bool opening = event.has_opening_recorded() && event.opening_recorded().subject_id() == person &&
                             event.opening_recorded().scheme() == scheme;
        const bool contribution =
            event.has_contribution_recorded() && event.contribution_recorded().subject_id() == person &&
            event.contribution_recorded().scheme() == scheme && !reversed.contains(event.position());
        const bool move = event.has_participant_moved() && event.participant_moved().subject_id() == person;
        concerned |= opening || contribution;
        if (opening || contribution || move) facts.push_back(FactOf(event));
      }
      if (!concerned) continue;
      std::sort(facts.begin(), facts.end());
      CountPerson(facts, static_cast<v1::Scheme>(scheme), from_month, to_month, grace_days, &cells);
    }
  }
  std::erase_if(cells, [](const auto& cell) { return cell.second == OracleCell{}; });
  return cells;
}

}  // namespace sothon::ledger
