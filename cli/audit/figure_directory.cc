#include "cli/audit/figure_directory.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::cli {

namespace fs = std::filesystem;

absl::StatusOr<std::vector<std::string>> ProofsIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
    if (each->path().extension() == kProofSuffix) names.push_back(each->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return absl::FailedPreconditionError(StrCat("cannot read ", directory, ": ", error.message()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Figure> ReadFigure(const std::string& directory) {
  const absl::StatusOr<std::string> json = ReadBoundedFile(StrCat(directory, "/", kFigureFile), kFigureBytesMax);
  if (!json.ok()) {
    return absl::FailedPreconditionError(
        StrCat("there is no figure: ", json.status().message(),
               "; a directory is what `sothon explain --proof` wrote. Proofs of anything else are named one by one"));
  }
  absl::StatusOr<Figure> figure = ParseFigure(*json);
  if (!figure.ok()) return Annotate(figure.status(), kFigureFile);
  return figure;
}

FigureWriter::FigureWriter(const std::string& directory)
    : directory_(directory), folder_(StrCat(directory, "/.next-figure")) {}

FigureWriter::FigureWriter(FigureWriter&& other) noexcept
    : directory_(other.directory_), folder_(std::exchange(other.folder_, "")) {}

FigureWriter::~FigureWriter() {
  std::error_code error;
  if (!folder_.empty()) fs::remove_all(folder_, error);
}

absl::StatusOr<FigureWriter> FigureWriter::Open(const std::string& directory) {
  SOTHON_ASSIGN_OR_RETURN(const std::vector<std::string> proofs, ProofsIn(directory));
  if (!proofs.empty()) {
    std::set<std::string> own;
    if (const absl::StatusOr<Figure> figure = ReadFigure(directory); figure.ok()) {
      for (const uint64_t position : figure->Positions()) own.insert(StrCat(position, kProofSuffix));
    }
    for (const std::string& proof : proofs) {
      if (own.count(proof) > 0) continue;
      return absl::FailedPreconditionError(
          StrCat(directory, "/", proof, " is no proof of a figure there: name another directory, or move it away"));
    }
  }
  FigureWriter writer(directory);
  std::error_code error;
  fs::remove_all(writer.folder_, error);
  if (!error) fs::create_directories(writer.folder_, error);
  if (error) return absl::FailedPreconditionError(StrCat("cannot make ", writer.folder_, ": ", error.message()));
  return writer;
}

absl::Status FigureWriter::Replace(const std::string& json) {
  SOTHON_RETURN_IF_ERROR(WriteFileDurably(StrCat(folder_, "/", kFigureFile), json));
  SOTHON_ASSIGN_OR_RETURN(const std::vector<std::string> before, ProofsIn(directory_));
  SOTHON_ASSIGN_OR_RETURN(const std::vector<std::string> next, ProofsIn(folder_));
  std::error_code error;
  const auto failed = [&](const std::string& what) {
    return absl::FailedPreconditionError(StrCat("cannot replace ", directory_, "/", what, ": ", error.message()));
  };
  if (fs::remove(StrCat(directory_, "/", kFigureFile), error)) SOTHON_RETURN_IF_ERROR(SyncPath(directory_));
  if (error) return failed(kFigureFile);
  for (const std::string& proof : before) {
    fs::remove(StrCat(directory_, "/", proof), error);
    if (error) return failed(proof);
  }
  for (const std::string& proof : next) {
    fs::rename(StrCat(folder_, "/", proof), StrCat(directory_, "/", proof), error);
    if (error) return failed(proof);
  }
  SOTHON_RETURN_IF_ERROR(SyncPath(directory_));
  fs::rename(StrCat(folder_, "/", kFigureFile), StrCat(directory_, "/", kFigureFile), error);
  if (error) return failed(kFigureFile);
  return SyncPath(directory_);
}

}  // namespace sothon::cli
