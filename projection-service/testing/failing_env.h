// A disk that can be told to be full.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "rocksdb/env.h"

namespace sothon::projection::testing {

// While failing, nothing can be appended to any file. Thread-safe.
class FailingEnv : public rocksdb::EnvWrapper {
 public:
  FailingEnv() : EnvWrapper(rocksdb::Env::Default()) {}
  void set_failing(bool failing) { failing_ = failing; }

  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    if (failing_) return rocksdb::Status::NoSpace("the test's disk is full");
    std::unique_ptr<rocksdb::WritableFile> real;
    const rocksdb::Status status = target()->NewWritableFile(name, &real, options);
    if (status.ok()) *file = std::make_unique<File>(std::move(real), &failing_);
    return status;
  }

 private:
  class File : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> real, const std::atomic<bool>* failing)
        : WritableFileWrapper(real.get()), real_(std::move(real)), failing_(failing) {}
    using WritableFileWrapper::Append;
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      if (*failing_) return rocksdb::Status::NoSpace("the test's disk is full");
      return WritableFileWrapper::Append(data);
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> real_;
    const std::atomic<bool>* const failing_;
  };

  std::atomic<bool> failing_{false};
};

}  // namespace sothon::projection::testing
