#include <algorithm>

#include "ingest-service/intake/joined_rules.h"

namespace sothon::ingest {
namespace {

constexpr size_t kGroupBytesMax = 32;

bool IsGroupName(std::string_view name) {
  return !name.empty() && name.size() <= kGroupBytesMax && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

void CheckCertificate(const v1::Event& event, const CheckContext& context) {
  const v1::CertificateIssued& certificate = event.certificate_issued();
  if (!certificate.receipt_number().empty() && certificate.agency_id().empty()) {
    context.violations->Add("event.certificate_issued.agency_id",
                            "missing; a receipt number is unique for its agency only: say whose it is");
  }
}

void CheckPortfolio(const v1::Event& event, const CheckContext& context) {
  const v1::PortfolioHandedOver& portfolio = event.portfolio_handed_over();
  const std::string kPath = "event.portfolio_handed_over.";
  // What an agency brought in may be handed over by the agency itself; who keeps it from now on is a person (plan#54).
  const KnownParty* from = context.FindParty(portfolio.from_party_id());
  if (from == nullptr || from->kind != v1::AGENCY) {
    CheckParty(kPath + "from_party_id", portfolio.from_party_id(), v1::COLLECTOR, context);
  }
  CheckParty(kPath + "to_party_id", portfolio.to_party_id(), v1::COLLECTOR, context);
  if (portfolio.from_party_id() == portfolio.to_party_id()) {
    context.violations->Add(kPath + "to_party_id", "is who hands it over; give the collector who receives it");
  }
}

void CheckClassification(const v1::Event& event, const CheckContext& context) {
  const v1::ParticipantClassified& classified = event.participant_classified();
  if (!IsGroupName(classified.group())) {
    context.violations->Add("event.participant_classified.group",
                            StrCat("\"", classified.group().substr(0, 64), "\" is not 1 to ", kGroupBytesMax,
                                   " of [a-z0-9_]; write for example ho_ngheo or nlnn_trung_binh"));
  }
  CheckUntil("event.participant_classified.until_date", classified.until_date(), event, context);
}

}  // namespace sothon::ingest
