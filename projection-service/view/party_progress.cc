#include "projection-service/view/party_progress.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/month_figures.h"
#include "projection-service/view/party_accounts.h"
#include "projection-service/view/party_targets.h"
#include "projection-service/view/row_spans.h"

namespace sothon::projection {
namespace {

using ledger::Dimension;
using ledger::Names;
using ledger::Ordinal;
using ledger::Party;

constexpr size_t kRowsMax = 200'000;

// Whose rows these are, and the accounts whose sum they show.
struct Subject {
  std::string party_id;
  std::string drive_id;
  std::string agency_id;  // of a desk
  std::vector<Account> accounts;
};

absl::Status CheckWho(const v1::GetPartyProgressRequest& request) {
  const int named = !request.party_id().empty() + !request.drive_id().empty() +
                    (request.kind() != v1::PARTY_KIND_UNSPECIFIED) + request.every_drive();
  if (named == 1 && v1::PartyKind_IsValid(request.kind())) return absl::OkStatus();
  if (named == 1) return BadRequest({{"kind", StrCat(static_cast<int>(request.kind()), " is no kind of party")}});
  return BadRequest({{"party_id", "name exactly one of party_id, drive_id, kind and every_drive"}});
}

// Finds whom the request is about, and their accounts.
class Chooser {
 public:
  Chooser(const v1::GetPartyProgressRequest& request, std::vector<Subject>* subjects)
      : request_(request), subjects_(subjects) {}

  absl::Status Choose(AccountsExcerpt* excerpt) {
    excerpt_ = excerpt;
    if (request_.every_drive()) {
      for (const std::string& drive : excerpt->names->All(Names::Kind::kDrive)) AddDrive(drive);
      SortByName();
    } else if (!request_.drive_id().empty()) {
      SOTHON_ASSIGN_OR_RETURN(const Account account, AccountOfDrive(*excerpt->names, request_.drive_id()));
      subjects_->push_back({"", request_.drive_id(), "", {account}});
    } else if (request_.kind() != v1::PARTY_KIND_UNSPECIFIED) {
      for (const Party& party : excerpt->reference->reference().parties()) {
        if (party.kind == request_.kind() && party.registered_at <= excerpt->applied.position)
          AddParty(party.id, party.kind);
      }
      SortByName();
    } else {
      SOTHON_RETURN_IF_ERROR(AddNamedParty());
    }
    if (request_.by_desk()) AddDesks();
    for (const Subject& subject : *subjects_) {
      excerpt->accounts.insert(excerpt->accounts.end(), subject.accounts.begin(), subject.accounts.end());
    }
    return absl::OkStatus();
  }

 private:
  void AddDrive(const std::string& drive) {
    subjects_->push_back({"", drive, "", {{Dimension::kDrive, *excerpt_->names->Find(Names::Kind::kDrive, drive)}}});
  }

  absl::Status AddNamedParty() {
    SOTHON_ASSIGN_OR_RETURN(const Party* party, FindParty(*excerpt_, request_.party_id()));
    AddParty(party->id, party->kind);
    return absl::OkStatus();
  }

  void AddParty(const std::string& id, v1::PartyKind kind) {
    subjects_->push_back({id, "", "", AccountsOfParty(*excerpt_->names, id, kind)});
  }

  // After each agency its desks, by collector.
  void AddDesks() {
    std::vector<Subject> with_desks;
    for (const Subject& subject : *subjects_) {
      with_desks.push_back(subject);
      const size_t first = with_desks.size();
      for (const Account& account : subject.accounts) {
        if (account.dimension != Dimension::kDesk) continue;
        const Names::Desk desk = excerpt_->names->DeskAt(account.ordinal);
        if (desk.agency_id != subject.party_id) continue;  // a collector's row is of one desk or a few already
        with_desks.push_back({std::string(desk.collector_id), "", std::string(desk.agency_id), {account}});
      }
      std::sort(with_desks.begin() + static_cast<std::ptrdiff_t>(first), with_desks.end(),
                [](const Subject& a, const Subject& b) { return a.party_id < b.party_id; });
    }
    *subjects_ = std::move(with_desks);
  }

