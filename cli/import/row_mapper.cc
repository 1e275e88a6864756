#include "cli/import/row_mapper.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "cli/app/digest.h"
#include "cli/app/plain_text.h"
#include "cli/app/text_tools.h"
#include "cli/import/fields.h"
#include "common/base/absl_view.h"
#include "common/base/ids.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr int64_t kMonthsMax = 60;

}  // namespace

std::string UnsplitLine(const ColumnMap& columns, const CsvRecord& record) {
  std::string line;
  for (size_t i = 0; i < columns.header().size() && i < record.fields.size(); ++i) {
    const std::string& name = columns.header()[i];
    if (name == kOriginalLineColumn) {
      line = record.fields[i];
    } else if (std::find(RejectColumns().begin(), RejectColumns().end(), name) == RejectColumns().end() &&
               !TrimWhiteSpace(record.fields[i]).empty()) {
      return "";
    }
  }
  return line;
}

std::string ContributionEventId(std::string_view agency_id, std::string_view receipt_number) {
  return DerivedId("receipt-", {agency_id, receipt_number});
}

std::string OpeningEventId(std::string_view agency_id, std::string_view reference) {
  return DerivedId("opening-", {agency_id, reference});
}

std::string ReversalEventId(std::string_view agency_id, std::string_view receipt_number) {
  return DerivedId("reversal-", {agency_id, receipt_number});
}

bool RowMapper::IsEmptyRow(const CsvRecord& record) {
  return record.is_split && std::all_of(record.fields.begin(), record.fields.end(),
                                        [](const std::string& field) { return TrimWhiteSpace(field).empty(); });
}

bool RowMapper::IsTotalRow(const CsvRecord& record) const {
  if (IsTotalLabel(columns_.Get(record, Column::kVillage))) return true;
  for (const std::string& field : record.fields) {
    if (!TrimWhiteSpace(field).empty()) return IsTotalLabel(field);
  }
  return false;
}

void RowMapper::Add(Column column, Problem problem, std::vector<Problem>* problems) const {
  problem.field = columns_.NameInFile(column);
  problems->push_back(std::move(problem));
}

// A reject file that is imported unmended would otherwise record a number that no receipt bears.
void RowMapper::CheckReplaced(const CsvRecord& record, std::vector<Problem>* problems) const {
  for (const Column column :
       {Column::kReceiptNumber, Column::kReference, Column::kIdentityNumber, Column::kSocialInsuranceNumber,
        Column::kVillage, Column::kDocument, Column::kStt, Column::kCollector}) {
    if (columns_.Get(record, column).find("\xef\xbf\xbd") == std::string_view::npos) continue;
    Add(column,
        {"", "it holds the sign \xef\xbf\xbd, which stands for letters that could not be read",
         "write it again as it stands on the paper"},
        problems);
  }
}

// A row that an earlier import could not split stands whole in a column of its own until somebody splits it.
void RowMapper::CheckUnmended(const CsvRecord& record, std::vector<Problem>* problems) const {
  constexpr char kReason[] = "the row still stands unsplit in original_line";
  if (UnsplitLine(columns_, record).empty()) return;
  const auto field = [&](std::string_view name) {
    const auto found = std::find(columns_.header().begin(), columns_.header().end(), name);
    const auto index = static_cast<size_t>(found - columns_.header().begin());
    return index < record.fields.size() ? record.fields[index] : std::string();
  };
  const std::string reason = field("reason");
  const bool is_told = reason.starts_with(kReason);
  problems->push_back(
      {"", is_told ? reason : StrCat(kReason, " (line ", field("line"), " of the file it came from): ", reason),
       is_told ? field("remedy") : StrCat("write its fields into the columns here; ", field("remedy"))});
}

// Where a file was cut off, the last number may lack digits, and would still be one.
void RowMapper::CheckWhole(const CsvRecord& record, std::vector<Problem>* problems) const {
  const auto last = columns_.Last();
  // A mark of one letter is whole or not there.
  if (record.has_line_end || !last || *last == Column::kSynthetic || record.raw.ends_with('"')) return;
  const std::string_view text = columns_.Get(record, *last);
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return;
  Add(*last,
      {"", "the file ends here without a line end: this last row may be cut off, and its number lack digits",
       "compare it with the paper; if it is whole, add a line end (go to the very end of the file in an editor, press "
       "Enter, save) and import the file again. Rows of the reject file count as whole"},
      problems);
}

