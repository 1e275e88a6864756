#include "cli/toml/toml_section.h"

#include <limits>

#include "absl/strings/str_join.h"
#include "common/base/ids.h"
#include "common/base/nearest.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {
namespace {

constexpr char kDateExpected[] = "of the years 1900 to 2199, for example 2025-10-17";

std::optional<std::string> TextOf(const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  // TOML is UTF-8 by definition, so this cannot fail.
  return text ? ToNfc(*text) : std::nullopt;
}

std::optional<std::string> IdOf(const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  return text && IsWellFormedId(*text) ? text : std::nullopt;
}

std::optional<CivilDate> DateOf(const toml::node& node) {
  if (const auto value = node.value_exact<toml::date>()) {
    return CivilDate::FromWire(value->year * 10000 + value->month * 100 + value->day);
  }
  const auto text = node.value_exact<std::string>();
  return text ? CivilDate::Parse(*text) : std::nullopt;
}

std::optional<CivilMonth> MonthOf(const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  return text ? CivilMonth::Parse(*text) : std::nullopt;
}

// The unspecified value is never meant.
std::optional<int> ChoiceOf(std::string_view name, const google::protobuf::EnumDescriptor& descriptor) {
  const auto* value = descriptor.FindValueByName(std::string(name));
  return value != nullptr && value->number() != 0 ? std::optional<int>(value->number()) : std::nullopt;
}

// "a whole number from 1 to 60"; an end that is no bound is left out.
std::string WholeNumber(std::string_view words, int64_t min, int64_t max) {
  const bool has_min = min != std::numeric_limits<int64_t>::min();
  const bool has_max = max != std::numeric_limits<int64_t>::max();
  return StrCat(words, has_min ? StrCat(" from ", min) : "", has_max ? StrCat(" to ", max) : has_min ? " on" : "");
}

std::string NamesOf(const google::protobuf::EnumDescriptor& descriptor) {
  std::vector<std::string> names;
  for (int i = 0; i < descriptor.value_count(); ++i) {
    if (descriptor.value(i)->number() != 0) names.push_back(descriptor.value(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

void TomlSection::AddProblem(std::string_view key, std::string_view description) {
  const toml::node* node = key.empty() ? nullptr : table_->get(key);
  const auto line = node != nullptr ? node->source().begin.line : table_->source().begin.line;
  std::string field = StrCat(file_, " line ", line);
  if (!name_.empty() || !key.empty()) StrAppend(&field, " (", name_);
  if (!name_.empty() && !key.empty()) StrAppend(&field, ".");
  if (!name_.empty() || !key.empty()) StrAppend(&field, key, ")");
  problems_->push_back({std::move(field), std::string(description)});
}

const toml::node* TomlSection::Find(std::string_view key, Need need) {
  read_.emplace(key);
  const toml::node* node = table_->get(key);
  if (node == nullptr && need == Need::kRequired) AddProblem("", StrCat("`", key, "` is missing; add it"));
  return node;
}

std::string TomlSection::Text(std::string_view key, Need need) {
  const toml::node* node = Find(key, need);
  if (node == nullptr) return "";
  const auto text = node->value_exact<std::string>();
  if (!text || (need == Need::kRequired && text->empty())) {
    AddProblem(key, "must be a text in quotes, and not empty");
    return "";
  }
  return ToNfc(*text).value_or("");
}

std::string TomlSection::Id(std::string_view key, Need need) {
  std::string id = Text(key, need);
  if (!id.empty() && !IsWellFormedId(id)) {
    AddProblem(key, StrCat("\"", id, "\" is not an identifier; write 1 to 64 of A-Z a-z 0-9 . _ : -"));
    return "";
  }
  return id;
}

int64_t TomlSection::Integer(std::string_view key, int64_t min, int64_t max, Need need) {
  const toml::node* node = Find(key, need);
  if (node == nullptr) return 0;
  const auto value = node->value_exact<int64_t>();
  if (!value || *value < min || *value > max) {
    AddProblem(key, StrCat("must be ", WholeNumber("a whole number", min, max)));
    return 0;
  }
  return *value;
}

double TomlSection::Number(std::string_view key) {
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return 0;
  if (!node->is_number()) AddProblem(key, "must be a number");
  return node->is_number() ? node->value<double>().value_or(0) : 0;
}

bool TomlSection::Boolean(std::string_view key, bool otherwise) {
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<bool>();
  if (!value) AddProblem(key, "must be true or false");
  return value.value_or(otherwise);
}

std::optional<CivilDate> TomlSection::Date(std::string_view key, Need need) {
  const toml::node* node = Find(key, need);
  if (node == nullptr) return std::nullopt;
  const auto date = DateOf(*node);
  if (!date) AddProblem(key, StrCat("must be a date ", kDateExpected));
  return date;
}

std::optional<CivilMonth> TomlSection::Month(std::string_view key, Need need) {
  const toml::node* node = Find(key, need);
  if (node == nullptr) return std::nullopt;
  const auto month = MonthOf(*node);
  const auto text = node->value_exact<std::string>();
  if (!month) {
    AddProblem(key, text ? StrCat("\"", *text, "\" is not a month; write it as \"2025-10\"")
                         : "must be a month in quotes, for example \"2025-10\"");
  }
  return month;
}

template <typename T>
std::vector<T> TomlSection::List(std::string_view key, std::string_view expected,
                                 absl::FunctionRef<std::optional<T>(const toml::node&)> read) {
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return {};
  std::vector<T> list;
  const toml::array* array = node->as_array();
  for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
    if (auto element = read(*array->get(i))) list.push_back(*std::move(element));
  }
  if (array == nullptr || list.size() != array->size()) AddProblem(key, StrCat("must be a list of ", expected));
  return list;
}

std::vector<std::string> TomlSection::TextList(std::string_view key) {
  return List<std::string>(key, "texts: [\"...\", \"...\"]", TextOf);
}

std::vector<std::string> TomlSection::IdList(std::string_view key) {
  return List<std::string>(key, "identifiers, each 1 to 64 of A-Z a-z 0-9 . _ : -, in quotes", IdOf);
}

std::vector<int64_t> TomlSection::IntegerList(std::string_view key, int64_t min, int64_t max) {
  return List<int64_t>(key, WholeNumber("whole numbers", min, max), [&](const toml::node& node) {
    const auto value = node.value_exact<int64_t>();
    return value && *value >= min && *value <= max ? value : std::nullopt;
  });
}

std::vector<CivilDate> TomlSection::DateList(std::string_view key) {
  return List<CivilDate>(key, StrCat("dates ", kDateExpected), DateOf);
}

std::vector<CivilMonth> TomlSection::MonthList(std::string_view key) {
  return List<CivilMonth>(key, "months, each as \"2025-10\"", MonthOf);
}

std::vector<TomlSection::NumberOrId> TomlSection::NumberOrIdList(std::string_view key) {
  const auto read = [](const toml::node& node) -> std::optional<NumberOrId> {
    const auto value = node.value_exact<int64_t>();
    if (value && *value > 0) return NumberOrId(static_cast<uint64_t>(*value));
    if (auto id = IdOf(node)) return NumberOrId(*std::move(id));
    return std::nullopt;
  };
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return {};
  if (node->is_array()) return List<NumberOrId>(key, "positions or event ids", read);
  auto single = read(*node);
  if (!single) AddProblem(key, "must be a position of the log, or in quotes the event_id of an event above");
  return single ? std::vector<NumberOrId>{*std::move(single)} : std::vector<NumberOrId>{};
}

std::vector<int> TomlSection::ChoiceList(std::string_view key, const google::protobuf::EnumDescriptor& descriptor) {
  return List<int>(key, StrCat("names in quotes, each one of ", NamesOf(descriptor)), [&](const toml::node& node) {
    const auto text = node.value_exact<std::string>();
    return text ? ChoiceOf(*text, descriptor) : std::nullopt;
  });
}

int TomlSection::ChoiceNumber(std::string_view key, const google::protobuf::EnumDescriptor& descriptor, Need need) {
  const std::string text = Text(key, need);
  if (text.empty()) return 0;
  const auto number = ChoiceOf(text, descriptor);
  if (!number) AddProblem(key, StrCat("\"", text, "\" is unknown; write one of ", NamesOf(descriptor)));
  return number.value_or(0);
}

std::vector<TomlSection> TomlSection::Sections(std::string_view key) {
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return {};
  std::vector<TomlSection> sections;
  const toml::array* array = node->as_array();
  for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
    if (const toml::table* table = array->get(i)->as_table()) {
      sections.emplace_back(*table, StrCat(name_, name_.empty() ? "" : ".", key, "[", i, "]"), file_, problems_);
    }
  }
  if (array == nullptr || sections.size() != array->size()) {
    AddProblem(key, StrCat("must be a list of tables: [[", key, "]]"));
  }
  return sections;
}

std::optional<TomlSection> TomlSection::Section(std::string_view key) {
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return std::nullopt;
  if (node->as_table() == nullptr) {
    AddProblem(key, StrCat("must be a table: [", key, "]"));
    return std::nullopt;
  }
  return TomlSection(*node->as_table(), StrCat(name_, name_.empty() ? "" : ".", key), file_, problems_);
}

std::vector<std::string> TomlSection::TakeKeys() {
  std::vector<std::string> keys;
  for (const auto& [key, node] : *table_) {
    keys.emplace_back(key.str());
    read_.emplace(key.str());
  }
  return keys;
}

bool TomlSection::Has(std::string_view key) {
  read_.emplace(key);
  return table_->get(key) != nullptr;
}

void TomlSection::Refuse(std::string_view key, std::string_view description) {
  if (table_->get(key) == nullptr) return;
  refused_.emplace(key);
  AddProblem(key, description);
}

std::map<std::string, int, std::less<>> TomlSection::LinesOfKeys() const {
  std::map<std::string, int, std::less<>> lines;
  for (const auto& [key, node] : *table_) {
    lines.emplace(std::string(key.str()), static_cast<int>(node.source().begin.line));
  }
  return lines;
}

void TomlSection::RefuseOtherKeys() {
  for (const auto& [key, node] : *table_) {
    if (read_.count(key.str()) > 0 || refused_.count(key.str()) > 0) continue;
    const std::string nearest = NearestOf(key.str(), read_);
    AddProblem(key.str(), StrCat("is not a key of this table; ",
                                 nearest.empty() ? "it may be misspelt" : StrCat("did you mean `", nearest, "`?"),
                                 nearest.empty() ? "." : "", " Known: ", absl::StrJoin(read_, ", ")));
  }
}

}  // namespace sothon::cli
