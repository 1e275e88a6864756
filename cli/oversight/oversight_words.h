// The words of the oversight, in Vietnamese, for tables.
#pragma once

#include <string>

#include "sothon/v1/findings.pb.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::cli {

std::string SeverityWord(v1::Severity severity);
std::string DriveStateWord(v1::DriveView::State state);
std::string RoleWord(v1::RoleKind role);
std::string ActivityWord(v1::ActivityKind kind);
std::string DecisionWord(v1::DecisionRecorded::DecisionKind kind);
std::string ProvenanceWord(v1::ProvenanceNote::Kind kind);
// b/c, p/h, t/h, lưu: as Vietnamese documents mark whom they go to (plan#7).
std::string CapacityWord(v1::DocumentIssued::Capacity capacity);

}  // namespace sothon::cli
