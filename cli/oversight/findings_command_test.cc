// sothon findings and rules, against a projection that answers what the test gives it.
#include "absl/strings/str_replace.h"
#include "cli/oversight/oversight_fixture.h"

namespace sothon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Findings : public OversightCommands {
 protected:
  Findings() {
    progress_.findings.set_date(20251105);
    progress_.findings.set_contains_synthetic(true);
    Add("collectors_too_few", v1::VIOLATION, {44}, "23500-01", "Chỉ có 2 nhân viên thu", "Only 2 collectors");
    Add("week_without_village", v1::WARNING, {31, 32}, "23500", "Tuần không có thôn nào", "A week without a village");
    progress_.findings.set_total(2);
    for (const char* code : {"collectors_too_few", "week_without_village"}) {
      v1::FindingCount* count = progress_.findings.add_counts();
      count->set_code(code);
      count->set_findings(1);
      v1::RuleInfo* rule = progress_.rules.add_rules();
      rule->set_code(code);
      rule->set_severity(v1::WARNING);
      rule->add_plan_items(31);
      rule->set_title_vi("Tên quy tắc");
      rule->set_title_en("Name of a rule");
      rule->add_parameters("duty.week_ladder");
    }
  }
  void Add(const char* code, v1::Severity severity, std::vector<uint32_t> plan, const char* place, const char* vi,
           const char* en) {
    v1::Finding* finding = progress_.findings.add_findings();
    finding->set_code(code);
    finding->set_severity(severity);
    finding->mutable_plan_items()->Assign(plan.begin(), plan.end());
    finding->set_place_id(place);
    finding->set_party_id("BD");
    finding->set_drive_id("d-01");
    finding->set_period("2025-W45");
    finding->set_since_date(20251103);
    finding->set_count(1);
    finding->add_positions(12);
    finding->add_positions(15);
    finding->set_position_count(2);
    finding->set_text_vi(vi);
    finding->set_text_en(en);
  }
  const std::vector<std::string> ask_ = {"findings", "--place", "23500"};
  std::vector<std::string> With(std::vector<std::string> more) const {
    std::vector<std::string> arguments = ask_;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(Findings, AsksForWhatItIsTold) {
  Table(With({"--date", "05/11/2025", "--code", "collectors_too_few", "--code", "week_without_village", "--severity",
              "Warning", "--party", "BD", "--drive", "d-01", "--as-of", "@2025", "--limit", "7"}));
  const v1::ListFindingsRequest& asked = progress_.asked_findings;
  EXPECT_EQ(asked.inquiry().place_id(), "23500");
  EXPECT_EQ(asked.inquiry().date(), 20251105);
  EXPECT_EQ(asked.inquiry().as_of().position(), 2025u);
  EXPECT_THAT(asked.codes(), ElementsAre("collectors_too_few", "week_without_village"));
  EXPECT_EQ(asked.severity_min(), v1::WARNING);
  EXPECT_EQ(asked.party_id(), "BD");
  EXPECT_EQ(asked.drive_id(), "d-01");
  EXPECT_EQ(asked.limit(), 7u);
  Table(With({"--date", "2025-11-06", "--min-position", "4711"}));
  EXPECT_EQ(progress_.asked_findings.inquiry().date(), 20251106);
  EXPECT_EQ(progress_.asked_findings.inquiry().min_position(), 4711u);
  Table(ask_);
  EXPECT_EQ(progress_.asked_findings.inquiry().date(), 0) << "the service's day";
}

TEST_F(Findings, ATableForPeopleInTheirLanguage) {
  const std::string table = Table(ask_);
  for (const char* part : {"PHÁT HIỆN · 23500 · ngày 2025-11-05", "*** DỮ LIỆU GIẢ LẬP", "vi phạm", "cảnh báo",
                           "plan#31, #32", "Thôn Một (23500-01)", "12, 15", "Chỉ có 2 nhân viên thu", "2025-11-03"}) {
    EXPECT_THAT(table, HasSubstr(part));
  }
  EXPECT_THAT(table, Not(HasSubstr("Only 2 collectors")));
  const std::string english = Table(With({"--lang", "en"}));
  EXPECT_THAT(english, HasSubstr("Only 2 collectors"));
  EXPECT_THAT(english, Not(HasSubstr("Chỉ có 2 nhân viên thu")));
  progress_.findings.set_total(50);
  EXPECT_THAT(Table(ask_), HasSubstr("Hiện 2 trong 50 phát hiện"));
  EXPECT_THAT(Table(With({"--lang", "en"})), HasSubstr("Shown are 2 of 50 findings, the gravest first"));
  progress_.findings.Clear();
  EXPECT_THAT(Table(ask_), HasSubstr("Không phát hiện gì."));
  EXPECT_THAT(Table(With({"--lang", "en"})), HasSubstr("Nothing was found."));
}

// All but the names of places.
TEST_F(Findings, ATableInEnglishHasNoVietnameseInIt) {
  progress_.findings.mutable_findings(0)->set_count(1234);
  progress_.freshness.set_lag_events(3);
  progress_.freshness.set_trouble("the book does not answer");
  progress_.places.Clear();
  for (const std::vector<std::string>& ask :
       {With({"--lang", "en"}), {"rules", "--lang", "en"}, {"provenance", "--lang", "en"}}) {
    const std::string table = Table(ask);
    const std::string words = absl::StrReplaceAll(table, {{"·", ""}, {"─", ""}});
    const auto is_foreign = [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; };
    EXPECT_TRUE(std::none_of(words.begin(), words.end(), is_foreign)) << table;
  }
  const std::string table = Table(With({"--lang", "en"}));
  for (const char* part : {"FINDINGS · 23500 · as of 2025-11-05", "*** MADE-UP DATA", "*** NOT UP TO DATE: the book",
                           "Log dak-ha, position 4711", "events not counted yet: 3", "severity", "since", "violation",
                           "warning", " 1234 ", "By code:"}) {
    EXPECT_THAT(table, HasSubstr(part));
  }
}

TEST_F(Findings, CsvAndJsonForPrograms) {
  EXPECT_THAT(Csv(ask_),
              ::testing::StartsWith(
                  "severity,code,plan_items,place_id,party_id,drive_id,scheme,period,since_date,count,position_count,"
                  "positions,text_vi,text_en,answer_date,answer_log_id,answer_position,contains_synthetic\n"
                  "VIOLATION,collectors_too_few,44,23500-01,BD,d-01,,2025-W45,2025-11-03,1,2,12|15,"
                  "Chỉ có 2 nhân viên thu,Only 2 collectors,2025-11-05,dak-ha,4711,1\n"
                  "WARNING,week_without_village,31|32,23500,"));
  EXPECT_THAT(Csv(With({"--list", "counts"})), HasSubstr("\ncollectors_too_few,1,"));
  EXPECT_THAT(Table(With({"--list", "counts"})), HasSubstr("collectors_too_few"));
  EXPECT_THAT(Table(With({"--list", "counts"})), Not(HasSubstr("Chỉ có 2 nhân viên thu")));
  EXPECT_THAT(Table(With({"--list", "findings"})), HasSubstr("Chỉ có 2 nhân viên thu"));
  EXPECT_THAT(Json(With({"--list", "counts"})), Not(HasSubstr("\"findings\": [")));
  const std::string json = Json(ask_);
  for (const char* part : {"\"total\": 2", "\"severity\": \"VIOLATION\"", "\"since_date\": \"2025-11-03\"",
                           "\"text_en\": \"Only 2 collectors\"", "\"counts\": ["}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
}

TEST_F(Findings, StatusIsOneOnlyWhereItWasAskedToFail) {
  EXPECT_EQ(Run(ask_).exit, 0) << "a question that was answered";
  EXPECT_EQ(Run(With({"--fail-on", "violation"})).exit, 1);
  const Outcome failed = Run(With({"--fail-on", "WARNING", "--format", "csv"}));
  EXPECT_EQ(failed.exit, 1);
  EXPECT_THAT(failed.err, HasSubstr("the gravest is a violation (collectors_too_few)"));
  EXPECT_THAT(failed.out, HasSubstr("Only 2 collectors")) << "the answer is given all the same";
  progress_.findings.mutable_findings()->DeleteSubrange(0, 1);
  EXPECT_EQ(Run(With({"--fail-on", "violation"})).exit, 0);
  EXPECT_EQ(Run(With({"--fail-on", "warning"})).exit, 1);
  progress_.findings.clear_findings();
  EXPECT_EQ(Run(With({"--fail-on", "notice"})).exit, 0);
}

TEST_F(Findings, WrongUsageIsNamed) {
  EXPECT_THAT(WrongUsage(With({"--code", "colectors_too_few"})),
              HasSubstr("--code colectors_too_few: no rule has this code; do you mean collectors_too_few?"));
  EXPECT_THAT(WrongUsage(With({"--code", "xyz"})), HasSubstr("`sothon rules` lists all of them"));
  EXPECT_THAT(WrongUsage(With({"--date", "31/11/2025"})), HasSubstr("--date 31/11/2025: "));
  EXPECT_THAT(WrongUsage({"findings", "--place", "Đăk Hà"}),
              HasSubstr("--place Đăk Hà: write a province 51, a commune 23500 or a village 23500-07"));
  EXPECT_THAT(WrongUsage({"findings"}), HasSubstr("--place is required"));
  EXPECT_THAT(WrongUsage(With({"--severity", "grave"})), HasSubstr("--severity"));
  EXPECT_THAT(WrongUsage(With({"--as-of", "2025"})), HasSubstr("may be a position or a year"));
}

TEST_F(Findings, AnUnknownPlaceAndAServiceThatIsAway) {
  progress_.oversight_status = grpc::Status(grpc::StatusCode::NOT_FOUND, "no such place");
  const Outcome unknown = Run({"findings", "--place", "23999"});
  EXPECT_EQ(unknown.exit, 1);
  EXPECT_THAT(unknown.err, HasSubstr("--place 23999 is not in the book; `sothon places` lists what is"));
  const Outcome away = RunWith({"findings", "--place", "23500", "--projection", "127.0.0.1:1"});
  EXPECT_EQ(away.exit, 1);
  EXPECT_THAT(away.err, HasSubstr("127.0.0.1:1"));
}

TEST_F(Findings, RulesAreListed) {
  const std::string table = Table({"rules"});
  EXPECT_THAT(table, HasSubstr("collectors_too_few"));
  EXPECT_THAT(table, HasSubstr("Tên quy tắc"));
  EXPECT_THAT(Table({"rules", "--lang", "en"}), HasSubstr("Name of a rule"));
  EXPECT_THAT(Csv({"rules"}), ::testing::StartsWith("code,severity,plan_items,title_vi,title_en,reading,parameters\n"
                                                    "collectors_too_few,WARNING,31,Tên quy tắc,Name of a rule,,"
                                                    "duty.week_ladder\n"));
  EXPECT_THAT(Json({"rules"}), HasSubstr("\"parameters\": ["));
}

}  // namespace
}  // namespace sothon::cli
