// A disk that fails when a test says so.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "rocksdb/env.h"

namespace sothon::ingest::testing {

// A disk whose writes arrive, or not, and then fail.
class BadDisk : public rocksdb::EnvWrapper {
 public:
  enum Failure { kNone, kAtWriting, kAtSync };
  BadDisk() : EnvWrapper(rocksdb::Env::Default()) {}
  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    std::unique_ptr<rocksdb::WritableFile> real;
    const rocksdb::Status status = target()->NewWritableFile(name, &real, options);
    if (status.ok()) *file = std::make_unique<File>(std::move(real), this);
    return status;
  }
  std::atomic<Failure> failure{kNone};
  // So many bytes it still takes.
  std::atomic<int64_t> room{INT64_MAX};

 private:
  class File : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> real, BadDisk* disk)
        : WritableFileWrapper(real.get()), real_(std::move(real)), disk_(disk) {}
    using WritableFileWrapper::Append;
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      if (disk_->failure == kAtWriting) return rocksdb::Status::IOError("bad disk");
      const auto bytes = static_cast<int64_t>(data.size());
      if (disk_->room.fetch_sub(bytes) < bytes) return rocksdb::Status::NoSpace("full disk");
      return WritableFileWrapper::Append(data);
    }
    rocksdb::Status Sync() override {
      return disk_->failure == kAtSync ? rocksdb::Status::IOError("bad disk") : WritableFileWrapper::Sync();
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> real_;
    BadDisk* const disk_;
  };
};

}  // namespace sothon::ingest::testing
