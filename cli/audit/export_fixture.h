// Logs of made-up events, and their exports, for the tests of the audit.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/audit/exporter.h"
#include "cli/audit/verifier.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/note/signed_note.h"
#include "common/note/test_keys.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"

namespace sothon::cli {

inline constexpr char kOrigin[] = "test-log";

inline note::SignerKey LogKey() { return note::TestKey(kOrigin, note::KeyType::kNote, 'k'); }

// Synthetic, and small: tests flip each of its bytes.
inline std::string SyntheticEvent(uint64_t position, std::string_view id = "") {
  v1::Event event;
  event.set_event_id(StrCat(id, position));
  event.set_synthetic(true);
  event.mutable_document_issued();
  std::string stored;
  AppendStoredEvent(Position{position}, static_cast<int64_t>(1'000 + position / 3), SerializeBody(event), &stored);
  return stored;
}

// A log in memory, which can be made to lie.
class FakeLog : public LogSource {
 public:
  explicit FakeLog(uint64_t events = 0, std::string origin = kOrigin)
      : key_(note::TestKey(origin, note::KeyType::kNote, 'k')), origin_(std::move(origin)) {
    Grow(events);
  }
  void Grow(uint64_t events, std::string_view id = "") {
    for (uint64_t i = 0; i < events; ++i) entries.push_back(SyntheticEvent(entries.size() + 1, id));
  }

  merkle::TreeEdge Tree(uint64_t size) const {
    merkle::TreeEdge tree;
    for (uint64_t i = 0; i < size; ++i) {
      tree.Append(merkle::HashLeaf(entries[i]), [](uint32_t, uint64_t, absl::Span<const Hash>) {});
    }
    return tree;
  }
  std::string Checkpoint() const { return SignCheckpoint(entries.size(), Tree(entries.size()).Root()); }
  std::string SignCheckpoint(uint64_t size, const Hash& root) const {
    const std::string text = *note::FormatCheckpoint({origin_, size, root, {}});
    const note::SignerKey* const keys[] = {&key_};
    return note::FormatNote(*note::SignNote(text, keys));
  }

  absl::StatusOr<std::string> FreshCheckpoint() override {
    return checkpoint_told.empty() ? Checkpoint() : checkpoint_told;
  }
  absl::Status ReadEvents(uint64_t from, uint64_t to, absl::FunctionRef<absl::Status(std::string_view)> take) override {
    for (uint64_t position = from; position <= to; ++position) {
      if (position == breaks_off_before) return absl::UnavailableError("broken off");
      ++events_read;
      if (absl::Status status = take(entries[position - 1]); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t, uint64_t) override {
    return absl::UnavailableError("no proof");
  }

  std::vector<std::string> entries;
  std::string checkpoint_told;     // instead of an honest one
  uint64_t breaks_off_before = 0;  // this position cannot be read
  uint64_t events_read = 0;

 private:
  const note::SignerKey key_;
  const std::string origin_;
};

inline absl::StatusOr<ExportSummary> ExportTo(const std::string& directory, LogSource* log) {
  return ExportLog({directory, nullptr}, log);
}

inline VerifyReport Verify(const std::string& directory, std::optional<std::string> since = std::nullopt) {
  VerifyOptions options{directory, {LogKey().verifier()}, std::move(since), nullptr};
  absl::StatusOr<VerifyReport> report = VerifyExport(options);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *std::move(report) : VerifyReport();
}

inline std::string FaultsOf(const VerifyReport& report) {
  std::string text;
  for (const Fault& fault : report.faults) {
    text += StrCat(fault.index ? StrCat(*fault.index, ": ") : "", fault.what, "\n");
  }
  return text;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void WriteFile(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// Paths of all files below `directory`, in order.
inline std::vector<std::string> FilesOf(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& each : std::filesystem::recursive_directory_iterator(directory)) {
    if (each.is_regular_file()) files.push_back(each.path().string().substr(directory.size() + 1));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace sothon::cli
