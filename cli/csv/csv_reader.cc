#include "cli/csv/csv_reader.h"

#include <algorithm>
#include <array>

#include "cli/app/plain_text.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr size_t kChunkBytes = 64 << 10;
constexpr int kEnd = -1;
constexpr char kCtrlZ = 0x1a;

char DetectSeparator(std::string_view header_line) {
  constexpr std::array<char, 3> kCandidates = {',', ';', '\t'};
  std::array<size_t, 3> counts{};
  bool in_quotes = false;
  for (char c : header_line) {
    if (c == '"') in_quotes = !in_quotes;
    if (in_quotes) continue;
    for (size_t i = 0; i < kCandidates.size(); ++i) counts[i] += c == kCandidates[i] ? 1 : 0;
  }
  return kCandidates[static_cast<size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

// Control characters stand in no header. A file of nothing but Ctrl-Z is an empty one.
bool IsBinary(std::string_view first_line) {
  return std::any_of(first_line.begin(), first_line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\v' && c != '\f' && c != kCtrlZ) ||
           byte == 0x7f;
  });
}

}  // namespace

// The byte at `at`, or kEnd; reads on as needed.
int CsvReader::Peek(size_t at) {
  while (at >= buffer_.size()) {
    const size_t had = buffer_.size();
    buffer_.resize(had + kChunkBytes);
    in_->read(buffer_.data() + had, kChunkBytes);
    buffer_.resize(had + static_cast<size_t>(in_->gcount()));
    if (buffer_.size() == had) return kEnd;
  }
  return static_cast<unsigned char>(buffer_[at]);
}

void CsvReader::SkipByteOrderMark() {
  if (Peek(0) == 0xef && Peek(1) == 0xbb && Peek(2) == 0xbf) {
    has_byte_order_mark_ = true;
    position_ = 3;
  }
}

