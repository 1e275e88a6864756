// Parameters, roles, rosters, reports, published periods, decisions, and what becomes of people: each field that is
// blamed.
#include "ingest-service/intake/joined_rules.h"

#include "common/event/parameters.h"
#include "ingest-service/intake/intake_fixture.h"

namespace sothon::ingest {
namespace {

class JoinedRulesTest : public IntakeTest {
 protected:
  struct Case {
    std::function<void(v1::Submission*)> change;
    const char* field;
    const char* words;
  };
  // Each case changes one thing of `good`, which is taken as it is.
  void ExpectEachRefused(const v1::Submission& good, const std::vector<Case>& cases) {
    ExpectTaken(good);
    for (const Case& one : cases) {
      SCOPED_TRACE(one.field + std::string(" / ") + one.words);
      v1::Submission bad = good;
      one.change(&bad);
      ExpectRefused(bad, one.field, one.words);
    }
  }
};

// plan#18, #41, #59, #75
TEST_F(JoinedRulesTest, AParameterHasAKnownNameAValueInBoundsAndASource) {
  const auto set = [](v1::Submission* s) { return s->mutable_event()->mutable_parameter_set(); };
  const v1::Submission good = Of("p", [](v1::Event* event) {
    event->set_document_id(testing::kDocumentId);
    event->set_place_id("23500");
    event->mutable_parameter_set()->set_name("deadline.weekly_report");
    event->mutable_parameter_set()->set_value(3);
    event->mutable_parameter_set()->set_until_date(20251101);
  });
  ExpectEachRefused(
      good,
      {{[&](auto* s) { set(s)->set_name("deadline.weekly_raport"); }, "event.parameter_set.name",
        "is no parameter; did you mean \"deadline.weekly_report\"?; docs/parameters.md"},
       {[&](auto* s) { set(s)->set_name("x"); }, "event.parameter_set.name",
        "\"x\" is no parameter; docs/parameters.md"},
       {[&](auto* s) { set(s)->clear_name(); }, "event.parameter_set.name", "missing"},
       {[&](auto* s) { set(s)->set_value(3'661); }, "event.parameter_set.value", "takes 0 to 3660 (days)"},
       {[&](auto* s) { set(s)->set_value(-1); }, "event.parameter_set.value", "negative"},
       {[&](auto* s) { set(s)->set_until_date(20251031); }, "event.parameter_set.until_date",
        "20251031 is before the day"},
       {[&](auto* s) { set(s)->set_until_date(20251131); }, "event.parameter_set.until_date", "no date"},
       {[](auto* s) { s->mutable_event()->clear_document_id(); }, "event.document_id", "missing; cite the document"},
       {[](auto* s) { s->mutable_event()->set_document_id("nowhere"); }, "event.document_id", "not issued"},
       {[](auto* s) { s->mutable_event()->set_place_id("99999"); }, "event.place_id", "not registered"}});
  v1::Submission reading = good;
  reading.mutable_event()->clear_document_id();
  reading.mutable_event()->clear_place_id();
  set(&reading)->set_reading("ba ngày làm việc");
  ExpectTaken(reading);
}

TEST_F(JoinedRulesTest, EveryParameterIsTakenAtBothItsBounds) {
  for (const ParameterDefinition& parameter : AllParameters()) {
    for (const int64_t value : {parameter.min, parameter.max}) {
      ExpectTaken(Of("p", [&](v1::Event* event) {
        event->mutable_parameter_set()->set_name(std::string(parameter.name));
        event->mutable_parameter_set()->set_value(value);
        event->mutable_parameter_set()->set_reading("r");
      }));
    }
  }
}

// plan#45, #54, #66
TEST_F(JoinedRulesTest, ARoleOfAVillageNamesOne) {
  const auto role = [](v1::Submission* s) { return s->mutable_event()->mutable_role_assigned(); };
  const v1::Submission good = Of("r", [](v1::Event* event) {
    event->mutable_role_assigned()->set_role_id("r");
    event->mutable_role_assigned()->set_role(v1::RESIDENT_COLLECTOR);
    event->mutable_role_assigned()->set_party_id(testing::kCollectorId);
  });
  ExpectEachRefused(
      good,
      {{[&](auto* s) { role(s)->clear_role(); }, "event.role_assigned.role", "missing"},
       {[&](auto* s) { role(s)->set_role(static_cast<v1::RoleKind>(77)); }, "event.role_assigned.role", "unknown"},
       {[&](auto* s) { role(s)->clear_party_id(); }, "event.role_assigned.party_id", "missing"},
       {[&](auto* s) { role(s)->set_party_id("nobody"); }, "event.role_assigned.party_id", "not registered"},
       {[&](auto* s) { role(s)->set_nominator_party_id("nobody"); }, "event.role_assigned.nominator_party_id",
        "not registered"},
       {[&](auto* s) { role(s)->set_until_date(20251031); }, "event.role_assigned.until_date", "before the day"},
       {[](auto* s) { s->mutable_event()->clear_place_id(); }, "event.place_id",
        "missing; a RESIDENT_COLLECTOR is one of a village"},
       {[](auto* s) { s->mutable_event()->set_place_id("23500"); }, "event.place_id", "no village"}});
  v1::Submission guide = good;
  role(&guide)->set_role(v1::GUIDE);
  guide.mutable_event()->clear_place_id();
  ExpectRefused(guide, "event.place_id", "a GUIDE is one of a village");
  role(&guide)->set_drive_id("d-1");
  ExpectTaken(guide);
  v1::Submission supervisor = good;
  role(&supervisor)->set_role(v1::SUPERVISOR);
  supervisor.mutable_event()->set_place_id("23500");
  ExpectTaken(supervisor);
}

// plan#7, #28, #46, #48: a party is registered wherever it is named.
TEST_F(JoinedRulesTest, NobodyUnknownIsNamed) {
  ExpectRefused(Of("t",
                   [](v1::Event* event) {
                     *event = testing::VillageTarget("t", "23500-01", v1::BHXH_TN, 202510, 8);
                     event->clear_place_id();
                     event->mutable_target_set()->set_party_id("nobody");
                   }),
                "event.target_set.party_id", "not registered");
  ExpectRefused(Of("a",
                   [](v1::Event* event) {
                     event->mutable_activity_recorded()->set_kind(v1::DIALOGUE);
                     event->mutable_activity_recorded()->set_party_id("nobody");
                   }),
                "event.activity_recorded.party_id", "not registered");
  ExpectRefused(Of("c", [](v1::Event* event) { event->mutable_commitment_signed()->set_party_id("nobody"); }),
                "event.commitment_signed.party_id", "not registered");
  ExpectRefused(Of("d",
                   [](v1::Event* event) {
                     event->mutable_document_issued()->set_document_id("d");
                     event->mutable_document_issued()->add_recipients()->set_party_id("nobody");
                   }),
                "event.document_issued.recipients[0].party_id", "not registered");
}

// plan#22, #23
TEST_F(JoinedRulesTest, ARosterNamesEachRegisteredMemberOnce) {
  const auto roster = [](v1::Submission* s) { return s->mutable_event()->mutable_roster_declared(); };
  ExpectEachRefused(Of("ro",
                       [](v1::Event* event) {
                         event->mutable_roster_declared()->set_roster_id("ro");
                         event->mutable_roster_declared()->add_member_party_ids(testing::kCollectorId);
                       }),
                    {{[&](auto* s) { roster(s)->add_member_party_ids("nobody"); },
                      "event.roster_declared.member_party_ids[1]", "not registered"},
                     {[&](auto* s) { roster(s)->add_member_party_ids(testing::kCollectorId); },
                      "event.roster_declared.member_party_ids[1]", "stands here twice"}});
}

// plan#3
TEST_F(JoinedRulesTest, APartyIsNotDissolvedBeforeItWasFounded) {
  const auto party = [](v1::Submission* s) { return s->mutable_event()->mutable_party_registered(); };
  ExpectEachRefused(
      Of("huyen",
         [](v1::Event* event) {
           event->mutable_party_registered()->set_party_id("huyen");
           event->mutable_party_registered()->set_kind(v1::PEOPLES_COMMITTEE);
           event->mutable_party_registered()->set_name("UBND huyện (cũ)");
           event->mutable_party_registered()->set_founded_date(20000101);
           event->mutable_party_registered()->set_dissolved_date(20250701);
         }),
      {{[&](auto* s) { party(s)->set_dissolved_date(19991231); }, "event.party_registered.dissolved_date",
        "before the party was founded"},
       {[&](auto* s) { party(s)->set_dissolved_date(20250732); }, "event.party_registered.dissolved_date", "no date"}});
}

// plan#35 to #37, #40
TEST_F(JoinedRulesTest, AReportSaysWhoToWhomAndOnWhichDays) {
  const auto report = [](v1::Submission* s) { return s->mutable_event()->mutable_report_filed(); };
  const v1::Submission good = Of("rep", [](v1::Event* event) {
    event->mutable_report_filed()->set_report_kind("weekly");
    event->mutable_report_filed()->set_by_party_id(testing::kAgencyId);
    event->mutable_report_filed()->add_to_party_ids(testing::kAgencyId);
    event->mutable_report_filed()->set_period_from(20251020);
    event->mutable_report_filed()->set_period_to(20251026);
  });
  ExpectEachRefused(
      good,
      {{[&](auto* s) { report(s)->set_report_kind("Hằng tuần"); }, "event.report_filed.report_kind",
        "of [a-z_]; write weekly"},
       {[&](auto* s) { report(s)->set_report_kind(std::string(65, 'a')); }, "event.report_filed.report_kind",
        "1 to 64"},
       {[&](auto* s) { report(s)->clear_report_kind(); }, "event.report_filed.report_kind", "missing"},
       {[&](auto* s) { report(s)->set_report_kind("drive_notice"); }, "event.report_filed.drive_id", "on which drive"},
       {[&](auto* s) { report(s)->set_by_party_id("nobody"); }, "event.report_filed.by_party_id", "not registered"},
       {[&](auto* s) { report(s)->add_to_party_ids("nobody"); }, "event.report_filed.to_party_ids[1]",
        "not registered"},
       {[&](auto* s) { report(s)->add_to_party_ids(testing::kAgencyId); }, "event.report_filed.to_party_ids[1]",
        "twice"},
       {[&](auto* s) { report(s)->set_period_to(20251019); }, "event.report_filed.period_to", "before period_from"},
       {[&](auto* s) { report(s)->clear_period_to(); }, "event.report_filed.period_to", "missing"},
       {[&](auto* s) { report(s)->clear_period_from(); }, "event.report_filed.period_from", "missing"}});
  v1::Submission own = good;
  report(&own)->set_report_kind("bao_cao_rieng");
  report(&own)->clear_period_from();
  report(&own)->clear_period_to();
  ExpectTaken(own);
}

// What is reported and not computed: no period, no drive, nobody to whom.
TEST_F(JoinedRulesTest, ReportsOnAdviceAndHealthStationsAreTaken_Plan69) {
  for (const char* kind : {"advice", "health_station"}) {
    ExpectTaken(Of("rep", [&](v1::Event* event) {
      event->mutable_report_filed()->set_report_kind(kind);
      event->mutable_report_filed()->set_by_party_id(testing::kAgencyId);
    }));
  }
}

// plan#38
TEST_F(JoinedRulesTest, APublishedPeriodIsOneAndItsPositionIsRecorded) {
  const auto published = [](v1::Submission* s) { return s->mutable_event()->mutable_period_published(); };
  const v1::Submission good = Of("pub", [](v1::Event* event) {
    event->set_place_id("23500");
    event->mutable_period_published()->set_period("2025-11");
    event->mutable_period_published()->set_at_position(5);
    event->mutable_period_published()->set_digest(std::string(32, 'd'));
    event->mutable_period_published()->set_by_party_id(testing::kAgencyId);
  });
  ExpectEachRefused(
      good, {{[&](auto* s) { published(s)->set_period("2025-13"); }, "event.period_published.period", "is no period"},
             {[&](auto* s) { published(s)->set_period("2025-W53"); }, "event.period_published.period", "is no period"},
             {[&](auto* s) { published(s)->set_period("tháng 11"); }, "event.period_published.period", "2025-W45"},
             {[&](auto* s) { published(s)->clear_period(); }, "event.period_published.period", "missing"},
             {[&](auto* s) { published(s)->set_at_position(1'000); }, "event.period_published.at_position",
              "no position of this log"},
             {[&](auto* s) { published(s)->clear_at_position(); }, "event.period_published.at_position", "missing"},
             {[&](auto* s) { published(s)->set_digest("d"); }, "event.period_published.digest", "has 1 bytes"},
             {[&](auto* s) { published(s)->set_by_party_id("nobody"); }, "event.period_published.by_party_id",
              "not registered"},
             {[](auto* s) { s->mutable_event()->set_place_id("99999"); }, "event.place_id", "not registered"}});
  for (const char* period : {"2025", "2025Q4", "2025-10..2025-12", "2025-W45", "2026-W01"}) {
    v1::Submission other = good;
    published(&other)->set_period(period);
    ExpectTaken(other);
  }
}

// plan#71, #73 to #75
TEST_F(JoinedRulesTest, ADecisionNamesItsKindAndItsEvidenceInOrder) {
  const auto decision = [](v1::Submission* s) { return s->mutable_event()->mutable_decision_recorded(); };
  ExpectEachRefused(
      Of("dec",
         [](v1::Event* event) {
           event->mutable_decision_recorded()->set_kind(v1::DecisionRecorded::DIRECTIVE);
           event->mutable_decision_recorded()->set_by_party_id(testing::kAgencyId);
           event->mutable_decision_recorded()->add_evidence_positions(2);
           event->mutable_decision_recorded()->add_evidence_positions(4);
           event->mutable_decision_recorded()->set_due_date(20251201);
         }),
      {{[&](auto* s) { decision(s)->clear_kind(); }, "event.decision_recorded.kind", "missing"},
       {[&](auto* s) { decision(s)->set_about_party_id("nobody"); }, "event.decision_recorded.about_party_id",
        "not registered"},
       {[&](auto* s) { decision(s)->set_by_party_id("nobody"); }, "event.decision_recorded.by_party_id",
        "not registered"},
       {[&](auto* s) { decision(s)->add_evidence_positions(4); }, "event.decision_recorded.evidence_positions[2]",
        "ascending, each once"},
       {[&](auto* s) { decision(s)->set_evidence_positions(0, 0); }, "event.decision_recorded.evidence_positions[0]",
        "no position of this log"},
       {[&](auto* s) { decision(s)->set_due_date(20251031); }, "event.decision_recorded.due_date", "before the day"}});
}

// plan#54
TEST_F(JoinedRulesTest, APortfolioGoesFromWhoHadItToAnotherCollector) {
  Record({testing::Collector("NVT-02")});
  const auto portfolio = [](v1::Submission* s) { return s->mutable_event()->mutable_portfolio_handed_over(); };
  const v1::Submission good = Of("por", [](v1::Event* event) {
    event->mutable_portfolio_handed_over()->set_from_party_id(testing::kCollectorId);
    event->mutable_portfolio_handed_over()->set_to_party_id("NVT-02");
  });
  ExpectEachRefused(good, {{[&](auto* s) { portfolio(s)->set_to_party_id(testing::kCollectorId); },
                            "event.portfolio_handed_over.to_party_id", "is who hands it over"},
                           {[&](auto* s) { portfolio(s)->set_to_party_id(testing::kAgencyId); },
                            "event.portfolio_handed_over.to_party_id", "not as a collector"},
                           {[&](auto* s) { portfolio(s)->set_from_party_id("nobody"); },
                            "event.portfolio_handed_over.from_party_id", "not registered"},
                           {[&](auto* s) { portfolio(s)->add_subject_ids("short"); },
                            "event.portfolio_handed_over.subject_ids[0]", "16 bytes"},
                           {[](auto* s) { s->mutable_event()->clear_place_id(); }, "event.place_id", "missing"}});
  v1::Submission agency = good;
  portfolio(&agency)->set_from_party_id(testing::kAgencyId);
  ExpectTaken(agency);
}

// plan#58, #61, #62
TEST_F(JoinedRulesTest, CertificatesAndClassificationsAreWellFormed) {
  const auto about = [](v1::Submission submission) {
    submission.mutable_identity()->set_citizen_number(testing::CitizenNumberOf(1));
    return submission;
  };
  const auto issued = [](v1::Submission* s) { return s->mutable_event()->mutable_certificate_issued(); };
  ExpectEachRefused(
      about(Of("cert",
               [](v1::Event* event) {
                 event->mutable_certificate_issued()->set_scheme(v1::BHXH_TN);
                 event->mutable_certificate_issued()->set_agency_id(testing::kAgencyId);
                 event->mutable_certificate_issued()->set_receipt_number("BL-1");
               })),
      {{[&](auto* s) { issued(s)->clear_scheme(); }, "event.certificate_issued.scheme", "missing"},
       {[&](auto* s) { issued(s)->clear_agency_id(); }, "event.certificate_issued.agency_id", "whose it is"},
       {[&](auto* s) { issued(s)->set_collector_id(testing::kAgencyId); }, "event.certificate_issued.collector_id",
        "not as a collector"},
       {[](auto* s) { s->clear_identity(); }, "identity", "missing"}});
  const auto group = [](v1::Submission* s) { return s->mutable_event()->mutable_participant_classified(); };
  ExpectEachRefused(
      about(Of("class",
               [](v1::Event* event) {
                 event->mutable_participant_classified()->set_group("ho_ngheo");
                 event->mutable_participant_classified()->set_until_date(20251231);
               })),
      {{[&](auto* s) { group(s)->set_group("Hộ nghèo"); }, "event.participant_classified.group", "[a-z0-9_]"},
       {[&](auto* s) { group(s)->set_group(std::string(33, 'a')); }, "event.participant_classified.group", "1 to 32"},
       {[&](auto* s) { group(s)->clear_group(); }, "event.participant_classified.group", "missing"},
       {[&](auto* s) { group(s)->set_until_date(20251031); }, "event.participant_classified.until_date",
        "before the day"}});
}

// plan#47: prospects are many, so what resolves one is not looked up.
TEST_F(JoinedRulesTest, AProspectIsResolvedInAKnownWay) {
  const auto resolved = [](v1::Submission* s) { return s->mutable_event()->mutable_prospect_resolved(); };
  ExpectEachRefused(
      Of("res",
         [](v1::Event* event) {
           event->mutable_prospect_resolved()->set_prospect_id("p-1");
           event->mutable_prospect_resolved()->set_outcome(v1::ProspectResolved::JOINED);
         }),
      {{[&](auto* s) { resolved(s)->clear_outcome(); }, "event.prospect_resolved.outcome", "missing"},
       {[&](auto* s) { resolved(s)->set_prospect_id("p 1"); }, "event.prospect_resolved.prospect_id",
        "[A-Za-z0-9._:-]"},
       {[&](auto* s) { resolved(s)->clear_prospect_id(); }, "event.prospect_resolved.prospect_id", "missing"}});
}

}  // namespace
}  // namespace sothon::ingest
