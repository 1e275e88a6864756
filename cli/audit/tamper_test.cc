// Whatever is changed in an export is found: by `verify`, and by tools/verify_export.py, which shares no code with it.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>

#include "cli/audit/export_fixture.h"
#include "common/base/durable_file.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::string ExportOf(const std::string& directory, uint64_t size) {
  FakeLog log(size);
  const auto summary = ExportTo(directory, &log);
  EXPECT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(Verify(directory).ok());
  return directory;
}

// Changes one byte in place.
void Flip(const std::string& path, size_t at, uint8_t mask) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ mask);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

struct PythonSays {
  int exit_status = 0;
  std::string output;
};
PythonSays AskPython(const std::vector<std::string>& directories,
                     const std::string& key = LogKey().verifier().ToString()) {
  const char* const source = std::getenv("SOTHON_SOURCE");
  EXPECT_NE(source, nullptr) << "run it with ctest";
  std::string command = StrCat("python3 ", source == nullptr ? "." : source, "/tools/verify_export.py ");
  for (const std::string& directory : directories) StrAppend(&command, "'", directory, "' ");
  StrAppend(&command, "'", key, "' 2>&1");
  FILE* const pipe = popen(command.c_str(), "r");
  PythonSays says;
  for (int byte = fgetc(pipe); byte != EOF; byte = fgetc(pipe)) says.output.push_back(static_cast<char>(byte));
  says.exit_status = WEXITSTATUS(pclose(pipe));
  return says;
}

class TamperTest : public ::testing::Test {
 protected:
  std::string Export(uint64_t size) { return ExportOf(temp_.Path(StrCat("of-", size)), size); }
  std::string Copy(const std::string& directory, const std::string& name) {
    const std::string copy = temp_.Path(name);
    fs::copy(directory, copy, fs::copy_options::recursive);
    return copy;
  }
  // Flips `masks` of every byte of `file` (or of one in `stride`), one at a time; every one has to be found.
  void FlipAll(const std::string& directory, const std::string& file, const std::vector<uint8_t>& masks,
               size_t stride = 1) {
    const std::string path = directory + "/" + file;
    const size_t size = fs::file_size(path);
    for (size_t at = 0; at < size; at += stride) {
      for (const uint8_t mask : masks) {
        Flip(path, at, mask);
        EXPECT_FALSE(Verify(directory).ok()) << file << ", byte " << at << ", mask " << int{mask};
        Flip(path, at, mask);
      }
    }
  }

  sothon::testing::TempDir temp_;
};

TEST_F(TamperTest, EveryBitOfASmallExport) {
  const std::string directory = Export(5);
  for (const std::string& file : FilesOf(directory)) FlipAll(directory, file, {1, 2, 4, 8, 16, 32, 64, 128});
  EXPECT_TRUE(Verify(directory).ok()) << "all is as it was";
}

TEST_F(TamperTest, EveryByteOfAnExportOf50) {
  const std::string directory = Export(50);
  for (const std::string& file : FilesOf(directory)) FlipAll(directory, file, {0x55});
  EXPECT_TRUE(Verify(directory).ok()) << "all is as it was";
}

TEST_F(TamperTest, ManyBytesOfAnExportOfTwoTiles) {
  const std::string directory = Export(257);
  for (const std::string& file : FilesOf(directory)) {
    FlipAll(directory, file, {0x55}, fs::file_size(directory + "/" + file) > 1000 ? 5 : 1);
  }
  EXPECT_TRUE(Verify(directory).ok()) << "all is as it was";
}

