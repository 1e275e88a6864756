#include "common/config/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/nearest.h"
#include "common/base/strings.h"
#include "toml++/toml.h"

namespace sothon {
namespace {

using Value = std::variant<int64_t, double, bool, std::string, std::vector<std::string>>;
using Target = std::variant<int64_t*, double*, bool*, std::string*, std::vector<std::string>*>;

constexpr size_t kProblemsShownMax = 5;

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<uint8_t>(c) < 0x20) {
      static constexpr char kHex[] = "0123456789abcdef";
      StrAppend(&out, "\\u00", c < 0x10 ? "0" : "1", std::string_view(&kHex[c & 15], 1));
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

std::string NumberText(double value) {
  std::string text = StrCat(value);
  // TOML tells 1 and 1.0 apart.
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string ValueText(const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return StrCat(*integer);
  if (const auto* number = std::get_if<double>(&value)) return NumberText(*number);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return Quoted(*text);
  std::vector<std::string> quoted;
  for (const std::string& text : std::get<std::vector<std::string>>(value)) quoted.push_back(Quoted(text));
  return StrCat("[", absl::StrJoin(quoted, ", "), "]");
}

Value Current(const Target& target) {
  return std::visit([](auto* field) -> Value { return *field; }, target);
}

void Assign(const Target& target, Value value) {
  std::visit([&](auto* field) { *field = std::get<std::remove_pointer_t<decltype(field)>>(std::move(value)); }, target);
}

std::string_view LastPart(std::string_view key) { return key.substr(key.rfind('.') + 1); }

}  // namespace

struct ConfigSchema::Key {
  std::string name;
  Target target;
  Value initial;  // the default, as it was when the key was declared
  double min = 0;
  double max = 0;
  int64_t integer_min = 0;
  int64_t integer_max = 0;
  std::string unit{};
  std::string description{};
  bool secret = false;

  std::string Expected() const;
  // The value of `node`, or what is wrong with it.
  std::variant<Value, std::string> Read(const toml::node& node) const;
};

std::string ConfigSchema::Key::Expected() const {
  const std::string of_unit = unit.empty() ? "" : StrCat(" (", unit, ")");
  if (std::holds_alternative<int64_t*>(target)) {
    return StrCat("a whole number from ", integer_min, " to ", integer_max, of_unit);
  }
  if (std::holds_alternative<double*>(target)) return StrCat("a number from ", min, " to ", max, of_unit);
  if (std::holds_alternative<bool*>(target)) return "true or false";
  if (std::holds_alternative<std::string*>(target)) return "a text in quotes";
  return "a list of texts in quotes";
}

std::variant<Value, std::string> ConfigSchema::Key::Read(const toml::node& node) const {
  const std::string wrong = StrCat(name, " must be ", Expected());
  if (std::holds_alternative<int64_t*>(target)) {
    const auto* value = node.as_integer();
    if (value == nullptr) return wrong;
    if (value->get() < integer_min || value->get() > integer_max) return StrCat(wrong, ", not ", value->get());
    return Value(value->get());
  }
  if (std::holds_alternative<double*>(target)) {
    if (!node.is_number()) return wrong;
    const double value = *node.value<double>();
    if (!(value >= min && value <= max)) return StrCat(wrong, ", not ", value);
    return Value(value);
  }
  if (std::holds_alternative<bool*>(target)) {
    const auto* value = node.as_boolean();
    return value == nullptr ? std::variant<Value, std::string>(wrong) : Value(value->get());
  }
  if (std::holds_alternative<std::string*>(target)) {
    const auto* value = node.as_string();
    return value == nullptr ? std::variant<Value, std::string>(wrong) : Value(value->get());
  }
  const auto* array = node.as_array();
  if (array == nullptr) return wrong;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    if (!element.is_string()) return wrong;
    texts.push_back(element.as_string()->get());
  }
  return Value(std::move(texts));
}

namespace {

struct Problem {
  toml::source_position where;
  std::string what;
};

// Everything that is wrong, in the order of the file; the first few in words.
absl::Status ProblemsToStatus(std::vector<Problem> problems, std::string_view source_name) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.where.line < b.where.line; });
  std::vector<std::string> lines;
  for (const Problem& problem : problems) {
    if (lines.size() == kProblemsShownMax) {
      lines.push_back(StrCat("and ", problems.size() - kProblemsShownMax, " more"));
      break;
    }
    lines.push_back(StrCat(source_name, ":", problem.where.line, ": ", problem.what));
  }
  return absl::InvalidArgumentError(absl::StrJoin(lines, "; "));
}

}  // namespace

ConfigSchema::ConfigSchema() = default;
ConfigSchema::~ConfigSchema() = default;

void ConfigSchema::Integer(std::string key, int64_t* target, int64_t min, int64_t max, std::string unit,
                           std::string description) {
  Key entry{std::move(key), target, *target};
  entry.integer_min = min;
  entry.integer_max = max;
  entry.unit = std::move(unit);
  entry.description = std::move(description);
  keys_.push_back(std::move(entry));
}

