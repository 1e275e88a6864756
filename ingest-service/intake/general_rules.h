// The rules of every other kind. What a field's name says (a date, an amount, a party, a place) is checked by its name;
// general_rules.cc adds the table of required fields; what joins several fields of a kind is in joined_rules.h.
#pragma once

#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "ingest-service/intake/checks.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ingest {

// For kinds that collection_rules.h does not have. Also brings all text of the event into normal form C.
void CheckByName(v1::Event* event, const CheckContext& context);

// True when `message` itself, leaving out those inside it, has fields that this version does not know.
inline bool HasOwnUnknownFields(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}
// True when `message`, or a message inside it, has fields that this version does not know.
bool HasUnknownFields(const google::protobuf::Message& message);

}  // namespace sothon::ingest
