// Documents, parties and targets as they stand on the date of a situation: what rules about plans look up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "projection-service/oversight/situation.h"

namespace sothon::rules {

// By id. A document recorded again is corrected by that: the newest event about it holds.
using DocumentsById = absl::flat_hash_map<std::string, const v1::Event*>;
DocumentsById DocumentsOf(const oversight::Situation& situation);
// The same in order of the log, those alone that belong to what is asked about: its own, and those without a place.
std::vector<const v1::Event*> DocumentsAsked(const oversight::Situation& situation);
// As people call it: its number as printed, otherwise its title, otherwise its id.
const std::string& LabelOf(const v1::DocumentIssued& document);

// The events that registered them, by id.
using PartiesById = absl::flat_hash_map<std::string, const v1::Event*>;
PartiesById PartiesOf(const oversight::Situation& situation);

struct KnownTarget {
  const ledger::Target* target;
  const v1::Event* event;
  // No target in effect on the date revises it. Figures ask ledger::InForce, by position alone: there a revision that
  // is recorded holds, and one that takes effect later would leave the days before it without a target.
  bool in_force = true;
};
// In effect on the date, in order of the log; those that were revised since among them.
std::vector<KnownTarget> TargetsEverSet(const oversight::Situation& situation);
// Of those the ones in force.
std::vector<KnownTarget> KnownTargets(const oversight::Situation& situation);

// What a target is of, where targets of the same are compared: the scheme or the group, and what is counted.
struct ProductKey {
  v1::Scheme scheme;
  std::string_view group_id;
  v1::Measure measure;
  auto operator<=>(const ProductKey&) const = default;
};
ProductKey ProductOf(const ledger::Target& target);
// "BHXH tự nguyện", "BHYT tự đóng" and in English; of a group its name, in both.
std::string ProductVi(const oversight::Situation& situation, const ProductKey& product);
std::string ProductEn(const oversight::Situation& situation, const ProductKey& product);

}  // namespace sothon::rules
