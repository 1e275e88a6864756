// A figure and the proofs of the events behind it, as `explain --proof DIR` writes them and `audit prove DIR` reads
// them:
//
//   DIR/figure.json             what `explain --format json` prints
//   DIR/<position>.tlog-proof   of each event behind it, all of one checkpoint
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/audit/proven_figure.h"

namespace sothon::cli {

inline constexpr char kFigureFile[] = "figure.json";
inline constexpr char kProofSuffix[] = ".tlog-proof";
// Some 1,500,000 postings; a figure of more is taken apart by place or month.
inline constexpr size_t kFigureBytesMax = size_t{512} << 20;

// The names of all files in `directory` that are named as proofs are, in order; none where it is not there.
// FAILED_PRECONDITION.
absl::StatusOr<std::vector<std::string>> ProofsIn(const std::string& directory);

// From DIR/figure.json. Also FAILED_PRECONDITION: there is none.
absl::StatusOr<Figure> ReadFigure(const std::string& directory);

// A folder for the next figure and its proofs, beside what `directory` holds, which stays as it is until Replace().
class FigureWriter {
 public:
  // Makes the folders that are not there. FAILED_PRECONDITION: it cannot, or in `directory` stand proofs of something
  // else than the figure there, which could not be told from those of the next one.
  static absl::StatusOr<FigureWriter> Open(const std::string& directory);
  // Takes away what was not put in place.
  ~FigureWriter();
  FigureWriter(FigureWriter&& other) noexcept;
  FigureWriter& operator=(FigureWriter&&) = delete;

  // Where proofs are to be written as <position>.tlog-proof.
  const std::string& folder() const { return folder_; }
  // Puts the proofs and then the figure `json` in the place of those before, of which figure.json goes first: where
  // one stands, so do its proofs, also after a power cut. Other files stay. FAILED_PRECONDITION, RESOURCE_EXHAUSTED.
  absl::Status Replace(const std::string& json);

 private:
  explicit FigureWriter(const std::string& directory);

  const std::string directory_;
  std::string folder_;  // empty: moved from
};

}  // namespace sothon::cli
