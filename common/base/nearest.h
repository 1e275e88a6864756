// What somebody who misspelt a key most likely meant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sothon {

// Edits (insert, delete, replace one byte) that make `a` of `b`.
inline size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// Whether `distance` edits of `unknown` are few enough to be slips.
inline bool IsNear(size_t distance, std::string_view unknown) {
  return distance <= std::max<size_t>(3, unknown.size() / 3);
}

// The nearest of `known` (anything std::string_view is made of); empty when none is near.
template <typename Names>
std::string NearestOf(std::string_view unknown, const Names& known) {
  std::string best;
  size_t best_distance = 0;
  for (const auto& name : known) {
    const size_t distance = EditDistance(unknown, name);
    // As many edits as there are letters make anything of anything.
    if (distance >= unknown.size() || !IsNear(distance, unknown)) continue;
    if (best.empty() || distance < best_distance) best = name, best_distance = distance;
  }
  return best;
}

}  // namespace sothon
