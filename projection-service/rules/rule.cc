#include "projection-service/rules/rule.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "projection-service/rules/made_rules.h"

namespace sothon::rules {
namespace {

using Rules = std::vector<std::unique_ptr<const Rule>>;

void SortUnique(std::vector<uint64_t>* positions) {
  std::sort(positions->begin(), positions->end());
  positions->erase(std::unique(positions->begin(), positions->end()), positions->end());
}

}  // namespace

const Rules& AllRules() {
  static const auto* const rules = [] {
    auto* made = new Rules(MakeRules());
    std::sort(made->begin(), made->end(), [](const auto& a, const auto& b) { return a->info().code < b->info().code; });
    return made;
  }();
  return *rules;
}

const Rule* FindRule(std::string_view code) {
  for (const auto& rule : AllRules()) {
    if (rule->info().code == code) return rule.get();
  }
  return nullptr;
}

oversight::Trace& TraceSink::Add(ledger::Ordinal place, uint64_t position, CivilDate since) {
  oversight::Trace& trace = traces_->emplace_back();
  trace.rule = rule_;
  trace.place = place;
  trace.since = since;
  trace.positions[0] = position;
  return trace;
}

oversight::Trace& TraceSink::Add(const oversight::Step& step, CivilDate since) {
  oversight::Trace& trace = Add(step.place, step.position, since);
  trace.scheme = step.scheme;
  trace.desk = step.named.desk;
  return trace;
}

std::vector<TraceGroup> Case::TraceGroups() const {
  using Key = std::tuple<ledger::Ordinal, uint32_t, uint32_t, int, CivilMonth>;
  std::map<Key, TraceGroup> groups;
  for (const ledger::Ordinal village : situation_.villages_ever()) {
    const std::vector<oversight::Trace>& traces = situation_.RegisterOf(village).traces;
    const auto begin = std::lower_bound(traces.begin(), traces.end(), rule_,
                                        [](const oversight::Trace& trace, uint16_t rule) { return trace.rule < rule; });
    for (auto trace = begin; trace != traces.end() && trace->rule == rule_; ++trace) {
      if (!trace->HoldsOn(date())) continue;
      TraceGroup& group = groups[{trace->place, trace->desk, trace->drive, trace->scheme, trace->month}];
      if (group.count == 0) {
        group.place = trace->place;
        group.desk = trace->desk;
        group.drive = trace->drive;
        group.scheme = static_cast<v1::Scheme>(trace->scheme);
        group.month = trace->month;
        group.since = trace->since;
      }
      group.since = std::min(group.since, trace->since);
      ++group.count;
      for (const uint64_t position : trace->positions) {
        if (position != 0) group.positions.push_back(position);
      }
    }
  }
  std::vector<TraceGroup> out;
  for (auto& [key, group] : groups) {
    SortUnique(&group.positions);
    out.push_back(std::move(group));
  }
  return out;
}

void PersonRule::Judge(Case* hearing) const {
  for (TraceGroup& group : hearing->TraceGroups()) {
    std::optional<Sentence> sentence = Say(hearing->situation(), group);
    if (!sentence) continue;
    Finding finding;
    finding.place = group.place;
    finding.party_id = hearing->situation().AtDesk(group.desk);
    if (group.drive != 0)
      finding.drive_id = hearing->situation().names().All(ledger::Names::Kind::kDrive)[group.drive - 1];
    finding.scheme = group.scheme;
    if (group.month.value >= 0) finding.period = group.month.ToString();
    finding.since = group.since;
    finding.count = group.count;
    finding.positions = std::move(group.positions);
    finding.text_vi = std::move(sentence->vi);
    finding.text_en = std::move(sentence->en);
    hearing->Report(std::move(finding));
  }
}

void ExaminePerson(const oversight::Person& person, const oversight::Circumstances& circumstances,
                   std::vector<oversight::Trace>* traces) {
  TraceSink sink(traces);
  const Rules& rules = AllRules();
  for (size_t i = 0; i < rules.size(); ++i) {
    sink.set_rule(static_cast<uint16_t>(i));
    rules[i]->Examine(person, circumstances, &sink);
  }
}

std::vector<Judged> Judge(const oversight::Situation& situation, absl::Span<const Rule* const> rules) {
  std::vector<Judged> judged;
  const Rules& all = AllRules();
  for (size_t i = 0; i < all.size(); ++i) {
    if (!rules.empty() && std::find(rules.begin(), rules.end(), all[i].get()) == rules.end()) continue;
    std::vector<Finding> findings;
    Case hearing(situation, static_cast<uint16_t>(i), &findings);
    all[i]->Judge(&hearing);
    const RuleInfo info = all[i]->info();
    for (Finding& finding : findings) {
      // A duty of the commune is no matter of one village that is asked about.
      if (finding.place && !situation.Covers(*finding.place)) continue;
      SortUnique(&finding.positions);
      judged.push_back({all[i].get(), info, std::move(finding)});
    }
  }
  const auto order = [](const Judged& one) {
    const Finding& finding = one.finding;
    return std::tuple(-one.info.severity, one.info.code, finding.place ? finding.place->value : UINT32_MAX,
                      std::string_view(finding.party_id), std::string_view(finding.drive_id), finding.scheme,
                      std::string_view(finding.period), finding.since);
  };
  std::stable_sort(judged.begin(), judged.end(), [&](const Judged& a, const Judged& b) { return order(a) < order(b); });
  return judged;
}

}  // namespace sothon::rules
