#include "cli/import/conflict.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "common/base/strings.h"
#include "common/base/text.h"
#include "common/event/event_kind.h"

namespace sothon::cli {
namespace {

// Collects "what: before there, now here" for whatever differs.
class Differences {
 public:
  template <typename T>
  void Compare(std::string_view what, const T& earlier, const T& row) {
    if (earlier != row) texts_.push_back(StrCat(what, " ", earlier, " there, ", row, " here"));
  }
  void CompareMoney(std::string_view what, int64_t earlier, int64_t row) {
    if (earlier == row) return;
    has_amount_ = true;
    texts_.push_back(StrCat(what, " ", FormatThousands(earlier), " there, ", FormatThousands(row), " here"));
  }
  bool has_amount() const { return has_amount_; }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  bool has_amount_ = false;
  std::vector<std::string> texts_;
};

void CompareContributions(const v1::ContributionRecorded& earlier, const v1::ContributionRecorded& row,
                          Differences* differences) {
  differences->CompareMoney("paid", earlier.paid_vnd(), row.paid_vnd());
  differences->CompareMoney("due", earlier.due_vnd(), row.due_vnd());
  differences->CompareMoney("central support", earlier.central_support_vnd(), row.central_support_vnd());
  differences->CompareMoney("local support", earlier.local_support_vnd(), row.local_support_vnd());
  differences->CompareMoney("income base", earlier.income_base_vnd(), row.income_base_vnd());
  differences->Compare("scheme", v1::Scheme_Name(earlier.scheme()), v1::Scheme_Name(row.scheme()));
  differences->Compare("months", earlier.months(), row.months());
  differences->Compare("from month", earlier.from_month(), row.from_month());
  differences->Compare("collector", earlier.collector_id(), row.collector_id());
  differences->Compare("drive", earlier.drive_id(), row.drive_id());
  differences->Compare("credited", absl::StrJoin(earlier.credited_party_ids(), "|"),
                       absl::StrJoin(row.credited_party_ids(), "|"));
  differences->Compare("channel", v1::Channel_Name(earlier.channel()), v1::Channel_Name(row.channel()));
  differences->Compare("declared", v1::Declared_Name(earlier.declared()), v1::Declared_Name(row.declared()));
}

// The figures are equal. After an erasure the same person has another subject, and nothing leads to the first one: a
// receipt that is sent again then looks like somebody else's, and cancelling it would take away what was paid.
void DescribeOtherPerson(const v1::Event& row, const v1::Event& earlier, std::optional<bool> was_erased,
                         Problem* problem) {
  const bool is_receipt = row.has_contribution_recorded();
  if (was_erased.value_or(false)) {
    StrAppend(&problem->reason, " with the same figures; the person recorded there was erased since (sothon erase)");
    problem->remedy = StrCat("nothing is to be done: ", is_receipt ? "the receipt" : "the row",
                             " is counted already, and stays so; leave it out, do not ",
                             is_receipt ? "reverse it" : "give it another reference");
    return;
  }
  if (earlier.event_id() != row.event_id()) {
    StrAppend(&problem->reason, ", with the same figures, by another program (event id ", earlier.event_id(), ")");
  } else {
    StrAppend(&problem->reason, " with the same figures for another person");
  }
  if (was_erased.has_value()) return;
  problem->remedy = StrCat(
      "look first whether people were erased since (`sothon events --kind erasure_requested --kind "
      "erasure_completed`): if that may be the same person, it is counted already and nothing is to be done; "
      "otherwise ",
      problem->remedy);
}

}  // namespace

Problem DescribeConflict(const v1::Event& row, uint64_t position, const v1::Event* earlier,
                         absl::FunctionRef<std::optional<bool>(std::string_view subject_id)> was_erased) {
  const std::string what = row.has_contribution_recorded()
                               ? StrCat("receipt ", row.contribution_recorded().receipt_number())
                               : "this reference";
  Problem problem;
  problem.reason = StrCat(what, " is already recorded at position ", position);
  problem.remedy =
      "look at both; where the recorded one is wrong, cancel it with `sothon reverse` and use a new receipt number";
  if (earlier == nullptr || earlier->kind_case() != row.kind_case()) {
    StrAppend(&problem.reason, " with other content");
    return problem;
  }
  Differences differences;
  if (row.has_contribution_recorded()) {
    CompareContributions(earlier->contribution_recorded(), row.contribution_recorded(), &differences);
  } else {
    differences.Compare("scheme", v1::Scheme_Name(earlier->opening_recorded().scheme()),
                        v1::Scheme_Name(row.opening_recorded().scheme()));
    differences.Compare("covered until", earlier->opening_recorded().covered_until(),
                        row.opening_recorded().covered_until());
    problem.remedy = "look at both; give the row a reference of its own where it is another person";
  }
  differences.Compare("date", earlier->effective_date(), row.effective_date());
  differences.Compare("village", earlier->place_id(), row.place_id());
  differences.Compare<std::string_view>("synthetic", earlier->synthetic() ? "yes" : "no",
                                        row.synthetic() ? "yes" : "no");
  if (differences.has_amount()) {
    StrAppend(&problem.reason, " with another amount: ", absl::StrJoin(differences.texts(), "; "));
  } else if (!differences.texts().empty()) {
    StrAppend(&problem.reason, " with other content: ", absl::StrJoin(differences.texts(), "; "));
  } else {
    DescribeOtherPerson(row, *earlier, was_erased(SubjectIn(*earlier)), &problem);
  }
  return problem;
}

}  // namespace sothon::cli
