// What the log knows of places, documents and parties, and which village a person means (plan#10).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/app/problem.h"
#include "sothon/v1/event.pb.h"
#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::cli {

struct KnownPlace {
  v1::PlaceRegistered place;
  std::string document_id;  // that lists it
};

// Thread-compatible.
class Directory {
 public:
  // Folds one event; kinds other than places, documents and parties are left alone.
  void Apply(const v1::Event& event);

  const KnownPlace* FindPlace(std::string_view place_id) const;
  const v1::DocumentIssued* FindDocument(std::string_view document_id) const;
  const v1::PartyRegistered* FindParty(std::string_view party_id) const;
  // In order of their ids.
  std::vector<std::string> PartyIds(v1::PartyKind kind) const;

  // The village or residential group that `text` means: its code, or a name that only one of them has. On failure
  // `problem` (reason and remedy) tells the candidates and nullopt is returned.
  std::optional<std::string> ResolveVillage(std::string_view text, Problem* problem) const;
  // The village in row `stt` of a document, which is given by its id or its number.
  std::optional<std::string> ResolveRow(std::string_view document, std::string_view stt, Problem* problem) const;
  // True when `name` is a name of the village, perhaps not its alone.
  bool IsCalled(std::string_view place_id, std::string_view name) const;

 private:
  void AddPlace(const v1::PlaceRegistered& place, const std::string& document_id);
  void AddName(std::string_view name, const std::string& place_id);
  std::string Describe(const std::string& place_id) const;

  std::map<std::string, KnownPlace, std::less<>> places_;
  std::map<std::string, v1::DocumentIssued, std::less<>> documents_;
  std::map<std::string, v1::PartyRegistered, std::less<>> parties_;
  std::map<std::string, std::vector<std::string>> places_by_name_;
};

// True for "Tổng", "Tổng cộng", "Cộng" and the like: a row of sums, never a village (plan#9).
bool IsTotalLabel(std::string_view text);

// Reads places, documents and parties from the log.
absl::StatusOr<Directory> ReadDirectory(v1::IngestService::StubInterface* ingest);

}  // namespace sothon::cli
