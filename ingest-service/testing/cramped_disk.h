// A disk with little room, when a test says so.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "ingest-service/testing/bad_disk.h"

namespace sothon::ingest::testing {

// A disk that tells how much room it has, and whose sorted files find none beyond what is left for them.
class CrampedDisk : public BadDisk {
 public:
  static constexpr int64_t kPlenty = std::numeric_limits<int64_t>::max() / 4;

  // What it says is free, whatever it takes.
  std::atomic<int64_t> told_free{kPlenty};
  // What all sorted files together may still take.
  std::atomic<int64_t> left_for_tables{kPlenty};
  // What each of them may take: a flush finds room, and what merges several does not.
  std::atomic<int64_t> table_bytes_max{kPlenty};
  // Without a new manifest no database is opened; an open one goes on.
  std::atomic<bool> takes_manifests{true};
  // Sorted files and manifests begun so far: each opening of a database begins a manifest.
  std::atomic<int> tables{0};
  std::atomic<int> manifests{0};
  // Called as a sorted file begins. Set while no database is open, or none writes.
  std::function<void()> at_table;

  rocksdb::Status GetFreeSpace(const std::string& /*path*/, uint64_t* free) override {
    *free = static_cast<uint64_t>(told_free.load());
    return rocksdb::Status::OK();
  }
  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    const bool is_manifest = name.find("MANIFEST") != name.npos;
    if (is_manifest) ++manifests;
    if (is_manifest && !takes_manifests) return rocksdb::Status::NoSpace("No space left on device");
    std::unique_ptr<rocksdb::WritableFile> real;
    const rocksdb::Status status = BadDisk::NewWritableFile(name, &real, options);
    if (!status.ok() || !name.ends_with(".sst")) {
      *file = std::move(real);
      return status;
    }
    ++tables;
    if (at_table) at_table();
    *file = std::make_unique<Table>(std::move(real), this);
    return status;
  }

 private:
  class Table : public rocksdb::WritableFileWrapper {
   public:
    Table(std::unique_ptr<rocksdb::WritableFile> real, CrampedDisk* disk)
        : WritableFileWrapper(real.get()), real_(std::move(real)), disk_(disk) {}
    using WritableFileWrapper::Append;
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      const auto bytes = static_cast<int64_t>(data.size());
      written_ += bytes;
      if (written_ <= disk_->table_bytes_max) {
        if (disk_->left_for_tables.fetch_sub(bytes) >= bytes) return WritableFileWrapper::Append(data);
        disk_->left_for_tables += bytes;
      }
      return rocksdb::Status::NoSpace("No space left on device");
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> real_;
    CrampedDisk* const disk_;
    int64_t written_ = 0;
  };
};

}  // namespace sothon::ingest::testing