  void SortByName() {
    std::sort(subjects_->begin(), subjects_->end(), [](const Subject& a, const Subject& b) {
      return std::tie(a.party_id, a.drive_id) < std::tie(b.party_id, b.drive_id);
    });
  }

  const v1::GetPartyProgressRequest& request_;
  std::vector<Subject>* const subjects_;
  AccountsExcerpt* excerpt_ = nullptr;
};

// Names of desks and drives do not tell since when they are known. So that an answer about the past does not tell what
// came later, those that nothing was counted for up to its position and period are left out, now as then.
void RemoveUntouched(bool every_drive, std::vector<Subject>* subjects, AccountsExcerpt* excerpt) {
  const auto is_touched = [&](const SchemeSeries& series) {
    return std::any_of(series.begin(), series.end(), [](const std::vector<MonthCell>& months) {
      return std::any_of(months.begin(), months.end(), [](const MonthCell& at) { return !at.cell.counters.IsZero(); });
    });
  };
  std::vector<Subject> kept;
  std::vector<Account> accounts;
  std::vector<SchemeSeries> series;
  size_t account = 0;
  for (Subject& subject : *subjects) {
    const size_t end = account + subject.accounts.size();
    const bool is_asked_for = !every_drive && subject.agency_id.empty();
    const auto first = excerpt->series.begin() + static_cast<std::ptrdiff_t>(account);
    const auto last = excerpt->series.begin() + static_cast<std::ptrdiff_t>(end);
    if (is_asked_for || std::any_of(first, last, is_touched)) {
      accounts.insert(accounts.end(), subject.accounts.begin(), subject.accounts.end());
      series.insert(series.end(), std::make_move_iterator(first), std::make_move_iterator(last));
      kept.push_back(std::move(subject));
    }
    account = end;
  }
  *subjects = std::move(kept);
  excerpt->accounts = std::move(accounts);
  excerpt->series = std::move(series);
}

bool HasFigures(const AccountsExcerpt& excerpt, v1::Scheme scheme, MonthRange period) {
  return std::any_of(excerpt.series.begin(), excerpt.series.end(), [&](const SchemeSeries& series) {
    return std::any_of(series[scheme].begin(), series[scheme].end(),
                       [&](const MonthCell& at) { return period.Contains(at.month) && !at.cell.counters.IsZero(); });
  });
}

// Without being asked for any: the schemes and groups that have figures or targets.
std::vector<Unit> UnitsThatMatter(const AccountsExcerpt& excerpt, const std::vector<Subject>& subjects,
                                  const PartyTargets& targets, MonthRange period, const SchemeGroups& groups) {
  std::vector<Unit> units;
  for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) units.push_back(UnitOf(static_cast<v1::Scheme>(scheme)));
  for (const SchemeGroupDefinition& group : groups) units.push_back(UnitOf(group));
  std::erase_if(units, [&](const Unit& unit) {
    return std::none_of(unit.schemes.begin(), unit.schemes.end(),
                        [&](v1::Scheme scheme) { return HasFigures(excerpt, scheme, period); }) &&
           std::none_of(subjects.begin(), subjects.end(),
                        [&](const Subject& subject) { return targets.Has(subject.party_id, unit); });
  });
  return units;
}

void AddRows(const Subject& subject, const Unit& unit, MonthRange period, absl::Span<const MonthFigures> months,
             const PartyTargets& targets, v1::GetPartyProgressResponse* response) {
  // A contract is with a party, not with one of its desks.
  const std::vector<TargetLine> lines =
      subject.agency_id.empty() ? targets.LinesOf(subject.party_id, unit, months) : std::vector<TargetLine>();
  ForEachSpan(period, [&](v1::ProgressRow::Span span, int32_t first, int32_t last) {
    v1::ProgressRow* row = response->add_rows();
    row->set_party_id(subject.party_id);
    row->set_drive_id(subject.drive_id);
    row->set_agency_id(subject.agency_id);
    SetUnitAndSpan(unit, period, span, first, last, row);
    const auto begin = static_cast<size_t>(first);
    const auto end = static_cast<size_t>(last);
    FillFigures(months.subspan(begin, end - begin + 1), row->mutable_figures());
    row->set_last_change_position(months[end].last_change.value);
    for (const TargetLine& line : lines) Hold(line, begin, end, row);
  });
}

void AddParties(const std::vector<Subject>& subjects, const ledger::ReferenceView& reference,
                google::protobuf::RepeatedPtrField<v1::PartyInfo>* parties) {
  std::map<std::string_view, const Party*> named;
  for (const Subject& subject : subjects) {
    if (!subject.party_id.empty()) named[subject.party_id] = reference.reference().FindParty(subject.party_id);
  }
  for (const auto& [id, party] : named) {
    v1::PartyInfo* info = parties->Add();
    info->set_party_id(std::string(id));
    if (party == nullptr) continue;
    info->set_kind(party->kind);
    info->set_name(party->name);
    info->set_parent_party_id(party->parent_id);
  }
}

}  // namespace

