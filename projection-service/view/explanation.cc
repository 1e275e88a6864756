#include "projection-service/view/explanation.h"

#include <algorithm>
#include <functional>

#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/view/counter_names.h"
#include "projection-service/view/party_accounts.h"
#include "projection-service/view/publications.h"

namespace sothon::projection {
namespace {

using ledger::Counter;

// Villages times schemes times months; each takes memory while the call runs.
constexpr size_t kCellsMax = 200'000;

constexpr uint32_t Bit(Counter counter) { return 1u << static_cast<uint32_t>(counter); }

// The ledger's counters that add up to `counter`; 0: it is none.
uint32_t CountersOf(v1::Counter counter) {
  switch (counter) {
    case v1::COUNTER_FIRST:
      return Bit(Counter::kFirst);
    case v1::COUNTER_RETURNED:
      return Bit(Counter::kReturned);
    case v1::COUNTER_RENEWED:
      return Bit(Counter::kRenewed);
    case v1::COUNTER_REPEAT:
      return Bit(Counter::kRepeat);
    case v1::COUNTER_COLLECTED:
      return Bit(Counter::kFirst) | Bit(Counter::kReturned) | Bit(Counter::kRenewed);
    case v1::COUNTER_DEVELOPED:
      return Bit(Counter::kFirst) | Bit(Counter::kReturned);
    case v1::COUNTER_ACTIVE:
      return Bit(Counter::kActiveChange);
    case v1::COUNTER_PAID_VND:
      return Bit(Counter::kPaidVnd);
    case v1::COUNTER_CENTRAL_SUPPORT_VND:
      return Bit(Counter::kCentralSupportVnd);
    case v1::COUNTER_LOCAL_SUPPORT_VND:
      return Bit(Counter::kLocalSupportVnd);
    default:
      return 0;
  }
}

absl::StatusOr<Unit> UnitAsked(const v1::ExplainRequest& request, const SchemeGroups& groups) {
  const bool has_scheme = request.scheme() != v1::SCHEME_UNSPECIFIED;
  if (has_scheme == !request.scheme_group_id().empty()) {
    return BadRequest({{"scheme", "name one of scheme and scheme_group_id, not both and not neither"}});
  }
  return has_scheme ? ParseScheme(request.scheme(), "scheme")
                    : ParseGroup(request.scheme_group_id(), groups, "scheme_group_id");
}

absl::Status CheckWho(const v1::ExplainRequest& request) {
  const int named = !request.place_id().empty() + !request.party_id().empty() + !request.drive_id().empty();
  if (named == 1) return absl::OkStatus();
  return BadRequest({{"place_id", StrCat(named == 0 ? "nobody is" : "several are",
                                         " named; give exactly one of place_id, for example 23500-01, party_id and "
                                         "drive_id")}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Explanation>> Explanation::Start(std::shared_ptr<const BuiltView> view,
                                                                const SchemeGroups& groups,
                                                                const v1::ExplainRequest& request) {
  SOTHON_RETURN_IF_ERROR(CheckWho(request));
  SOTHON_ASSIGN_OR_RETURN(const MonthRange period, ParsePeriod(request.period()));
  SOTHON_ASSIGN_OR_RETURN(const Unit unit, UnitAsked(request, groups));
  std::unique_ptr<Explanation> explanation(new Explanation(std::move(view)));
  explanation->counters_ = CountersOf(request.counter());
  if (explanation->counters_ == 0) {
    return BadRequest({{"counter", StrCat("counter ", static_cast<int>(request.counter()),
                                          " is not known; name one of sothon.v1.Counter")}});
  }
  SOTHON_ASSIGN_OR_RETURN(const AsOfAsked asked,
                          ResolveAsOf(*explanation->view_, request.place_id(), request.period(), request.as_of()));
  // Who is covered at the end of a month is all who came less all who went, from the beginning.
  const MonthRange months = request.counter() == v1::COUNTER_ACTIVE ? MonthRange{CivilMonth{0}, period.last} : period;
  SOTHON_RETURN_IF_ERROR(request.place_id().empty() ? explanation->AddParty(request, asked.as_of, unit, months)
                                                    : explanation->AddPlaces(request, asked.as_of, unit, months));
  SOTHON_RETURN_IF_ERROR(explanation->CountAll());
  return explanation;
}

absl::Status Explanation::AddPlaces(const v1::ExplainRequest& request, const v1::AsOf& as_of, const Unit& unit,
                                    MonthRange months) {
  const ExcerptRequest wanted{request.place_id(), SchemesOf({unit}), months.last, as_of};
  SOTHON_ASSIGN_OR_RETURN(const Excerpt excerpt, TakeExcerpt(*view_, wanted));
  applied_ = excerpt.applied;
  of_the_past_ = excerpt.of_the_past;
  for (size_t leaf = 0; leaf < excerpt.leaves.size(); ++leaf) {
    const Account account{ledger::Dimension::kVillage, excerpt.leaves[leaf]};
    const std::string& place_id = excerpt.reference->reference().place(excerpt.leaves[leaf]).id;
    SOTHON_RETURN_IF_ERROR(AddSources(account, place_id, excerpt.series[leaf], unit, months));
  }
  return absl::OkStatus();
}

absl::Status Explanation::AddParty(const v1::ExplainRequest& request, const v1::AsOf& as_of, const Unit& unit,
                                   MonthRange months) {
  const auto choose = [&](AccountsExcerpt* accounts) {
    if (!request.drive_id().empty()) {
      SOTHON_ASSIGN_OR_RETURN(const Account drive, AccountOfDrive(*accounts->names, request.drive_id()));
      accounts->accounts.push_back(drive);
      return absl::OkStatus();
    }
    SOTHON_ASSIGN_OR_RETURN(const ledger::Party* party, FindParty(*accounts, request.party_id()));
    accounts->accounts = AccountsOfParty(*accounts->names, party->id, party->kind);
    return absl::OkStatus();
  };
  SOTHON_ASSIGN_OR_RETURN(const AccountsExcerpt excerpt,
                          TakeAccounts(*view_, {SchemesOf({unit}), months.last, as_of}, choose));
  applied_ = excerpt.applied;
  of_the_past_ = excerpt.of_the_past;
  for (size_t i = 0; i < excerpt.accounts.size(); ++i) {
    SOTHON_RETURN_IF_ERROR(AddSources(excerpt.accounts[i], "", excerpt.series[i], unit, months));
  }
  return absl::OkStatus();
}

absl::Status Explanation::AddSources(const Account& account, const std::string& place_id, const SchemeSeries& series,
                                     const Unit& unit, MonthRange months) {
  for (const v1::Scheme scheme : unit.schemes) {
    for (const MonthCell& at : series[scheme]) {
      if (!months.Contains(at.month)) continue;
      const ledger::AccountKey key(account.dimension, account.ordinal, scheme, at.month);
      if (sources_.size() == kCellsMax) {
        return BadRequest({{"place_id", StrCat("the figure is made of more than ", kCellsMax,
                                               " cells; ask for a smaller place or a shorter period")}});
      }
      sources_.push_back({key, place_id, {key, {}}, {}, 0});
      for (size_t i = 0; i < ledger::kCounterCount; ++i) {
        if (IsAskedFor(static_cast<Counter>(i))) sum_ += at.cell.counters.values[i];
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Explanation::CountAll() {
  std::vector<Store::PostingsCursor> cursors;
  for (const Source& source : sources_) cursors.push_back(source.cursor);
  std::vector<Store::PostingsCursor*> reading;
  for (Store::PostingsCursor& cursor : cursors) reading.push_back(&cursor);
  int64_t listed = 0;
  std::vector<Position> before;
  while (!reading.empty()) {
    before.clear();
    for (const Store::PostingsCursor* cursor : reading) before.push_back(cursor->after);
    SOTHON_RETURN_IF_ERROR(
        view_->store().ReadPostings(reading, applied_.position, [&](size_t, const PostedChange& change) {
          if (!IsAskedFor(change.counter)) return;
          listed += change.change;
          ++posting_count_;
        }));
    size_t kept = 0;
    for (size_t i = 0; i < reading.size(); ++i) {
      if (reading[i]->after != before[i]) reading[kept++] = reading[i];
    }
    reading.resize(kept);
  }
  if (listed != sum_) {
    return absl::InternalError(StrCat("the figure is ", sum_, " and its ", posting_count_, " postings add up to ",
                                      listed, " at position ", applied_.position.value,
                                      "; the projection is damaged: rebuild it from the log"));
  }
  std::vector<size_t> all(sources_.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return Fill(std::move(all));
}

absl::Status Explanation::Fill(std::vector<size_t> sources) {
  while (!sources.empty()) {
    std::vector<Store::PostingsCursor*> cursors;
    std::vector<Position> before;
    for (const size_t source : sources) {
      sources_[source].changes.clear();
      sources_[source].taken = 0;
      cursors.push_back(&sources_[source].cursor);
      before.push_back(sources_[source].cursor.after);
    }
    SOTHON_RETURN_IF_ERROR(
        view_->store().ReadPostings(cursors, applied_.position, [&](size_t i, const PostedChange& change) {
          if (IsAskedFor(change.counter)) sources_[sources[i]].changes.push_back(change);
        }));
    // A block without any change that is asked for is passed over; one that did not move is at its end.
    size_t kept = 0;
    for (size_t i = 0; i < sources.size(); ++i) {
      PushIfAny(sources[i]);
      const bool moved = cursors[i]->after != before[i];
      if (moved && sources_[sources[i]].changes.empty()) sources[kept++] = sources[i];
    }
    sources.resize(kept);
  }
  return absl::OkStatus();
}

void Explanation::PushIfAny(size_t source) {
  const Source& at = sources_[source];
  if (at.taken == at.changes.size()) return;
  next_.emplace_back(at.changes[at.taken].position.value, source);
  std::push_heap(next_.begin(), next_.end(), std::greater<>());
}

absl::Status Explanation::Next(size_t count_max, v1::ExplainResponse* response) {
  for (size_t count = 0; count < count_max && !next_.empty(); ++count) {
    std::pop_heap(next_.begin(), next_.end(), std::greater<>());
    const size_t index = next_.back().second;
    next_.pop_back();
    Source& source = sources_[index];
    const PostedChange& change = source.changes[source.taken++];
    v1::Posting* posting = response->add_postings();
    posting->set_position(change.position.value);
    posting->set_change(change.change);
    posting->set_place_id(source.place_id);
    posting->set_scheme(source.account.scheme());
    posting->set_month(source.account.month().ToWire());
    posting->set_counter(NameOf(change.counter));
    if (source.taken < source.changes.size()) {
      PushIfAny(index);
    } else {
      SOTHON_RETURN_IF_ERROR(Fill({index}));
    }
  }
  return absl::OkStatus();
}

}  // namespace sothon::projection
