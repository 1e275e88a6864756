#include "cli/audit/add_checkpoint.h"

#include <optional>
#include <utility>

#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr std::string_view kOld = "old ";
constexpr char kPlainText[] = "text/plain; charset=utf-8";

HttpAnswer Refused(int status, std::string_view what) { return {status, kPlainText, StrCat(what, "\n")}; }

HttpAnswer OtherSize(uint64_t stored_size) { return {409, "text/x.tlog.size", StrCat(stored_size, "\n")}; }

}  // namespace

absl::StatusOr<Submission> ParseAddCheckpoint(std::string_view body) {
  Submission submission;
  note::LineReader lines(body);
  const std::optional<std::string_view> first = lines.Next();
  if (!first || !first->starts_with(kOld)) {
    return first ? lines.Error("it begins with \"old\", a blank and a size")
                 : lines.Missing("it begins with \"old\", a blank and a size");
  }
  const std::optional<uint64_t> old_size = note::ParseDecimal(first->substr(kOld.size()));
  if (!old_size) return lines.Error("the old size is a decimal number without leading zeros");
  submission.old_size = *old_size;
  for (;;) {
    const std::optional<std::string_view> line = lines.Next();
    if (!line) return lines.Missing("an empty line comes before the checkpoint");
    if (line->empty()) break;
    if (submission.proof.size() == kProofLinesMax) {
      return lines.Error(StrCat("a consistency proof has at most ", kProofLinesMax, " hashes"));
    }
    const std::optional<note::Hash> hash = note::DecodeHash(*line);
    if (!hash) return lines.Error("a line of the consistency proof is the base64 of 32 bytes");
    submission.proof.push_back(*hash);
  }
  submission.checkpoint = std::string(lines.rest());
  return submission;
}

HttpAnswer ToHttp(const Submission& submission, const absl::StatusOr<WitnessAnswer>& answer) {
  // What went wrong here is for the witness's operator.
  if (!answer.ok()) return Refused(500, "the witness cannot cosign now; try again later");
  const bool is_beyond = submission.old_size > answer->checkpoint.size;
  switch (answer->verdict) {
    case Verdict::kCosigned:
      // A note without text is an empty line and the signature.
      return {200, kPlainText, note::FormatNote({"", {answer->signature}}).substr(1)};
    case Verdict::kMalformed:
      return Refused(400, answer->what);
    case Verdict::kUnknownLog:
      return Refused(404, "the log is not known to this witness");
    case Verdict::kNotSigned:
      return Refused(403, answer->what);
    case Verdict::kOtherOldSize:
      return OtherSize(answer->stored_size);
    case Verdict::kRolledBack:
      return is_beyond ? Refused(400, "the old size is beyond the checkpoint's") : OtherSize(answer->stored_size);
    case Verdict::kForked:
      if (is_beyond) return Refused(400, "the old size is beyond the checkpoint's");
      if (submission.old_size != answer->stored_size) return OtherSize(answer->stored_size);
      return Refused(409, StrCat("another root of ", answer->stored_size, " entries was cosigned before"));
    case Verdict::kNotConsistent:
      return Refused(422, "the consistency proof does not hold");
  }
  return Refused(500, "unknown verdict");
}

}  // namespace sothon::cli
