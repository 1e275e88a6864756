#include "cli/audit/verifier.h"

#include <utility>

#include "cli/audit/entry_reader.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/note/signed_note.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

// How often an export that is replaced under the reader's eyes is read again.
constexpr int kAttemptsMax = 10;

std::string Text(const absl::Status& status) { return std::string(status.message()); }
std::string RootText(const Hash& root) { return note::EncodeBase64(merkle::AsBytes(root)); }

class Verifier {
 public:
  Verifier(const VerifyOptions& options, std::string checkpoint_bytes, ExportInventory inventory)
      : options_(options), checkpoint_bytes_(std::move(checkpoint_bytes)), inventory_(std::move(inventory)) {}

  VerifyReport Run();

 private:
  // It is about one of `entries` entries, the first of which has `index`.
  void AddFault(std::optional<uint64_t> index, std::string what, uint64_t entries = 1);
  // The checkpoint in `bytes`, whose signature is checked where there are keys; nullopt: it is none.
  std::optional<note::Checkpoint> Open(const std::string& bytes, const std::string& name,
                                       std::vector<note::NoteSigner>* signers);
  void CheckWitnesses();
  void CheckSince();
  void CheckFiles();
  void CheckMissing(int level);
  void CheckEntries();
  void CheckBundle(const BundleRead& bundle);
  void GrowTree(const BundleRead& bundle, const std::vector<Hash>& hashes);
  void CompareSince();
  void CompareTile(const ExportFile& file, absl::Span<const Hash> hashes);
  void CheckRoot();

  const VerifyOptions& options_;
  const std::string checkpoint_bytes_;
  const ExportInventory inventory_;
  VerifyReport report_;
  uint64_t size_ = 0;
  merkle::TreeEdge tree_;
  bool is_whole_ = true;  // all entries so far are in the tree
  bool since_compared_ = false;
  bool since_differs_ = false;
  int signed_by_log_ = 0;  // how many of the two checkpoints one of the log's keys signed
};

void Verifier::AddFault(std::optional<uint64_t> index, std::string what, uint64_t entries) {
  Fault fault{index, std::move(what)};
  const std::optional<Fault>& first = report_.first_bad;
  // A hash above a bad entry is wrong because of that entry.
  const bool is_known = index && first && *index <= *first->index && *first->index - *index < entries;
  if (index && !is_known && (!first || *index < *first->index)) report_.first_bad = fault;
  ++report_.fault_count;
  if (report_.faults.size() < kFaultsTold) report_.faults.push_back(std::move(fault));
}

std::optional<note::Checkpoint> Verifier::Open(const std::string& bytes, const std::string& name,
                                               std::vector<note::NoteSigner>* signers) {
  absl::StatusOr<note::Checkpoint> checkpoint = CheckpointOf(bytes);
  if (!checkpoint.ok()) {
    AddFault(std::nullopt, StrCat(name, " is no signed checkpoint: ", Text(checkpoint.status())));
    return std::nullopt;
  }
  if (!options_.keys.empty()) {
    absl::StatusOr<note::SignedCheckpoint> opened =
        note::OpenCheckpoint(bytes, options_.keys, note::OriginRuleFor(options_.keys));
    if (opened.ok()) {
      *signers = std::move(opened->signers);
      signed_by_log_ += std::any_of(signers->begin(), signers->end(), [](const note::NoteSigner& signer) {
        return signer.key.type == note::KeyType::kNote;
      });
    } else {
      // The log may have changed its key since.
      const bool is_of_then = absl::IsNotFound(opened.status()) && name != kCheckpointFile;
      AddFault(std::nullopt,
               StrCat(name, ": ", Text(opened.status()),
                      is_of_then ? "; where the log has a new key, give that of then with --key, too" : ""));
    }
  }
  return *std::move(checkpoint);
}

VerifyReport Verifier::Run() {
  if (!inventory_.has_checkpoint) {
    AddFault(std::nullopt, "there is no checkpoint: the export is not finished, or this is none");
    return std::move(report_);
  }
  report_.checkpoint = Open(checkpoint_bytes_, kCheckpointFile, &report_.signers);
  CheckWitnesses();
  if (options_.since) CheckSince();
  if (!report_.checkpoint) return std::move(report_);
  size_ = report_.entries_total = report_.checkpoint->size;
  CheckFiles();
  CheckEntries();
  CheckRoot();
  return std::move(report_);
}

void Verifier::CheckWitnesses() {
  const absl::StatusOr<note::Note> note = note::ParseNote(checkpoint_bytes_);
  if (!note.ok()) return;  // told by Open
  for (const note::VerifierKey& witness : options_.witnesses) {
    absl::StatusOr<std::vector<note::NoteSigner>> signers = note::VerifyNote(*note, {witness});
    if (absl::IsNotFound(signers.status())) {
      AddFault(std::nullopt,
               StrCat("the witness ", witness.name, "+", witness.Id().ToHex(), " did not cosign the checkpoint"));
    } else if (!signers.ok()) {
      AddFault(std::nullopt, StrCat(kCheckpointFile, ": ", Text(signers.status())));
    } else {
      report_.signers.push_back(std::move(signers->front()));
    }
  }
}

