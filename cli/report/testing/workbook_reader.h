// Opens a workbook as a reader of such files does: unpacks it and finds cells, for tests of what was written.
#pragma once

#include <map>
#include <string>

namespace sothon::cli {

// The files packed in a zip, by name, unpacked; empty where `bytes` are no zip that can be read.
std::map<std::string, std::string> UnpackZip(const std::string& bytes);

struct WorkbookCell {
  std::string type;     // "n" a number, "s" a text, "" nothing but a format
  std::string value;    // as stored; of a text the text itself
  std::string formula;  // empty: none
  std::string number_format;
};

// Thread-compatible.
class WorkbookReader {
 public:
  // Reads the file at `path`; is_open() is false where it is no workbook.
  explicit WorkbookReader(const std::string& path);

  bool is_open() const { return !parts_.empty(); }
  // "xl/workbook.xml"...; empty text: there is none.
  const std::string& Part(const std::string& name) const;
  // The XML of the sheet with this name on its tab; empty text: there is none.
  const std::string& Sheet(const std::string& tab) const;
  // The cell at "C12" of a sheet.
  WorkbookCell Cell(const std::string& tab, const std::string& reference) const;
  // "A12" of the first cell with this text, top to bottom; empty: no such cell.
  std::string Find(const std::string& tab, const std::string& text) const;

 private:
  void ReadStrings();
  void ReadFormats();

  std::map<std::string, std::string> parts_;
  std::map<int, std::string> strings_;
  std::map<int, std::string> formats_;  // number formats by the index that cells name
};

}  // namespace sothon::cli
