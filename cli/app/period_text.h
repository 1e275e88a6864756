// Periods as people write them.
#pragma once

#include <string>

namespace sothon::cli {

// As the services take it: "2025q4" becomes "2025Q4"; other text stays as it is.
std::string NormalPeriod(std::string text);

// What is wrong with a period, and how to write one: "there is no month 13; write 2025-10, ...". Empty: nothing is.
std::string WhatIsWrongWithPeriod(const std::string& text);

}  // namespace sothon::cli
