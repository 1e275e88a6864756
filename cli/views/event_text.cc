#include "cli/views/event_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "cli/oversight/oversight_words.h"
#include "cli/views/progress_words.h"
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

// Parts that may be left out: nothing where there is no `text`.
std::string With(const char* before, const std::string& text, const char* after = "") {
  return text.empty() ? "" : StrCat(before, text, after);
}
std::string WithDay(const char* before, int32_t wire) { return With(before, wire == 0 ? "" : DateText(wire)); }
std::string WithCount(int64_t count, const char* of_what) {
  return count == 0 ? "" : StrCat(", ", FormatThousands(count), " ", of_what);
}
std::string WithDrive(const std::string& drive_id) { return With(", đợt ra quân ", drive_id); }

// ---------------------------------------------------------------- documents, places, parties

std::string PlaceChangeText(const v1::PlaceChanged& change) {
  const std::string into = absl::StrJoin(change.into_place_ids(), ", ");
  switch (change.change()) {
    case v1::PlaceChanged::RENAMED:
      return StrCat(change.place_id(), " đổi tên thành ", change.new_name());
    case v1::PlaceChanged::CONVERTED:
      return StrCat(change.place_id(), " chuyển thành ", LevelName(change.new_level()), With(" ", change.new_name()));
    case v1::PlaceChanged::MERGED:
      return StrCat(change.place_id(), " nhập vào ", into);
    case v1::PlaceChanged::SPLIT:
      return StrCat(change.place_id(), " chia thành ", into);
    default:
      return StrCat(change.place_id(), " thay đổi");
  }
}

std::string JurisdictionText(const v1::JurisdictionAssigned& assigned) {
  const bool is_insurance = assigned.tree() == v1::JurisdictionAssigned::SOCIAL_INSURANCE;
  return StrCat(assigned.place_id(), " thuộc ", assigned.office_party_id(), is_insurance ? " (BHXH)" : " (hành chính)");
}

std::string RoleText(const v1::RoleAssigned& role) {
  return StrCat(role.party_id(), ": ", RoleWord(role.role()), With(" của ", role.of_party_id()),
                WithDrive(role.drive_id()), WithDay(", đến hết ngày ", role.until_date()), " (", role.role_id(), ")");
}

// ---------------------------------------------------------------- targets and parameters

std::string DenominatorText(const v1::DenominatorDeclared& declared) {
  return StrCat(declared.of(), With(" của ", declared.party_id()), ": ", FormatThousands(declared.value()),
                WithDay(", tính đến ngày ", declared.as_of_date()));
}

std::string RosterText(const v1::RosterDeclared& roster) {
  return StrCat("danh sách ", roster.roster_id(), With(" của ", roster.of_party_id()), ": ",
                roster.member_party_ids_size(), " thành viên", With(", chỉ tiêu ", roster.target_id()));
}

std::string ParameterText(const v1::ParameterSet& parameter) {
  return StrCat("tham số ", parameter.name(), " = ", parameter.value(),
                WithDay(", đến hết ngày ", parameter.until_date()));
}

// ---------------------------------------------------------------- drives and fieldwork

std::string ScheduleText(const v1::DriveScheduled& scheduled) {
  return StrCat("lịch đợt ra quân ", scheduled.drive_id(), WithDay(", từ ngày ", scheduled.from_date()),
                WithDay(" đến ngày ", scheduled.to_date()), With(", tại ", scheduled.venue()),
                With(", phụ trách: ", scheduled.officer_party_id()),
                WithCount(scheduled.notified_agency_ids_size(), "tổ chức được thông báo"));
}

std::string OpeningOfDriveText(const v1::DriveOpened& opened) {
  std::string rest;
  for (const v1::DriveOpened::Baseline& baseline : opened.baselines()) {
    StrAppend(&rest, rest.empty() ? "" : ", ",
              baseline.scheme_group_id().empty() ? v1::Scheme_Name(baseline.scheme()) : baseline.scheme_group_id(), " ",
              FormatThousands(baseline.remaining()));
  }
  return StrCat("mở đợt ra quân ", opened.drive_id(), With(" (", opened.office_party_id(), ")"),
                With(", còn lại: ", rest));
}

std::string AttendanceText(const v1::AttendanceRecorded& attendance) {
  return StrCat(attendance.agency_id(), " có mặt", WithDrive(attendance.drive_id()),
                WithDay(", ngày ", attendance.on_date()), WithCount(attendance.collector_ids_size(), "nhân viên thu"),
                WithCount(attendance.guide_ids_size(), "người dẫn đường"));
}

std::string CommitmentText(const v1::CommitmentSigned& commitment) {
  return StrCat(commitment.party_id(), " ký cam kết", WithDrive(commitment.drive_id()),
                WithCount(commitment.surveyed_non_participants(), "người chưa tham gia"));
}

