// One event in a few words, for tables of events.
#pragma once

#include <string>
#include <vector>

#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// The first 8 hexadecimal digits of the person an event is about; empty: about none.
std::string SubjectPrefix(const v1::Event& event);
// "2025-10-17"; empty for 0.
std::string DateText(int32_t wire);
// What the event says, in one line. Holds nothing that the log does not.
std::string Summarise(const v1::Event& event);
// What stands beside a posting of the event that caused it: the names of the columns, and what is in them. Empty where
// the event says nothing of the kind, also for an event that is not known.
const std::vector<std::string>& EventCellNames();
std::vector<std::string> EventCells(const v1::Event& event);
// The event as one line of JSON: the proto3 JSON mapping with the names of the proto file.
std::string EventJson(const v1::Event& event);

}  // namespace sothon::cli
