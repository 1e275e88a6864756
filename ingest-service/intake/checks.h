// The checks of single fields that the rules of all kinds are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/civil_time.h"
#include "common/base/ids.h"
#include "common/base/strings.h"
#include "ingest-service/intake/intake.h"
#include "ingest-service/intake/violations.h"
#include "ingest-service/registry/registry.h"

namespace sothon::ingest {

// What the checks of one submission look at. `overlay` holds what earlier submissions of the same request register;
// `head` is the log's.
struct CheckContext {
  const IntakeLimits& limits;
  const RegistryFacts& facts;
  const RegistryFacts& overlay;
  CivilDate today;
  Position head;
  SubmissionViolations* violations;

  const KnownPlace* FindPlace(std::string_view id) const;
  const KnownParty* FindParty(std::string_view id) const;
  // As the request leaves it so far; null: never opened.
  const KnownDrive* FindDrive(std::string_view id) const;
  bool HasDocument(std::string_view id) const { return facts.HasDocument(id) || overlay.HasDocument(id); }
  bool HasTarget(std::string_view id) const { return facts.HasTarget(id) || overlay.HasTarget(id); }
  bool HasRole(std::string_view id) const { return facts.HasRole(id) || overlay.HasRole(id); }
};

// Each adds a violation of `field` (a path below the submission) when `value` is not as it must be.
void CheckId(std::string_view field, std::string_view value, const CheckContext& context);
// Also brings the text into normal form C.
void CheckText(std::string_view field, std::string* value, size_t bytes_max, const CheckContext& context);
void CheckDate(std::string_view field, int32_t value, int32_t future_days_max, const CheckContext& context);
void CheckMonth(std::string_view field, int32_t value, int32_t future_days_max, const CheckContext& context);
void CheckAmount(std::string_view field, int64_t value, int64_t max, const CheckContext& context);
// `value` must be registered; for `kind` other than unspecified, as a party of that kind.
void CheckParty(std::string_view field, std::string_view value, v1::PartyKind kind, const CheckContext& context);
void CheckPlace(std::string_view field, std::string_view value, const CheckContext& context);
// A village or residential group: where people are counted.
void CheckLeafPlace(std::string_view field, std::string_view value, const CheckContext& context);
// An event that is recorded already.
void CheckPosition(std::string_view field, uint64_t value, const CheckContext& context);
void CheckScheme(std::string_view field, v1::Scheme value, const CheckContext& context);

}  // namespace sothon::ingest
