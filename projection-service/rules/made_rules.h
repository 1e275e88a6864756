// Every rule there is, made anew. The list is written by the build from the names of the rules' files.
#pragma once

#include <memory>
#include <vector>

#include "projection-service/rules/rule.h"

namespace sothon::rules {

std::vector<std::unique_ptr<const Rule>> MakeRules();

}  // namespace sothon::rules
