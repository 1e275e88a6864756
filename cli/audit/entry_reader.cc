#include "cli/audit/entry_reader.h"

#include <algorithm>

#include "common/base/strings.h"
#include "common/event/stored_event.h"

namespace sothon::cli {
namespace {

constexpr size_t kBundlesAhead = 32;
// A thread costs more than reading so few.
constexpr size_t kBundlesInPlaceMax = 4;
// With fewer than this ready the caller is the faster of the two, and parses the next one itself.
constexpr size_t kBundlesReadyMin = 2;

// A parser takes the last of several values, the fold those at the beginning.
bool SaysItsPositionOnce(const v1::Event& event, std::string_view stored) {
  const absl::StatusOr<StoredEventView> view = SplitStoredEvent(stored);
  return view.ok() && event.position() == view->position.value && event.recorded_at_us() == view->recorded_at_us;
}

}  // namespace

EntryReader::EntryReader(std::string directory, std::vector<ExportFile> files, const std::set<ExportFile>* there)
    : directory_(std::move(directory)), files_(std::move(files)), there_(there) {
  if (files_.size() > kBundlesInPlaceMax) thread_ = std::thread([this] { Run(); });
}

EntryReader::~EntryReader() {
  if (!ReadsAhead()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  thread_.join();
}

std::unique_ptr<BundleRead> EntryReader::Next() {
  std::unique_ptr<BundleRead> bundle;
  if (ReadsAhead()) {
    absl::MutexLock lock(&mutex_);
    const auto has_something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ended_ || !ready_.empty(); };
    mutex_.Await(absl::Condition(&has_something));
    if (!ready_.empty()) {
      bundle = std::move(ready_.front());
      ready_.pop_front();
    }
  } else if (taken_ < files_.size()) {
    bundle = Read(files_[taken_++]);
  }
  if (bundle != nullptr && !bundle->is_parsed) Parse(bundle.get(), &in_place_);
  return bundle;
}

bool EntryReader::CallerIsAhead() {
  absl::MutexLock lock(&mutex_);
  return ready_.size() < kBundlesReadyMin;
}

void EntryReader::Run() {
  for (const ExportFile& file : files_) {
    std::unique_ptr<BundleRead> bundle = Read(file);
    if (!CallerIsAhead()) Parse(bundle.get(), &ahead_);
    absl::MutexLock lock(&mutex_);
    const auto has_room = [this]()
                              ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopped_ || ready_.size() < kBundlesAhead; };
    mutex_.Await(absl::Condition(&has_room));
    if (stopped_) return;
    ready_.push_back(std::move(bundle));
  }
  absl::MutexLock lock(&mutex_);
  ended_ = true;
}

std::unique_ptr<BundleRead> EntryReader::Read(const ExportFile& file) {
  auto bundle = std::make_unique<BundleRead>();
  bundle->file = file;
  bundle->entries.reserve(file.width);
  if (absl::StatusOr<std::string> bytes = ReadExportFile(directory_, file.Path()); bytes.ok()) {
    bundle->bytes = *std::move(bytes);
    bundle->fault = std::string(SplitBundle(bundle->bytes, file.width, &bundle->entries).message());
  } else {
    bundle->fault = std::string(bytes.status().message());
  }
  const ExportFile tile{0, file.index, file.width};
  if (there_->count(tile) > 0) {
    if (absl::StatusOr<std::vector<Hash>> hashes = ReadTile(directory_, tile); hashes.ok()) {
      bundle->tile = *std::move(hashes);
    } else {
      bundle->tile_fault = std::string(hashes.status().message());
    }
  }
  CheckOrder(bundle.get());
  return bundle;
}

void EntryReader::CheckOrder(BundleRead* bundle) {
  for (uint32_t i = 0; i < bundle->entries.size(); ++i) {
    const absl::StatusOr<StoredEventView> view = SplitStoredEvent(bundle->entries[i]);
    if (!view.ok()) {
      bundle->bad.emplace_back(i, StrCat("it is no stored event: ", std::string(view.status().message())));
      continue;
    }
    const int64_t before_us = std::exchange(recorded_before_us_, view->recorded_at_us);
    if (view->position.value != bundle->file.FirstEntry() + i + 1) {
      bundle->bad.emplace_back(i, StrCat("it says that it stands at position ", view->position.value));
    } else if (view->recorded_at_us < before_us) {
      bundle->bad.emplace_back(i, "it was recorded before the event in front of it");
    }
  }
}

void EntryReader::Parse(BundleRead* bundle, Parser* parser) {
  bundle->is_parsed = true;
  const size_t bad_already = bundle->bad.size();
  size_t next_bad = 0;
  for (uint32_t i = 0; i < bundle->entries.size(); ++i) {
    if (next_bad < bad_already && bundle->bad[next_bad].first == i) {
      ++next_bad;
      continue;
    }
    v1::Event& event = parser->event;
    const std::string_view stored = bundle->entries[i];
    if (!event.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
      bundle->bad.emplace_back(i, "it cannot be read as an event");
    } else if (!SaysItsPositionOnce(event, stored)) {
      bundle->bad.emplace_back(i, "it says its position or time a second time, and otherwise");
    } else if (event.kind_case() == v1::Event::KIND_NOT_SET) {
      if (event.GetReflection()->GetUnknownFields(event).empty()) {
        bundle->bad.emplace_back(i, "it is an event of no kind");
      } else {
        ++parser->unknown_kinds;
      }
    }
  }
  std::sort(bundle->bad.begin(), bundle->bad.end());
}

}  // namespace sothon::cli
