// One table of a TOML file, read key by key: wrong types, missing keys and keys nobody asked for become named problems.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
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
  double Number(std::string_view key);
  bool Boolean(std::string_view key, bool otherwise);
  // A TOML date or "YYYY-MM-DD" or "DD/MM/YYYY".
  std::optional<CivilDate> Date(std::string_view key, Need need = Need::kOptional);
  std::optional<CivilMonth> Month(std::string_view key, Need need = Need::kOptional);
  std::vector<std::string> TextList(std::string_view key);
  std::vector<std::string> IdList(std::string_view key);
  std::vector<int64_t> IntegerList(std::string_view key, int64_t min, int64_t max);
  std::vector<CivilDate> DateList(std::string_view key);
  std::vector<CivilMonth> MonthList(std::string_view key);
  // Each a whole number from 1 on, or an identifier that stands for one. A single one need not be in a list.
  using NumberOrId = std::variant<uint64_t, std::string>;
  std::vector<NumberOrId> NumberOrIdList(std::string_view key);
  // A value of a protocol enum by its name, which must not be the unspecified one.
  template <typename Enum>
  Enum Choice(std::string_view key, const google::protobuf::EnumDescriptor& descriptor, Need need = Need::kOptional) {
    return static_cast<Enum>(ChoiceNumber(key, descriptor, need));
  }
  std::vector<int> ChoiceList(std::string_view key, const google::protobuf::EnumDescriptor& descriptor);
  // The tables of an array of tables; the table of one key.
  std::vector<TomlSection> Sections(std::string_view key);
  std::optional<TomlSection> Section(std::string_view key);

  // Whether the key is there. Asking marks it as known.
  bool Has(std::string_view key);
  // When the key is there it is a problem, described so.
  void Refuse(std::string_view key, std::string_view description);
  // Lines of the table and of each of its keys.
  int Line() const { return static_cast<int>(table_->source().begin.line); }
  std::map<std::string, int, std::less<>> LinesOfKeys() const;

  // Keys of the table in their order, all of them marked as read.
  std::vector<std::string> TakeKeys();

  // Call after everything was read: a key that nobody asked for is a problem.
  void RefuseOtherKeys();

  void AddProblem(std::string_view key, std::string_view description);
  // "plan.toml line 12".
  std::string Origin() const { return StrCat(file_, " line ", table_->source().begin.line); }

 private:
  const toml::node* Find(std::string_view key, Need need);
  // Each element of the list as `read` takes it; one that it does not take is a problem.
  template <typename T>
  std::vector<T> List(std::string_view key, std::string_view expected,
                      absl::FunctionRef<std::optional<T>(const toml::node&)> read);
  int ChoiceNumber(std::string_view key, const google::protobuf::EnumDescriptor& descriptor, Need need);

  const toml::table* table_;
  std::string name_;
  std::string file_;
  std::vector<FieldViolation>* problems_;
  std::set<std::string, std::less<>> read_;
  std::set<std::string, std::less<>> refused_;
};

}  // namespace sothon::cli
