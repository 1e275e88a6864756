// How RocksDB is set up for the event log. Every choice that is not a default says why in log_options.cc.
#pragma once

#include "ingest-service/log/event_log.h"
#include "ingest-service/storage/reopenable_db.h"

namespace sothon::ingest {

ReopenableDb::Options LogDbOptions(const EventLogOptions& options);

}  // namespace sothon::ingest
