// Events that stories about documents, reports and decisions are told in, one line each. Their date and place: Story.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sothon/v1/event.pb.h"

namespace sothon::rules::testing {

// With a number and a date, so that nothing is unknown of it.
inline v1::Event DocumentOf(std::string_view id, std::string_view number = "Quyết định số 1/QĐ-UBND",
                            int32_t issued_date = 20251001) {
  v1::Event event;
  v1::DocumentIssued* document = event.mutable_document_issued();
  document->set_document_id(std::string(id));
  document->set_number_verbatim(std::string(number));
  document->set_title("Văn bản thử nghiệm");
  document->set_issued_date(issued_date);
  return event;
}

// DocumentOf("KH-1") with as many references to another paper.
inline v1::Event Referring(bool resolved, bool attachment, int times = 1) {
  v1::Event event = DocumentOf("KH-1");
  for (int i = 0; i < times; ++i) {
    v1::DocumentIssued::DocumentReference* reference = event.mutable_document_issued()->add_references();
    reference->set_text_verbatim("theo mục 3.1");
    reference->set_resolved(resolved);
    reference->set_attachment(attachment);
  }
  return event;
}

inline v1::Event ReportOf(std::string_view kind, int32_t period_from, int32_t period_to,
                          std::string_view by = "TCDVT-01") {
  v1::Event event;
  event.mutable_report_filed()->set_report_kind(std::string(kind));
  event.mutable_report_filed()->set_by_party_id(std::string(by));
  event.mutable_report_filed()->set_period_from(period_from);
  event.mutable_report_filed()->set_period_to(period_to);
  return event;
}

inline v1::Event DecisionOf(v1::DecisionRecorded::DecisionKind kind, std::string_view about = "TCDVT-01",
                            std::vector<uint64_t> evidence = {1}) {
  v1::Event event;
  event.mutable_decision_recorded()->set_kind(kind);
  event.mutable_decision_recorded()->set_about_party_id(std::string(about));
  event.mutable_decision_recorded()->mutable_evidence_positions()->Assign(evidence.begin(), evidence.end());
  return event;
}

}  // namespace sothon::rules::testing
