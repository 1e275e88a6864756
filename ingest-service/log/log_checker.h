// Checks a stored event log against itself and what was signed of it (sothon audit fsck).
//
// What is checked, always all of it
//   Every block can be read; positions are gapless from 1; every event parses, and none was recorded before the one in
//   front of it; every full tile of the tree is that of the events, none is missing and none too many; the root at the
//   size of the checkpoint is the one that was signed; event ids, receipts, reversals, streams and reference marks are
//   those of the events, both ways; marks lie within the log.
// What cannot be seen
//   Changed bytes of an event behind the last full tile that no checkpoint covers yet, where it still is an event with
//   the same keys: nothing is stored that says otherwise. Marks that lie lower than they did: nobody else knows.
// Memory
//   16 bytes for each event, and the streams.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/note/key.h"
#include "common/storage/check_report.h"
#include "ingest-service/log/log_snapshot.h"

namespace sothon::ingest {

struct LogCheckOptions {
  std::vector<note::VerifierKey> keys;  // empty: no signature is checked
  std::string log_id;                   // as the configuration has it; empty: whatever the log says
  // Told now and then how many events have been looked at; may be empty.
  std::function<void(uint64_t done, uint64_t of)> on_progress;
};

CheckReport CheckLog(const LogSnapshot& log, const LogCheckOptions& options);

}  // namespace sothon::ingest
