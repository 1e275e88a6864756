// How the fields of the protocol are called in an event file (docs/formats/cli.md), and how an event that is given no
// id is named.
#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// The key of a field of Submission, of Event, or of the message of `kind`. Empty: it has none of its own (the event in
// the submission, the kinds in the event). No two fields that one event can have share a key.
std::string KeyOfSubmissionField(const google::protobuf::FieldDescriptor& field);
std::string KeyOfEventField(const google::protobuf::FieldDescriptor& field);
std::string KeyOfKindField(std::string_view kind, const google::protobuf::FieldDescriptor& field);

// Fields that only the service may fill in.
bool IsServerAssigned(const google::protobuf::FieldDescriptor& field);

// The key that a path below a submission stands for: "event.effective_date" is "date",
// "event.drive_opened.baselines[0].scheme" is "baselines[0].scheme", "event" is empty.
std::string KeyOfPath(std::string_view path);

// The id of an event that is given none: derived from what the event is about, so that neither what stands around it in
// the file nor a corrected amount or text changes it. Never made from a person's number.
std::string DerivedEventId(std::string_view file_id, const v1::Event& event);

}  // namespace sothon::cli
