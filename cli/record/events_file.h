// A file of events that people wrote: any kind, in the order in which they are to stand in the log.
//
// The format is described in docs/formats/cli.md. Reading a file checks it by itself: no service is asked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/record/message_reader.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::cli {

struct EventItem {
  v1::Submission submission;
  // Fields of the kind's message that wait for the position of an event above.
  std::vector<PositionReference> references;
  // Ids of the events above that must be recorded before this one can be sent: those, a receipt that it reverses, and
  // what the opening of a drive needs that it closes.
  std::vector<std::string> needs;

  std::string file;
  std::string name;  // "events[4]"
  int line = 0;
  std::map<std::string, int, std::less<>> lines_of_keys;

  // "story.toml line 12 (events[4].drive_id)" for a path below the submission; an empty path is the event itself.
  std::string Where(std::string_view path) const;
};

struct EventsFile {
  std::string file;
  std::string file_id;
  std::vector<EventItem> items;
};

// INVALID_ARGUMENT with google.rpc.BadRequest: every problem found, by file, line and key, with its remedy.
// NOT_FOUND: no such file. `all_synthetic` marks every event, whatever the file says.
absl::StatusOr<EventsFile> ReadEventsFile(const std::string& path, bool all_synthetic);

}  // namespace sothon::cli
