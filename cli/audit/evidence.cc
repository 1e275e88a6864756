#include "cli/audit/evidence.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/note/signed_note.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

namespace fs = std::filesystem;

struct Pair {
  note::Note before_note;
  note::Note now_note;
  note::Checkpoint before;
  note::Checkpoint now;
};

absl::StatusOr<Pair> ReadPair(const Evidence& evidence) {
  Pair pair;
  SOTHON_ASSIGN_OR_RETURN(pair.before_note, note::ParseNote(evidence.before));
  SOTHON_ASSIGN_OR_RETURN(pair.now_note, note::ParseNote(evidence.now));
  SOTHON_ASSIGN_OR_RETURN(pair.before, note::ParseCheckpoint(pair.before_note.text));
  SOTHON_ASSIGN_OR_RETURN(pair.now, note::ParseCheckpoint(pair.now_note.text));
  if (pair.before.origin != pair.now.origin) {
    return absl::InvalidArgumentError(
        StrCat("checkpoints of two logs, ", pair.before.origin, " and ", pair.now.origin, ", prove nothing together"));
  }
  return pair;
}

std::string_view NameOf(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::kFork:
      return "fork";
    case EvidenceKind::kNotProven:
      return "not-proven";
    case EvidenceKind::kRollback:
      return "rollback";
  }
  return "";
}

std::string TreeOf(const note::Checkpoint& checkpoint) {
  return StrCat(checkpoint.origin, "\n", checkpoint.size, "\n", merkle::AsBytes(checkpoint.root));
}

// One pair of trees has one folder, whatever extension lines and signatures stand below: nobody can fill a disk with
// the same pair.
std::string FolderName(EvidenceKind kind, const Pair& pair) {
  const merkle::Hash trees =
      merkle::HashNode(merkle::HashLeaf(TreeOf(pair.before)), merkle::HashLeaf(TreeOf(pair.now)));
  const std::string digest = absl::BytesToHexString(std::string(merkle::AsBytes(trees)));
  return StrCat(NameOf(kind), "-", pair.before.size, "-", pair.now.size, "-", digest.substr(0, 16));
}

// Folders below `directory` that are about the log `origin`.
size_t CountOf(const std::string& origin, const std::string& directory) {
  size_t count = 0;
  std::error_code error;
  fs::directory_iterator each(directory, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    std::ifstream in(each->path() / "checkpoint-now", std::ios::binary);
    std::string line(origin.size() + 1, '\0');
    if (in.read(line.data(), static_cast<std::streamsize>(line.size())) && line == origin + "\n") ++count;
  }
  return count;
}

std::string Described(const note::Checkpoint& checkpoint) {
  return StrCat(checkpoint.size, ", root ", note::EncodeBase64(merkle::AsBytes(checkpoint.root)));
}

