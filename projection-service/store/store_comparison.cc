#include "projection-service/store/store_comparison.h"

#include <algorithm>
#include <tuple>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "common/base/big_endian.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "projection-service/store/posting_walk.h"

namespace sothon::projection {
namespace {

constexpr const char* kCounterWords[ledger::kCounterCount] = {
    "first", "returned", "renewed", "repeat", "active change", "paid VND", "central support VND", "local support VND"};

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

std::string Escaped(std::string_view bytes) { return absl::CHexEscape(ToAbsl(bytes)); }

struct Counts {
  uint64_t good = 0;
  uint64_t total = 0;
  void Add(bool is_good) {
    ++total;
    good += is_good ? 1 : 0;
  }
};

class Comparison {
 public:
  Comparison(const StoredView& stored, const StoredView& by_log, const AccountWords& words, CheckReport* report)
      : stored_(stored), by_log_(by_log), words_(words), report_(report) {}

  absl::Status Run() {
    CheckFamilies();
    SOTHON_RETURN_IF_ERROR(CompareMeta());
    SOTHON_RETURN_IF_ERROR(CompareCells());
    SOTHON_RETURN_IF_ERROR(ComparePostings());
    SOTHON_RETURN_IF_ERROR(CompareParticipants());
    SOTHON_RETURN_IF_ERROR(CompareReference());
    return CompareTimes();
  }

 private:
  // A key of either side, with its values; nullptr: that side has it not. Returns what is wrong; empty: nothing.
  using Judge = absl::FunctionRef<std::string(std::string_view key, const std::string_view* stored,
                                              const std::string_view* by_log)>;
  using Name = absl::FunctionRef<std::string(std::string_view key, const std::string_view* value)>;
  absl::Status Join(StoreFamily family, const std::string& things, Name name, Judge judge);
  // Ends a comparison: a stored side that cannot be read is a fault, a fold that cannot be read an error.
  absl::Status End(const rocksdb::Iterator& stored, const rocksdb::Iterator& by_log, const std::string& things,
                   const Counts& counts);

  void CheckFamilies();
  absl::Status CompareMeta();
  absl::Status CompareCells();
  absl::Status ComparePostings();
  absl::Status CompareParticipants();
  absl::Status CompareReference();
  absl::Status CompareTimes();
  TellDamage TellStored(const std::string& things);

