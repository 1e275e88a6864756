// A projection that knows two villages, for tests of the commands of the oversight.
#pragma once

#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
#include "gmock/gmock.h"

namespace sothon::cli {

class OversightCommands : public ::testing::Test {
 protected:
  OversightCommands() {
    progress_.freshness.set_log_id("dak-ha");
    progress_.freshness.set_position(4711);
    v1::PlaceInfo* village = progress_.places.add_places();
    village->set_place_id("23500-01");
    village->set_name("Thôn Một");
  }
  Outcome Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--projection", progress_.address()});
    return RunWith(arguments);
  }
  // As a program reads it.
  std::string Csv(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "csv"});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return outcome.out;
  }
  std::string Json(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return outcome.out;
  }
  std::string Table(std::vector<std::string> arguments) {
    const Outcome outcome = Run(std::move(arguments));
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return outcome.out;
  }
  // What is said of wrong usage.
  std::string WrongUsage(std::vector<std::string> arguments) {
    const Outcome outcome = Run(std::move(arguments));
    EXPECT_EQ(outcome.exit, 2) << outcome.out;
    return outcome.err;
  }

  FakeProgress progress_;
};

}  // namespace sothon::cli