// Consumes the buffer up to `end`; everything between counts as handed out.
void CsvReader::Advance(size_t end) {
  line_ += static_cast<uint64_t>(std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(position_),
                                            buffer_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  position_ = end;
  if (position_ >= kChunkBytes) {
    consumed_before_buffer_ += position_;
    buffer_.erase(0, position_);
    position_ = 0;
  }
}

// Splits the record at position_; `*end` is the index after its line end. Nothing is consumed.
CsvReader::Outcome CsvReader::Parse(CsvRecord* record, size_t* end) {
  enum class State { kFieldStart, kPlain, kQuoted, kClosed } state = State::kFieldStart;
  std::string field;
  size_t at = position_;
  const auto end_field = [&] {
    record->fields.push_back(std::move(field));
    field.clear();
    state = State::kFieldStart;
  };
  for (;; ++at) {
    if (at - position_ > kRecordBytesMax) {
      return state == State::kQuoted ? Outcome::kQuoteNeverClosed : Outcome::kTooLong;
    }
    const int c = Peek(at);
    if (state == State::kQuoted) {
      if (c == kEnd) return Outcome::kQuoteNeverClosed;
      if (c != '"') {
        field.push_back(static_cast<char>(c));
      } else if (Peek(at + 1) == '"') {
        field.push_back('"');
        ++at;
      } else {
        state = State::kClosed;
      }
      continue;
    }
    if (c == kEnd || c == '\n' || (c == '\r' && (Peek(at + 1) == '\n' || Peek(at + 1) == kEnd))) {
      end_field();
      record->raw.assign(buffer_, position_, at - position_);
      record->has_line_end = c != kEnd;
      *end = c == kEnd ? at : (c == '\n' ? at + 1 : (Peek(at + 1) == '\n' ? at + 2 : at + 1));
      return Outcome::kComplete;
    }
    if (c == separator_) {
      end_field();
    } else if (c == '"' && state == State::kFieldStart) {
      state = State::kQuoted;
    } else if (state == State::kClosed) {
      return Outcome::kTextAfterQuote;
    } else {
      field.push_back(static_cast<char>(c));
      state = State::kPlain;
    }
  }
}

// Consumes one line of the file, whatever it holds, as an unreadable record.
void CsvReader::TakeFirstLine(CsvRecord* record) {
  record->fields.clear();
  record->raw.clear();
  record->is_split = false;
  for (;;) {
    size_t at = position_;
    int c = Peek(at);
    while (c != kEnd && c != '\n' && at - position_ < kRecordBytesMax) c = Peek(++at);
    if (record->raw.size() < kRecordBytesMax) record->raw.append(buffer_, position_, at - position_);
    const bool is_whole = c == kEnd || c == '\n';
    Advance(c == '\n' ? at + 1 : at);
    if (is_whole) break;
  }
  if (!record->raw.empty() && record->raw.back() == '\r') record->raw.pop_back();
}

// A line of white space, or the Ctrl-Z that ends the file. Separators make a row of empty fields, which is one.
bool CsvReader::IsNothing(const CsvRecord& record) {
  if (record.fields.size() != 1) return false;
  std::string_view line = record.raw;
  if (!line.empty() && line.back() == kCtrlZ && Peek(position_) == kEnd) line.remove_suffix(1);
  return TrimWhiteSpace(line).empty();
}

// The next record that is not a blank line, unchecked.
bool CsvReader::NextRecord(CsvRecord* record) {
  for (;;) {
    *record = CsvRecord();
    if (Peek(position_) == kEnd) return false;
    record->line = line_;
    size_t end = 0;
    switch (Parse(record, &end)) {
      case Outcome::kComplete:
        Advance(end);
        if (IsNothing(*record)) continue;
        return true;
      case Outcome::kTextAfterQuote:
        record->problem = "there is text after a closing quote";
        record->remedy = "double the quotes inside a quoted field (\"\"), or remove them";
        break;
      case Outcome::kQuoteNeverClosed:
        record->problem = "a quote is opened and never closed; the file may be cut off";
        record->remedy = "close the quote, or export the file again in full";
        break;
      case Outcome::kTooLong:
        record->problem = StrCat("the line is longer than ", kRecordBytesMax, " bytes");
        record->remedy = "split it; the line ends may be missing";
        break;
    }
    TakeFirstLine(record);
    return true;
  }
}

void CsvReader::CheckRecord(CsvRecord* record) const {
  if (!record->problem.empty()) return;
  if (record->fields.size() != header_.size()) {
    record->problem = StrCat("the row has ", record->fields.size(), " columns, the header has ", header_.size());
    record->remedy = StrCat("write ", header_.size(), " columns, and put quotes around text that holds a '",
                            std::string(1, separator_), "'");
    record->is_split = false;
    return;
  }
  for (size_t i = 0; i < record->fields.size(); ++i) {
    const bool has_nul = record->fields[i].find('\0') != std::string::npos;
    if (!has_nul && IsValidUtf8(record->fields[i])) continue;
    record->problem = has_nul ? "the text holds a NUL byte" : "the text is not valid UTF-8";
    record->remedy = "save the file as \"CSV UTF-8\"";
    record->problem_column = header_[i];
    return;
  }
}

absl::Status CsvReader::ReadHeader() {
  const int first = Peek(0);
  if ((first == 0xff && Peek(1) == 0xfe) || (first == 0xfe && Peek(1) == 0xff)) {
    return absl::InvalidArgumentError("the file is UTF-16; save it as \"CSV UTF-8\"");
  }
  const bool is_zip = first == 'P' && Peek(1) == 'K' && Peek(2) == 3 && Peek(3) == 4;
  const bool is_ole = first == 0xd0 && Peek(1) == 0xcf && Peek(2) == 0x11 && Peek(3) == 0xe0;
  if (is_zip || is_ole) {
    return absl::InvalidArgumentError("this is an Excel workbook (.xlsx, .xls); save it as \"CSV UTF-8\"");
  }
  SkipByteOrderMark();
  CsvRecord record;
  for (;;) {
    int c = Peek(position_);
    while (c == '\n' || c == '\r') {
      Advance(position_ + 1);
      c = Peek(position_);
    }
    if (c != '#') break;
    TakeFirstLine(&record);
    comments_.push_back(record.raw.substr(1));
  }
  size_t line_end = position_;
  for (int c = Peek(line_end); c != kEnd && c != '\n' && line_end - position_ < kRecordBytesMax; c = Peek(line_end)) {
    ++line_end;
  }
  const std::string_view first_line = std::string_view(buffer_).substr(position_, line_end - position_);
  // What follows a first line that is no text tells the rest: a row may hold a NUL and cost itself alone.
  const bool is_binary =
      IsBinary(first_line) || (!IsValidUtf8(first_line) && IsBinary(std::string_view(buffer_).substr(position_, 512)));
  if (is_binary) {
    return absl::InvalidArgumentError(
        "this is a binary file, no text (a picture, a PDF, a database?); export the table as \"CSV UTF-8\"");
  }
  separator_ = DetectSeparator(first_line);
  if (!NextRecord(&record)) {
    return absl::InvalidArgumentError("the file is empty; its first line must name the columns");
  }
  if (!record.problem.empty()) {
    return absl::InvalidArgumentError(StrCat("line ", record.line, " (the header): ", record.problem));
  }
  for (const std::string& name : record.fields) {
    if (IsValidUtf8(name)) continue;
    return absl::InvalidArgumentError(
        StrCat("line ", record.line, " (the header) is not valid UTF-8; save the file as \"CSV UTF-8\""));
  }
  for (size_t at = record.raw.find('\r'); at != std::string::npos; at = record.raw.find('\r', at + 1)) {
    if (record.raw.substr(at, 2) == "\r\n") continue;
    return absl::InvalidArgumentError("the lines end in CR alone, as old Macintoshes write; save it as \"CSV UTF-8\"");
  }
  header_ = std::move(record.fields);
  return absl::OkStatus();
}

bool CsvReader::Next(CsvRecord* record) {
  if (!NextRecord(record)) return false;
  CheckRecord(record);
  return true;
}

void AppendCsvRecord(const std::vector<std::string>& fields, char separator, std::string* out) {
  const std::string special = {separator, '"', '\n', '\r'};
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out->push_back(separator);
    const std::string& field = fields[i];
    // A record of one blank field would be a blank line, as would a Ctrl-Z; one that begins with '#' might be read as a
    // comment, and one that begins with U+FEFF as a byte order mark.
    const bool must_quote = field.find_first_of(special) != std::string::npos ||
                            (fields.size() == 1 && (TrimWhiteSpace(field).empty() || field.back() == kCtrlZ)) ||
                            (i == 0 && !field.empty() && (field[0] == '#' || field[0] == '\xef'));
    if (!must_quote) {
      out->append(field);
      continue;
    }
    out->push_back('"');
    for (char c : field) {
      if (c == '"') out->push_back('"');
      out->push_back(c);
    }
    out->push_back('"');
  }
  out->push_back('\n');
}

}  // namespace sothon::cli
