// sothon documents: the papers that figures rest on (plan#1 to #5, #7); sothon provenance: what is not as sure as a
// figure looks.
#include "absl/strings/str_replace.h"
#include "cli/app/text_tools.h"
#include "cli/oversight/asking.h"
#include "cli/oversight/oversight_commands.h"
#include "cli/oversight/oversight_words.h"
#include "cli/views/progress_words.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

struct ProvenanceArguments {
  Asking asking;
  std::string lang = "vi";
};

Cell KnownOr(bool is_known, Cell cell) { return is_known ? std::move(cell) : Cell{{}, kUnknown}; }

RecordList DocumentsOf(const v1::ListDocumentsResponse& response, const PlaceNames& places) {
  RecordList list{"documents",
                  "",
                  {{"document_id", "mã"},
                   {"number_verbatim", "số ghi"},
                   {"number_normalised", "số", Align::kLeft, Column::kPrograms},
                   {"issued_date", "ngày"},
                   {"issuer_verbatim", "cơ quan ban hành"},
                   {"issuer_party_id", "", Align::kLeft, Column::kPrograms},
                   {"successor_party_id", "", Align::kLeft, Column::kPrograms},
                   {"place_id", "nơi", Align::kLeft, Column::kPrograms},
                   {"cited_by", "căn cứ của", Align::kRight},
                   {"position", "vị trí", Align::kRight},
                   {"title", "tên"}}};
  list.if_empty = "Không có văn bản nào.";
  for (const v1::DocumentView& view : response.documents()) {
    const v1::DocumentIssued& document = view.document();
    // People read what only we wrote down where nothing is printed; programs have both.
    const std::string& number =
        document.number_verbatim().empty() ? document.number_normalised() : document.number_verbatim();
    list.records.push_back(
        {TextCell(document.document_id()), KnownOr(view.number_known(), WordCell(document.number_verbatim(), number)),
         TextCell(document.number_normalised()), KnownOr(view.date_known(), DateCell(document.issued_date())),
         TextCell(document.issuer_verbatim()), TextCell(document.issuer_party_id()),
         TextCell(document.successor_party_id()), places.Of(view.place_id()),
         CountCell(static_cast<int64_t>(view.cited_by())), PositionCell(view.position()), TextCell(document.title())});
  }
  return list;
}

RecordList RecipientsOf(const v1::ListDocumentsResponse& response) {
  RecordList list{"recipients",
                  "Nơi nhận:",
                  {{"document_id", "văn bản"}, {"name_verbatim", "nơi nhận"}, {"party_id", "mã"}, {"capacity", "để"}}};
  for (const v1::DocumentView& view : response.documents()) {
    for (const v1::DocumentIssued::Recipient& recipient : view.document().recipients()) {
      list.records.push_back(
          {TextCell(view.document().document_id()), TextCell(recipient.name_verbatim()), TextCell(recipient.party_id()),
           WordCell(v1::DocumentIssued::Capacity_Name(recipient.capacity()), CapacityWord(recipient.capacity()))});
    }
  }
  list.is_shown = !list.records.empty();
  return list;
}

RecordList ReferencesOf(const v1::ListDocumentsResponse& response) {
  RecordList list{"references",
                  "",
                  {{"document_id", "văn bản"},
                   {"text_verbatim", "viện dẫn"},
                   {"refers_to", "tới"},
                   {"section", "mục"},
                   {"resolved", "rõ"},
                   {"presumably", "có lẽ là"},
                   {"attachment", "phụ lục"}}};
  for (const v1::DocumentView& view : response.documents()) {
    for (const v1::DocumentIssued::DocumentReference& reference : view.document().references()) {
      list.records.push_back({TextCell(view.document().document_id()), TextCell(reference.text_verbatim()),
                              TextCell(reference.document_id()), TextCell(reference.section()),
                              FlagCell(reference.resolved(), "rõ"), TextCell(reference.presumably()),
                              FlagCell(reference.attachment(), "có")});
    }
  }
  // People read them in `sothon provenance`.
  list.is_shown = false;
  return list;
}

ExitStatus RunDocuments(const Asking& asking, const Endpoints& endpoints) {
  v1::ListDocumentsRequest request;
  const absl::Status usage = FillInquiry(asking, request.mutable_inquiry());
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListDocuments, asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const PlaceNames places(asking, request.inquiry(), endpoints);
  AnswerView view = BeginView("VĂN BẢN", asking.query.place, response->answered());
  view.lists = {DocumentsOf(*response, places), RecipientsOf(*response), ReferencesOf(*response)};
  return Show(asking, view);
}

// "no successor" in English.
Cell KindCell(v1::ProvenanceNote::Kind kind, Language language) {
  const std::string& name = v1::ProvenanceNote::Kind_Name(kind);
  if (language == Language::kVietnamese) return WordCell(name, ProvenanceWord(kind));
  return WordCell(name, absl::StrReplaceAll(AsciiLower(name), {{"_", " "}}));
}

ExitStatus RunProvenance(const ProvenanceArguments& arguments, const Endpoints& endpoints) {
  v1::ListProvenanceRequest request;
  const absl::Status usage = FillInquiry(arguments.asking, request.mutable_inquiry());
  if (!usage.ok()) return TellWrongUsage(usage);
  const auto response = Ask(&v1::ProgressService::StubInterface::ListProvenance, arguments.asking, endpoints, request);
  if (!response.ok()) return TellFailure(response.status());
  const Language language = LanguageOf(arguments.lang);
  const auto say = [language](const char* vi, const char* en) { return In(language, vi, en); };
  RecordList list{"notes", "",
                  Columns({{"kind", say("loại", "kind")},
                           {"id", say("về", "about")},
                           {"document_id", say("văn bản", "document")},
                           {"position", say("vị trí", "position"), Align::kRight}},
                          TextColumns("text", say("nội dung", "what"), language))};
  list.if_empty = say("Không có gì.", "There is none.");
  for (const v1::ProvenanceNote& note : response->notes()) {
    list.records.push_back({KindCell(note.kind(), language), TextCell(note.id()), TextCell(note.document_id()),
                            PositionCell(note.position()), TextCell(note.text_vi()), TextCell(note.text_en())});
  }
  AnswerView view =
      BeginView(say("NGUỒN GỐC VÀ CÁCH HIỂU", "PROVENANCE"), arguments.asking.query.place, response->answered());
  view.language = language;
  view.lists = {std::move(list)};
  return Show(arguments.asking, view);
}

}  // namespace

void AddDocumentsCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand("documents", "the papers that targets, roles and decisions rest on");
  const auto asking = std::make_shared<Asking>();
  AddAsking(command, PlaceOption::kOptional, {"documents", "recipients", "references"}, asking.get());
  SetRun(command, line, asking, &RunDocuments);
}

void AddProvenanceCommand(CLI::App* app, CommandLine* line) {
  CLI::App* command = app->add_subcommand(
      "provenance", "what is not as sure as a figure looks: readings, dangling references, inferred and unknown facts");
  const auto arguments = std::make_shared<ProvenanceArguments>();
  AddAsking(command, PlaceOption::kOptional, {}, &arguments->asking);
  AddLanguage(command, &arguments->lang);
  SetRun(command, line, arguments, &RunProvenance);
}

}  // namespace sothon::cli
