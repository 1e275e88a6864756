#include "cli/views/event_text.h"

#include "absl/strings/escaping.h"
#include "common/base/absl_view.h"
#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/event/event_kind.h"
#include "google/protobuf/util/json_util.h"

namespace sothon::cli {
namespace {

constexpr size_t kPrefixBytes = 4;

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  return status.ok() ? json : "";
}

std::string ContributionText(const v1::ContributionRecorded& contribution) {
  const auto from = CivilMonth::FromWire(contribution.from_month());
  return StrCat(v1::Scheme_Name(contribution.scheme()), " ", contribution.months(), " tháng từ ",
                from ? from->ToString() : "?", ", ", FormatThousands(contribution.paid_vnd()), " đ, biên lai ",
                contribution.receipt_number(), " (", contribution.agency_id(),
                contribution.collector_id().empty() ? "" : "/", contribution.collector_id(), ")");
}

std::string TargetText(const v1::TargetSet& target) {
  const auto from = CivilMonth::FromWire(target.from_month());
  const auto to = CivilMonth::FromWire(target.to_month());
  std::string months = from ? from->ToString() : "?";
  if (to && from != to) StrAppend(&months, "..", to->ToString());
  return StrCat(target.value(), " ", v1::Measure_Name(target.measure()), " ",
                target.scheme_group_id().empty() ? v1::Scheme_Name(target.scheme()) : target.scheme_group_id(), " ",
                months, target.each_village() ? " mỗi thôn" : "");
}

}  // namespace

std::string SubjectPrefix(const v1::Event& event) {
  return absl::BytesToHexString(ToAbsl(SubjectIn(event).substr(0, kPrefixBytes)));
}

std::string DateText(int32_t wire) {
  const auto date = CivilDate::FromWire(wire);
  return date ? date->ToString() : "";
}

std::string Summarise(const v1::Event& event) {
  std::string out;
  switch (event.kind_case()) {
    case v1::Event::kContributionRecorded:
      out = ContributionText(event.contribution_recorded());
      break;
    case v1::Event::kContributionReversed:
      out = StrCat("biên lai ", event.contribution_reversed().receipt_number(), " (",
                   event.contribution_reversed().agency_id(), "), vị trí ",
                   event.contribution_reversed().reversed_position(), ": ", event.contribution_reversed().reason());
      break;
    case v1::Event::kOpeningRecorded:
      out = StrCat(v1::Scheme_Name(event.opening_recorded().scheme()), " đến ",
                   DateText(event.opening_recorded().covered_until()));
      break;
    case v1::Event::kTargetSet:
      out = TargetText(event.target_set());
      break;
    case v1::Event::kPlaceRegistered:
      out = event.place_registered().name();
      break;
    case v1::Event::kPartyRegistered:
      out = StrCat(event.party_registered().party_id(), " ", event.party_registered().name());
      break;
    case v1::Event::kDocumentIssued:
      out = StrCat(event.document_issued().document_id(), " ", event.document_issued().number_verbatim());
      break;
    default:
      out = ToJson(event);
  }
  if (const std::string subject = SubjectPrefix(event); !subject.empty()) StrAppend(&out, ", người ", subject);
  if (event.synthetic()) StrAppend(&out, " [giả lập]");
  return out;
}

std::string EventJson(const v1::Event& event) { return ToJson(event); }

}  // namespace sothon::cli