// Every bit of sampled bytes, by both verifiers.
TEST_F(TamperTest, EveryBitOfASampleOfALargeOne) {
  const std::string directory = Export(65'536 + 300);
  std::mt19937_64 random(7);
  const std::vector<std::string> files = FilesOf(directory);
  // The few files of the upper levels as often as the many bundles.
  for (const std::string kind : {"tile/entries", "tile/entries", "tile/0", "tile/1", "tile/2", "checkpoint"}) {
    std::vector<std::string> of_kind;
    for (const std::string& file : files) {
      if (file.rfind(kind, 0) == 0) of_kind.push_back(file);
    }
    ASSERT_FALSE(of_kind.empty()) << kind;
    const std::string path = directory + "/" + of_kind[random() % of_kind.size()];
    const size_t at = random() % fs::file_size(path);
    for (int bit = 0; bit < 8; ++bit) {
      const auto mask = static_cast<uint8_t>(1 << bit);
      Flip(path, at, mask);
      EXPECT_FALSE(Verify(directory).ok()) << path << ", byte " << at << ", mask " << int{mask};
      EXPECT_EQ(AskPython({directory}).exit_status, 1) << path << ", byte " << at << ", mask " << int{mask};
      Flip(path, at, mask);
    }
  }
  EXPECT_TRUE(Verify(directory).ok()) << "all is as it was";
  EXPECT_EQ(AskPython({directory}).exit_status, 0);
}

TEST_F(TamperTest, PythonFindsEveryFlippedByteOfASmallExport) {
  const std::string directory = Export(5);
  std::mt19937_64 random(7);
  std::vector<std::string> spoilt;
  for (const std::string& file : FilesOf(directory)) {
    const size_t size = fs::file_size(directory + "/" + file);
    for (size_t at = 0; at < size; ++at) {
      spoilt.push_back(Copy(directory, StrCat("f", spoilt.size())));
      Flip(spoilt.back() + "/" + file, at, static_cast<uint8_t>(1 << random() % 8));
    }
  }
  const PythonSays says = AskPython(spoilt);
  EXPECT_EQ(says.exit_status, 1);
  EXPECT_THAT(says.output, Not(HasSubstr(": OK")));
  for (const std::string& each : spoilt) EXPECT_THAT(says.output, HasSubstr(each + ": NOT OK: "));
  std::cout << spoilt.size() << " bytes, each flipped once\n";
}

// Entries of a bundle, to be put together in another way.
std::vector<std::string> Entries(const std::string& path, uint32_t width) {
  const std::string bytes = ReadFile(path);
  std::vector<std::string_view> entries;
  EXPECT_EQ(SplitBundle(bytes, width, &entries), absl::OkStatus());
  return {entries.begin(), entries.end()};
}
void PutEntries(const std::string& path, const std::vector<std::string>& entries) {
  std::string bundle;
  for (const std::string& entry : entries) EXPECT_EQ(AppendEntry(entry, &bundle), absl::OkStatus());
  WriteFile(path, bundle);
}

TEST_F(TamperTest, DroppedSwappedDuplicatedTruncated) {
  const std::string directory = Export(600);
  using Change = std::function<void(const std::string& of)>;
  const auto in_bundle = [](const std::function<void(std::vector<std::string>*)>& change) -> Change {
    return [change](const std::string& of) {
      std::vector<std::string> entries = Entries(of + "/tile/entries/001", 256);
      change(&entries);
      PutEntries(of + "/tile/entries/001", entries);
    };
  };
  const auto in_file = [](const std::string& file, const std::function<void(std::string*)>& change) -> Change {
    return [file, change](const std::string& of) {
      std::string bytes = ReadFile(of + "/" + file);
      change(&bytes);
      WriteFile(of + "/" + file, bytes);
    };
  };
  const auto exchanged = [](const std::string& one, const std::string& other) -> Change {
    return [one, other](const std::string& of) {
      fs::rename(of + "/" + one, of + "/between");
      fs::rename(of + "/" + other, of + "/" + one);
      fs::rename(of + "/between", of + "/" + other);
    };
  };
  const auto copied = [](const std::string& from, const std::string& to) -> Change {
    return [from, to](const std::string& of) {
      fs::copy_file(of + "/" + from, of + "/" + to, fs::copy_options::overwrite_existing);
    };
  };
  std::vector<std::pair<std::string, Change>> changes = {
      {"entry-dropped", in_bundle([](auto* entries) { entries->erase(entries->begin() + 9); })},
      {"entry-dropped-last", in_bundle([](auto* entries) { entries->pop_back(); })},
      {"entry-swapped", in_bundle([](auto* entries) { std::swap((*entries)[9], (*entries)[10]); })},
      {"entry-duplicated", in_bundle([](auto* entries) { entries->insert(entries->begin() + 9, (*entries)[9]); })},
      {"entry-duplicated-last", in_bundle([](auto* entries) { entries->push_back(entries->back()); })},
      {"entry-overwritten", in_bundle([](auto* entries) { (*entries)[9] = (*entries)[8]; })},
      {"entry-truncated", in_bundle([](auto* entries) { (*entries)[9].pop_back(); })},
      {"entry-emptied", in_bundle([](auto* entries) { (*entries)[9].clear(); })},
      {"bundles-swapped", exchanged("tile/entries/000", "tile/entries/001")},
      {"bundle-duplicated", copied("tile/entries/000", "tile/entries/001")},
      {"bundle-added", copied("tile/entries/001", "tile/entries/002")},
      {"tiles-swapped", exchanged("tile/0/000", "tile/0/001")},
      {"tile-duplicated", copied("tile/0/000", "tile/0/001")},
      {"tile-added", copied("tile/0/001", "tile/0/002")},
      {"level-added", copied("tile/0/001", "tile/1/000")},
      {"tile-hashes-swapped",
       in_file("tile/0/001",
               [](auto* bytes) { std::swap_ranges(bytes->begin(), bytes->begin() + 32, bytes->begin() + 32); })},
      {"upper-hashes-swapped",
       in_file("tile/1/000.p/2",
               [](auto* bytes) { std::swap_ranges(bytes->begin(), bytes->begin() + 32, bytes->begin() + 32); })},
      {"stray", [](const std::string& of) { WriteFile(of + "/tile/holiday.jpg", ""); }},
  };
  for (const std::string& file : FilesOf(directory)) {
    const std::string name = StrCat(changes.size());
    changes.emplace_back(StrCat("removed-", name), [file](const std::string& of) { fs::remove(of + "/" + file); });
    changes.emplace_back(StrCat("cut-", name), in_file(file, [](auto* bytes) { bytes->pop_back(); }));
    changes.emplace_back(StrCat("halved-", name), in_file(file, [](auto* bytes) { bytes->resize(bytes->size() / 2); }));
    changes.emplace_back(StrCat("emptied-", name), in_file(file, [](auto* bytes) { bytes->clear(); }));
    changes.emplace_back(StrCat("longer-", name), in_file(file, [](auto* bytes) { bytes->push_back('\n'); }));
    changes.emplace_back(StrCat("doubled-", name), in_file(file, [](auto* bytes) { *bytes += *bytes; }));
  }
  std::vector<std::string> spoilt;
  for (const auto& [name, change] : changes) {
    spoilt.push_back(Copy(directory, name));
    change(spoilt.back());
    EXPECT_FALSE(Verify(spoilt.back()).ok()) << name;
  }
  const PythonSays says = AskPython(spoilt);
  EXPECT_EQ(says.exit_status, 1);
  for (const std::string& each : spoilt) EXPECT_THAT(says.output, HasSubstr(each + ": NOT OK: "));
}

// Somebody without the key, who changes everything that hangs together.
TEST_F(TamperTest, AnotherLogUnderTheSameSignature) {
  const std::string directory = Export(300);
  FakeLog forged(299);
  forged.Grow(1, "forged");
  const std::string other = temp_.Path("forged");
  ASSERT_TRUE(ExportTo(other, &forged).ok());
  const std::string signature = ReadFile(directory + "/checkpoint");
  std::string checkpoint = ReadFile(other + "/checkpoint");
  const size_t end = checkpoint.find("\n\n");
  WriteFile(other + "/checkpoint", checkpoint.substr(0, end) + signature.substr(signature.find("\n\n")));
  EXPECT_THAT(FaultsOf(Verify(other)), HasSubstr("checkpoint"));
  EXPECT_EQ(AskPython({other}).exit_status, 1);
  // The signed checkpoint over the forged entries.
  WriteFile(other + "/checkpoint", signature);
  EXPECT_THAT(FaultsOf(Verify(other)), HasSubstr("the entries have the root"));
  EXPECT_THAT(AskPython({other}).output, HasSubstr("the entries have the root"));
}

TEST_F(TamperTest, PythonAgreesOnWhatIsGood) {
  std::vector<std::string> directories;
  for (const uint64_t size : {0, 1, 2, 255, 256, 257, 1000}) directories.push_back(Export(size));
  const PythonSays says = AskPython(directories);
  EXPECT_EQ(says.exit_status, 0) << says.output;
  for (const std::string& each : directories) EXPECT_THAT(says.output, HasSubstr(each + ": OK, "));
  const std::string stranger = note::TestKey(kOrigin, note::KeyType::kNote, 'x').verifier().ToString();
  EXPECT_EQ(AskPython(directories, stranger).exit_status, 1);
  EXPECT_EQ(AskPython(directories, "nonsense").exit_status, 2);
}

}  // namespace
}  // namespace sothon::cli
