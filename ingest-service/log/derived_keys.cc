#include "ingest-service/log/derived_keys.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/base/strings.h"
#include "common/event/event_kind.h"
#include "common/status/status.h"
#include "ingest-service/log/receipt_key.h"

namespace sothon::ingest {
namespace {

constexpr uint64_t kNone = 0;  // the event has no such key
constexpr size_t kSecretBytes = 16;

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

std::string MakeSecret() {
  std::string secret(kSecretBytes, '\0');
  // Without random numbers the digests are as good against accidents, and only worse against who prepared for them.
  RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), static_cast<int>(secret.size()));
  return secret;
}

std::string Words(LogFamily family, std::string_view key) {
  return family == LogFamily::kEventIds ? StrCat("event id ", absl::CHexEscape(ToAbsl(key))) : NaturalKeyInWords(key);
}

}  // namespace

std::string NaturalKeyOf(const v1::Event& event) {
  if (event.has_contribution_recorded()) {
    const v1::ContributionRecorded& contribution = event.contribution_recorded();
    return kReceiptPrefix + ReceiptKey(contribution.agency_id(), contribution.receipt_number());
  }
  if (event.has_contribution_reversed()) {
    return ReversalKey(Position{event.contribution_reversed().reversed_position()});
  }
  return {};
}

std::string NaturalKeyInWords(std::string_view key) {
  const size_t separator = key.find('\0');
  if (!key.empty() && key[0] == kReceiptPrefix && separator != std::string_view::npos) {
    return StrCat("receipt ", absl::Utf8SafeCHexEscape(ToAbsl(key.substr(separator + 1))), " of agency ",
                  absl::Utf8SafeCHexEscape(ToAbsl(key.substr(1, separator - 1))));
  }
  if (!key.empty() && key[0] == kReversalPrefix && key.size() == 9) {
    return StrCat("reversal of position ", ReadBigEndian64(key.substr(1)));
  }
  return StrCat("natural key ", absl::CHexEscape(ToAbsl(key)));
}

DerivedKeys::DerivedKeys(const LogSnapshot* log, CheckReport* report)
    : log_(log), report_(report), secret_(MakeSecret()) {}

uint64_t DerivedKeys::DigestOf(std::string_view key) const {
  std::string bytes = secret_;
  bytes.append(key);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
  return std::max(kNone + 1, ReadBigEndian64({reinterpret_cast<const char*>(hash), sizeof hash}));
}

void DerivedKeys::Note(const v1::Event& event) {
  const std::string natural_key = NaturalKeyOf(event);
  noted_.Add({DigestOf(event.event_id()), natural_key.empty() ? kNone : DigestOf(natural_key)});
  const std::string stream = StreamOf(event);
  if (!stream.empty()) {
    StreamState& state = streams_[stream];
    ++state.version;
    state.last = noted_.last();
  }
  if (IsReferenceKind(event.kind_case())) reference_.push_back(noted_.last());
}

void DerivedKeys::NoteUnread(Position to) {
  if (to <= noted_.last()) return;
  noted_.Skip(to);
  all_read_ = false;
}

void DerivedKeys::Check(Position indexed_to) {
  Counts ids;
  Counts receipts;
  Counts reversals;
  CheckIndex(LogFamily::kEventIds, &NotedKeys::Keys::event_id, indexed_to, [&](std::string_view) { return &ids; });
  CheckIndex(LogFamily::kNaturalKeys, &NotedKeys::Keys::natural_key, indexed_to,
             [&](std::string_view key) { return !key.empty() && key[0] == kReversalPrefix ? &reversals : &receipts; });
  report_->AddArea("event ids", ids.good, ids.total);
  report_->AddArea("receipts", receipts.good, receipts.total);
  report_->AddArea("reversals", reversals.good, reversals.total);
  if (all_read_) {
    CheckStreams();
    CheckReference();
  } else {
    report_->AddRemark("streams and reference marks were not checked, because not every event can be read");
  }
}

std::string DerivedKeys::WrongWith(std::string_view key, std::string_view value, DigestOfEvent digest,
                                   std::optional<size_t>* event) const {
  if (value.size() != 8) return "its entry in the index is no position";
  const Position position{ReadBigEndian64(value)};
  if (position.value == 0 || position > noted_.last()) {
    return StrCat("the index has it at position ", position.value, ", the log ends at ", noted_.last().value);
  }
  *event = noted_.IndexOf(position);
  if (!*event || noted_.At(**event).*digest == DigestOf(key)) return {};
  return StrCat("the index has it at position ", position.value, ", where another event stands");
}

