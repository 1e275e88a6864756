// Figures of parties and drives: the table, its stable CSV and JSON, and what the command asks; answers as published.
#include "cli/views/party_view.h"

#include <sstream>

#include "cli/csv/csv_reader.h"
#include "cli/testing/fake_ingest.h"
#include "cli/testing/fake_progress.h"
#include "cli/testing/run_command.h"
#include "gmock/gmock.h"

namespace sothon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void AddParty(const std::string& id, v1::PartyKind kind, const std::string& name,
              v1::GetPartyProgressResponse* response) {
  v1::PartyInfo* party = response->add_parties();
  party->set_party_id(id);
  party->set_kind(kind);
  party->set_name(name);
}

void AddRows(const std::string& party, const std::string& agency, int64_t october, int64_t november,
             v1::GetPartyProgressResponse* response) {
  const auto add = [&](v1::ProgressRow::Span span, int32_t from, int32_t to, int64_t people) {
    v1::ProgressRow* row = response->add_rows();
    row->set_party_id(party);
    row->set_agency_id(agency);
    row->set_scheme(v1::BHXH_TN);
    row->set_span(span);
    row->set_from_month(from);
    row->set_month(to);
    row->mutable_figures()->set_first(people);
    row->mutable_figures()->set_collected(people);
    row->mutable_figures()->set_paid_vnd(264'000 * people);
  };
  add(v1::ProgressRow::MONTH, 202510, 202510, october);
  add(v1::ProgressRow::MONTH, 202511, 202511, november);
  add(v1::ProgressRow::CUMULATIVE, 202510, 202511, 77777);
  add(v1::ProgressRow::PERIOD, 202510, 202511, october + november);
}

v1::GetPartyProgressResponse TwoAgencies() {
  v1::GetPartyProgressResponse response;
  response.set_period("2025-10..2025-11");
  response.mutable_freshness()->set_log_id("dak-ha");
  response.mutable_freshness()->set_position(4711);
  response.set_contains_synthetic(true);
  AddParty("bank", v1::AGENCY, "Ngân hàng thử", &response);
  AddParty("post", v1::AGENCY, "Bưu điện thử", &response);
  AddParty("NVT-01", v1::COLLECTOR, "NVT-01", &response);
  AddRows("bank", "", 1, 2, &response);
  AddRows("post", "", 30, 40, &response);
  AddRows("", "post", 10, 15, &response);
  AddRows("NVT-01", "post", 20, 25, &response);
  return response;
}

std::string LineWith(const std::string& text, const std::string& part) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "";
}

TEST(PartyTable, AgenciesAddUpAndTheirDesksStandBelowThem_Plan28) {
  const std::string table = RenderPartyTable(TwoAgencies());
  EXPECT_THAT(table, HasSubstr("KẾT QUẢ THEO TỔ CHỨC DỊCH VỤ THU · 2025-10..2025-11"));
  EXPECT_THAT(table, HasSubstr("*** DỮ LIỆU GIẢ LẬP (synthetic)"));
  EXPECT_THAT(table, HasSubstr("Sổ dak-ha, vị trí 4.711"));
  EXPECT_THAT(table, HasSubstr("Tháng 11"));
  EXPECT_THAT(LineWith(table, "Bưu điện thử"), HasSubstr("70"));
  EXPECT_THAT(LineWith(table, "  NVT-01"), HasSubstr("45"));
  EXPECT_THAT(table, HasSubstr("không ghi nhân viên thu"));
  // Desks are in their agency's row already.
  EXPECT_THAT(LineWith(table, "Tổng"), HasSubstr("73"));
  EXPECT_THAT(LineWith(table, "Tổng"), HasSubstr("19.272.000"));
  EXPECT_THAT(table, Not(HasSubstr("77.777")));
}

TEST(PartyTable, CreditedPartiesHaveNoSumSinceAReceiptMayCreditSeveral_Plan24) {
  v1::GetPartyProgressResponse response;
  response.set_period("2025-10..2025-11");
  AddParty("hoi-a", v1::UNION, "Hội A", &response);
  AddParty("hoi-b", v1::UNION, "Hội B", &response);
  AddRows("hoi-a", "", 1, 2, &response);
  AddRows("hoi-b", "", 3, 4, &response);
  const std::string table = RenderPartyTable(response);
  EXPECT_THAT(table, HasSubstr("TỔ CHỨC CHÍNH TRỊ - XÃ HỘI"));
  EXPECT_THAT(table, Not(HasSubstr("Tổng")));
  EXPECT_THAT(table, HasSubstr("các dòng không cộng lại với nhau"));
}

TEST(PartyCsv, HasOneLineForEachRow) {
  const v1::GetPartyProgressResponse response = TwoAgencies();
  std::istringstream in(RenderPartyCsv(response));
  CsvReader reader(&in);
  ASSERT_TRUE(reader.ReadHeader().ok());
  const std::vector<std::string> columns = {"party_id",
                                            "party_name",
                                            "party_kind",
                                            "agency_id",
                                            "drive_id",
                                            "scheme",
                                            "scheme_group",
                                            "span",
                                            "from_month",
                                            "month",
                                            "first",
                                            "returned",
                                            "renewed",
                                            "repeat",
                                            "collected",
                                            "paid_vnd",
                                            "central_support_vnd",
                                            "local_support_vnd",
                                            "log_id",
                                            "position",
                                            "contains_synthetic"};
  EXPECT_EQ(reader.header(), columns);
  int rows = 0;
  for (CsvRecord record; reader.Next(&record); ++rows) {
    if (record.fields[0] != "NVT-01" || record.fields[7] != "period") continue;
    EXPECT_EQ(record.fields[2], "COLLECTOR");
    EXPECT_EQ(record.fields[3], "post");
    EXPECT_EQ(record.fields[14], "45");
    EXPECT_EQ(record.fields[19], "4711");
  }
  EXPECT_EQ(rows, response.rows_size());
}

