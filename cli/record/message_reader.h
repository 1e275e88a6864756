// Fills a message of the protocol from a table of a TOML file, by reflection: a new field or kind needs no code here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/toml/toml_section.h"
#include "google/protobuf/message.h"

namespace sothon::cli {

// A field of positions in which the file names an event instead: filled in when that event's position is known.
struct PositionReference {
  const google::protobuf::FieldDescriptor* field = nullptr;
  int index = -1;  // in a repeated field, where 0 keeps its place; -1: a single one
  std::string event_id;
};

// The key of a field; empty: the field is not read.
using KeyOfField = std::function<std::string(const google::protobuf::FieldDescriptor&)>;

// Reads every field of `message` whose key `section` has. Scalars by their type; choices by the name of the value;
// dates (int32 named ..._date, ..._from, ..._to, ..._until) and months (..._month) as such; bytes in hexadecimal
// digits; messages as tables, whose fields have their own names as keys. What does not fit, and what the service
// assigns, becomes a problem of `section`. Positions (uint64 named ..._position or ..._positions) may name events when
// `references` is not null.
void ReadMessage(TomlSection* section, google::protobuf::Message* message, const KeyOfField& key_of,
                 std::vector<PositionReference>* references);

}  // namespace sothon::cli
