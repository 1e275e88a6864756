#include "common/base/ids.h"

#include <algorithm>

#include "common/base/place_id.h"

namespace sothon {
namespace {
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }
}  // namespace

bool IsWellFormedId(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == ':' ||
           c == '-';
  });
}

std::optional<PlaceShape> ShapeOfPlaceId(std::string_view id) {
  if (id.size() == 2 && AllDigits(id)) return PlaceShape::kProvince;
  if (id.size() == 5 && AllDigits(id)) return PlaceShape::kCommune;
  if ((id.size() == 8 || id.size() == 9) && AllDigits(id.substr(0, 5)) && id[5] == '-' && AllDigits(id.substr(6))) {
    return PlaceShape::kVillage;
  }
  return std::nullopt;
}

std::string_view CommuneOfPlaceId(std::string_view id) { return id.size() >= 5 ? id.substr(0, 5) : std::string_view{}; }

}  // namespace sothon
