// What a witness remembers, in a directory of its own:
//
//   logs/<origin>.checkpoint    the newest checkpoint that it cosigned, with the log's signatures and its own; what is
//                               not a letter, a digit, '-', '_' or '.' in the origin stands there as %XX
//   evidence/<pair>/            cli/audit/evidence.h
//
// Whoever loses this directory loses what holds the log to its past: a copy of it belongs elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sothon::cli {

// The right to a witness's directory, until it goes. Thread-compatible; moved, not copied.
class WitnessState {
 public:
  // Makes the directory where it is not there. FAILED_PRECONDITION: another process has it, or it cannot be made.
  static absl::StatusOr<WitnessState> Open(const std::string& directory);
  WitnessState(WitnessState&& other) noexcept;
  WitnessState& operator=(WitnessState&& other) = delete;
  ~WitnessState();

  // INVALID_ARGUMENT: an origin that is too long to be a file's name.
  static absl::Status CheckOrigin(std::string_view origin);
  // The signed note; nullopt: nothing was seen of that log.
  absl::StatusOr<std::optional<std::string>> Load(std::string_view origin) const;
  // Durable once it has returned OK; after any error the file holds the old note or the new one, whole.
  absl::Status Store(std::string_view origin, std::string_view signed_note);

  std::string PathOf(std::string_view origin) const;
  std::string evidence_directory() const { return directory_ + "/evidence"; }

 private:
  WitnessState(std::string directory, int lock) : directory_(std::move(directory)), lock_(lock) {}

  std::string directory_;
  int lock_;  // the directory, open and locked
};

}  // namespace sothon::cli
