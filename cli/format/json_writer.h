// JSON for programs: an indented document, built from its beginning to its end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sothon::cli {

// Thread-compatible. The caller keeps the order right: a key before each value of an object, none in an array.
class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Begin('{', '}'); }
  JsonWriter& BeginArray() { return Begin('[', ']'); }
  // Ends the innermost object or array.
  JsonWriter& End();

  JsonWriter& Key(std::string_view name);
  JsonWriter& Text(std::string_view value);
  JsonWriter& Integer(int64_t value);
  JsonWriter& Unsigned(uint64_t value);
  JsonWriter& Number(double value);
  JsonWriter& Boolean(bool value);
  JsonWriter& Null();

  // The document so far; whole once everything begun has ended.
  const std::string& text() const { return out_; }

 private:
  JsonWriter& Begin(char open, char close);
  JsonWriter& Literal(std::string_view text);
  void BeforeValue();
  void NewLine();

  std::string out_;
  std::string closers_;
  bool is_first_ = true;
  bool after_key_ = false;
};

// `text` between quotes. Bytes that are not UTF-8 become U+FFFD.
std::string JsonQuote(std::string_view text);

// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

}  // namespace sothon::cli