std::string WordsVi(EvidenceKind kind, const Pair& pair) {
  const std::string sizes = StrCat(pair.before.size, " đến ", pair.now.size);
  switch (kind) {
    case EvidenceKind::kFork:
      return StrCat(
          "HAI LỜI KÝ KHÔNG THỂ CÙNG ĐÚNG. Khóa của sổ đã ký hai gốc khác nhau cho cùng ", pair.now.size,
          " sự kiện.\nĐiều này chứng minh: người giữ khóa đã cho những người khác nhau xem những sổ khác nhau, hoặc "
          "đã sửa những sự kiện đã ký. Chỉ cần hai tệp checkpoint và khóa kiểm tra là đủ chứng minh, không cần tin "
          "ai.\n"
          "Điều này không cho biết: bản nào đúng, sự kiện nào đã bị đổi.\n");
    case EvidenceKind::kNotProven:
      return StrCat(
          "CHƯA CHỨNG MINH ĐƯỢC BẢN SAU NỐI TIẾP BẢN TRƯỚC. Khóa của sổ đã ký cả hai, nhưng bằng chứng mà sổ "
          "đưa ra (từ ",
          sizes,
          ") không đúng.\nMột sổ chưa bị sửa lúc nào cũng tính được bằng chứng đúng (RFC 6962, mục 2.1.2). Nếu đơn "
          "vị vận hành không đưa ra được, thì những sự kiện đã ký trước đây đã bị sửa hoặc bị bỏ.\n"
          "Điều này chưa loại trừ: lỗi phần mềm hoặc lỗi đường truyền khi hỏi. Hãy yêu cầu bằng văn bản bằng chứng từ ",
          sizes, "; ai có bản xuất của sổ cũng tự tính được gốc của ", pair.before.size, " sự kiện đầu.\n");
    case EvidenceKind::kRollback:
      return StrCat(
          "SỔ NGẮN ĐI. Sổ đưa ra bản ", pair.now.size, " sự kiện làm bản MỚI NHẤT, sau khi đã ký bản ",
          pair.before.size,
          " sự kiện.\nBản thân một bản ngắn hơn có thể là bản cũ, ký đúng; sai là ở chỗ đưa nó ra làm bản mới nhất: "
          "các sự "
          "kiện sau vị trí ",
          pair.now.size,
          " không còn ở đó (khôi phục từ bản sao lưu cũ, hoặc cố ý bỏ).\n"
          "Chữ ký không ghi thời điểm đưa ra: việc bản ngắn đến sau là lời của người phát hiện nêu ở dưới.\n");
  }
  return "";
}

std::string WordsEn(EvidenceKind kind, const Pair& pair) {
  const std::string sizes = StrCat(pair.before.size, " to ", pair.now.size);
  switch (kind) {
    case EvidenceKind::kFork:
      return StrCat(
          "TWO STATEMENTS THAT CANNOT BOTH BE TRUE. The log's key signed two different roots for the same ",
          pair.now.size,
          " events.\nThis proves: whoever holds the key showed different logs to different people, or changed events "
          "that "
          "were signed. The two checkpoint files and the verifier key are enough to prove it; nobody has to be "
          "believed.\nIt does not tell: which of the two is right, and which event was changed.\n");
    case EvidenceKind::kNotProven:
      return StrCat(
          "NOT PROVEN THAT THE LATER ONE GOES ON FROM THE EARLIER ONE. The log's key signed both, but the proof that "
          "the "
          "log gave (from ",
          sizes,
          ") does not hold.\nA log that was not changed can make a proof that holds at any time (RFC 6962, section "
          "2.1.2). If its operator cannot, events that were signed earlier were changed or taken away.\n"
          "This does not rule out: a fault of a program, or on the way. Ask the operator in writing for the proof "
          "from ",
          sizes, "; whoever has an export of the log can compute the root of its first ", pair.before.size,
          " events himself.\n");
    case EvidenceKind::kRollback:
      return StrCat("THE LOG BECAME SHORTER. It gave a checkpoint of ", pair.now.size,
                    " events as its NEWEST one after it had signed one of ", pair.before.size,
                    " events.\nA shorter checkpoint by itself can be an honest old one; what is wrong is that it was "
                    "given as the "
                    "newest: the events after position ",
                    pair.now.size,
                    " are not there any more (an old backup was restored, or they were dropped on purpose).\n"
                    "Signatures do not tell when something was given out: that the shorter one came later is what the "
                    "finder named "
                    "below says.\n");
  }
  return "";
}

