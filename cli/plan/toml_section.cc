#include "cli/plan/toml_section.h"

#include "absl/strings/str_join.h"
#include "common/base/ids.h"
#include "common/base/strings.h"
#include "common/base/text.h"

namespace sothon::cli {

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
  // TOML is UTF-8 by definition, so this cannot fail.
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
    AddProblem(key, StrCat("must be a whole number from ", min, " to ", max));
    return 0;
  }
  return *value;
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
  std::optional<CivilDate> date;
  if (const auto value = node->value_exact<toml::date>()) {
    date = CivilDate::FromWire(value->year * 10000 + value->month * 100 + value->day);
  } else if (const auto text = node->value_exact<std::string>()) {
    date = CivilDate::Parse(*text);
  }
  if (!date) AddProblem(key, "must be a date of the years 1900 to 2199, for example 2025-10-17");
  return date;
}

std::optional<CivilMonth> TomlSection::Month(std::string_view key, Need need) {
  const std::string text = Text(key, need);
  if (text.empty()) return std::nullopt;
  const auto month = CivilMonth::Parse(text);
  if (!month) AddProblem(key, StrCat("\"", text, "\" is not a month; write it as \"2025-10\""));
  return month;
}

std::vector<std::string> TomlSection::TextList(std::string_view key) {
  const toml::node* node = Find(key, Need::kOptional);
  if (node == nullptr) return {};
  std::vector<std::string> list;
  const toml::array* array = node->as_array();
  for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
    if (const auto text = array->get(i)->value_exact<std::string>()) list.push_back(ToNfc(*text).value_or(""));
  }
  if (array == nullptr || list.size() != array->size()) AddProblem(key, "must be a list of texts: [\"...\", \"...\"]");
  return list;
}

int TomlSection::ChoiceNumber(std::string_view key, const google::protobuf::EnumDescriptor& descriptor, Need need) {
  const std::string text = Text(key, need);
  if (text.empty()) return 0;
  const auto* value = descriptor.FindValueByName(text);
  if (value != nullptr && value->number() != 0) return value->number();
  std::vector<std::string> names;
  for (int i = 0; i < descriptor.value_count(); ++i) {
    if (descriptor.value(i)->number() != 0) names.push_back(descriptor.value(i)->name());
  }
  AddProblem(key, StrCat("\"", text, "\" is unknown; write one of ", absl::StrJoin(names, ", ")));
  return 0;
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

void TomlSection::RefuseOtherKeys() {
  for (const auto& [key, node] : *table_) {
    if (read_.count(key.str()) > 0) continue;
    AddProblem(key.str(),
               StrCat("is not a key of this table; it may be misspelt. Known: ", absl::StrJoin(read_, ", ")));
  }
}

}  // namespace sothon::cli