  const StoredView& stored_;
  const StoredView& by_log_;
  const AccountWords& words_;
  CheckReport* const report_;
};

absl::Status Comparison::End(const rocksdb::Iterator& stored, const rocksdb::Iterator& by_log,
                             const std::string& things, const Counts& counts) {
  SOTHON_RETURN_IF_ERROR(FromRocksDb(by_log.status(), StrCat("read what was folded in ", by_log_.directory())));
  if (!stored.status().ok()) report_->AddFault(things, StrCat("cannot be read: ", stored.status().ToString()));
  report_->AddArea(things, counts.good, counts.total);
  return absl::OkStatus();
}

absl::Status Comparison::Join(StoreFamily family, const std::string& things, Name name, Judge judge) {
  Counts counts;
  const auto left = stored_.Walk(family);
  const auto right = by_log_.Walk(family);
  left->SeekToFirst();
  right->SeekToFirst();
  while ((left->Valid() || right->Valid()) && left->status().ok() && right->status().ok()) {
    const int order = !left->Valid() ? 1 : !right->Valid() ? -1 : left->key().compare(right->key());
    const std::string key = order <= 0 ? left->key().ToString() : right->key().ToString();
    const std::string_view stored = order <= 0 ? AsView(left->value()) : std::string_view();
    const std::string_view by_log = order >= 0 ? AsView(right->value()) : std::string_view();
    const bool equal = order == 0 && stored == by_log;
    const std::string wrong = equal       ? std::string()
                              : order < 0 ? judge(key, &stored, nullptr)
                              : order > 0 ? judge(key, nullptr, &by_log)
                                          : judge(key, &stored, &by_log);
    counts.Add(equal);
    if (!equal) report_->AddFault(name(key, order > 0 ? &by_log : &stored), wrong);
    if (order <= 0) left->Next();
    if (order >= 0) right->Next();
  }
  return End(*left, *right, things, counts);
}

void Comparison::CheckFamilies() {
  for (const std::string& name : stored_.db().unknown_families()) {
    report_->AddFault(StrCat("column family ", absl::Utf8SafeCHexEscape(name)), "no version of this program makes it");
  }
  const auto walk = stored_.db().Walk(0);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    report_->AddFault(StrCat("default/", Escaped(AsView(walk->key()))), "nothing is kept there");
  }
}

// ---------------------------------------------------------------- meta

absl::Status Comparison::CompareMeta() {
  return Join(
      StoreFamily::kMeta, "marks and names",
      [](std::string_view key, const std::string_view*) { return StrCat("meta/", Escaped(key)); },
      [](std::string_view key, const std::string_view* stored, const std::string_view* by_log) {
        if (key == kMetaRules) return std::string("it was counted with other days of grace than configured");
        if (key == kMetaApplied) {
          return std::string("the time or the hash of the event at its position is not that of the log's");
        }
        return StrCat("is ", stored == nullptr ? "missing" : Escaped(*stored), ", by the log ",
                      by_log == nullptr ? "not there" : Escaped(*by_log));
      });
}

// ---------------------------------------------------------------- cells

std::string CellDifference(const ledger::Cell& stored, const ledger::Cell& by_log) {
  std::string text;
  const auto add = [&](std::string_view what, int64_t left, int64_t right) {
    if (left == right) return;
    StrAppend(&text, text.empty() ? "" : "; ", what, " is ", left, ", by the log ", right);
  };
  for (size_t i = 0; i < ledger::kCounterCount; ++i) {
    add(kCounterWords[i], stored.counters.values[i], by_log.counters.values[i]);
  }
  add("position of the last change", static_cast<int64_t>(stored.last_change.value),
      static_cast<int64_t>(by_log.last_change.value));
  return text.empty() ? "is not written as it should be" : text;
}

absl::Status Comparison::CompareCells() {
  return Join(
      StoreFamily::kCells, "accounts",
      [&](std::string_view key, const std::string_view*) {
        return key.size() == 8 ? words_(ledger::AccountKey(ReadBigEndian64(key))) : StrCat("cell ", Escaped(key));
      },
      [](std::string_view, const std::string_view* stored, const std::string_view* by_log) {
        ledger::Cell left;
        ledger::Cell right;
        if (stored != nullptr && !DecodeCell(*stored, &left)) return std::string("its figures cannot be read");
        if (by_log != nullptr) DecodeCell(*by_log, &right);
        return StrCat(stored == nullptr   ? "is missing: "
                      : by_log == nullptr ? "the log knows nothing of it: "
                                          : "",
                      CellDifference(left, right));
      });
}

// ---------------------------------------------------------------- postings

TellDamage Comparison::TellStored(const std::string& things) {
  return [this, things](ledger::AccountKey account, Position block, const std::string& what) {
    const std::string of = account == ledger::AccountKey() ? std::string() : StrCat(" of ", words_(account));
    report_->AddFault(StrCat(things, of, ", block from position ", block.value), what);
  };
}

absl::Status Comparison::ComparePostings() {
  Counts counts;
  const Position end = by_log_.applied().position;
  PostingWalk stored(stored_, end, TellStored("postings"));
  PostingWalk by_log(by_log_, end, TellStored("postings by the log"));
  const auto key_of = [](const PostingWalk& walk) {
    return std::tuple(walk.account(), walk.change().position, walk.change().counter);
  };
  const auto tell = [&](const PostingWalk& at, const std::string& what) {
    report_->AddFault(StrCat("postings of ", words_(at.account())),
                      StrCat("at position ", at.change().position.value, ", ",
                             kCounterWords[static_cast<size_t>(at.change().counter)], ": ", what));
  };
  while ((!stored.at_end() || !by_log.at_end()) && stored.blocks().status().ok() && by_log.blocks().status().ok()) {
    if (by_log.at_end() || (!stored.at_end() && key_of(stored) < key_of(by_log))) {
      counts.Add(false);
      tell(stored, StrCat("posted is ", stored.change().change, ", by the log nothing"));
      stored.Next();
    } else if (stored.at_end() || key_of(by_log) < key_of(stored)) {
      counts.Add(false);
      tell(by_log, StrCat("nothing is posted, by the log ", by_log.change().change));
      by_log.Next();
    } else {
      const bool equal = stored.change().change == by_log.change().change;
      counts.Add(equal);
      if (!equal) tell(stored, StrCat("posted is ", stored.change().change, ", by the log ", by_log.change().change));
      stored.Next();
      by_log.Next();
    }
  }
  return End(stored.blocks(), by_log.blocks(), "postings", counts);
}

// ---------------------------------------------------------------- histories, events and times

// The lowest position in a history; 0: it cannot be read, or is empty.
uint64_t FirstPosition(std::string_view bytes) {
  ledger::History history;
  if (!ledger::DecodeHistory(bytes, &history) || history.empty()) return 0;
  return std::min_element(history.begin(), history.end(),
                          [](const auto& a, const auto& b) { return a.position < b.position; })
      ->position;
}

std::string HistoryDifference(const std::string_view* stored, const std::string_view& by_log) {
  ledger::History left;
  ledger::History right;
  if (stored == nullptr) return "the history is missing";
  if (!ledger::DecodeHistory(*stored, &left)) return "the history cannot be read";
  ledger::DecodeHistory(by_log, &right);
  if (left.size() != right.size()) {
    return StrCat("the history has ", left.size(), " entries, by the log ", right.size());
  }
  const auto differs = std::mismatch(left.begin(), left.end(), right.begin());
  if (differs.first == left.end()) return "the history is not written as it should be";
  return StrCat("what the history says of the event at position ", differs.second->position,
                " is not what the log says (there: position ", differs.first->position, ")");
}

absl::Status Comparison::CompareParticipants() {
  // No subject ids: whoever reads this finds the person by the event.
  return Join(
      StoreFamily::kParticipants, "histories of people",
      [](std::string_view, const std::string_view* value) {
        return StrCat("person of the event at position ", FirstPosition(*value));
      },
      [](std::string_view, const std::string_view* stored, const std::string_view* by_log) {
        return by_log == nullptr ? std::string("the log knows nobody of that id") : HistoryDifference(stored, *by_log);
      });
}

absl::Status Comparison::CompareReference() {
  return Join(
      StoreFamily::kReference, "events kept whole",
      [](std::string_view key, const std::string_view*) {
        return key.size() == 8 ? StrCat("kept event at position ", ReadBigEndian64(key))
                               : StrCat("kept event ", Escaped(key));
      },
      [](std::string_view, const std::string_view* stored, const std::string_view* by_log) {
        return std::string(stored == nullptr   ? "is missing"
                           : by_log == nullptr ? "is none that is kept by the log"
                                               : "is not the log's");
      });
}

absl::Status Comparison::CompareTimes() {
  Counts counts;
  const Position end = by_log_.applied().position;
  TimesWalk stored(stored_, end, TellStored("times"));
  TimesWalk by_log(by_log_, end, TellStored("times by the log"));
  while ((!stored.at_end() || !by_log.at_end()) && stored.blocks().status().ok() && by_log.blocks().status().ok()) {
    const bool only_stored = by_log.at_end() || (!stored.at_end() && stored.position() < by_log.position());
    const bool only_log = !only_stored && (stored.at_end() || by_log.position() < stored.position());
    const bool equal = !only_stored && !only_log && stored.recorded_at_us() == by_log.recorded_at_us();
    counts.Add(equal);
    if (!equal) {
      report_->AddFault(StrCat("time of position ", (only_log ? by_log : stored).position().value),
                        StrCat("is ", only_log ? "missing" : StrCat(stored.recorded_at_us(), " µs"), ", by the log ",
                               only_stored ? "not there" : StrCat(by_log.recorded_at_us(), " µs")));
    }
    if (!only_log) stored.Next();
    if (!only_stored) by_log.Next();
  }
  return End(stored.blocks(), by_log.blocks(), "times of events", counts);
}

}  // namespace

absl::Status CompareStores(const StoredView& stored, const StoredView& by_log, const AccountWords& words,
                           CheckReport* report) {
  return Comparison(stored, by_log, words, report).Run();
}

}  // namespace sothon::projection
