#include "tests/harness/worked_example.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "common/base/strings.h"
#include "common/testing/event_builders.h"
#include "gtest/gtest.h"
#include "tests/harness/service.h"

namespace sothon::testing {
namespace {

std::vector<std::string> Fields(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  fields.resize(7);
  return fields;
}

// "2025-10-05" as 20251005, "2025-10" as 202510.
int32_t Digits(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
  return std::stoi(text);
}

std::string ReceiptOf(const std::string& row) { return "BL-" + row; }

v1::Submission SubmissionOf(const std::vector<std::string>& row) {
  if (row[2].starts_with("reversal of ")) return Submit(Reversal(ReceiptOf(row[2].substr(12)), Digits(row[3])));
  EXPECT_EQ(row[2], "contribution");
  const uint64_t person = static_cast<uint64_t>(row[1][0] - 'A') + 1;
  ContributionSpec spec;
  spec.receipt = ReceiptOf(row[0]);
  spec.person = person;
  spec.place_id = VillageId(1);
  spec.date = Digits(row[3]);
  spec.from_month = Digits(row[4]);
  spec.months = static_cast<uint32_t>(std::stoi(row[5]));
  return SubmitFor(person, Contribution(spec));
}

}  // namespace

std::vector<v1::Submission> WorkedExample() {
  std::ifstream file(RequiredEnvironment("SOTHON_SOURCE") + "/tests/data/worked-example.csv");
  std::string line;
  EXPECT_TRUE(std::getline(file, line)) << "the heading of the worked example";
  std::vector<v1::Submission> submissions;
  while (std::getline(file, line)) submissions.push_back(SubmissionOf(Fields(line)));
  return submissions;
}

}  // namespace sothon::testing
