#include "tests/harness/audit_key.h"

#include "absl/time/time.h"
#include "common/base/strings.h"
#include "gtest/gtest.h"
#include "tests/harness/process.h"
#include "tests/harness/service.h"
#include "tests/harness/stack.h"

namespace sothon::testing {

AuditKey MakeLogKey(const std::string& file) { return MakeAuditKey(file, {kLogId}); }

AuditKey MakeAuditKey(const std::string& file, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {ProgramPath("sothon"), "audit", "keygen", "--out", file};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ProcessResult made = RunProcess(command, absl::Minutes(1));
  EXPECT_EQ(made.exit_status, 0) << made.standard_error;
  if (made.exit_status != 0) return {file, ""};
  return {file, made.standard_output.substr(0, made.standard_output.find('\n'))};
}

std::string SigningConfig(const AuditKey& key) { return StrCat("[audit]\nkey_files = [\"", key.file, "\"]\n"); }

}  // namespace sothon::testing
