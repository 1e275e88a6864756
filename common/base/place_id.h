// Identifiers of places: province `51`, commune `23500`, village or residential group `23500-07`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sothon {

enum class PlaceShape { kProvince, kCommune, kVillage };

// The shape of `id`, or nullopt when it has none: 2 digits; 5 digits; 5 digits, '-', 2 or 3 digits.
std::optional<PlaceShape> ShapeOfPlaceId(std::string_view id);

// `23500` of `23500-07` and of `23500`; empty for a province.
std::string_view CommuneOfPlaceId(std::string_view id);

}  // namespace sothon
