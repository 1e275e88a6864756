#include "cli/format/json_writer.h"

#include <cmath>
#include <cstdio>

#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {

std::string ReplaceInvalidUtf8(std::string_view text) {
  if (IsValidUtf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    size_t length = 1;
    while (length <= 4 && length <= text.size() && !IsValidUtf8(text.substr(0, length))) ++length;
    if (length > 4 || length > text.size()) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return out;
}

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  for (char c : ReplaceInvalidUtf8(text)) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char buffer[8];
          std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
          out += buffer;
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
  return out;
}

void JsonWriter::NewLine() {
  out_.push_back('\n');
  out_.append(2 * closers_.size(), ' ');
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (closers_.empty()) return;
  if (!is_first_) out_.push_back(',');
  NewLine();
}

JsonWriter& JsonWriter::Begin(char open, char close) {
  BeforeValue();
  out_.push_back(open);
  closers_.push_back(close);
  is_first_ = true;
  return *this;
}

JsonWriter& JsonWriter::End() {
  const char closer = closers_.back();
  closers_.pop_back();
  if (!is_first_) NewLine();
  out_.push_back(closer);
  is_first_ = false;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  BeforeValue();
  StrAppend(&out_, JsonQuote(name), ": ");
  is_first_ = false;
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::Literal(std::string_view text) {
  BeforeValue();
  out_.append(text);
  is_first_ = false;
  return *this;
}

JsonWriter& JsonWriter::Text(std::string_view value) { return Literal(JsonQuote(value)); }
JsonWriter& JsonWriter::Integer(int64_t value) { return Literal(StrCat(value)); }
JsonWriter& JsonWriter::Unsigned(uint64_t value) { return Literal(StrCat(value)); }
JsonWriter& JsonWriter::Number(double value) { return std::isfinite(value) ? Literal(StrCat(value)) : Null(); }
JsonWriter& JsonWriter::Boolean(bool value) { return Literal(value ? "true" : "false"); }
JsonWriter& JsonWriter::Null() { return Literal("null"); }

}  // namespace sothon::cli