void DerivedKeys::CheckIndex(LogFamily family, DigestOfEvent digest, Position indexed_to,
                             const std::function<Counts*(std::string_view key)>& of) {
  std::vector<bool> seen(noted_.size());
  const auto walk = log_->Walk(family);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    const std::string_view key = AsView(walk->key());
    Counts* const counts = of(key);
    ++counts->total;
    std::optional<size_t> event;
    const std::string wrong = WrongWith(key, AsView(walk->value()), digest, &event);
    if (wrong.empty()) {
      ++counts->good;
      if (event) seen[*event] = true;
    } else {
      report_->AddFault(Words(family, key), wrong);
    }
  }
  TellEnd(*walk, "the index");
  if (!walk->status().ok()) return;
  for (size_t i = 0; i < noted_.size(); ++i) {
    if (seen[i] || noted_.At(i).*digest == kNone) continue;
    const Position position = noted_.PositionOf(i);
    if (position <= indexed_to) TellMissing(family, position);
  }
}

void DerivedKeys::TellMissing(LogFamily family, Position position) {
  std::string words = "a key of the event there";
  if (report_->keeps_faults()) {
    const absl::StatusOr<std::string> stored = log_->Get(position);
    v1::Event event;
    if (stored.ok() && event.ParseFromString(*stored)) {
      words = Words(family, family == LogFamily::kEventIds ? event.event_id() : NaturalKeyOf(event));
    }
  }
  report_->AddFault(StrCat("position ", position.value),
                    StrCat("the index does not lead there from ", words, ", so a repeat of it would be taken as new"));
}

void DerivedKeys::CheckStreams() {
  Counts counts;
  const uint64_t expected = streams_.size();
  const auto walk = log_->Walk(LogFamily::kStreams);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    const std::string name(AsView(walk->key()));
    const std::string where = StrCat("stream ", absl::Utf8SafeCHexEscape(name));
    const auto found = streams_.find(name);
    if (found == streams_.end()) {
      report_->AddFault(where, "no event of the log belongs to it");
      ++counts.total;
      continue;
    }
    StreamState stored;
    if (EncodeStreamState(found->second) == AsView(walk->value())) {
      ++counts.good;
    } else if (!DecodeStreamState(AsView(walk->value()), &stored)) {
      report_->AddFault(where, "its entry cannot be read");
    } else {
      report_->AddFault(
          where, StrCat("is at version ", stored.version, ", last at position ", stored.last.value,
                        "; by the events at version ", found->second.version, ", last at ", found->second.last.value));
    }
    streams_.erase(found);
  }
  TellEnd(*walk, "the streams");
  if (walk->status().ok()) {
    for (const auto& [name, state] : streams_) {
      report_->AddFault(StrCat("stream ", name), StrCat("is missing; by the events at version ", state.version,
                                                        ", last at position ", state.last.value));
    }
  }
  report_->AddArea("streams", counts.good, expected + counts.total);
}

void DerivedKeys::CheckReference() {
  size_t next = 0;
  uint64_t good = 0;
  uint64_t total = 0;
  const auto missing = [&](Position position) {
    ++total;
    report_->AddFault(StrCat("position ", position.value), "an event of the registry that is not marked as one");
  };
  const auto walk = log_->Walk(LogFamily::kReference);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    const Position position{walk->key().size() == 8 ? ReadBigEndian64(AsView(walk->key())) : 0};
    while (next < reference_.size() && reference_[next] < position) missing(reference_[next++]);
    ++total;
    const bool expected = next < reference_.size() && reference_[next] == position;
    next += expected ? 1 : 0;
    if (expected && walk->value().empty()) {
      ++good;
    } else {
      report_->AddFault(StrCat("reference mark ", absl::CHexEscape(walk->key().ToString())),
                        expected ? "has a value" : "no event of the registry stands there");
    }
  }
  TellEnd(*walk, "the reference marks");
  while (walk->status().ok() && next < reference_.size()) missing(reference_[next++]);
  report_->AddArea("reference marks", good, total);
}

void DerivedKeys::TellEnd(const rocksdb::Iterator& walk, std::string_view of) {
  if (!walk.status().ok()) report_->AddFault(std::string(of), StrCat("cannot be read: ", walk.status().ToString()));
}

}  // namespace sothon::ingest
