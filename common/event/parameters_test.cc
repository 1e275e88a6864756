#include "common/event/parameters.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace sothon {
namespace {

std::string InWords(const ParameterDefinition& parameter, std::optional<int64_t> value) {
  if (!value) return "unset";
  if (parameter.unit == "yes or no") return *value == 0 ? "no" : "yes";
  return std::to_string(*value);
}

// As docs/parameters.md writes it.
std::string RowOf(const ParameterDefinition& parameter) {
  return StrCat("| `", parameter.name, "` | ", parameter.unit, " | ", InWords(parameter, parameter.preset), " | ",
                InWords(parameter, parameter.min), parameter.unit == "yes or no" ? ", " : " to ",
                InWords(parameter, parameter.max), " | ", parameter.plan, " | ", parameter.meaning, " |");
}

TEST(ParametersTest, AreSortedUniqueAndWithinTheirBounds) {
  std::string before;
  for (const ParameterDefinition& parameter : AllParameters()) {
    EXPECT_LT(std::string_view(before), parameter.name);
    before = std::string(parameter.name);
    EXPECT_LT(parameter.min, parameter.max) << parameter.name;
    EXPECT_GE(parameter.min, 0) << parameter.name << ": a negative number is refused whatever it is for";
    if (parameter.preset) {
      EXPECT_GE(*parameter.preset, parameter.min) << parameter.name;
      EXPECT_LE(*parameter.preset, parameter.max) << parameter.name;
    }
    EXPECT_THAT(std::string(parameter.plan), ::testing::StartsWith("plan#")) << parameter.name;
    EXPECT_FALSE(parameter.meaning.empty()) << parameter.name;
    if (parameter.unit == "yes or no") {
      EXPECT_EQ(parameter.max, 1) << parameter.name;
    }
  }
}

TEST(ParametersTest, AreFoundByTheirWholeName) {
  for (const ParameterDefinition& parameter : AllParameters()) {
    EXPECT_EQ(FindParameter(parameter.name), &parameter);
    EXPECT_EQ(FindParameter(StrCat(parameter.name, "x")), nullptr);
    EXPECT_EQ(FindParameter(parameter.name.substr(0, parameter.name.size() - 1)), nullptr);
  }
  EXPECT_EQ(FindParameter(""), nullptr);
  EXPECT_EQ(FindParameter("zzz"), nullptr);
}

// plan#41: a deadline that nobody gave never passes.
TEST(ParametersTest, NoDeadlineAndNoRateIsInvented_Plan41) {
  for (const ParameterDefinition& parameter : AllParameters()) {
    if (parameter.name.starts_with("deadline.") || parameter.name.starts_with("rate.")) {
      EXPECT_FALSE(parameter.preset) << parameter.name;
    }
  }
}

TEST(ParametersTest, TheTableForPeopleIsThisTable) {
  const char* source = std::getenv("SOTHON_SOURCE");
  std::ifstream in(StrCat(source != nullptr ? source : ".", "/docs/parameters.md"));
  ASSERT_TRUE(in) << "docs/parameters.md";
  std::vector<std::string> written;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| `")) written.push_back(line);
  }
  std::vector<std::string> known;
  for (const ParameterDefinition& parameter : AllParameters()) known.push_back(RowOf(parameter));
  EXPECT_THAT(written, ::testing::ElementsAreArray(known));
}

}  // namespace
}  // namespace sothon
