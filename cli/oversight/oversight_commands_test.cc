// The other commands of the oversight, against a projection that answers what the test gives it.
#include "cli/oversight/oversight_fixture.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// With the date that every answer names.
template <typename Response>
Response& Answered(Response* response) {
  response->mutable_answered()->set_date(20251105);
  return *response;
}

void FillProduct(v1::ProductState* product) {
  product->set_scheme(v1::BHXH_TN);
  product->set_target(8);
  product->set_achieved(8);
  product->set_reached_date(20251104);
  product->set_reached_position(77);
}

constexpr char kTail[] = ",2025-11-05,dak-ha,4711,0\n";

TEST_F(OversightCommands, WeeksWithTheVillagesThatReachedTheirsAndTheEmptyOnes_Plan31) {
  v1::GetWeekLadderResponse& ladder = Answered(&progress_.ladder);
  ladder.set_villages(29);
  v1::LadderWeek* reached = ladder.add_weeks();
  reached->set_week("2025-W40");
  reached->set_from_date(20250929);
  reached->set_to_date(20251005);
  reached->set_due(true);
  reached->set_reached_so_far(1);
  v1::VillageReached* village = reached->add_reached();
  village->set_place_id("23500-01");
  village->set_date(20251003);
  village->set_position(80);
  FillProduct(village->add_products());
  v1::WeekRow* row = reached->add_rows();
  row->set_place_id("23500-01");
  row->set_scheme_group_id("BHYT_TU_DONG");
  row->set_developed(3);
  row->set_paid_vnd(1'000'000);
  v1::LadderWeek* empty = ladder.add_weeks();
  empty->set_week("2025-W41");
  empty->set_due(true);
  empty->set_empty(true);
  empty->set_reached_so_far(1);
  const std::vector<std::string> ask = {"weeks", "--place", "23500", "--from", "2025-w40", "--to", "2026-W01"};
  const std::string table = Table(ask);
  EXPECT_THAT(table, HasSubstr("MỖI TUẦN MỘT THÔN · 23500 · ngày 2025-11-05"));
  EXPECT_THAT(table, HasSubstr("Thôn Một (23500-01)"));
  EXPECT_THAT(table, HasSubstr("không có thôn nào"));
  EXPECT_EQ(progress_.asked_ladder.from_week(), "2025-W40");
  EXPECT_EQ(progress_.asked_ladder.to_week(), "2026-W01");
  EXPECT_FALSE(progress_.asked_ladder.with_rows());
  EXPECT_THAT(Csv(ask), HasSubstr("\n2025-W40,2025-09-29,2025-10-05,23500-01,1,29,1,0,2025-11-05,dak-ha,4711,0\n"
                                  "2025-W41,,,,1,29,1,1,2025-11-05"));
  std::vector<std::string> more = ask;
  more.insert(more.end(), {"--list", "reached"});
  EXPECT_THAT(Csv(more),
              StartsWith("week,place_id,date,position,scheme,scheme_group,target,achieved,remaining,"
                         "product_reached_date,product_reached_position,answer_date,answer_log_id,answer_position,"
                         "contains_synthetic\n2025-W40,23500-01,2025-10-03,80,BHXH_TN,,8,8,0,2025-11-04,77,"));
  more = ask;
  more.push_back("--rows");
  EXPECT_THAT(Csv(more), HasSubstr("\n2025-W40,23500-01,,BHYT_TU_DONG,3,0,1000000,0,0,0,2025-11-05"));
  EXPECT_TRUE(progress_.asked_ladder.with_rows());
  more = ask;
  more.insert(more.end(), {"--list", "rows"});
  EXPECT_THAT(Table(more), HasSubstr("Từng thôn, từng tuần:"));
  EXPECT_TRUE(progress_.asked_ladder.with_rows()) << "the list that is asked for is fetched";
  EXPECT_THAT(Table(more), Not(HasSubstr("không có thôn nào"))) << "and no other is shown";
}

