// plan#62: lists of people paid for by the budget, without duplicates.
#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "common/base/strings.h"
#include "projection-service/rules/rule.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using ledger::HistoryEntry;

// Statutory order, as far as the plan names groups: the first of several holds.
constexpr std::string_view kOrder[] = {"ho_ngheo", "can_ngheo", "tre_em"};

struct Membership {
  size_t rank = 0;
  uint16_t group = 0;
  CivilDate from;
  CivilDate until;
  const HistoryEntry* entry = nullptr;

  bool HoldsOn(CivilDate date) const { return from <= date && date <= until; }
};

auto InOrder(const Membership& one) { return std::tuple(one.rank, one.group, one.entry->position); }

size_t RankOf(std::string_view group) {
  return static_cast<size_t>(std::find(std::begin(kOrder), std::end(kOrder), group) - std::begin(kOrder));
}

bool HasSeveralGroups(absl::Span<const HistoryEntry> history) {
  const HistoryEntry* first = nullptr;
  for (const HistoryEntry& entry : history) {
    if (entry.kind != HistoryEntry::Kind::kClassification) continue;
    if (first == nullptr) first = &entry;
    if (entry.group != first->group) return true;
  }
  return false;
}

// Of each group the newest classification speaks, from its own date on.
std::vector<Membership> MembershipsOf(absl::Span<const HistoryEntry> history, const ledger::Names& names) {
  std::vector<Membership> memberships;
  for (const HistoryEntry& entry : history) {
    if (entry.kind != HistoryEntry::Kind::kClassification) continue;
    for (Membership& earlier : memberships) {
      if (earlier.group == entry.group) earlier.until = std::min(earlier.until, entry.effective.Plus(-1));
    }
    const std::string_view name = names.All(ledger::Names::Kind::kGroup)[entry.group];
    memberships.push_back({RankOf(name), entry.group, entry.effective, entry.covered_until, &entry});
  }
  return memberships;
}

class GroupsOverlap final : public PersonRule {
 public:
  RuleInfo info() const override {
    return {.code = "groups_overlap",
            .severity = v1::WARNING,
            .plan_items = {62},
            .title_vi = "Một người thuộc nhiều nhóm đối tượng cùng lúc",
            .title_en = "People in several groups at once",
            .reading =
                "On the days on which both hold. The first in statutory order holds: ho_ngheo, can_ngheo, tre_em, "
                "then the others, the one recorded first before later ones."};
  }

  void Examine(const oversight::Person& person, const oversight::Circumstances& known, TraceSink* sink) const override {
    if (!HasSeveralGroups(person.history)) return;
    std::vector<Membership> memberships = MembershipsOf(person.history, known.names);
    std::vector<CivilDate> changes;
    for (const Membership& one : memberships) {
      if (one.until < one.from) continue;
      changes.push_back(one.from);
      changes.push_back(one.until.Plus(1));
    }
    std::sort(changes.begin(), changes.end());
    changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
    std::sort(memberships.begin(), memberships.end(),
              [](const Membership& a, const Membership& b) { return InOrder(a) < InOrder(b); });
    // Between two changes the same groups hold.
    oversight::Trace* last = nullptr;
    for (size_t i = 0; i + 1 < changes.size(); ++i) {
      const Membership* holds = nullptr;
      const Membership* other = nullptr;
      for (const Membership& one : memberships) {
        if (!one.HoldsOn(changes[i])) continue;
        if (holds == nullptr) {
          holds = &one;
        } else if (other == nullptr) {
          other = &one;
        }
      }
      if (other == nullptr) {
        last = nullptr;
        continue;
      }
      const uint64_t a = holds->entry->position;
      const uint64_t b = other->entry->position;
      if (last == nullptr || last->positions != std::array<uint64_t, 3>{std::min(a, b), std::max(a, b)}) {
        last = &sink->Add(PlaceOf(*holds, *other, person, known), std::min(a, b), changes[i]);
        last->positions = {std::min(a, b), std::max(a, b)};
      }
      last->until = changes[i + 1].Plus(-1);
    }
  }

 private:
  // Lists may be a commune's; people are in villages.
  static ledger::Ordinal PlaceOf(const Membership& holds, const Membership& other, const oversight::Person& person,
                                 const oversight::Circumstances& known) {
    const Membership& later = holds.from < other.from ? other : holds;
    const Membership& earlier = holds.from < other.from ? holds : other;
    for (const HistoryEntry* entry : {later.entry, earlier.entry}) {
      if (known.reference.place(entry->place).IsLeaf()) return entry->place;
    }
    return person.steps.empty() ? later.entry->place : person.steps.front().place;
  }

  std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const override {
    const std::string place = situation.NameOf(group.place);
    return Sentence{
        StrCat(place, ": ", group.count,
               " người đồng thời thuộc nhiều nhóm đối tượng; nhóm đứng trước theo thứ tự luật định được áp dụng"),
        StrCat(place, ": ", group.count, " ", PeopleEn(group.count),
               " in several groups at once; the first in statutory order holds")};
  }
};

}  // namespace

SOTHON_RULE(groups_overlap, GroupsOverlap)

}  // namespace sothon::rules
