// Intake, where people were erased: an event that is sent again must not bring its person back into the vault.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "ingest-service/intake/violations.h"
#include "ingest-service/log/event_log.h"
#include "ingest-service/vault/vault.h"

namespace sothon::ingest {

// What the log holds of an event about a person.
struct Earlier {
  // Under its event id or its receipt. Then nobody is minted for it: the log will not take it as a new one.
  bool is_recorded = false;
  // Set when the event of that id is about somebody who was erased since: equal otherwise, it is the same event, since
  // nothing tells any more whose numbers it came with.
  std::optional<SubjectId> erased;
};

// Looks only where it matters: at requests to erase, and at people of whom a number is unknown once anybody was erased.
absl::StatusOr<Earlier> FindEarlier(const EventLog& log, Vault* vault, const HashedNumbers& person,
                                    const v1::Event& event);

// Of an event whose subject is filled in, zeros when the person is unknown.
void CheckErasesSomebody(const v1::Event& event, SubmissionViolations* violations);

// The texts of a request to erase stay when the person is gone: they must not hold the person's number.
void CheckTextsHoldNoNumber(const v1::Event& event, SubmissionViolations* violations);

}  // namespace sothon::ingest
