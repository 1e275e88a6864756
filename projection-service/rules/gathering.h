// Findings of one rule that are about the same, gathered into one with a count (findings.proto): what rules about
// documents, targets and decisions report through.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/functional/function_ref.h"
#include "projection-service/rules/rule.h"

namespace sothon::rules {

// What a finding is about, as far as findings are told apart by it.
struct Subject {
  std::optional<ledger::Ordinal> place = {};
  std::string party_id = {};
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  std::string period = {};
};

struct Words {
  std::string vi;
  std::string en;
};

// Thread-compatible. Subjects are reported in order of place, party, scheme and period, items in order of addition.
class Gathering {
 public:
  struct Item {
    Words words;  // named in the sentence's list; empty: only counted
    CivilDate since;
    std::vector<uint64_t> positions;
    uint64_t count = 1;
  };
  void Add(const Subject& subject, Item item);

  // The sentence is the lead, then the items' words; at most the first few, then how many more.
  using Lead = absl::FunctionRef<Words(const Subject& subject, uint64_t count)>;
  void Report(Case* hearing, Lead lead) const;

 private:
  struct Gathered {
    Subject subject;
    std::vector<Item> items;
  };
  std::map<std::tuple<int64_t, std::string, int, std::string>, Gathered> gathered_;
};

// Whether a fact belongs to what is asked about: it names a place there, or none at all, so that it is everybody's.
bool IsAsked(const oversight::Situation& situation, const v1::Event& event);
// nullopt: the fact names none.
std::optional<ledger::Ordinal> PlaceOf(const oversight::Situation& situation, const v1::Event& event);
// "Đăk Hà (23500): ", or nothing.
std::string Before(const oversight::Situation& situation, std::optional<ledger::Ordinal> place);
// "Bưu điện Đăk Hà (TCDVT-01)"; the id alone where that is the name, too, as of people.
std::string PartyWords(const oversight::Situation& situation, std::string_view party_id);
// "document" and "documents": for 1 and for others.
std::string_view Several(uint64_t count, std::string_view one, std::string_view many);

}  // namespace sothon::rules
