// What somebody who misspelt a parameter most likely meant, as part of a sentence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/nearest.h"
#include "common/base/strings.h"
#include "common/event/parameters.h"

namespace sothon {

// "\"x\" is no parameter; did you mean \"y\"?; docs/parameters.md has all of them".
inline std::string NoSuchParameter(std::string_view name) {
  std::vector<std::string_view> known;
  for (const ParameterDefinition& parameter : AllParameters()) known.push_back(parameter.name);
  const std::string nearest = NearestOf(name, known);
  return StrCat("\"", name.substr(0, 64), "\" is no parameter", nearest.empty() ? "" : "; did you mean \"", nearest,
                nearest.empty() ? "" : "\"?", "; docs/parameters.md has all of them");
}

}  // namespace sothon
