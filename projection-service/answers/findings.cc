#include "projection-service/answers/findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "projection-service/rules/rule.h"

namespace sothon::answers {
namespace {

constexpr uint32_t kLimitPreset = 1'000;
constexpr uint32_t kLimitMax = 10'000;
constexpr uint32_t kPositionsPreset = 20;
constexpr uint32_t kPositionsMax = 10'000;

absl::StatusOr<std::set<std::string_view>> CodesAsked(const v1::ListFindingsRequest& request) {
  std::set<std::string_view> asked;
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.codes_size(); ++i) {
    if (rules::FindRule(request.codes(i)) != nullptr) {
      asked.insert(request.codes(i));
    } else {
      violations.push_back({StrCat("codes[", i, "]"), StrCat("no rule has the code \"", request.codes(i),
                                                             "\"; ListRules names those that there are")});
    }
  }
  if (request.limit() > kLimitMax) {
    violations.push_back({"limit", StrCat(request.limit(), " is more than ", kLimitMax)});
  }
  if (request.positions_max() > kPositionsMax) {
    violations.push_back({"positions_max", StrCat(request.positions_max(), " is more than ", kPositionsMax)});
  }
  if (!v1::Severity_IsValid(request.severity_min())) {
    violations.push_back({"severity_min", StrCat(static_cast<int>(request.severity_min()), " is no severity")});
  }
  if (!violations.empty()) return BadRequest(violations);
  return asked;
}

// What a question may narrow by, and the finding as it stands on the wire.
struct Told {
  std::string_view code;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  std::string party_id;
  std::string drive_id;
  std::string body;                 // a Finding without its positions
  std::vector<uint64_t> positions;  // as many as may be asked for
  std::string element;              // of the response's findings, with kPositionsPreset positions
};

// One element of the response's findings.
void AppendElement(const Told& told, size_t positions_max, std::string* out) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min(told.positions.size(), positions_max));
  v1::Finding rest;
  rest.mutable_positions()->Assign(told.positions.begin(), told.positions.begin() + shown);
  std::string finding = told.body;
  rest.AppendToString(&finding);
  google::protobuf::io::StringOutputStream stream(out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  constexpr uint32_t kLengthDelimited = 2;
  coded.WriteTag(uint32_t{v1::ListFindingsResponse::kFindingsFieldNumber} << 3 | kLengthDelimited);
  coded.WriteVarint32(static_cast<uint32_t>(finding.size()));
  coded.WriteString(finding);
}

v1::Finding InWords(const rules::Judged& judged, const oversight::Situation& situation) {
  const rules::Finding& finding = judged.finding;
  v1::Finding out;
  out.set_code(std::string(judged.info.code));
  out.set_severity(judged.info.severity);
  out.mutable_plan_items()->Assign(judged.info.plan_items.begin(), judged.info.plan_items.end());
  if (finding.place) out.set_place_id(situation.reference().place(*finding.place).id);
  out.set_party_id(finding.party_id);
  out.set_drive_id(finding.drive_id);
  out.set_scheme(finding.scheme);
  out.set_period(finding.period);
  out.set_since_date(finding.since.ToWire());
  out.set_count(finding.count);
  out.set_position_count(finding.positions.size());
  out.set_text_vi(finding.text_vi);
  out.set_text_en(finding.text_en);
  return out;
}

// What all rules say, in order.
std::vector<Told> AllFindings(const oversight::Situation& situation) {
  std::vector<Told> findings;
  for (const rules::Judged& judged : rules::Judge(situation)) {
    const std::vector<uint64_t>& positions = judged.finding.positions;
    const auto kept = static_cast<std::ptrdiff_t>(std::min<size_t>(positions.size(), kPositionsMax));
    Told& told = findings.emplace_back();
    told.code = judged.info.code;
    told.severity = judged.info.severity;
    told.party_id = judged.finding.party_id;
    told.drive_id = judged.finding.drive_id;
    told.body = InWords(judged, situation).SerializeAsString();
    told.positions.assign(positions.begin(), positions.begin() + kept);
    AppendElement(told, kPositionsPreset, &told.element);
  }
  return findings;
}

}  // namespace

absl::Status EncodeFindings(const oversight::Situation& situation, const v1::ListFindingsRequest& request,
                            v1::ListFindingsResponse* rest, std::string* findings) {
  SOTHON_ASSIGN_OR_RETURN(const std::set<std::string_view> asked, CodesAsked(request));
  const uint64_t limit = request.limit() == 0 ? kLimitPreset : request.limit();
  const uint32_t positions_max = request.positions_max() == 0 ? kPositionsPreset : request.positions_max();
  std::map<std::string_view, uint64_t> counts;
  uint64_t total = 0;
  for (const Told& told : situation.Memo(AllFindings)) {
    if (!asked.empty() && asked.count(told.code) == 0) continue;
    if (told.severity < request.severity_min()) continue;
    if (!request.party_id().empty() && told.party_id != request.party_id()) continue;
    if (!request.drive_id().empty() && told.drive_id != request.drive_id()) continue;
    ++counts[told.code];
    if (total++ >= limit) continue;
    if (positions_max == kPositionsPreset) {
      findings->append(told.element);
    } else {
      AppendElement(told, positions_max, findings);
    }
  }
  rest->set_total(total);
  for (const auto& [code, number] : counts) {
    v1::FindingCount* count = rest->add_counts();
    count->set_code(std::string(code));
    count->set_findings(number);
  }
  return absl::OkStatus();
}

void FillRules(v1::ListRulesResponse* response) {
  for (const auto& rule : rules::AllRules()) {
    const rules::RuleInfo info = rule->info();
    v1::RuleInfo* out = response->add_rules();
    out->set_code(std::string(info.code));
    out->set_severity(info.severity);
    out->mutable_plan_items()->Assign(info.plan_items.begin(), info.plan_items.end());
    out->set_title_vi(std::string(info.title_vi));
    out->set_title_en(std::string(info.title_en));
    out->set_reading(std::string(info.reading));
    for (const std::string_view name : info.parameters) out->add_parameters(std::string(name));
  }
}

}  // namespace sothon::answers