void RowMapper::MapIdentity(const CsvRecord& record, v1::Submission* submission, std::vector<Problem>* problems) const {
  Problem problem;
  const std::string_view number = columns_.Get(record, Column::kIdentityNumber);
  const std::string_view social = columns_.Get(record, Column::kSocialInsuranceNumber);
  v1::Identity* identity = submission->mutable_identity();
  if ((!number.empty() || social.empty()) && !ParseIdentityField(number, identity, &problem)) {
    return Add(Column::kIdentityNumber, problem, problems);
  }
  if (social.empty()) return;
  v1::Identity other;
  if (!ParseIdentityField(social, &other, &problem) || other.social_insurance_number().empty()) {
    return Add(Column::kSocialInsuranceNumber,
               {"", "it is not a BHXH number of 10 digits", "write the 10 digits, as text, or leave it empty"},
               problems);
  }
  if (!identity->social_insurance_number().empty() &&
      identity->social_insurance_number() != other.social_insurance_number()) {
    return Add(Column::kSocialInsuranceNumber,
               {"", "two different BHXH numbers stand in this row", "keep the right one"}, problems);
  }
  identity->set_social_insurance_number(other.social_insurance_number());
}

void RowMapper::MapVillage(const CsvRecord& record, v1::Event* event, std::vector<Problem>* problems) const {
  const std::string_view village = columns_.Get(record, Column::kVillage);
  const std::string_view document = columns_.Get(record, Column::kDocument);
  const std::string_view stt = columns_.Get(record, Column::kStt);
  Problem problem;
  std::optional<std::string> place_id;
  // Without a document STT is the row's number in its own list and means no village.
  if (!document.empty() && !stt.empty()) {
    place_id = directory_->ResolveRow(document, stt, &problem);
    if (!place_id) return Add(Column::kStt, problem, problems);
    // A name beside them may be one of several villages' own, but it must be this one's too.
    if (!village.empty() && village != *place_id && !directory_->IsCalled(*place_id, village)) {
      problem = {"", StrCat("it is \"", village, "\", document and STT mean ", *place_id), "make them agree"};
      return Add(Column::kVillage, problem, problems);
    }
  } else if (village.empty()) {
    problem = {"", "it is empty", "write the village's code, for example 23500-07, or document and STT"};
    return Add(Column::kVillage, problem, problems);
  } else {
    place_id = directory_->ResolveVillage(village, &problem);
    if (!place_id) return Add(Column::kVillage, problem, problems);
  }
  event->set_place_id(*place_id);
}

v1::Scheme RowMapper::MapScheme(const CsvRecord& record, std::vector<Problem>* problems) const {
  const std::string_view text = columns_.Get(record, Column::kScheme);
  if (text.empty() && options_.default_scheme != v1::SCHEME_UNSPECIFIED) return options_.default_scheme;
  Problem problem;
  const auto scheme = ParseSchemeField(text, &problem);
  if (!scheme) Add(Column::kScheme, problem, problems);
  return scheme.value_or(v1::SCHEME_UNSPECIFIED);
}

int64_t RowMapper::MapMoney(const CsvRecord& record, Column column, std::vector<Problem>* problems) const {
  const std::string_view text = columns_.Get(record, column);
  if (text.empty() && column != Column::kPaid) return 0;
  Problem problem;
  const auto amount = ParseMoneyField(text, &problem);
  if (!amount) Add(column, problem, problems);
  return amount.value_or(0);
}

