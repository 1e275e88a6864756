// The kinds of events, by the names of their fields in Event ("contribution_recorded").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sothon/v1/event.pb.h"

namespace sothon {

using EventKind = v1::Event::KindCase;

// Empty for KIND_NOT_SET and for numbers this version does not know.
std::string_view EventKindName(EventKind kind);
std::optional<EventKind> EventKindFromName(std::string_view name);
const std::vector<EventKind>& AllEventKinds();

// Places, parties, documents, roles, targets...: the few events that registries and views keep whole.
// False for what happens by the thousand (openings, contributions, activities, prospects, ...).
bool IsReferenceKind(EventKind kind);

// What the projection keeps whole: everything but the events of single people that their histories tell.
bool IsFactKind(EventKind kind);

// The subject id in the payload, whoever put it there: 16 bytes; empty: none, or the kind is about nobody.
std::string_view SubjectIn(const v1::Event& event);

// The stream an event belongs to for expected versions, for example "place/23500-01"; empty when it has none
// (docs/formats/streams.md). Pure.
std::string StreamOf(const v1::Event& event);

// Subject on the bus: sothon.v1.<province>.<commune>.<kind>; "_" stands for what the event does not name.
// `province_id` is the log's own province (configuration).
std::string BusSubject(std::string_view province_id, const v1::Event& event);

}  // namespace sothon