TEST_F(OversightCommands, AMistypedWeekIsNamed) {
  const auto weeks = [&](const char* from, const char* to) {
    return WrongUsage({"weeks", "--place", "23500", "--from", from, "--to", to});
  };
  EXPECT_THAT(weeks("2025-W54", "2026-W01"), HasSubstr("--from 2025-W54: there is no such week; write an ISO week"));
  EXPECT_THAT(weeks("2025-40", "2026-W01"), HasSubstr("--from 2025-40"));
  EXPECT_THAT(weeks("2025-W40", "2025-W39"), HasSubstr("--to 2025-W39 is before --from 2025-W40"));
  EXPECT_THAT(weeks("2020-W01", "2025-W01"), HasSubstr("ask for at most 106"));
}

TEST_F(OversightCommands, DrivesWithTheirStepsAttendanceAndResult_Plan27_Plan43) {
  v1::DriveView* drive = Answered(&progress_.drives).add_drives();
  drive->set_drive_id("d-01");
  drive->set_place_id("23500-01");
  drive->set_state(v1::DriveView::CLOSED);
  drive->set_from_date(20251013);
  drive->mutable_opened()->set_position(12);
  drive->mutable_opened()->set_date(20251013);
  drive->mutable_opened()->set_party_id("bhxh");
  drive->add_guide_ids("truong-thon");
  v1::DriveAttendance* there = drive->add_attendance();
  there->set_agency_id("BD");
  there->add_collector_ids("NVT-1");
  there->add_collector_ids("NVT-2");
  there->add_positions(14);
  drive->add_attendance()->set_agency_id("VNPT");
  v1::DriveProduct* product = drive->add_products();
  product->set_scheme(v1::BHXH_TN);
  product->set_remaining_before(8);
  product->set_result(5);
  product->set_rest(3);
  const std::vector<std::string> ask = {"drives", "--place", "23500"};
  const std::string table = Table(ask);
  for (const char* part : {"kết thúc", "BD (2), VNPT (vắng)", "BHXH_TN 5/8", "Thôn Một (23500-01)", "truong-thon"}) {
    EXPECT_THAT(table, HasSubstr(part));
  }
  EXPECT_THAT(table, Not(HasSubstr("Các bước")));
  const std::string one = Table({"drives", "--place", "23500", "--drive", "d-01"});
  EXPECT_EQ(progress_.asked_drives.drive_id(), "d-01");
  EXPECT_THAT(one, HasSubstr("Các bước:"));
  EXPECT_THAT(one, HasSubstr("KHÔNG KHỚP")) << "a baseline that the log does not confirm";
  EXPECT_THAT(Csv({"drives", "--place", "23500", "--list", "attendance"}), HasSubstr("\nd-01,BD,1,NVT-1|NVT-2,14,"));
  EXPECT_THAT(Csv({"drives", "--place", "23500", "--list", "attendance"}), HasSubstr("\nd-01,VNPT,0,,,"));
  EXPECT_THAT(Csv({"drives", "--place", "23500", "--list", "steps"}), HasSubstr("\nd-01,opened,2025-10-13,bhxh,12,"));
  EXPECT_THAT(Csv({"drives", "--place", "23500", "--list", "products"}), HasSubstr("\nd-01,BHXH_TN,,0,0,8,5,3,0,"));
  EXPECT_THAT(Json(ask), HasSubstr("\"state\": \"CLOSED\""));
  progress_.drives.clear_drives();
  const Outcome unknown = Run({"drives", "--place", "23500", "--drive", "d-99"});
  EXPECT_EQ(unknown.exit, 1);
  EXPECT_THAT(unknown.err, HasSubstr("--drive d-99: 23500 has no such drive by then"));
  EXPECT_THAT(Table(ask), HasSubstr("Không có đợt ra quân nào."));
}