void RowMapper::MapContribution(const CsvRecord& record, v1::Event* event, std::vector<Problem>* problems) const {
  Problem problem;
  v1::ContributionRecorded* contribution = event->mutable_contribution_recorded();
  contribution->set_agency_id(options_.agency_id);
  const auto number = ParsePaperNumber(columns_.Get(record, Column::kReceiptNumber), &problem);
  if (!number) Add(Column::kReceiptNumber, problem, problems);
  contribution->set_receipt_number(number.value_or(""));
  event->set_event_id(ContributionEventId(options_.agency_id, contribution->receipt_number()));
  const auto date = ParseDateField(columns_.Get(record, Column::kReceiptDate), &problem);
  if (!date) Add(Column::kReceiptDate, problem, problems);
  if (date) event->set_effective_date(date->ToWire());
  contribution->set_scheme(MapScheme(record, problems));
  const auto months = ParseCountField(columns_.Get(record, Column::kMonths), 1, kMonthsMax, &problem);
  if (!months) Add(Column::kMonths, problem, problems);
  contribution->set_months(static_cast<uint32_t>(months.value_or(0)));
  const auto from = ParseMonthField(columns_.Get(record, Column::kFromMonth), &problem);
  if (!from) Add(Column::kFromMonth, problem, problems);
  if (from) contribution->set_from_month(from->ToWire());
  contribution->set_paid_vnd(MapMoney(record, Column::kPaid, problems));
  contribution->set_central_support_vnd(MapMoney(record, Column::kCentralSupport, problems));
  contribution->set_local_support_vnd(MapMoney(record, Column::kLocalSupport, problems));
  contribution->set_income_base_vnd(MapMoney(record, Column::kIncomeBase, problems));
  const bool has_due = !columns_.Get(record, Column::kDue).empty();
  contribution->set_due_vnd(has_due ? MapMoney(record, Column::kDue, problems)
                                    : contribution->paid_vnd() + contribution->central_support_vnd() +
                                          contribution->local_support_vnd());
  const std::string_view collector = columns_.Get(record, Column::kCollector);
  if (!collector.empty() && !IsWellFormedId(collector)) {
    Add(Column::kCollector,
        {"", StrCat("\"", collector, "\" is not a staff code"), "write the code of the collector, not a name"},
        problems);
  }
  contribution->set_collector_id(std::string(collector));
  const auto declared = ParseDeclaredField(columns_.Get(record, Column::kDeclared), &problem);
  if (!declared) Add(Column::kDeclared, problem, problems);
  contribution->set_declared(declared.value_or(v1::DECLARED_UNSPECIFIED));
  MapOccasion(record, contribution, problems);
}

void RowMapper::MapOccasion(const CsvRecord& record, v1::ContributionRecorded* contribution,
                            std::vector<Problem>* problems) const {
  const std::string_view drive = columns_.Get(record, Column::kDrive);
  if (!drive.empty() && !IsWellFormedId(drive)) {
    Add(Column::kDrive, {"", StrCat("\"", drive, "\" is not the code of a drive"), "write the code of the drive"},
        problems);
  }
  contribution->set_drive_id(std::string(drive));
  const std::vector<std::string> credited =
      absl::StrSplit(ToAbsl(columns_.Get(record, Column::kCredited)), absl::ByAnyChar("| "), absl::SkipEmpty());
  for (const std::string& party : credited) {
    if (!IsWellFormedId(party)) {
      Add(Column::kCredited,
          {"", StrCat("\"", party, "\" is not the code of a party"), "write codes, not names; several with | between"},
          problems);
    }
    contribution->add_credited_party_ids(party);
  }
  Problem problem;
  const auto channel = ParseChannelField(columns_.Get(record, Column::kChannel), &problem);
  if (!channel) Add(Column::kChannel, problem, problems);
  contribution->set_channel(channel.value_or(v1::CHANNEL_UNSPECIFIED));
}

