// libFuzzer: whatever the bytes, the reader ends, keeps its bounds, and reads back what it writes.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "cli/csv/csv_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sothon::cli::AppendCsvRecord;
  using sothon::cli::CsvReader;
  using sothon::cli::CsvRecord;

  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  CsvReader reader(&in);
  if (!reader.ReadHeader().ok()) return 0;
  std::string copy;
  AppendCsvRecord(reader.header(), reader.separator(), &copy);
  const char separator = reader.separator();
  std::vector<CsvRecord> records;
  CsvRecord record;
  uint64_t last_line = 0;
  while (reader.Next(&record)) {
    if (record.line <= last_line || record.raw.size() > CsvReader::kRecordBytesMax + 1) std::abort();
    last_line = record.line;
    if (!record.problem.empty()) continue;
    AppendCsvRecord(record.fields, separator, &copy);
    records.push_back(record);
  }
  if (reader.bytes_consumed() > size) std::abort();

  std::istringstream again_in(copy);
  CsvReader again(&again_in);
  // A header of one column has no separator to be recognised by.
  if (!again.ReadHeader().ok() || again.separator() != separator) return 0;
  for (const CsvRecord& expected : records) {
    if (!again.Next(&record) || record.fields != expected.fields) std::abort();
  }
  return 0;
}