void Verifier::CheckSince() {
  std::vector<note::NoteSigner> signers;
  report_.since = Open(*options_.since, "the earlier checkpoint", &signers);
  if (!report_.since || !report_.checkpoint) return;
  if (report_.since->origin != report_.checkpoint->origin) {
    AddFault(std::nullopt, StrCat("the earlier checkpoint is of the log ", report_.since->origin, ", this is one of ",
                                  report_.checkpoint->origin));
    report_.since.reset();
  } else if (report_.since->size > report_.checkpoint->size) {
    // No evidence against the log: a directory does not tell whether the log still gives this as its newest.
    AddFault(std::nullopt,
             StrCat("the earlier checkpoint covers ", report_.since->size, " entries, this export only ",
                    report_.checkpoint->size,
                    ": either it is an old copy, or the log was rolled back, and the directory alone does not tell "
                    "which; fetch the newest with `sothon audit export` and verify that, or ask the log with `sothon "
                    "audit witness`, which keeps evidence where the log itself gives less than it signed"));
    since_compared_ = true;
  }
}

void Verifier::CheckFiles() {
  uint64_t beyond = 0;
  std::optional<ExportFile> first_beyond;
  for (const ExportFile& file : inventory_.files) {
    if (file.BelongsTo(size_)) continue;
    if (beyond++ == 0) first_beyond = file;
  }
  const uint64_t strays = inventory_.strays.size() + beyond;
  if (inventory_.unfinished) {
    report_.remarks.push_back(StrCat("an export is being written, or was broken off: ", strays,
                                     " files are not covered by the checkpoint and were not looked at"));
  } else if (strays > 0) {
    AddFault(std::nullopt, StrCat(inventory_.strays.empty() ? first_beyond->Path() : inventory_.strays.front(),
                                  " does not belong to the export of ", size_, " entries",
                                  strays > 1 ? StrCat(", nor do ", strays - 1, " more files") : ""));
  }
  for (int level = ExportFile::kEntries; level < 8; ++level) CheckMissing(level);
}

void Verifier::CheckMissing(int level) {
  // Only what is there is walked through: a checkpoint that nobody signed may name any size.
  const ExpectedFiles expected(size_, level);
  uint64_t there = 0;
  std::optional<uint64_t> gap;
  for (auto file = inventory_.files.lower_bound({level, 0, 0}); file != inventory_.files.end() && file->level == level;
       ++file) {
    if (!file->BelongsTo(size_)) continue;
    if (!gap && file->index != there) gap = there;
    ++there;
  }
  if (there == expected.count) return;
  const ExportFile missing = expected.At(level, gap.value_or(there));
  const uint64_t more = expected.count - there - 1;
  AddFault(missing.FirstEntry(),
           StrCat(missing.Path(), " is missing", more > 0 ? StrCat(", and ", more, " more of its kind") : ""));
}

void Verifier::CheckEntries() {
  std::vector<ExportFile> bundles;
  for (const ExportFile& file : inventory_.files) {
    if (file.level == ExportFile::kEntries && file.BelongsTo(size_)) bundles.push_back(file);
  }
  CompareSince();
  EntryReader reader(options_.directory, std::move(bundles), &inventory_.files);
  while (const std::unique_ptr<BundleRead> bundle = reader.Next()) {
    CheckBundle(*bundle);
    if (options_.progress) options_.progress(bundle->file.FirstEntry() + bundle->file.width, size_);
  }
  if (reader.unknown_kinds() > 0) {
    report_.remarks.push_back(
        StrCat(reader.unknown_kinds(), " events are of kinds that this program does not know; is it too old?"));
  }
}

void Verifier::CheckBundle(const BundleRead& bundle) {
  const uint64_t first = bundle.file.FirstEntry();
  const std::string path = bundle.file.Path();
  if (!bundle.fault.empty()) AddFault(first + bundle.entries.size(), StrCat(path, ": ", bundle.fault));
  if (!bundle.tile_fault.empty()) {
    AddFault(first, StrCat(ExportFile{0, bundle.file.index, bundle.file.width}.Path(), ": ", bundle.tile_fault));
  }
  std::vector<Hash> hashes;
  hashes.reserve(bundle.entries.size());
  for (const std::string_view entry : bundle.entries) {
    report_.bytes_hashed += entry.size();
    hashes.push_back(merkle::HashLeaf(entry));
  }
  std::vector<bool> bad(bundle.entries.size(), false);
  uint64_t bad_count = 0;
  const auto mark = [&](uint32_t i) {
    if (!bad[i]) ++bad_count;
    bad[i] = true;
  };
  uint64_t differ = 0;
  std::optional<uint32_t> first_different;
  for (uint32_t i = 0; bundle.tile && i < hashes.size(); ++i) {
    if (hashes[i] == (*bundle.tile)[i]) continue;
    mark(i);
    if (differ++ == 0) first_different = i;
  }
  const auto and_more = [](uint64_t count) {
    return count > 1 ? StrCat("; so it is with ", count - 1, " more of its bundle") : std::string();
  };
  if (first_different) {
    AddFault(first + *first_different,
             StrCat("its hash is not the one in ", ExportFile{0, bundle.file.index, bundle.file.width}.Path(),
                    and_more(differ)));
  }
  for (const auto& [i, wrong] : bundle.bad) mark(i);
  if (!bundle.bad.empty()) {
    AddFault(first + bundle.bad.front().first, StrCat(bundle.bad.front().second, and_more(bundle.bad.size())));
  }
  report_.entries_checked += bundle.entries.size() - bad_count;
  GrowTree(bundle, hashes);
}

