#include "cli/import/reject_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_join.h"
#include "cli/app/text_tools.h"
#include "cli/format/json_writer.h"
#include "cli/import/columns.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr char kNoteMagic[] = "sothon-rejects-1";

absl::Status FileError(std::string_view doing, const std::string& path) {
  return absl::FailedPreconditionError(StrCat("cannot ", doing, " the reject file ", path, ": ", std::strerror(errno),
                                              "; free the disk or name another file with --rejects"));
}

bool IsOwnColumn(std::string_view name) {
  const std::string key = HeaderKey(name);
  return key == kOriginalLineColumn ||
         std::find(RejectColumns().begin(), RejectColumns().end(), key) != RejectColumns().end();
}

std::string Joined(const std::vector<Problem>& problems, std::string Problem::*part) {
  std::vector<std::string> texts;
  for (const Problem& problem : problems) {
    if (!(problem.*part).empty()) texts.push_back(problem.*part);
  }
  return absl::StrJoin(texts, " | ");
}

}  // namespace

RejectFile::RejectFile(std::string path, const std::vector<std::string>& header, char separator,
                       bool has_byte_order_mark)
    : path_(std::move(path)), separator_(separator), has_byte_order_mark_(has_byte_order_mark) {
  header_ = RejectColumns();
  // A reject file that is imported again does not get its own columns twice.
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i] == kOriginalLineColumn) original_line_column_ = i;
    if (IsOwnColumn(header[i])) continue;
    original_columns_.push_back(i);
    header_.push_back(header[i]);
  }
  header_.push_back(kOriginalLineColumn);
}

RejectFile::~RejectFile() {
  if (file_ >= 0) ::close(file_);
}

absl::Status RejectFile::Write(const std::string& text) {
  is_synced_ = false;
  for (size_t written = 0; written < text.size();) {
    const ssize_t n = ::write(file_, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return FileError("write", path_);
    written += static_cast<size_t>(n);
  }
  sha_.Update(text);
  bytes_ += text.size();
  return absl::OkStatus();
}

absl::Status RejectFile::OpenFile() {
  if (file_ >= 0) return absl::OkStatus();
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  // The mode given above holds for new files only.
  if (file_ < 0 || ::fchmod(file_, 0600) != 0) return FileError("make", path_);
  sha_ = Sha256();
  bytes_ = 0;
  std::string text = has_byte_order_mark_ ? "\xef\xbb\xbf" : "";
  AppendCsvRecord(header_, separator_, &text);
  return Write(text);
}

bool RejectFile::MayBeReplaced(std::istream* existing) {
  if (existing->peek() == std::istream::traits_type::eof()) return true;
  CsvReader reader(existing);
  if (!reader.ReadHeader().ok() || reader.header().size() < RejectColumns().size()) return false;
  return std::equal(RejectColumns().begin(), RejectColumns().end(), reader.header().begin());
}

std::string RejectFile::NotePath(const std::string& path) {
  const std::filesystem::path file(path);
  return (file.parent_path() / StrCat(".", file.filename().string(), ".sothon-note")).string();
}

// What cannot be remembered is kept the next time.
void RejectFile::StoreNote() const {
  std::ofstream out(NotePath(path_), std::ios::trunc);
  out << kNoteMagic << " " << bytes_ << " " << sha_.HexDigestSoFar() << "\n";
}

bool RejectFile::IsAsWritten(bool may_have_more) const {
  std::ifstream note(NotePath(path_));
  std::string magic, digest;
  uint64_t bytes = 0;
  if (!(note >> magic >> bytes >> digest) || magic != kNoteMagic) return false;
  std::ifstream in(path_, std::ios::binary);
  Sha256 sha;
  std::vector<char> chunk(1 << 16);
  while (bytes > 0 && in) {
    in.read(chunk.data(), static_cast<std::streamsize>(std::min<uint64_t>(chunk.size(), bytes)));
    sha.Update({chunk.data(), static_cast<size_t>(in.gcount())});
    bytes -= static_cast<uint64_t>(in.gcount());
  }
  if (bytes > 0 || sha.HexDigest() != digest) return false;
  return may_have_more || in.peek() == std::ifstream::traits_type::eof();
}

absl::Status RejectFile::Begin(uint64_t last_line_kept, std::string* kept_as) {
  kept_as->clear();
  std::error_code error;
  const bool is_worth_keeping =
      std::filesystem::file_size(path_, error) > 0 && !error && !IsAsWritten(/*may_have_more=*/last_line_kept > 0);
  std::string kept;
  if (last_line_kept > 0) {
    std::ifstream in(path_, std::ios::binary);
    CsvReader reader(&in);
    CsvRecord record;
    const bool is_ours = in && reader.ReadHeader().ok() && reader.header() == header_;
    while (is_ours && reader.Next(&record)) {
      uint64_t line = 0;
      if (!record.problem.empty() || !ParseNumber(record.fields[0], &line) || line > last_line_kept) continue;
      AppendCsvRecord(record.fields, separator_, &kept);
      ++count_;
    }
  }
  if (is_worth_keeping) {
    for (int n = 1; kept_as->empty() || std::filesystem::exists(*kept_as, error); ++n) *kept_as = StrCat(path_, ".", n);
    if (::rename(path_.c_str(), kept_as->c_str()) != 0) return FileError("rename", path_);
  } else if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
    return FileError("replace", path_);
  }
  ::unlink(NotePath(path_).c_str());
  if (kept.empty()) return absl::OkStatus();
  is_in_order_ = false;  // perhaps: the earlier import may have been broken off before it put them in order
  SOTHON_RETURN_IF_ERROR(OpenFile());
  return Write(kept);
}

