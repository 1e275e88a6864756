#include "projection-service/rules/gathering.h"

#include <algorithm>

#include "common/base/strings.h"

namespace sothon::rules {
namespace {

constexpr size_t kNamedMax = 5;

// ": a; b; c; and 4 more"
std::string Listed(const std::vector<Gathering::Item>& items, std::string Words::*language,
                   std::string_view more_before, std::string_view more_after) {
  std::string list;
  size_t named = 0;
  for (const Gathering::Item& item : items) {
    const std::string& words = item.words.*language;
    if (words.empty()) continue;
    if (named == kNamedMax) {
      StrAppend(&list, "; ", more_before, items.size() - kNamedMax, more_after);
      break;
    }
    StrAppend(&list, named == 0 ? ": " : "; ", words);
    ++named;
  }
  return list;
}

}  // namespace

void Gathering::Add(const Subject& subject, Item item) {
  const int64_t place = subject.place ? int64_t{subject.place->value} : -1;
  Gathered& gathered = gathered_[{place, subject.party_id, subject.scheme, subject.period}];
  gathered.subject = subject;
  gathered.items.push_back(std::move(item));
}

void Gathering::Report(Case* hearing, Lead lead) const {
  for (const auto& [key, gathered] : gathered_) {
    const Subject& subject = gathered.subject;
    Finding finding{
        .place = subject.place, .party_id = subject.party_id, .scheme = subject.scheme, .period = subject.period};
    finding.count = 0;
    finding.since = gathered.items.front().since;
    for (const Item& item : gathered.items) {
      finding.count += item.count;
      finding.since = std::min(finding.since, item.since);
      finding.positions.insert(finding.positions.end(), item.positions.begin(), item.positions.end());
    }
    const Words words = lead(subject, finding.count);
    finding.text_vi = words.vi + Listed(gathered.items, &Words::vi, "và ", " trường hợp nữa");
    finding.text_en = words.en + Listed(gathered.items, &Words::en, "and ", " more");
    hearing->Report(std::move(finding));
  }
}

bool IsAsked(const oversight::Situation& situation, const v1::Event& event) {
  return event.place_id().empty() || situation.Covers(std::string_view(event.place_id()));
}

std::optional<ledger::Ordinal> PlaceOf(const oversight::Situation& situation, const v1::Event& event) {
  const ledger::Place* place = situation.reference().FindPlace(event.place_id());
  return place == nullptr ? std::nullopt : std::optional(place->ordinal);
}

std::string Before(const oversight::Situation& situation, std::optional<ledger::Ordinal> place) {
  return place ? StrCat(situation.NameOf(*place), ": ") : std::string();
}

std::string PartyWords(const oversight::Situation& situation, std::string_view party_id) {
  const ledger::Party* party = situation.reference().FindParty(party_id);
  if (party == nullptr || party->name.empty() || party->name == party_id) return std::string(party_id);
  return StrCat(party->name, " (", party_id, ")");
}

std::string_view Several(uint64_t count, std::string_view one, std::string_view many) {
  return count == 1 ? one : many;
}

}  // namespace sothon::rules
