#include "cli/report/testing/workbook_reader.h"

#include <fstream>
#include <regex>
#include <sstream>

#include "zlib.h"

namespace sothon::cli {
namespace {

uint32_t Little(const std::string& bytes, size_t at, size_t size) {
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i)
    value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

std::string Inflate(const std::string& packed, size_t size) {
  std::string out(size, '\0');
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return "";
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  return result == Z_STREAM_END ? out : "";
}

std::string Plain(std::string text) {
  for (const auto& [escaped, plain] : {std::pair("&lt;", "<"), {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
    for (size_t at = text.find(escaped); at != std::string::npos; at = text.find(escaped, at + 1)) {
      text.replace(at, std::string(escaped).size(), plain);
    }
  }
  return text;
}

// Calls `tell` with each match of `pattern` in `text`.
template <typename Tell>
void ForEach(const std::string& text, const std::string& pattern, const Tell& tell) {
  const std::regex expression(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it) tell(*it);
}

std::string Between(const std::string& text, const std::string& from, const std::string& to) {
  const size_t begin = text.find(from);
  if (begin == std::string::npos) return "";
  const size_t end = text.find(to, begin + from.size());
  return end == std::string::npos ? "" : text.substr(begin + from.size(), end - begin - from.size());
}

}  // namespace

std::map<std::string, std::string> UnpackZip(const std::string& bytes) {
  std::map<std::string, std::string> files;
  size_t end = bytes.rfind("PK\x05\x06");
  if (end == std::string::npos || end + 22 > bytes.size()) return files;
  const uint32_t count = Little(bytes, end + 10, 2);
  size_t at = Little(bytes, end + 16, 4);
  for (uint32_t i = 0; i < count && at + 46 <= bytes.size(); ++i) {
    const uint32_t packed_size = Little(bytes, at + 20, 4);
    const uint32_t size = Little(bytes, at + 24, 4);
    const uint32_t name_size = Little(bytes, at + 28, 2);
    const size_t local = Little(bytes, at + 42, 4);
    const size_t data = local + 30 + Little(bytes, local + 26, 2) + Little(bytes, local + 28, 2);
    const std::string packed = bytes.substr(data, packed_size);
    files[bytes.substr(at + 46, name_size)] = Little(bytes, at + 10, 2) == 0 ? packed : Inflate(packed, size);
    at += 46 + name_size + Little(bytes, at + 30, 2) + Little(bytes, at + 32, 2);
  }
  return files;
}

WorkbookReader::WorkbookReader(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  parts_ = UnpackZip(bytes.str());
  ReadStrings();
  ReadFormats();
}

void WorkbookReader::ReadStrings() {
  const std::string& all = Part("xl/sharedStrings.xml");
  int index = 0;
  // By hand: a regular expression goes deeper for each character, and a text may have many.
  for (size_t at = all.find("<si><t"); at != std::string::npos; at = all.find("<si><t", at + 1)) {
    const size_t begin = all.find('>', at + 4) + 1;
    strings_[index++] = Plain(all.substr(begin, all.find("</t>", begin) - begin));
  }
}

void WorkbookReader::ReadFormats() {
  std::map<int, std::string> codes = {{0, "General"}, {1, "0"}, {3, "#,##0"}};
  ForEach(Part("xl/styles.xml"), "<numFmt numFmtId=\"(\\d+)\" formatCode=\"([^\"]*)\"",
          [&](const std::smatch& match) { codes[std::stoi(match[1])] = Plain(match[2]); });
  int index = 0;
  ForEach(Between(Part("xl/styles.xml"), "<cellXfs", "</cellXfs>"), "<xf numFmtId=\"(\\d+)\"",
          [&](const std::smatch& match) { formats_[index++] = codes[std::stoi(match[1])]; });
}

const std::string& WorkbookReader::Part(const std::string& name) const {
  static const std::string none;
  const auto found = parts_.find(name);
  return found == parts_.end() ? none : found->second;
}

const std::string& WorkbookReader::Sheet(const std::string& tab) const {
  int index = 0;
  int wanted = 0;
  ForEach(Part("xl/workbook.xml"), "<sheet name=\"([^\"]*)\"", [&](const std::smatch& match) {
    ++index;
    if (Plain(match[1]) == tab) wanted = index;
  });
  return Part("xl/worksheets/sheet" + std::to_string(wanted) + ".xml");
}

WorkbookCell WorkbookReader::Cell(const std::string& tab, const std::string& reference) const {
  const std::string& sheet = Sheet(tab);
  WorkbookCell cell;
  const std::string begin = "<c r=\"" + reference + "\"";
  const size_t at = sheet.find(begin);
  if (at == std::string::npos) return cell;
  const std::string head = sheet.substr(at, sheet.find('>', at) + 1 - at);
  const std::string format = Between(head, " s=\"", "\"");
  if (!format.empty() && formats_.contains(std::stoi(format))) cell.number_format = formats_.at(std::stoi(format));
  if (head.ends_with("/>")) return cell;
  const std::string body = sheet.substr(at, sheet.find("</c>", at) - at);
  cell.formula = Plain(Between(body, "<f>", "</f>"));
  cell.value = Plain(Between(body, "<v>", "</v>"));
  const std::string type = Between(head, " t=\"", "\"");
  cell.type = type.empty() ? "n" : type;
  if (cell.type == "s") cell.value = strings_.at(std::stoi(cell.value));
  return cell;
}

std::string WorkbookReader::Find(const std::string& tab, const std::string& text) const {
  std::string found;
  ForEach(Sheet(tab), "<c r=\"([A-Z]+\\d+)\"[^>]* t=\"s\"><v>(\\d+)</v>", [&](const std::smatch& match) {
    if (found.empty() && strings_.at(std::stoi(match[2])) == text) found = match[1];
  });
  return found;
}

}  // namespace sothon::cli