TEST_F(OversightCommands, VillagesRankedAndAnUnknownPopulationIsNotZero_Plan42) {
  v1::VillagePotential* village = Answered(&progress_.ranking).add_villages();
  village->set_place_id("23500-01");
  FillProduct(village->add_products());
  village->set_insured(40);
  village->set_due_soon(3);
  EXPECT_THAT(Csv({"rank", "--place", "23500"}),
              StartsWith("rank,place_id,remaining,population,insured,not_participating,due_soon,in_drive,answer_date,"
                         "answer_log_id,answer_position,contains_synthetic\n1,23500-01,0,,40,,3,0,"));
  EXPECT_THAT(Table({"rank", "--place", "23500"}), HasSubstr("–"));
  village->set_population_known(true);
  village->set_population(100);
  village->set_not_participating(60);
  EXPECT_THAT(Csv({"rank", "--place", "23500"}), HasSubstr("\n1,23500-01,0,100,40,60,3,0,"));
  EXPECT_THAT(Csv({"rank", "--place", "23500", "--list", "products"}),
              HasSubstr("\n23500-01,BHXH_TN,,8,8,0,2025-11-04,77,"));
}

TEST_F(OversightCommands, RenewalsByCollectorAndThoseOfNobody_Plan56_Plan76) {
  v1::ListRenewalsResponse& renewals = Answered(&progress_.renewals);
  v1::RenewalCount* count = renewals.add_counts();
  count->set_place_id("23500-01");
  count->set_scheme(v1::BHYT_HGD);
  count->set_due_in_30_days(4);
  count->set_due_in_60_days(6);
  count->set_lapsed(2);
  for (const int32_t until : {20251101, 20251120}) {
    v1::RenewalItem* item = renewals.add_items();
    item->set_place_id("23500-01");
    item->set_collector_id("NVT-1");
    item->set_scheme(v1::BHYT_HGD);
    item->set_subject_id(std::string("\xab\xcd\x01\x02\x03\x04", 6));
    item->set_covered_until(until);
    item->set_sequence(3);
    item->set_last_position(99);
  }
  renewals.set_item_count(8);
  const std::string table = Table({"renewals", "--place", "23500"});
  EXPECT_THAT(table, HasSubstr("(chưa có người thu)"));
  EXPECT_THAT(table, HasSubstr("8 người; từng người với --items."));
  EXPECT_EQ(progress_.asked_renewals.limit(), 1u) << "nobody sees the people";
  EXPECT_EQ(progress_.asked_renewals.within_days(), 60u);
  const std::string items = Table({"renewals", "--place", "23500", "--items", "--collector", "-", "--within", "30",
                                   "--lapsed", "45", "--scheme", "bhyt_hgd", "--limit", "2"});
  EXPECT_EQ(progress_.asked_renewals.collector_id(), "-");
  EXPECT_EQ(progress_.asked_renewals.within_days(), 30u);
  EXPECT_EQ(progress_.asked_renewals.lapsed_days(), 45u);
  EXPECT_EQ(progress_.asked_renewals.limit(), 2u);
  EXPECT_THAT(progress_.asked_renewals.schemes(), ElementsAre(v1::BHYT_HGD));
  EXPECT_THAT(items, HasSubstr("Hiện 2 trong 8 người"));
  EXPECT_THAT(Csv({"renewals", "--place", "23500", "--list", "items"}),
              HasSubstr("\n2025-11-01,lapsed,23500-01,NVT-1,BHYT_HGD,abcd0102,3,99,2025-11-05,dak-ha,4711,0\n"
                        "2025-11-20,due,"));
  EXPECT_EQ(progress_.asked_renewals.limit(), 0u);
  const std::string only_items = Table({"renewals", "--place", "23500", "--list", "items"});
  EXPECT_THAT(only_items, HasSubstr("abcd0102"));
  EXPECT_THAT(only_items, Not(HasSubstr("với --items")));
  EXPECT_EQ(progress_.asked_renewals.limit(), 0u);
  WrongUsage({"renewals", "--place", "23500", "--within", "400"});
  EXPECT_THAT(WrongUsage({"renewals", "--place", "23500", "--scheme", "BHYT"}), HasSubstr("--scheme BHYT: write"));
}