void ConfigSchema::Number(std::string key, double* target, double min, double max, std::string unit,
                          std::string description) {
  Key entry{std::move(key), target, *target};
  entry.min = min;
  entry.max = max;
  entry.unit = std::move(unit);
  entry.description = std::move(description);
  keys_.push_back(std::move(entry));
}

void ConfigSchema::Boolean(std::string key, bool* target, std::string description) {
  Key entry{std::move(key), target, *target};
  entry.description = std::move(description);
  keys_.push_back(std::move(entry));
}

void ConfigSchema::Text(std::string key, std::string* target, std::string description, Sensitivity sensitivity) {
  Key entry{std::move(key), target, *target};
  entry.description = std::move(description);
  entry.secret = sensitivity == Sensitivity::kSecret;
  keys_.push_back(std::move(entry));
}

void ConfigSchema::TextList(std::string key, std::vector<std::string>* target, std::string description) {
  Key entry{std::move(key), target, *target};
  entry.description = std::move(description);
  keys_.push_back(std::move(entry));
}

absl::Status ConfigSchema::LoadFile(const std::string& path) {
  // A directory opens like a file, and throws when it is read.
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, ignored)) {
    return absl::NotFoundError(StrCat("cannot read the configuration file ", path, "; does it exist?"));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return LoadText(text.str(), path);
}

absl::Status ConfigSchema::LoadText(std::string_view text, std::string_view source_name) {
  toml::table root;
  try {
    root = toml::parse(text, source_name);
  } catch (const toml::parse_error& error) {
    return ProblemsToStatus({{error.source().begin, StrCat("not valid TOML: ", error.description())}}, source_name);
  }
  std::vector<Problem> problems;
  std::vector<std::pair<const Key*, Value>> values;

  const auto nearest = [this](std::string_view unknown) -> std::string {
    const Key* best = nullptr;
    size_t best_distance = 0;
    for (const Key& key : keys_) {
      // A key under the wrong table is as likely as a misspelt one.
      const size_t distance = LastPart(key.name) == LastPart(unknown) ? 1 : EditDistance(unknown, key.name);
      if (best == nullptr || distance < best_distance) best = &key, best_distance = distance;
    }
    if (best == nullptr || !IsNear(best_distance, unknown)) return "remove it";
    return StrCat("did you mean ", best->name, "?");
  };

  const std::function<void(const toml::table&, const std::string&)> visit = [&](const toml::table& table,
                                                                                const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string dotted = StrCat(prefix, std::string_view(name.str()));
      const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const Key& k) { return k.name == dotted; });
      if (key != keys_.end()) {
        auto read = key->Read(node);
        if (auto* value = std::get_if<Value>(&read)) {
          values.emplace_back(&*key, std::move(*value));
        } else {
          problems.push_back({node.source().begin, std::get<std::string>(read)});
        }
        continue;
      }
      const bool is_section = std::any_of(keys_.begin(), keys_.end(), [&](const Key& k) {
        return k.name.size() > dotted.size() && k.name.compare(0, dotted.size(), dotted) == 0 &&
               k.name[dotted.size()] == '.';
      });
      const toml::table* section = node.as_table();
      if (is_section && section != nullptr) {
        visit(*section, dotted + ".");
      } else if (is_section) {
        problems.push_back({node.source().begin, StrCat(dotted, " is a table: write [", dotted, "]")});
      } else if (section != nullptr && !section->empty()) {
        visit(*section, dotted + ".");  // names the unknown keys rather than the unknown table
      } else {
        problems.push_back({node.source().begin, StrCat("unknown key ", dotted, "; ", nearest(dotted))});
      }
    }
  };
  visit(root, "");
  if (!problems.empty()) return ProblemsToStatus(std::move(problems), source_name);
  for (auto& [key, value] : values) Assign(key->target, std::move(value));
  return absl::OkStatus();
}

std::string ConfigSchema::Effective() const {
  std::string out;
  for (const Key& key : keys_) {
    const Value value = Current(key.target);
    const bool hidden = key.secret && value != Value(std::string());
    StrAppend(&out, out.empty() ? "" : " ", key.name, "=", hidden ? "<redacted>" : ValueText(value));
  }
  return out;
}

std::string ConfigSchema::Template() const {
  // Keys without a table must come before the first table header; tables stay in the order of their declaration.
  std::vector<std::string> sections{""};
  const auto section_of = [](const Key& key) {
    const size_t dot = key.name.rfind('.');
    return dot == std::string::npos ? std::string() : key.name.substr(0, dot);
  };
  for (const Key& key : keys_) {
    if (std::find(sections.begin(), sections.end(), section_of(key)) == sections.end()) {
      sections.push_back(section_of(key));
    }
  }
  std::string out;
  for (const std::string& section : sections) {
    if (!section.empty()) StrAppend(&out, out.empty() ? "" : "\n", "[", section, "]\n");
    for (const Key& key : keys_) {
      if (section_of(key) != section) continue;
      for (absl::string_view line : absl::StrSplit(key.description, '\n')) StrAppend(&out, "# ", line, "\n");
      StrAppend(&out, "# ", key.Expected(), "\n");
      StrAppend(&out, LastPart(key.name), " = ", key.secret ? "\"\"" : ValueText(key.initial), "\n");
    }
  }
  return out;
}

}  // namespace sothon
