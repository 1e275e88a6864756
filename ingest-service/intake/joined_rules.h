// The rules that join several fields of one kind, or a field and the registry, by domain as the protos are. Each is
// called when every field by itself is as it must be, and blames the field that has to change.
//
// What a plan demands is not demanded here: an event that tells of a broken rule is recorded, and is a finding. Refused
// is what cannot be: a period that ends before it begins, a second opening of one drive, a name that nothing has.
#pragma once

#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "ingest-service/intake/checks.h"
#include "sothon/v1/event.pb.h"

namespace sothon::ingest {

// All of them, by the kind of the event.
void CheckJoinedFields(const v1::Event& event, const CheckContext& context);

// registry_rules.cc: places, parties, roles.
void CheckPlaceRegistered(const v1::Event& event, const CheckContext& context);
void CheckPlaceChanged(const v1::Event& event, const CheckContext& context);
void CheckPartyRegistered(const v1::Event& event, const CheckContext& context);
void CheckRoleAssigned(const v1::Event& event, const CheckContext& context);
void CheckRoleEnded(const v1::Event& event, const CheckContext& context);

// target_rules.cc: what has to be reached, and by what it is judged.
void CheckTarget(const v1::Event& event, const CheckContext& context);
void CheckRoster(const v1::Event& event, const CheckContext& context);
void CheckParameter(const v1::Event& event, const CheckContext& context);

// drive_rules.cc: the steps of a drive. Only a BHXH office agrees, opens and closes one (plan#52); it is opened once
// and closed while it is open. Two openings that are checked at the same moment, each before the other is recorded,
// both pass.
void CheckDriveProposed(const v1::Event& event, const CheckContext& context);
void CheckDriveAgreed(const v1::Event& event, const CheckContext& context);
void CheckDriveScheduled(const v1::Event& event, const CheckContext& context);
void CheckDriveOpened(const v1::Event& event, const CheckContext& context);
void CheckDriveClosed(const v1::Event& event, const CheckContext& context);
void CheckAttendance(const v1::Event& event, const CheckContext& context);
void CheckCommitment(const v1::Event& event, const CheckContext& context);

// keeping_rules.cc: what becomes of people who were collected from.
void CheckCertificate(const v1::Event& event, const CheckContext& context);
void CheckPortfolio(const v1::Event& event, const CheckContext& context);
void CheckClassification(const v1::Event& event, const CheckContext& context);

// accountability_rules.cc: reports, published periods, decisions.
void CheckReport(const v1::Event& event, const CheckContext& context);
void CheckPublication(const v1::Event& event, const CheckContext& context);
void CheckDecision(const v1::Event& event, const CheckContext& context);

// Adds a violation of each element of `values`, a repeated field of strings, that stood in it before.
template <typename Values>
void CheckDistinct(std::string_view field, const Values& values, const CheckContext& context) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < values.size(); ++i) {
    if (seen.insert(values[i]).second) continue;
    context.violations->Add(StrCat(field, "[", i, "]"), StrCat("\"", values[i], "\" stands here twice; keep one"));
  }
}

// `until`, a last day, must not be before the day on which the event takes effect. 0: there is none.
void CheckUntil(std::string_view field, int32_t until, const v1::Event& event, const CheckContext& context);

}  // namespace sothon::ingest