std::string ActivityText(const v1::ActivityRecorded& activity) {
  const std::string word = ActivityWord(activity.kind());
  return StrCat(word.empty() ? "hoạt động" : word, With(", ", activity.party_id()), WithDrive(activity.drive_id()),
                WithCount(activity.households(), "hộ"), WithCount(activity.people(), "người"),
                With(", ", activity.medium()));
}

std::string ProspectText(const v1::ProspectRecorded& prospect) {
  return StrCat("người tiềm năng ", prospect.prospect_id(), ", ", v1::Scheme_Name(prospect.scheme()),
                WithDrive(prospect.drive_id()), With(", nhân viên thu ", prospect.collector_id()));
}

std::string OutcomeWord(v1::ProspectResolved::Outcome outcome) {
  switch (outcome) {
    case v1::ProspectResolved::JOINED:
      return "đã tham gia";
    case v1::ProspectResolved::DECLINED:
      return "không tham gia";
    case v1::ProspectResolved::INSURED_OTHERWISE:
      return "đã có bảo hiểm khác";
    case v1::ProspectResolved::MOVED_AWAY:
      return "đã chuyển đi";
    case v1::ProspectResolved::ERASED:
      return "đã xóa dữ liệu";
    default:
      return "không rõ kết quả";
  }
}

// ---------------------------------------------------------------- collection

std::string ReversalText(const v1::ContributionReversed& reversed) {
  return StrCat("biên lai ", reversed.receipt_number(), " (", reversed.agency_id(), "), vị trí ",
                reversed.reversed_position(), ": ", reversed.reason());
}

std::string CertificateText(const v1::CertificateIssued& certificate) {
  return StrCat("cấp thẻ, sổ ", v1::Scheme_Name(certificate.scheme()),
                With(", biên lai ", certificate.receipt_number()), With(" (", certificate.agency_id(), ")"),
                With(", nhân viên thu ", certificate.collector_id()));
}

std::string HandoverText(const v1::PortfolioHandedOver& handed) {
  const int people = handed.subject_ids_size();
  return StrCat("bàn giao ", people == 0 ? "mọi người của nơi này" : StrCat(FormatThousands(people), " người"),
                With(" từ ", handed.from_party_id()), " cho ", handed.to_party_id(),
                With(", ", handed.scheme() == v1::SCHEME_UNSPECIFIED ? "" : v1::Scheme_Name(handed.scheme())));
}

// ---------------------------------------------------------------- reporting and accountability

std::string ReportWord(const std::string& kind) {
  if (kind == "weekly") return "tuần";
  if (kind == "drive") return "đợt ra quân";
  if (kind == "drive_notice") return "(thông báo) kết quả đợt ra quân";
  if (kind == "monthly_review") return "sơ kết tháng";
  if (kind == "quarterly_review") return "sơ kết quý";
  if (kind == "yearly_review") return "tổng kết năm";
  return kind;
}

std::string ReportText(const v1::ReportFiled& report) {
  return StrCat("báo cáo ", ReportWord(report.report_kind()), With(" của ", report.by_party_id()),
                With(" gửi ", absl::StrJoin(report.to_party_ids(), ", ")), WithDrive(report.drive_id()),
                WithDay(", kỳ từ ngày ", report.period_from()), WithDay(" đến ngày ", report.period_to()));
}

std::string DecisionText(const v1::DecisionRecorded& decision) {
  const std::string word = DecisionWord(decision.kind());
  return StrCat(word.empty() ? "quyết định" : word, With(": ", decision.about_party_id()),
                With(", người quyết định: ", decision.by_party_id()), WithDay(", hạn ngày ", decision.due_date()));
}

std::string DriveText(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDriveProposed:
      return StrCat("đề xuất đợt ra quân ", event.drive_proposed().drive_id(),
                    With(" (", event.drive_proposed().agency_id(), ")"), With(": ", event.drive_proposed().reason()));
    case v1::Event::kDriveAgreed:
      return StrCat("thống nhất đợt ra quân ", event.drive_agreed().drive_id(),
                    With(" (", event.drive_agreed().office_party_id(), ")"));
    case v1::Event::kDriveScheduled:
      return ScheduleText(event.drive_scheduled());
    case v1::Event::kDriveOpened:
      return OpeningOfDriveText(event.drive_opened());
    case v1::Event::kAttendanceRecorded:
      return AttendanceText(event.attendance_recorded());
    case v1::Event::kDriveClosed:
      return StrCat("kết thúc đợt ra quân ", event.drive_closed().drive_id(),
                    With(" (", event.drive_closed().office_party_id(), ")"));
    case v1::Event::kCommitmentSigned:
      return CommitmentText(event.commitment_signed());
    default:
      return "";
  }
}