TEST_F(OversightCommands, RetentionIsUnknownWhereNothingIsDecided_Plan57) {
  v1::RetentionRow* row = Answered(&progress_.retention).add_rows();
  row->set_place_id("23500-01");
  row->set_scheme(v1::BHXH_TN);
  row->set_month(202510);
  row->set_ended(4);
  row->set_pending(4);
  row->set_net(-1);
  const std::vector<std::string> ask = {"retention", "--place", "23500", "--period", "2025q4", "--depth", "2"};
  EXPECT_THAT(Csv(ask), HasSubstr(std::string("\n23500-01,BHXH_TN,2025-10,0,0,0,4,0,0,4,-1,") + kTail));
  EXPECT_EQ(progress_.asked_retention.period(), "2025Q4");
  EXPECT_EQ(progress_.asked_retention.depth(), 2u);
  row->set_retention_percent(0);
  EXPECT_THAT(Csv(ask), HasSubstr(std::string(",-1,0") + kTail)) << "none kept is 0";
  EXPECT_THAT(Json(ask), HasSubstr("\"retention_percent\": 0"));
  EXPECT_THAT(WrongUsage({"retention", "--place", "23500", "--period", "2025-13"}), HasSubstr("--period 2025-13"));
}

TEST_F(OversightCommands, UncoveredHasThreeLists_Plan20_Plan22_Plan63) {
  v1::GetUncoveredResponse& uncovered = Answered(&progress_.uncovered);
  v1::RosterState* roster = uncovered.add_rosters();
  roster->set_roster_id("can-bo-xa");
  roster->set_scheme(v1::BHXH_TN);
  roster->set_minimum(1);
  roster->set_members(3);
  roster->set_met(1);
  roster->add_short_member_ids("cb-02");
  roster->add_short_member_ids("cb-03");
  v1::SchoolState* school = uncovered.add_schools();
  school->set_party_id("truong-a");
  school->set_school_year("2025-2026");
  school->set_covered(90);
  v1::GroupState* group = uncovered.add_groups();
  group->set_group("ho_ngheo");
  group->set_place_id("23500-01");
  group->set_people(10);
  group->set_covered(7);
  group->set_uncovered(3);
  const std::vector<std::string> ask = {"uncovered", "--place", "23500"};
  const std::string table = Table(ask);
  for (const char* part : {"cb-02, cb-03", "truong-a", "ho_ngheo", "Thôn Một (23500-01)"}) {
    EXPECT_THAT(table, HasSubstr(part));
  }
  EXPECT_THAT(Csv(ask), HasSubstr("\ncan-bo-xa,,BHXH_TN,,1,3,1,cb-02|cb-03,,,,"));
  EXPECT_THAT(Csv({"uncovered", "--place", "23500", "--list", "schools"}),
              HasSubstr("\ntruong-a,2025-2026,,,90,0,,,,0,"));
  EXPECT_THAT(Csv({"uncovered", "--place", "23500", "--list", "groups"}), HasSubstr("\nho_ngheo,23500-01,10,7,3,"));
}