void RowMapper::MapOpening(const CsvRecord& record, v1::Event* event, std::vector<Problem>* problems) const {
  Problem problem;
  const std::string_view reference_text = columns_.Get(record, Column::kReference);
  const std::string reference = ParsePaperNumber(reference_text, &problem).value_or("");
  const std::string_view number = columns_.Get(record, Column::kIdentityNumber);
  const std::string_view social = columns_.Get(record, Column::kSocialInsuranceNumber);
  if (reference.empty() && !reference_text.empty()) {
    Add(Column::kReference, problem, problems);
  } else if (reference.empty()) {
    Add(Column::kReference,
        {"", "it is empty", "give each row a reference of its own, for example its number in the list"}, problems);
  } else if ((!number.empty() && (reference.find(number) != std::string::npos)) ||
             (!social.empty() && (reference.find(social) != std::string::npos))) {
    // The event id is a hash of it and stands in the log, from which a short number could be guessed back.
    Add(Column::kReference,
        {"", "it holds the person's number", "use something else, for example the row's number in the list"}, problems);
  }
  event->set_event_id(OpeningEventId(options_.agency_id, reference));
  v1::OpeningRecorded* opening = event->mutable_opening_recorded();
  opening->set_scheme(MapScheme(record, problems));
  const std::string_view until = columns_.Get(record, Column::kCoveredUntil);
  Problem month_problem;
  if (const auto date = ParseDateField(until, &problem)) {
    opening->set_covered_until(date->ToWire());
  } else if (const auto month = ParseMonthField(until, &month_problem)) {
    opening->set_covered_until(CivilDate::LastOf(*month).ToWire());
  } else {
    Add(Column::kCoveredUntil, problem, problems);
  }
  const std::string_view day = columns_.Get(record, Column::kOpeningDate);
  const auto date = day.empty() ? options_.opening_date : ParseDateField(day, &problem);
  if (date) {
    event->set_effective_date(date->ToWire());
  } else {
    if (day.empty()) problem = {"", "it is empty", "write the day of the opening balance, or give it with --date"};
    Add(Column::kOpeningDate, problem, problems);
  }
}

std::optional<v1::Submission> RowMapper::Map(const CsvRecord& record, std::vector<Problem>* problems) const {
  problems->clear();
  if (!record.problem.empty()) {
    problems->push_back({record.problem_column, record.problem, record.remedy});
    return std::nullopt;
  }
  CheckUnmended(record, problems);
  if (!problems->empty()) return std::nullopt;
  CheckReplaced(record, problems);
  CheckWhole(record, problems);
  if (!problems->empty()) return std::nullopt;
  v1::Submission submission;
  v1::Event* event = submission.mutable_event();
  if (options_.kind == FileKind::kCollections) {
    MapContribution(record, event, problems);
  } else {
    MapOpening(record, event, problems);
  }
  MapIdentity(record, &submission, problems);
  MapVillage(record, event, problems);
  Problem problem;
  const auto flag = ParseFlagField(columns_.Get(record, Column::kSynthetic), &problem);
  if (!flag) Add(Column::kSynthetic, problem, problems);
  event->set_synthetic(options_.is_synthetic || flag.value_or(false));
  if (!problems->empty()) return std::nullopt;
  return submission;
}

std::string RowMapper::ColumnOfPath(std::string_view path) const {
  static const auto* const columns = new std::vector<std::pair<std::string_view, Column>>{
      {"receipt_number", Column::kReceiptNumber},
      {"effective_date", Column::kReceiptDate},
      {"citizen_number", Column::kIdentityNumber},
      {"social_insurance_number", Column::kSocialInsuranceNumber},
      {"identity", Column::kIdentityNumber},
      {"place_id", Column::kVillage},
      {"scheme", Column::kScheme},
      {"months", Column::kMonths},
      {"from_month", Column::kFromMonth},
      {"due_vnd", Column::kDue},
      {"paid_vnd", Column::kPaid},
      {"central_support_vnd", Column::kCentralSupport},
      {"local_support_vnd", Column::kLocalSupport},
      {"collector_id", Column::kCollector},
      {"declared", Column::kDeclared},
      {"income_base_vnd", Column::kIncomeBase},
      {"drive_id", Column::kDrive},
      {"credited_party_ids", Column::kCredited},
      {"channel", Column::kChannel},
      {"covered_until", Column::kCoveredUntil},
  };
  const size_t dot = path.rfind('.');
  const std::string_view field = dot == std::string_view::npos ? path : path.substr(dot + 1);
  const std::string_view last = field.substr(0, field.find('['));
  for (const auto& [name, column] : *columns) {
    if (last != name) continue;
    if (column == Column::kReceiptDate && options_.kind == FileKind::kOpening) {
      return columns_.NameInFile(Column::kOpeningDate);
    }
    return columns_.NameInFile(column);
  }
  return std::string(path);
}

}  // namespace sothon::cli
