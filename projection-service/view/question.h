// What requests have in common, checked and in the types of the domain.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/civil_time.h"
#include "common/base/scheme.h"
#include "google/protobuf/repeated_field.h"
#include "projection-service/view/excerpt.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

// What figures are about: one scheme, or a group of them.
struct Unit {
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;  // or
  std::string group_id;
  std::vector<v1::Scheme> schemes;  // the one, or the group's
};

Unit UnitOf(v1::Scheme scheme);
Unit UnitOf(const SchemeGroupDefinition& group);

using SchemeGroups = std::vector<SchemeGroupDefinition>;

inline constexpr int32_t kPeriodMonthsMax = 120;

// INVALID_ARGUMENT with google.rpc.BadRequest, each.
absl::StatusOr<MonthRange> ParsePeriod(const std::string& period);
// `field` is its path in the request.
absl::StatusOr<Unit> ParseScheme(int scheme, const std::string& field);
absl::StatusOr<Unit> ParseGroup(const std::string& group_id, const SchemeGroups& groups, const std::string& field);

// What is asked for; empty: whatever there is.
absl::StatusOr<std::vector<Unit>> UnitsAsked(const google::protobuf::RepeatedField<int>& schemes,
                                             const google::protobuf::RepeatedPtrField<std::string>& group_ids,
                                             const SchemeGroups& groups);

SchemeSet SchemesOf(absl::Span<const Unit> units);

}  // namespace sothon::projection
