// Something wrong in a file that a person wrote: where, what, and what to write instead.
#pragma once

#include <string>

namespace sothon::cli {

struct Problem {
  std::string field;  // the column or key, as the file calls it; empty: the whole row
  std::string reason;
  std::string remedy;
};

}  // namespace sothon::cli
