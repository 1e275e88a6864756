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

constexpr uint64_t kNone = 0;
constexpr uint64_t kUnread = 1;
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
  return std::max(kUnread + 1, ReadBigEndian64({reinterpret_cast<const char*>(hash), sizeof hash}));
}

void DerivedKeys::Note(const v1::Event& event) {
  event_ids_.push_back(DigestOf(event.event_id()));
  const std::string natural_key = NaturalKeyOf(event);
  natural_keys_.push_back(natural_key.empty() ? kNone : DigestOf(natural_key));
  const std::string stream = StreamOf(event);
  if (!stream.empty()) {
    StreamState& state = streams_[stream];
    ++state.version;
    state.last = noted();
  }
  if (IsReferenceKind(event.kind_case())) reference_.push_back(noted());
}

void DerivedKeys::NoteUnread(Position to) {
  if (to <= noted()) return;
  event_ids_.resize(to.value, kUnread);
  natural_keys_.resize(to.value, kUnread);
  all_read_ = false;
}

void DerivedKeys::Check(Position indexed_to) {
  Counts ids;
  Counts receipts;
  Counts reversals;
  CheckIndex(LogFamily::kEventIds, event_ids_, indexed_to, [&](std::string_view) { return &ids; });
  CheckIndex(LogFamily::kNaturalKeys, natural_keys_, indexed_to,
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

std::string DerivedKeys::WrongWith(std::string_view key, std::string_view value,
                                   const std::vector<uint64_t>& digests) const {
  if (value.size() != 8) return "its entry in the index is no position";
  const uint64_t position = ReadBigEndian64(value);
  if (position == 0 || position > digests.size()) {
    return StrCat("the index has it at position ", position, ", the log ends at ", digests.size());
  }
  const uint64_t digest = digests[position - 1];
  if (digest == kUnread || digest == DigestOf(key)) return {};
  return StrCat("the index has it at position ", position, ", where another event stands");
}

void DerivedKeys::CheckIndex(LogFamily family, const std::vector<uint64_t>& digests, Position indexed_to,
                             const std::function<Counts*(std::string_view key)>& of) {
  std::vector<bool> seen(digests.size());
  const auto walk = log_->Walk(family);
  for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
    const std::string_view key = AsView(walk->key());
    Counts* const counts = of(key);
    ++counts->total;
    const std::string wrong = WrongWith(key, AsView(walk->value()), digests);
    if (wrong.empty()) {
      ++counts->good;
      seen[ReadBigEndian64(AsView(walk->value())) - 1] = true;
    } else {
      report_->AddFault(Words(family, key), wrong);
    }
  }
  TellEnd(*walk, "the index");
  if (!walk->status().ok()) return;
  for (uint64_t i = 0; i < std::min<uint64_t>(digests.size(), indexed_to.value); ++i) {
    if (digests[i] > kUnread && !seen[i]) TellMissing(family, {i + 1});
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
