// A rule of the plans: what it is called, and how it is judged. One file for each rule; docs/plans.md lists them.
//
// To add one: write `<code>_rule.cc` with a class, name it in SOTHON_RULE at the end, and put `<code>_rule_test.cc`
// beside it. Nothing else has to be touched.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/findings.pb.h"

namespace sothon::rules {

struct RuleInfo {
  std::string_view code;  // "collectors_too_few": lower case, stable for ever
  v1::Severity severity = v1::WARNING;
  std::vector<uint32_t> plan_items;  // plan#N
  std::string_view title_vi;
  std::string_view title_en;
  std::string_view reading = {};                  // taken where the plan is ambiguous
  std::vector<std::string_view> parameters = {};  // that it asks
};

// What a rule found; as of v1::Finding.
struct Finding {
  std::optional<ledger::Ordinal> place = {};
  std::string party_id = {};
  std::string drive_id = {};
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  std::string period = {};
  CivilDate since = {};  // the first day on which it holds
  uint64_t count = 1;
  std::vector<uint64_t> positions = {};  // in any order, may repeat
  std::string text_vi = {};
  std::string text_en = {};
};

// Traces of one rule that are alike: same place, desk, drive, scheme and month.
struct TraceGroup {
  ledger::Ordinal place;
  uint32_t desk = 0;
  uint32_t drive = 0;
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  CivilMonth month{-1};
  CivilDate since;
  uint64_t count = 0;
  std::vector<uint64_t> positions;
};

// Where a rule that judges reports to, and what it judges by.
class Case {
 public:
  Case(const oversight::Situation& situation, uint16_t rule, std::vector<Finding>* findings)
      : situation_(situation), rule_(rule), findings_(findings) {}

  const oversight::Situation& situation() const { return situation_; }
  CivilDate date() const { return situation_.date(); }
  void Report(Finding finding) { findings_->push_back(std::move(finding)); }
  // The rule's own traces in the villages of the situation that hold on the date, alike ones together, in order.
  std::vector<TraceGroup> TraceGroups() const;

 private:
  const oversight::Situation& situation_;
  const uint16_t rule_;
  std::vector<Finding>* const findings_;
};

// Where a rule that examines people leaves its traces.
class TraceSink {
 public:
  explicit TraceSink(std::vector<oversight::Trace>* traces) : traces_(traces) {}
  void set_rule(uint16_t rule) { rule_ = rule; }
  // With `place`, `scheme` and `desk` of the step, and its position.
  oversight::Trace& Add(const oversight::Step& step, CivilDate since);
  oversight::Trace& Add(ledger::Ordinal place, uint64_t position, CivilDate since);

 private:
  std::vector<oversight::Trace>* const traces_;
  uint16_t rule_ = 0;
};

// Pure and without state.
class Rule {
 public:
  virtual ~Rule() = default;
  virtual RuleInfo info() const = 0;
  // What the rule has to say of a person, for any date: a trace says from when until when it holds.
  virtual void Examine(const oversight::Person&, const oversight::Circumstances&, TraceSink*) const {}
  // What it has to say of a situation. Answers for the date of the situation alone.
  virtual void Judge(Case* hearing) const = 0;
};

// What is wrong, in both languages.
struct Sentence {
  std::string vi;
  std::string en;
};

// A rule about people: what is alike is reported together, in the words of the rule.
class PersonRule : public Rule {
 public:
  void Judge(Case* hearing) const final;

 protected:
  // nullopt: not worth a finding.
  virtual std::optional<Sentence> Say(const oversight::Situation& situation, const TraceGroup& group) const = 0;
};

// In order of code; a rule's number is its index. Numbers are of one program only.
const std::vector<std::unique_ptr<const Rule>>& AllRules();
const Rule* FindRule(std::string_view code);

// Runs Examine of every rule: what a register is made with.
void ExaminePerson(const oversight::Person& person, const oversight::Circumstances& circumstances,
                   std::vector<oversight::Trace>* traces);

struct Judged {
  const Rule* rule = nullptr;
  RuleInfo info;
  Finding finding;  // positions ascending, each once
};
// The findings of `rules` (all, where empty), by severity (gravest first), code, place, party, drive, scheme, period.
std::vector<Judged> Judge(const oversight::Situation& situation, absl::Span<const Rule* const> rules = {});

// At the end of a rule's file: makes it known. `code` is the rule's code and the stem of the file's name.
#define SOTHON_RULE(code, Class) \
  std::unique_ptr<const Rule> MakeRule_##code() { return std::make_unique<const Class>(); }

}  // namespace sothon::rules