std::string CollectionText(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kOpeningRecorded:
      return StrCat(v1::Scheme_Name(event.opening_recorded().scheme()), " đến ",
                    DateText(event.opening_recorded().covered_until()));
    case v1::Event::kContributionRecorded:
      return ContributionText(event.contribution_recorded());
    case v1::Event::kContributionReversed:
      return ReversalText(event.contribution_reversed());
    case v1::Event::kCertificateIssued:
      return CertificateText(event.certificate_issued());
    case v1::Event::kPortfolioHandedOver:
      return HandoverText(event.portfolio_handed_over());
    case v1::Event::kParticipantClassified:
      return StrCat("thuộc nhóm ", event.participant_classified().group(),
                    WithDay(", đến hết ngày ", event.participant_classified().until_date()));
    case v1::Event::kParticipantMoved:
      return StrCat("chuyển đến ", event.place_id());
    default:
      return "";
  }
}

// Of every other kind.
std::string OtherText(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kDocumentIssued:
      return StrCat(event.document_issued().document_id(), " ", event.document_issued().number_verbatim());
    case v1::Event::kPlaceRegistered:
      return event.place_registered().name();
    case v1::Event::kPlaceChanged:
      return PlaceChangeText(event.place_changed());
    case v1::Event::kJurisdictionAssigned:
      return JurisdictionText(event.jurisdiction_assigned());
    case v1::Event::kPartyRegistered:
      return StrCat(event.party_registered().party_id(), " ", event.party_registered().name());
    case v1::Event::kRoleAssigned:
      return RoleText(event.role_assigned());
    case v1::Event::kRoleEnded:
      return StrCat("thôi vai trò ", event.role_ended().role_id(), With(": ", event.role_ended().reason()));
    case v1::Event::kTargetSet:
      return TargetText(event.target_set());
    case v1::Event::kDenominatorDeclared:
      return DenominatorText(event.denominator_declared());
    case v1::Event::kRosterDeclared:
      return RosterText(event.roster_declared());
    case v1::Event::kParameterSet:
      return ParameterText(event.parameter_set());
    case v1::Event::kActivityRecorded:
      return ActivityText(event.activity_recorded());
    case v1::Event::kProspectRecorded:
      return ProspectText(event.prospect_recorded());
    case v1::Event::kProspectResolved:
      return StrCat("người tiềm năng ", event.prospect_resolved().prospect_id(), ": ",
                    OutcomeWord(event.prospect_resolved().outcome()));
    case v1::Event::kReportFiled:
      return ReportText(event.report_filed());
    case v1::Event::kPeriodPublished:
      return StrCat("công bố ", event.period_published().period(), " theo vị trí ",
                    event.period_published().at_position(), With(", ", event.period_published().by_party_id()));
    case v1::Event::kDecisionRecorded:
      return DecisionText(event.decision_recorded());
    case v1::Event::kErasureRequested:
      return StrCat("yêu cầu xóa dữ liệu cá nhân", With(": ", event.erasure_requested().legal_basis()));
    case v1::Event::kErasureCompleted:
      return StrCat("đã xóa dữ liệu cá nhân, theo yêu cầu ở vị trí ", event.erasure_completed().request_position());
    default:
      return "";
  }
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
  std::string out = DriveText(event);
  if (out.empty()) out = CollectionText(event);
  if (out.empty()) out = OtherText(event);
  // A kind that this program does not know, or one that says nothing: at least all that there is.
  if (out.empty()) out = ToJson(event);
  if (const std::string subject = SubjectPrefix(event); !subject.empty()) StrAppend(&out, ", người ", subject);
  if (event.synthetic()) StrAppend(&out, " [giả lập]");
  return out;
}

const std::vector<std::string>& EventCellNames() {
  static const auto* const kNames =
      new std::vector<std::string>{"kind", "effective_date", "receipt", "agency_id", "subject", "recorded_at"};
  return *kNames;
}

std::vector<std::string> EventCells(const v1::Event& event) {
  const bool is_reversal = event.has_contribution_reversed();
  return {std::string(EventKindName(event.kind_case())),
          DateText(event.effective_date()),
          is_reversal ? event.contribution_reversed().receipt_number() : event.contribution_recorded().receipt_number(),
          is_reversal ? event.contribution_reversed().agency_id() : event.contribution_recorded().agency_id(),
          SubjectPrefix(event),
          event.recorded_at_us() > 0 ? FormatMoment(event.recorded_at_us()) : ""};
}

std::string EventJson(const v1::Event& event) { return ToJson(event); }

}  // namespace sothon::cli
