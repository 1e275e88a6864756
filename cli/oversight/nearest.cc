#include "cli/oversight/nearest.h"

#include <algorithm>
#include <numeric>

namespace sothon::cli {
namespace {

// Levenshtein's distance, a row at a time.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string NearestWord(std::string_view typed, const std::vector<std::string>& words) {
  constexpr size_t kHeldMin = 3;
  std::string nearest;
  size_t least = std::max<size_t>(2, typed.size() / 3) + 1;
  for (const std::string& word : words) {
    const bool is_held = typed.size() >= kHeldMin && word.find(typed) != std::string::npos;
    // What holds the text typed counts as one letter away.
    const size_t distance = is_held ? 1 : Distance(typed, word);
    if (distance >= least) continue;
    least = distance;
    nearest = word;
  }
  return nearest;
}

}  // namespace sothon::cli
