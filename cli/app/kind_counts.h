// How many events of which kinds a file holds.
#pragma once

#include <map>
#include <string>

#include "common/base/strings.h"
#include "common/event/event_kind.h"

namespace sothon::cli {

// Thread-compatible.
class KindCounts {
 public:
  void Add(const v1::Event& event) { ++by_kind_[std::string(EventKindName(event.kind_case()))]; }

  // "5 events (place_registered 2, target_set 3)".
  std::string ToText() const {
    int sum = 0;
    std::string kinds;
    for (const auto& [kind, count] : by_kind_) {
      StrAppend(&kinds, kinds.empty() ? " (" : ", ", kind, " ", count);
      sum += count;
    }
    return StrCat(sum, sum == 1 ? " event" : " events", kinds, kinds.empty() ? "" : ")");
  }

 private:
  std::map<std::string, int> by_kind_;
};

}  // namespace sothon::cli