std::string TextOf(const Evidence& evidence, const Pair& pair) {
  const std::string when =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(evidence.unix_seconds), absl::UTCTimeZone());
  std::string keys;
  for (const note::VerifierKey& key : evidence.keys) StrAppend(&keys, "  ", key.ToString(), "\n");
  std::string text = StrCat("Sổ / log: ", pair.now.origin, "\n\n");
  if (keys.empty()) {
    StrAppend(
        &text,
        "CHƯA KIỂM TRA CHỮ KÝ NÀO. Ai cũng có thể viết ra hai tệp như thế này: những điều dưới đây chỉ đúng khi "
        "chữ ký của sổ trên cả hai tệp là thật. Hãy kiểm tra bằng khóa của sổ trước khi nói với bất kỳ ai.\n"
        "NO SIGNATURE WAS CHECKED. Anybody can write two files like these: what follows is true only if the log's "
        "signatures on both are good. Check them with the log's verifier key before you tell anybody.\n\n");
  }
  StrAppend(&text, WordsVi(evidence.kind, pair),
            "Phải làm gì: giữ nguyên thư mục này, sao ra nơi khác, gửi cho cơ quan kiểm tra và đơn vị vận "
            "hành sổ; không ký, không dùng số liệu của bản sau cho đến khi làm rõ.\n\n",
            WordsEn(evidence.kind, pair),
            "What to do: keep this folder as it is, copy it elsewhere, give it to the auditors and to the "
            "log's operator; cosign nothing and use no figures of the later one until it is cleared up.\n\n");
  StrAppend(&text, "checkpoint-before: ", Described(pair.before), "\ncheckpoint-now: ", Described(pair.now), "\n");
  if (evidence.kind == EvidenceKind::kNotProven) {
    StrAppend(&text, "consistency-proof: ", evidence.proof.size(), " hashes; ", evidence.proof_fault, "\n");
  }
  StrAppend(&text, "Phát hiện / found: ", when, ", ", evidence.found_by, "\n");
  if (keys.empty()) {
    StrAppend(&text, "Chưa kiểm tra chữ ký / no signature was checked: check both notes with the log's verifier key\n");
  } else {
    StrAppend(&text, "Chữ ký đã kiểm tra bằng khóa / signatures checked with the verifier key:\n", keys);
  }
  return text;
}

absl::Status WriteFiles(const std::string& folder, const Evidence& evidence, const Pair& pair) {
  SOTHON_RETURN_IF_ERROR(WriteFileDurably(folder + "/checkpoint-before", evidence.before));
  SOTHON_RETURN_IF_ERROR(WriteFileDurably(folder + "/checkpoint-now", evidence.now));
  if (evidence.kind == EvidenceKind::kNotProven) {
    std::string lines;
    for (const note::Hash& hash : evidence.proof) StrAppend(&lines, note::EncodeBase64(merkle::AsBytes(hash)), "\n");
    SOTHON_RETURN_IF_ERROR(WriteFileDurably(folder + "/consistency-proof", lines));
  }
  return WriteFileDurably(folder + "/evidence.txt", TextOf(evidence, pair));
}

}  // namespace

absl::StatusOr<std::string> WriteEvidence(const std::string& directory, const Evidence& evidence) {
  SOTHON_ASSIGN_OR_RETURN(const Pair pair, ReadPair(evidence));
  const std::string folder = StrCat(directory, "/", FolderName(evidence.kind, pair));
  std::error_code error;
  if (fs::exists(folder, error)) return folder;
  if (CountOf(pair.now.origin, directory) >= kEvidenceFoldersMax) {
    return absl::OutOfRangeError(StrCat(directory, " holds ", kEvidenceFoldersMax, " pairs of checkpoints of the log ",
                                        pair.now.origin, " already, and no more are written"));
  }
  // Under another name until it is whole. What a crash left there is written anew.
  const std::string unfinished = folder + ".new";
  fs::create_directories(unfinished, error);
  if (error) return absl::FailedPreconditionError(StrCat("cannot make ", unfinished, ": ", error.message()));
  if (absl::Status status = WriteFiles(unfinished, evidence, pair); !status.ok()) {
    fs::remove_all(unfinished, error);
    return status;
  }
  if (std::rename(unfinished.c_str(), folder.c_str()) != 0) {
    const std::string why = std::strerror(errno);
    if (fs::exists(folder, error)) return folder;  // another process found the same
    return absl::FailedPreconditionError(StrCat("cannot rename ", unfinished, " to ", folder, ": ", why));
  }
  SOTHON_RETURN_IF_ERROR(SyncPath(directory));
  const std::string parent = fs::path(directory).parent_path().string();
  SOTHON_RETURN_IF_ERROR(SyncPath(parent.empty() ? "." : parent));
  return folder;
}

}  // namespace sothon::cli
