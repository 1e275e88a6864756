// A CSV file (RFC 4180, as spreadsheets write it), one record at a time, in bounded memory.
//
// Operation
//   ReadHeader() looks at the beginning: a UTF-8 byte order mark, comment lines that begin with '#', and the header,
//   from which it takes the separator: the most frequent of comma, semicolon and tab outside quotes. Next() then gives
//   the records. Fields may be quoted, hold separators, line breaks and doubled quotes; lines end in LF or CRLF; the
//   last one may have no end (`has_line_end` tells); lines of white space alone are left out, and the Ctrl-Z that old
//   programs write at the end.
//   What cannot be read is a record too, with `problem` set: text that is not UTF-8, text after a closing quote, a
//   quote that is never closed, a record over kRecordBytesMax, another number of columns than the header has. After a
//   quote that is never closed the reader goes on with the next line, so that one stray quote does not swallow the
//   file.
// Concurrency
//   Thread-compatible.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace sothon::cli {

struct CsvRecord {
  uint64_t line = 0;  // 1-based line of the file on which the record begins
  std::vector<std::string> fields;
  std::string raw;  // as it stands in the file, without its line end
  // Empty: well-formed. Otherwise what is wrong, the remedy, and in which column (empty: in the record as a whole).
  std::string problem;
  std::string remedy;
  std::string problem_column;
  // The fields are split as they were meant, although there is a problem.
  bool is_split = true;
  // False: the file ends right behind it, perhaps in the middle of what was meant.
  bool has_line_end = true;
};

class CsvReader {
 public:
  static constexpr size_t kRecordBytesMax = 64 << 10;

  // `in` must outlive the reader; opened in binary mode.
  explicit CsvReader(std::istream* in) : in_(in) {}

  // INVALID_ARGUMENT: no header, or one that is not readable (a workbook, UTF-16, not UTF-8, a quote never
  // closed).
  absl::Status ReadHeader();
  // False at the end of the file.
  bool Next(CsvRecord* record);

  const std::vector<std::string>& header() const { return header_; }
  // The comment lines before the header, without '#'.
  const std::vector<std::string>& comments() const { return comments_; }
  char separator() const { return separator_; }
  bool has_byte_order_mark() const { return has_byte_order_mark_; }
  // How much of the file has been handed out.
  uint64_t bytes_consumed() const { return consumed_before_buffer_ + position_; }

 private:
  enum class Outcome { kComplete, kTextAfterQuote, kQuoteNeverClosed, kTooLong };

  int Peek(size_t at);
  void SkipByteOrderMark();
  Outcome Parse(CsvRecord* record, size_t* end);
  void TakeFirstLine(CsvRecord* record);
  void Advance(size_t end);
  bool IsNothing(const CsvRecord& record);
  bool NextRecord(CsvRecord* record);
  void CheckRecord(CsvRecord* record) const;

  std::istream* in_;
  std::string buffer_;
  size_t position_ = 0;  // in buffer_
  uint64_t consumed_before_buffer_ = 0;
  uint64_t line_ = 1;
  char separator_ = ',';
  bool has_byte_order_mark_ = false;
  std::vector<std::string> header_;
  std::vector<std::string> comments_;
};

// Appends one record, ended by LF: fields quoted where they must be, so that CsvReader gives them back.
void AppendCsvRecord(const std::vector<std::string>& fields, char separator, std::string* out);

}  // namespace sothon::cli
