// The program as a whole, within a test.
#pragma once

#include <string>
#include <vector>

#include "cli/app/command_line.h"
#include "gtest/gtest.h"

namespace sothon::cli {

struct Outcome {
  int exit = 0;
  std::string out;
  std::string err;
};

inline Outcome RunWith(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "sothon");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.exit = RunCommandLine(static_cast<int>(argv.size()), argv.data());
  outcome.out = ::testing::internal::GetCapturedStdout();
  outcome.err = ::testing::internal::GetCapturedStderr();
  return outcome;
}

}  // namespace sothon::cli
