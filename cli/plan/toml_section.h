// One table of a TOML file, read key by key: wrong types, missing keys and keys nobody asked for become named problems.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/civil_time.h"
#include "common/base/strings.h"
#include "common/status/status.h"
#include "google/protobuf/descriptor.h"
#include "toml++/toml.h"

namespace sothon::cli {

// Thread-compatible. Borrows the TOML table and the list of problems.
class TomlSection {
 public:
  TomlSection(const toml::table& table, std::string name, std::string file, std::vector<FieldViolation>* problems)
      : table_(&table), name_(std::move(name)), file_(std::move(file)), problems_(problems) {}

  enum class Need { kOptional, kRequired };
  std::string Text(std::string_view key, Need need = Need::kOptional);
  // An identifier, see IsWellFormedId(); empty when absent.
  std::string Id(std::string_view key, Need need = Need::kOptional);
  int64_t Integer(std::string_view key, int64_t min, int64_t max, Need need = Need::kOptional);
  bool Boolean(std::string_view key, bool otherwise);
  // A TOML date or "YYYY-MM-DD" or "DD/MM/YYYY".
  std::optional<CivilDate> Date(std::string_view key, Need need = Need::kOptional);
  std::optional<CivilMonth> Month(std::string_view key, Need need = Need::kOptional);
  std::vector<std::string> TextList(std::string_view key);
  // A value of a protocol enum by its name, which must not be the unspecified one.
  template <typename Enum>
  Enum Choice(std::string_view key, const google::protobuf::EnumDescriptor& descriptor, Need need = Need::kOptional) {
    return static_cast<Enum>(ChoiceNumber(key, descriptor, need));
  }
  // The tables of an array of tables; the table of one key.
  std::vector<TomlSection> Sections(std::string_view key);
  std::optional<TomlSection> Section(std::string_view key);

  // Keys of the table in their order, all of them marked as read.
  std::vector<std::string> TakeKeys();

  // Call after everything was read: a key that nobody asked for is a problem.
  void RefuseOtherKeys();

  void AddProblem(std::string_view key, std::string_view description);
  // "plan.toml line 12".
  std::string Origin() const { return StrCat(file_, " line ", table_->source().begin.line); }

 private:
  const toml::node* Find(std::string_view key, Need need);
  int ChoiceNumber(std::string_view key, const google::protobuf::EnumDescriptor& descriptor, Need need);

  const toml::table* table_;
  std::string name_;
  std::string file_;
  std::vector<FieldViolation>* problems_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace sothon::cli
