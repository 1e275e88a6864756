// One HTTP request to a loopback port.
#pragma once

#include <string>

namespace sothon::testing {

// The whole answer, head and body; empty when nobody answers.
std::string HttpGet(int port, const std::string& path);

}  // namespace sothon::testing