absl::Status RejectFile::Add(const CsvRecord& record, const std::vector<Problem>& problems) {
  SOTHON_RETURN_IF_ERROR(OpenFile());
  is_in_order_ = is_in_order_ && record.line >= last_line_;
  last_line_ = record.line;
  std::vector<std::string> fields = {StrCat(record.line), Joined(problems, &Problem::field),
                                     Joined(problems, &Problem::reason), Joined(problems, &Problem::remedy)};
  for (size_t column : original_columns_) {
    const bool has_field = record.is_split && column < record.fields.size();
    fields.push_back(has_field ? ReplaceInvalidUtf8(record.fields[column]) : "");
  }
  const bool has_line = record.is_split && original_line_column_ && *original_line_column_ < record.fields.size();
  fields.push_back(!record.is_split ? ReplaceInvalidUtf8(record.raw)
                   : has_line       ? ReplaceInvalidUtf8(record.fields[*original_line_column_])
                                    : "");
  std::string text;
  AppendCsvRecord(fields, separator_, &text);
  ++count_;
  return Write(text);
}

absl::Status RejectFile::Finish() {
  if (is_in_order_) return Sync();
  std::ifstream in(path_, std::ios::binary);
  CsvReader reader(&in);
  SOTHON_RETURN_IF_ERROR(reader.ReadHeader());
  std::vector<std::pair<uint64_t, CsvRecord>> rows;
  CsvRecord record;
  while (reader.Next(&record)) {
    uint64_t line = 0;
    if (!record.problem.empty() || !ParseNumber(record.fields[0], &line)) {
      return absl::DataLossError(StrCat("the reject file ", path_, " was changed while it was written"));
    }
    rows.emplace_back(line, record);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  // A file of its own until it is whole.
  const std::string path = path_;
  path_ += ".part";
  ::close(file_);
  file_ = -1;
  SOTHON_RETURN_IF_ERROR(OpenFile());
  std::string text;
  for (const auto& [line, row] : rows) AppendCsvRecord(row.fields, separator_, &text);
  SOTHON_RETURN_IF_ERROR(Write(text));
  SOTHON_RETURN_IF_ERROR(SyncBytes());
  if (::rename(path_.c_str(), path.c_str()) != 0) return FileError("replace", path);
  path_ = path;
  StoreNote();
  return absl::OkStatus();
}

absl::Status RejectFile::Sync() {
  if (is_synced_ || file_ < 0) return absl::OkStatus();
  SOTHON_RETURN_IF_ERROR(SyncBytes());
  StoreNote();
  return absl::OkStatus();
}

absl::Status RejectFile::SyncBytes() {
  if (is_synced_ || file_ < 0) return absl::OkStatus();
  if (::fdatasync(file_) != 0) return FileError("save", path_);
  is_synced_ = true;
  return absl::OkStatus();
}

}  // namespace sothon::cli
