#include "ingest-service/vault/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "common/testing/temp_dir.h"

namespace sothon::ingest {
namespace {

TEST(KeyFile, ACreatedKeyIsPrivateAndReadsBack) {
  const testing::TempDir directory;
  const std::string path = directory.path() + "/key";
  EXPECT_EQ(ReadKeyFile(path).status().code(), absl::StatusCode::kNotFound);
  const auto created = CreateKeyFile(path);
  ASSERT_TRUE(created.ok()) << created.status();
  struct stat about;
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_EQ(*ReadKeyFile(path), *created);
  EXPECT_EQ(CreateKeyFile(path).status().code(), absl::StatusCode::kAlreadyExists);
}

TEST(KeyFile, AKeyThatOthersCanReadIsRefused) {
  const testing::TempDir directory;
  const std::string path = directory.path() + "/key";
  ASSERT_TRUE(CreateKeyFile(path).ok());
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_EQ(ReadKeyFile(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(KeyFile, AKeyOfAnotherLengthIsRefused) {
  const testing::TempDir directory;
  for (const size_t length : {0, 31, 33}) {
    const std::string path = directory.path() + "/key" + std::to_string(length);
    std::ofstream(path) << std::string(length, 'k');
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(ReadKeyFile(path).status().code(), absl::StatusCode::kFailedPrecondition) << length;
  }
}

}  // namespace
}  // namespace sothon::ingest