void Verifier::GrowTree(const BundleRead& bundle, const std::vector<Hash>& hashes) {
  // A tree without some of its entries is none; the bundles that follow are held against their tiles only.
  is_whole_ = is_whole_ && bundle.file.FirstEntry() == tree_.size() && hashes.size() == bundle.file.width;
  if (!is_whole_) return;
  for (const Hash& hash : hashes) {
    tree_.Append(hash, [this](uint32_t level, uint64_t index, absl::Span<const Hash> tile) {
      if (level > 0) CompareTile({static_cast<int>(level), index, merkle::kTileWidth}, tile);
    });
    if (report_.since && tree_.size() == report_.since->size) CompareSince();
  }
}

void Verifier::CompareSince() {
  if (!report_.since || since_compared_ || tree_.size() != report_.since->size) return;
  since_compared_ = true;
  if (tree_.Root() == report_.since->root) return;
  since_differs_ = true;
  AddFault(std::nullopt,
           StrCat("the first ", report_.since->size, " entries have the root ", RootText(tree_.Root()),
                  ", the earlier checkpoint says ", RootText(report_.since->root), ": the log was rewritten"));
}

void Verifier::CompareTile(const ExportFile& file, absl::Span<const Hash> hashes) {
  if (inventory_.files.count(file) == 0) return;  // told by CheckMissing
  const absl::StatusOr<std::vector<Hash>> tile = ReadTile(options_.directory, file);
  if (!tile.ok()) {
    AddFault(file.FirstEntry(), StrCat(file.Path(), ": ", Text(tile.status())));
    return;
  }
  for (uint64_t i = 0; i < hashes.size(); ++i) {
    if ((*tile)[i] == hashes[i]) continue;
    const uint64_t count = uint64_t{1} << (8 * file.level);
    const uint64_t first = file.FirstEntry() + i * count;
    AddFault(first,
             StrCat(file.Path(), ": its hash ", i, " is not that of the entries ", first, " to ", first + count - 1),
             count);
    return;
  }
}

void Verifier::CheckRoot() {
  if (!is_whole_ || tree_.size() != size_) {
    AddFault(std::nullopt, "the root could not be rebuilt, since entries are missing");
    if (report_.since && !since_compared_) {
      AddFault(std::nullopt, "so it could not be checked whether the log goes on from the earlier checkpoint");
    }
    return;
  }
  for (int level = 1; level < 8; ++level) {
    const ExpectedFiles expected(size_, level);
    if (expected.count == 0 || expected.last_width == merkle::kTileWidth) continue;
    CompareTile(expected.At(level, expected.count - 1), tree_.Partial(static_cast<uint32_t>(level)));
  }
  const Hash root = tree_.Root();
  if (root == report_.checkpoint->root) {
    // Nobody has to be believed: the log signed both, and the entries are those of the later one, and not those of the
    // earlier one.
    if (since_differs_ && signed_by_log_ == 2) {
      report_.contradiction = report_.since->size == size_ ? EvidenceKind::kFork : EvidenceKind::kNotProven;
    }
    return;
  }
  AddFault(std::nullopt, StrCat("the entries have the root ", RootText(root), ", the checkpoint says ",
                                RootText(report_.checkpoint->root)));
}

absl::StatusOr<std::string> ReadCheckpoint(const std::string& directory) {
  return ReadExportFile(directory, kCheckpointFile, note::kNoteBytesMax + 1);
}

}  // namespace

absl::StatusOr<VerifyReport> VerifyExport(const VerifyOptions& options) {
  for (int attempt = 1;; ++attempt) {
    const std::string before = ReadCheckpoint(options.directory).value_or(std::string());
    SOTHON_ASSIGN_OR_RETURN(ExportInventory inventory, ListExport(options.directory));
    VerifyReport report = Verifier(options, before, std::move(inventory)).Run();
    if (report.ok() || attempt == kAttemptsMax || ReadCheckpoint(options.directory).value_or(std::string()) == before) {
      return report;
    }
  }
}

}  // namespace sothon::cli
