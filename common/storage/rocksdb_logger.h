// RocksDB's own log lines, sent to the service's log instead of a file beside the data.
//
// A file would stand on the very disk whose failures it reports: when that disk is full, RocksDB as Debian builds it
// (with assertions) ends the process over the log line that cannot be written.
#pragma once

#include <memory>

#include "rocksdb/env.h"

namespace sothon {

// Thread-safe. Warnings and errors are passed on, everything else is dropped. Never null.
std::shared_ptr<rocksdb::Logger> MakeRocksDbLogger();

}  // namespace sothon
