#include "cli/app/output_place.h"

#include <filesystem>
#include <fstream>

#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;

TEST(OutputPlace, ASecretKeyIsNotOverwritten) {
  const sothon::testing::TempDir temp;
  std::ofstream(temp.Path("log.key")) << "PRIVATE+KEY+test-log+0badc0de+AAAA\n";
  std::ofstream(temp.Path("note")) << "PRIVATE";
  const absl::Status refused = CheckFileCanBeWritten("--out", temp.Path("log.key"));
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--out " + temp.Path("log.key") + ": there is a secret key"));
  EXPECT_TRUE(CheckFileCanBeWritten("--out", temp.Path("note")).ok());
  EXPECT_TRUE(CheckFileCanBeWritten("--out", temp.Path("new")).ok());
  EXPECT_TRUE(CheckFileCanBeWritten("--out", "").ok());
}

TEST(OutputPlace, NothingElseIsPutIntoAnExport) {
  const sothon::testing::TempDir temp;
  EXPECT_TRUE(CheckFolderCanBeFilled("--proof", temp.path()).ok());
  std::filesystem::create_directories(temp.Path("tile/entries"));
  std::ofstream(temp.Path("checkpoint")) << "test-log\n0\n";
  const absl::Status refused = CheckFolderCanBeFilled("--proof", temp.path());
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("this is an export of a log"));
}

}  // namespace
}  // namespace sothon::cli
