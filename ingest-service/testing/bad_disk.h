// A disk that fails when a test says so.
#pragma once

#include <atomic>
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
    if (status.ok()) *file = std::make_unique<File>(std::move(real), &failure);
    return status;
  }
  std::atomic<Failure> failure{kNone};

 private:
  class File : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> real, const std::atomic<Failure>* failure)
        : WritableFileWrapper(real.get()), real_(std::move(real)), failure_(failure) {}
    using WritableFileWrapper::Append;
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      return *failure_ == kAtWriting ? rocksdb::Status::IOError("bad disk") : WritableFileWrapper::Append(data);
    }
    rocksdb::Status Sync() override {
      return *failure_ == kAtSync ? rocksdb::Status::IOError("bad disk") : WritableFileWrapper::Sync();
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> real_;
    const std::atomic<Failure>* const failure_;
  };
};

}  // namespace sothon::ingest::testing