TEST_F(OversightCommands, DocumentsSayWhatIsUnknown_Plan2_Plan5_Plan7) {
  v1::DocumentView* known = Answered(&progress_.documents).add_documents();
  known->set_position(9);
  known->set_number_known(true);
  known->set_date_known(true);
  known->set_cited_by(87);
  known->mutable_document()->set_document_id("tb-66");
  known->mutable_document()->set_number_verbatim("Thông báo số 66/QĐ-UBND");
  known->mutable_document()->set_number_normalised("66/TB-UBND");
  known->mutable_document()->set_issued_date(20251017);
  auto* recipient = known->mutable_document()->add_recipients();
  recipient->set_name_verbatim("TT Đảng ủy xã");
  recipient->set_capacity(v1::DocumentIssued::TO_REPORT);
  progress_.documents.add_documents()->mutable_document()->set_document_id("kh");
  const std::string table = Table({"documents"});
  for (const char* part : {"Thông báo số 66/QĐ-UBND", "87", "b/c", "–"}) EXPECT_THAT(table, HasSubstr(part));
  EXPECT_EQ(progress_.asked_inquiry.place_id(), "");
  EXPECT_THAT(Csv({"documents"}), HasSubstr("\ntb-66,Thông báo số 66/QĐ-UBND,66/TB-UBND,2025-10-17,,,,,87,9,,"));
  EXPECT_THAT(Csv({"documents"}), HasSubstr("\nkh,,,,,,,,0,,,"));
  v1::DocumentView* noted = progress_.documents.add_documents();
  noted->set_number_known(true);
  noted->mutable_document()->set_document_id("qd");
  noted->mutable_document()->set_number_normalised("70/QĐ-UBND");
  EXPECT_THAT(Csv({"documents"}), HasSubstr("\nqd,,70/QĐ-UBND,,")) << "what is not printed is not made up";
  EXPECT_THAT(Table({"documents"}), HasSubstr("70/QĐ-UBND"));
  EXPECT_THAT(Csv({"documents", "--list", "recipients"}), HasSubstr("\ntb-66,TT Đảng ủy xã,,TO_REPORT,"));
}

TEST_F(OversightCommands, ProvenanceInTheReadersLanguage_Plan4) {
  v1::ProvenanceNote* note = Answered(&progress_.provenance).add_notes();
  note->set_kind(v1::ProvenanceNote::UNRESOLVED_REFERENCE);
  note->set_id("kh");
  note->set_document_id("kh");
  note->set_position(9);
  note->set_text_vi("viện dẫn mục 3.3");
  note->set_text_en("refers to 3.3");
  EXPECT_THAT(Table({"provenance", "--place", "23500"}), HasSubstr("viện dẫn mục 3.3"));
  const std::string english = Table({"provenance", "--lang", "en"});
  EXPECT_THAT(english, HasSubstr("refers to 3.3"));
  EXPECT_THAT(english, HasSubstr("unresolved reference"));
  EXPECT_THAT(Csv({"provenance"}), HasSubstr("\nUNRESOLVED_REFERENCE,kh,kh,9,viện dẫn mục 3.3,refers to 3.3,"));
}

TEST_F(OversightCommands, RolesWithTheVillagesThatHaveThem_Plan54_Plan66) {
  v1::ListRolesResponse& roles = Answered(&progress_.roles);
  v1::RoleView* view = roles.add_roles();
  view->set_position(30);
  view->mutable_role()->set_role_id("r-1");
  view->mutable_role()->set_role(v1::RESIDENT_COLLECTOR);
  view->mutable_role()->set_party_id("NVT-1");
  view->set_place_id("23500-01");
  view->set_from_date(20251001);
  view->set_ended_date(20251101);
  view->set_ended_position(40);
  roles.set_villages(29);
  roles.set_with_committee(12);
  roles.set_with_collector(28);
  const std::vector<std::string> ask = {"roles", "--place", "23500", "--role", "Resident_Collector"};
  const std::string table = Table(ask);
  EXPECT_THAT(table, HasSubstr("Có tổ vận động: 12/29 thôn. Có nhân viên thu tại thôn: 28/29 thôn."));
  EXPECT_THAT(table, HasSubstr("nhân viên thu tại thôn"));
  EXPECT_THAT(progress_.asked_roles.roles(), ElementsAre(v1::RESIDENT_COLLECTOR));
  EXPECT_THAT(Csv(ask), HasSubstr("\nr-1,RESIDENT_COLLECTOR,NVT-1,,23500-01,,,2025-10-01,,2025-11-01,30,40,"));
  EXPECT_THAT(Json(ask), HasSubstr("\"with_committee\": 12"));
  EXPECT_THAT(WrongUsage({"roles", "--place", "23500", "--role", "gide"}),
              HasSubstr("--role gide: there is no such kind; do you mean guide?"));
}