absl::StatusOr<AnswerPosition> AnswerPartyProgress(const BuiltView& view, const SchemeGroups& groups,
                                                   const v1::GetPartyProgressRequest& request,
                                                   v1::GetPartyProgressResponse* response) {
  SOTHON_RETURN_IF_ERROR(CheckWho(request));
  SOTHON_ASSIGN_OR_RETURN(const MonthRange period, ParsePeriod(request.period()));
  SOTHON_ASSIGN_OR_RETURN(std::vector<Unit> units, UnitsAsked(request.schemes(), request.scheme_group_ids(), groups));
  const bool is_by_name = request.by_desk() || request.every_drive();
  const SchemeSet schemes = units.empty() || is_by_name ? AllSchemes() : SchemesOf(units);
  std::vector<Subject> subjects;
  Chooser chooser(request, &subjects);
  SOTHON_ASSIGN_OR_RETURN(AccountsExcerpt excerpt,
                          TakeAccounts(view, {schemes, period.last, request.as_of()},
                                       [&](AccountsExcerpt* accounts) { return chooser.Choose(accounts); }));
  if (is_by_name) RemoveUntouched(request.every_drive(), &subjects, &excerpt);
  const PartyTargets targets(excerpt.reference->reference(), excerpt.applied.position, period);
  if (units.empty()) units = UnitsThatMatter(excerpt, subjects, targets, period, groups);
  if (subjects.size() * units.size() * SpansMax(period) > kRowsMax) {
    return BadRequest({{"period", StrCat("the answer would have more than ", kRowsMax,
                                         " rows; ask for a shorter period, or one scheme at a time")}});
  }
  response->set_period(request.period());
  response->set_contains_synthetic(excerpt.contains_synthetic);
  size_t account = 0;
  for (const Subject& subject : subjects) {
    for (const Unit& unit : units) {
      std::vector<MonthFigures> months(static_cast<size_t>(period.Size()));
      for (size_t i = 0; i < subject.accounts.size(); ++i) {
        for (const v1::Scheme scheme : unit.schemes) AddSeries(excerpt.series[account + i][scheme], period, &months);
      }
      AddRows(subject, unit, period, months, targets, response);
    }
    account += subject.accounts.size();
  }
  AddParties(subjects, *excerpt.reference, response->mutable_parties());
  DescribeGroups(groups, units, response->mutable_scheme_groups());
  return AnswerPosition{excerpt.applied, excerpt.of_the_past};
}

}  // namespace sothon::projection
