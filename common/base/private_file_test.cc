#include "common/base/private_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "common/testing/temp_dir.h"

namespace sothon {
namespace {

using ::testing::HasSubstr;

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

TEST(PrivateFile, WhatIsWrittenIsPrivateAndReadsBack) {
  const testing::TempDir directory;
  const std::string path = directory.Path("key");
  EXPECT_EQ(ReadPrivateFile("test key", path, 9).status().code(), absl::StatusCode::kNotFound);
  const mode_t umask_before = umask(0277);
  const absl::Status created = CreatePrivateFile("test key", path, std::string("secret\0!\n", 9));
  umask(umask_before);
  ASSERT_TRUE(created.ok()) << created;
  struct stat about;
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
  EXPECT_EQ(*ReadPrivateFile("test key", path, 9), std::string("secret\0!\n", 9));
}

TEST(PrivateFile, NothingIsWrittenOver) {
  const testing::TempDir directory;
  const std::string path = directory.Path("key");
  ASSERT_TRUE(CreatePrivateFile("test key", path, "first").ok());
  EXPECT_EQ(CreatePrivateFile("test key", path, "second").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*ReadPrivateFile("test key", path, 9), "first");
  const std::string link = directory.Path("link");
  ASSERT_EQ(symlink(directory.Path("nowhere").c_str(), link.c_str()), 0);
  EXPECT_EQ(CreatePrivateFile("test key", link, "third").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(access(directory.Path("nowhere").c_str(), F_OK), -1);
}

TEST(PrivateFile, AnyModeBut0600IsRefusedWithTheRemedy) {
  const testing::TempDir directory;
  const std::string path = directory.Path("key");
  ASSERT_TRUE(CreatePrivateFile("test key", path, "secret").ok());
  for (const mode_t mode : {0400, 0604, 0610, 0620, 0640, 0644, 0666, 0700, 01600, 04600}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const absl::Status status = ReadPrivateFile("test key", path, 9).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_THAT(MessageOf(status), HasSubstr("chmod 600 " + path));
  }
  EXPECT_THAT(MessageOf(ReadPrivateFile("test key", path, 9).status()), HasSubstr("has mode 4600 instead of 0600"));
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_TRUE(ReadPrivateFile("test key", path, 9).ok());
}

TEST(PrivateFile, ALinkADirectoryAndAPipeAreRefused) {
  const testing::TempDir directory;
  const std::string path = directory.Path("key");
  ASSERT_TRUE(CreatePrivateFile("test key", path, "secret").ok());
  ASSERT_EQ(symlink(path.c_str(), directory.Path("link").c_str()), 0);
  const absl::Status link = ReadPrivateFile("test key", directory.Path("link"), 9).status();
  EXPECT_EQ(link.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(link), HasSubstr("symbolic link"));
  ASSERT_EQ(mkfifo(directory.Path("pipe").c_str(), 0600), 0);
  for (const std::string& other : {directory.Path("pipe"), directory.path()}) {
    const absl::Status status = ReadPrivateFile("test key", other, 9).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(MessageOf(status), HasSubstr("not a plain file"));
  }
}

TEST(PrivateFile, AnotherOwnerIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const testing::TempDir directory;
  const std::string path = directory.Path("key");
  ASSERT_TRUE(CreatePrivateFile("test key", path, "secret").ok());
  ASSERT_EQ(chown(path.c_str(), 65534, static_cast<gid_t>(-1)), 0);
  const absl::Status status = ReadPrivateFile("test key", path, 9).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(status), HasSubstr("belongs to user 65534"));
}

TEST(PrivateFile, ALongerFileIsRefused) {
  const testing::TempDir directory;
  const std::string path = directory.Path("key");
  ASSERT_TRUE(CreatePrivateFile("test key", path, "0123456789").ok());
  EXPECT_EQ(ReadPrivateFile("test key", path, 9).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*ReadPrivateFile("test key", path, 10), "0123456789");
}

TEST(PrivateFile, AMissingDirectoryIsAnErrorNotAFile) {
  const testing::TempDir directory;
  EXPECT_EQ(CreatePrivateFile("test key", directory.Path("no/key"), "k").code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sothon