TEST(PartyJson, HasTheTargetsOfTheParty_Plan28) {
  v1::GetPartyProgressResponse response;
  v1::TargetProgress* target = response.add_rows()->add_targets();
  target->set_target_id("HD-post");
  target->set_target(8);
  target->set_achieved(4);
  target->set_attainment_percent(50);
  const std::string json = RenderPartyJson(response);
  for (const char* key : {"\"target_id\": \"HD-post\"", "\"target\": 8", "\"attainment_percent\": 50"}) {
    EXPECT_THAT(json, HasSubstr(key));
  }
}

TEST(PartyJson, NamesEverything) {
  const std::string json = RenderPartyJson(TwoAgencies());
  for (const char* key : {"\"log_id\": \"dak-ha\"", "\"kind\": \"AGENCY\"", "\"agency_id\": \"post\"",
                          "\"span\": \"period\"", "\"collected\": 45", "\"contains_synthetic\": true"}) {
    EXPECT_THAT(json, HasSubstr(key));
  }
  EXPECT_THAT(json, Not(HasSubstr("active")));
}

class PartyCommands : public ::testing::Test {
 protected:
  Outcome Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--ingest", ingest_.address(), "--projection", progress_.address()});
    return RunWith(arguments);
  }
  FakeIngest ingest_;
  FakeProgress progress_;
};

TEST_F(PartyCommands, AsksForWhomItIsTold) {
  progress_.party_progress = TwoAgencies();
  const Outcome outcome = Run({"progress", "--kind", "Agency", "--by-desk", "--period", "2025q4", "--scheme", "bhxh_tn",
                               "--group", "BHYT_TU_DONG", "--as-of", "@2025"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Bưu điện thử"));
  const v1::GetPartyProgressRequest& asked = progress_.asked_of_parties;
  EXPECT_EQ(asked.kind(), v1::AGENCY);
  EXPECT_TRUE(asked.by_desk());
  EXPECT_EQ(asked.period(), "2025Q4");
  EXPECT_EQ(asked.schemes(0), v1::BHXH_TN);
  EXPECT_EQ(asked.scheme_group_ids(0), "BHYT_TU_DONG");
  EXPECT_EQ(asked.as_of().position(), 2025u);
  EXPECT_EQ(Run({"progress", "--drive", "d-01", "--period", "2025"}).exit, 0);
  EXPECT_EQ(progress_.asked_of_parties.drive_id(), "d-01");
  EXPECT_EQ(Run({"progress", "--every-drive", "--period", "2025"}).exit, 0);
  EXPECT_TRUE(progress_.asked_of_parties.every_drive());
  EXPECT_EQ(Run({"progress", "--office", "bhxh", "--period", "2025", "--depth", "0"}).exit, 1);
  EXPECT_EQ(progress_.asked.depth(), 1u) << "the office alone is answered without its places";
  const Outcome no_office = Run({"progress", "--office", "bhxh", "--period", "2025"});
  EXPECT_EQ(no_office.exit, 1);
  EXPECT_EQ(no_office.out, "");
  EXPECT_THAT(no_office.err, HasSubstr("--office bhxh has no places: none is assigned to it"));
  progress_.progress.add_places()->set_place_id("23500");
  EXPECT_EQ(Run({"progress", "--office", "bhxh", "--period", "2025"}).exit, 0);
  // The office's own row stands for no place.
  progress_.progress.add_rows()->set_party_id("bhxh");
  EXPECT_THAT(Run({"progress", "--office", "bhxh", "--period", "2025", "--format", "csv"}).out,
              Not(HasSubstr("PLACE_LEVEL_UNSPECIFIED")));
  EXPECT_EQ(progress_.asked.office_party_id(), "bhxh");
  EXPECT_EQ(progress_.asked.place_id(), "");
}

TEST_F(PartyCommands, AnAnswerAsPublishedSaysSo_Plan38) {
  v1::Publication* publication = progress_.progress.mutable_publication();
  progress_.progress.set_period("2025-11");
  publication->set_at_position(900);
  publication->set_event_position(905);
  publication->set_published_date(20251203);
  publication->set_by_party_id("bhxh-co-so");
  publication->set_digest_holds(true);
  const std::vector<std::string> ask = {"progress", "--place", "23500", "--period", "2025-11", "--as-published"};
  const Outcome holds = Run(ask);
  EXPECT_EQ(holds.exit, 0) << holds.err;
  EXPECT_TRUE(progress_.asked.as_of().published());
  EXPECT_THAT(holds.out, HasSubstr("Đã công bố: ngày 2025-12-03, bên công bố: bhxh-co-so; số liệu tại vị trí 900 "
                                   "(sự kiện công bố ở vị trí 905)\n"));
  EXPECT_THAT(holds.out, Not(HasSubstr("***")));

  publication->set_digest_holds(false);
  for (const char* format : {"table", "csv", "json"}) {
    std::vector<std::string> asked = ask;
    asked.insert(asked.end(), {"--format", format});
    const Outcome broken = Run(asked);
    EXPECT_EQ(broken.exit, 1) << format;
    EXPECT_THAT(broken.err, HasSubstr("the digest that was published is not that of the figures at position 900"));
    EXPECT_NE(broken.out, "") << format;
  }
  EXPECT_THAT(Run(ask).out, HasSubstr("*** KHÔNG KHỚP: "));
  publication->clear_digest_holds();
  EXPECT_EQ(Run(ask).exit, 0);
  EXPECT_THAT(Run(ask).out, HasSubstr("không kèm mã băm"));
}

}  // namespace
}  // namespace sothon::cli