TEST_F(OversightCommands, DecisionsAndOpenDirectives_Plan71_Plan77) {
  v1::DecisionView* view = Answered(&progress_.decisions).add_decisions();
  view->set_position(50);
  view->set_date(20251020);
  view->set_place_id("23500");
  view->set_open(true);
  view->set_note("đôn đốc");
  view->mutable_decision()->set_kind(v1::DecisionRecorded::DIRECTIVE);
  view->mutable_decision()->set_by_party_id("bcd");
  view->mutable_decision()->set_due_date(20251104);
  view->mutable_decision()->add_evidence_positions(7);
  const std::vector<std::string> ask = {"decisions", "--place", "23500", "--open", "--kind", "directive"};
  EXPECT_THAT(Table(ask), HasSubstr("chưa trả lời, quá hạn"));
  EXPECT_TRUE(progress_.asked_decisions.open_only());
  EXPECT_THAT(progress_.asked_decisions.kinds(), ElementsAre(v1::DecisionRecorded::DIRECTIVE));
  EXPECT_THAT(Csv(ask), HasSubstr("\n2025-10-20,DIRECTIVE,bcd,,23500,,2025-11-04,1,,7,50,đôn đốc,"));
  view->mutable_decision()->set_due_date(20251105);
  EXPECT_THAT(Table(ask), Not(HasSubstr("quá hạn"))) << "the last day is not over";
  view->set_open(false);
  view->set_answered_position(60);
  EXPECT_THAT(Table(ask), HasSubstr("đã trả lời (vị trí 60)"));
  EXPECT_THAT(WrongUsage({"decisions", "--place", "23500", "--kind", "praise"}),
              HasSubstr("write one of commendation"));
}

TEST_F(OversightCommands, ActivitiesByMonthAndBody_Plan34_Plan68) {
  v1::ActivityCount* count = Answered(&progress_.activities).add_counts();
  count->set_month(202511);
  count->set_kind(v1::HOUSEHOLD_VISIT);
  count->set_party_id("hoi-phu-nu");
  count->set_activities(3);
  count->set_households(21);
  count->set_people(52);
  count->set_villages(2);
  const std::vector<std::string> ask = {"activities", "--place", "23500", "--period", "2025-11"};
  EXPECT_THAT(Table(ask), HasSubstr("đến hộ gia đình"));
  EXPECT_EQ(progress_.asked_activities.period(), "2025-11");
  EXPECT_THAT(Csv(ask), HasSubstr(std::string("\n2025-11,HOUSEHOLD_VISIT,hoi-phu-nu,3,21,52,2") + kTail));
  EXPECT_THAT(WrongUsage({"activities", "--place", "23500", "--period", "x"}), HasSubstr("--period x"));
}

TEST_F(OversightCommands, AnAnswerThatDoesNotFollowTheLogSaysSoInEveryFormat) {
  progress_.freshness.set_trouble("sothon-ingest is out of reach");
  const std::vector<std::string> ask = {"decisions", "--place", "23500"};
  EXPECT_THAT(Table(ask), HasSubstr("*** KHÔNG CẬP NHẬT: sothon-ingest is out of reach"));
  EXPECT_THAT(Json(ask), HasSubstr("\"trouble\": \"sothon-ingest is out of reach\""));
  EXPECT_THAT(Run({"decisions", "--place", "23500", "--format", "csv"}).err, HasSubstr("does not follow the log"));
}

}  // namespace
}  // namespace sothon::cli
