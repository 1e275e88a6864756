#include "cli/audit/exporter.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "cli/audit/evidence.h"
#include "common/base/durable_file.h"
#include "common/base/strings.h"
#include "common/event/stored_event.h"
#include "common/status/status.h"

namespace sothon::cli {
namespace {

constexpr uint64_t kProgressEvery = 1024;

std::string SizeAndRoot(const note::Checkpoint& checkpoint) {
  return StrCat(checkpoint.size, " entries, root ", note::EncodeBase64(merkle::AsBytes(checkpoint.root)));
}

class Exporter {
 public:
  Exporter(const ExportOptions& options, LogSource* source, ExportWriter* writer)
      : options_(options), source_(source), writer_(writer) {}

  absl::StatusOr<ExportSummary> Run();

 private:
  const std::string& directory() const { return options_.directory; }
  absl::Status ReadStanding(const ExportInventory& inventory);
  absl::Status ReadEdge();
  absl::Status AskForNew();
  // From the edge of the tree that stands to the size of the new one.
  absl::Status Grow();
  absl::Status TakeUpBundles();
  absl::Status Append(std::string_view stored);
  absl::Status WriteEdge();
  absl::Status Replace();
  // Takes back what was written, and says why.
  absl::Status Refuse(std::string_view why);
  // The same, of what the log says against itself.
  absl::Status RefuseWithEvidence(EvidenceKind kind, std::string_view why, std::vector<Hash> proof = {},
                                  std::string proof_fault = "");
  absl::Status TellDifference();

  const ExportOptions& options_;
  LogSource* const source_;
  ExportWriter* const writer_;

  std::string standing_note_;  // empty: the directory is new
  note::Checkpoint standing_;
  std::string new_note_;
  note::Checkpoint new_;

  merkle::TreeEdge standing_edge_;
  std::string standing_bundle_;  // the partial one
  uint64_t bundles_left_ = 0;    // whole ones, from the first on, that may stand in the directory
  merkle::TreeEdge edge_;
  std::string bundle_;
  ExportSummary summary_;
};

absl::StatusOr<ExportSummary> Exporter::Run() {
  SOTHON_ASSIGN_OR_RETURN(const ExportInventory inventory, ListExport(directory()));
  SOTHON_RETURN_IF_ERROR(ReadStanding(inventory));
  SOTHON_RETURN_IF_ERROR(ReadEdge());
  SOTHON_RETURN_IF_ERROR(AskForNew());
  summary_.checkpoint = new_;
  summary_.size_before = standing_.size;
  const bool is_new_tree = standing_note_.empty() || new_.size != standing_.size;
  const bool is_clean = !inventory.unfinished && OthersIn(inventory, standing_.size).empty();
  if (!is_new_tree && is_clean && new_note_ == standing_note_) return summary_;

  SOTHON_RETURN_IF_ERROR(writer_->MarkUnfinished());
  // Bundles beyond the new tree are of no use; the first that is not there ends those that can be taken up.
  bundles_left_ = standing_.size / merkle::kTileWidth;
  while (bundles_left_ < merkle::FullTiles(new_.size, 0) &&
         inventory.files.count({ExportFile::kEntries, bundles_left_, merkle::kTileWidth}) > 0) {
    ++bundles_left_;
  }
  SOTHON_RETURN_IF_ERROR(writer_->RemoveOthers(standing_.size, bundles_left_));
  if (is_new_tree) {
    SOTHON_RETURN_IF_ERROR(Grow());
    if (edge_.Root() != new_.root && summary_.entries_taken_up > 0) {
      // What was taken up may be what is wrong: only what the log says now can be held against it.
      bundles_left_ = 0;
      SOTHON_RETURN_IF_ERROR(writer_->RemoveOthers(standing_.size));
      SOTHON_RETURN_IF_ERROR(Grow());
    }
    if (edge_.Root() != new_.root) return TellDifference();
    SOTHON_RETURN_IF_ERROR(WriteEdge());
  }
  SOTHON_RETURN_IF_ERROR(Replace());
  return summary_;
}

absl::Status Exporter::ReadStanding(const ExportInventory& inventory) {
  if (!inventory.has_checkpoint) {
    if (!inventory.unfinished && (!inventory.files.empty() || !inventory.strays.empty())) {
      return absl::FailedPreconditionError(
          StrCat(directory(), " holds other files and no checkpoint, so it is no export; name a new directory"));
    }
    return absl::OkStatus();
  }
  SOTHON_ASSIGN_OR_RETURN(standing_note_, ReadWholeFile(StrCat(directory(), "/", kCheckpointFile)));
  absl::StatusOr<note::Checkpoint> standing = CheckpointOf(standing_note_);
  if (!standing.ok()) return Annotate(standing.status(), StrCat(directory(), "/", kCheckpointFile));
  standing_ = *std::move(standing);
  return absl::OkStatus();
}

absl::Status Exporter::ReadEdge() {
  const auto changed = [this](std::string_view what) {
    return absl::DataLossError(StrCat(directory(), " was changed: ", what, "; `sothon audit verify ", directory(),
                                      "` names what is wrong. Export into a new directory"));
  };
  std::vector<std::vector<Hash>> partial;
  for (uint32_t level = 0; level < 8 && standing_.size >> (level * 8) > 0; ++level) {
    const uint32_t width = merkle::PartialWidth(standing_.size, level);
    partial.emplace_back();
    if (width == 0) continue;
    const ExportFile file{static_cast<int>(level), merkle::FullTiles(standing_.size, level), width};
    absl::StatusOr<std::vector<Hash>> tile = ReadTile(directory(), file);
    if (!tile.ok()) return changed(StrCat(file.Path(), ": ", std::string(tile.status().message())));
    partial.back() = *std::move(tile);
  }
  SOTHON_ASSIGN_OR_RETURN(standing_edge_, merkle::TreeEdge::Resume(standing_.size, std::move(partial)));
  if (!standing_note_.empty() && standing_edge_.Root() != standing_.root) {
    return changed("its tiles do not have the root of its checkpoint");
  }
  const ExpectedFiles bundles(standing_.size, ExportFile::kEntries);
  if (bundles.count == 0 || bundles.last_width == merkle::kTileWidth) return absl::OkStatus();
  const ExportFile last = bundles.At(ExportFile::kEntries, bundles.count - 1);
  absl::StatusOr<std::string> bundle = ReadExportFile(directory(), last.Path());
  std::vector<std::string_view> entries;
  absl::Status status = bundle.ok() ? SplitBundle(*bundle, last.width, &entries) : bundle.status();
  if (!status.ok()) return changed(StrCat(last.Path(), ": ", std::string(status.message())));
  for (size_t i = 0; i < entries.size(); ++i) {
    if (merkle::HashLeaf(entries[i]) != standing_edge_.Partial(0)[i]) {
      return changed(StrCat(last.Path(), ": entry ", i, " has another hash than its tile says"));
    }
  }
  standing_bundle_ = *std::move(bundle);
  return absl::OkStatus();
}

absl::Status Exporter::AskForNew() {
  SOTHON_ASSIGN_OR_RETURN(new_note_, source_->FreshCheckpoint());
  absl::StatusOr<note::Checkpoint> parsed = CheckpointOf(new_note_);
  if (!parsed.ok()) return Annotate(parsed.status(), "the checkpoint of the log");
  new_ = *std::move(parsed);
  if (standing_note_.empty()) return absl::OkStatus();
  if (new_.origin != standing_.origin) {
    return absl::FailedPreconditionError(StrCat(directory(), " is an export of the log ", standing_.origin, ", not of ",
                                                new_.origin, "; name another directory, or another --ingest"));
  }
  if (new_.size < standing_.size) {
    return RefuseWithEvidence(
        EvidenceKind::kRollback,
        "the log has become shorter than what was exported of it before: it was rolled back, or it is another "
        "log of that name");
  }
  if (new_.size == standing_.size && new_.root != standing_.root) {
    return RefuseWithEvidence(
        EvidenceKind::kFork,
        "two checkpoints of one size have different roots: entries that were exported before were changed, or "
        "it is another log of that name");
  }
  return absl::OkStatus();
}

absl::Status Exporter::Grow() {
  edge_ = standing_edge_;
  bundle_ = standing_bundle_;
  summary_.entries_taken_up = summary_.entries_read = 0;
  SOTHON_RETURN_IF_ERROR(TakeUpBundles());
  summary_.entries_taken_up = edge_.size() - standing_.size;
  if (edge_.size() == new_.size) return absl::OkStatus();
  SOTHON_RETURN_IF_ERROR(source_->ReadEvents(edge_.size() + 1, new_.size, [this](std::string_view stored) {
    ++summary_.entries_read;
    if (options_.progress && edge_.size() % kProgressEvery == 0) options_.progress(edge_.size(), new_.size);
    return Append(stored);
  }));
  if (edge_.size() != new_.size) {
    return absl::DataLossError(
        StrCat("the log signed ", new_.size, " entries and delivered them only up to position ", edge_.size()));
  }
  return absl::OkStatus();
}

absl::Status Exporter::TakeUpBundles() {
  for (uint64_t index = standing_.size / merkle::kTileWidth; index < bundles_left_; ++index) {
    const absl::StatusOr<std::string> bytes =
        ReadExportFile(directory(), ExportFile{ExportFile::kEntries, index, merkle::kTileWidth}.Path());
    std::vector<std::string_view> entries;
    // A power cut may have left it empty or torn. Then it is written anew, and what follows as well.
    if (!bytes.ok() || !SplitBundle(*bytes, merkle::kTileWidth, &entries).ok() ||
        std::string_view(*bytes).substr(0, bundle_.size()) != bundle_) {
      return absl::OkStatus();
    }
    const uint64_t first = edge_.size() % merkle::kTileWidth;
    for (uint64_t i = 0; i < merkle::kTileWidth; ++i) {
      const auto view = SplitStoredEvent(entries[i]);
      if (!view.ok() || view->position.value != index * merkle::kTileWidth + i + 1) return absl::OkStatus();
    }
    for (uint64_t i = first; i < merkle::kTileWidth; ++i) SOTHON_RETURN_IF_ERROR(Append(entries[i]));
    if (options_.progress) options_.progress(edge_.size(), new_.size);
  }
  return absl::OkStatus();
}

absl::Status Exporter::Append(std::string_view stored) {
  const uint64_t position = edge_.size() + 1;
  SOTHON_ASSIGN_OR_RETURN(const StoredEventView view, SplitStoredEvent(stored));
  if (view.position.value != position || position > new_.size) {
    return absl::DataLossError(
        StrCat("the log delivered position ", view.position.value, " where ", position, " was to come"));
  }
  SOTHON_RETURN_IF_ERROR(AppendEntry(stored, &bundle_));
  absl::Status put;
  edge_.Append(merkle::HashLeaf(stored), [&](uint32_t level, uint64_t index, absl::Span<const Hash> hashes) {
    if (put.ok()) put = writer_->Put({static_cast<int>(level), index, merkle::kTileWidth}, TileBytes(hashes));
  });
  SOTHON_RETURN_IF_ERROR(put);
  if (position % merkle::kTileWidth != 0) return absl::OkStatus();
  SOTHON_RETURN_IF_ERROR(
      writer_->Put({ExportFile::kEntries, position / merkle::kTileWidth - 1, merkle::kTileWidth}, bundle_));
  bundle_.clear();
  return absl::OkStatus();
}

absl::Status Exporter::WriteEdge() {
  for (int level = ExportFile::kEntries; level < 8; ++level) {
    const ExpectedFiles expected(new_.size, level);
    if (expected.count == 0 || expected.last_width == merkle::kTileWidth) continue;
    const ExportFile file = expected.At(level, expected.count - 1);
    if (file.BelongsTo(standing_.size)) continue;
    const bool is_entries = level == ExportFile::kEntries;
    const std::string bytes = is_entries ? bundle_ : TileBytes(edge_.Partial(static_cast<uint32_t>(level)));
    SOTHON_RETURN_IF_ERROR(writer_->Put(file, bytes));
  }
  return absl::OkStatus();
}

absl::Status Exporter::Replace() {
  SOTHON_RETURN_IF_ERROR(writer_->SyncAll());
  if (new_note_ != standing_note_) SOTHON_RETURN_IF_ERROR(writer_->PutCheckpoint(new_note_));
  SOTHON_RETURN_IF_ERROR(writer_->RemoveOthers(new_.size));
  return writer_->MarkFinished();
}

absl::Status Exporter::Refuse(std::string_view why) {
  const std::string before =
      standing_note_.empty() ? "" : StrCat(directory(), " holds: ", SizeAndRoot(standing_), "\n");
  return absl::DataLossError(StrCat("log ", new_.origin, ": ", why, ". Nothing was replaced. Keep this as evidence\n",
                                    before, "the log says: ", SizeAndRoot(new_), "\n", new_note_));
}

absl::Status Exporter::RefuseWithEvidence(EvidenceKind kind, std::string_view why, std::vector<Hash> proof,
                                          std::string proof_fault) {
  if (options_.evidence_directory.empty()) return Refuse(why);
  Evidence evidence;
  evidence.kind = kind;
  evidence.proof = std::move(proof);
  evidence.proof_fault = std::move(proof_fault);
  evidence.before = standing_note_;
  evidence.now = new_note_;
  evidence.unix_seconds = absl::ToUnixSeconds(absl::Now());
  evidence.found_by = "sothon audit export";
  const absl::StatusOr<std::string> folder = WriteEvidence(options_.evidence_directory, evidence);
  if (!folder.ok()) {
    return Refuse(StrCat(why, " (and the evidence could not be written: ", folder.status().message(), ")"));
  }
  return Refuse(StrCat(why, ". Evidence: ", *folder));
}

absl::Status Exporter::TellDifference() {
  const Hash found = edge_.Root();
  SOTHON_RETURN_IF_ERROR(writer_->RemoveOthers(standing_.size));
  SOTHON_RETURN_IF_ERROR(writer_->MarkFinished());
  const std::string delivered = StrCat(
      "the entries that it delivers have, together with those exported before, the "
      "root ",
      note::EncodeBase64(merkle::AsBytes(found)), ", which is not what it signed");
  if (standing_.size == 0) return Refuse(delivered);
  const absl::StatusOr<std::vector<Hash>> proof = source_->ConsistencyProof(standing_.size, new_.size);
  if (!proof.ok()) return Refuse(delivered);
  const absl::Status goes_on = merkle::CheckConsistency(standing_.size, standing_.root, new_.size, new_.root, *proof);
  if (goes_on.ok()) {
    return Refuse(StrCat(delivered,
                         "; its tree goes on from what was exported before, so that entries were changed "
                         "after it had them in its tree"));
  }
  return RefuseWithEvidence(EvidenceKind::kNotProven,
                            StrCat(delivered,
                                   "; nor can it prove that its tree goes on from what was exported before: "
                                   "it was rewritten, or it is another log of that name"),
                            *proof, std::string(goes_on.message()));
}

}  // namespace

absl::StatusOr<ExportSummary> ExportLog(const ExportOptions& options, LogSource* source) {
  SOTHON_ASSIGN_OR_RETURN(ExportWriter writer, ExportWriter::Open(options.directory));
  return Exporter(options, source, &writer).Run();
}

absl::Status ForEachEntry(const std::string& directory, uint64_t size,
                          absl::FunctionRef<absl::Status(std::string_view)> take) {
  const ExpectedFiles bundles(size, ExportFile::kEntries);
  std::vector<std::string_view> entries;
  for (uint64_t index = 0; index < bundles.count; ++index) {
    const ExportFile file = bundles.At(ExportFile::kEntries, index);
    SOTHON_ASSIGN_OR_RETURN(const std::string bytes, ReadExportFile(directory, file.Path()));
    const absl::Status split = SplitBundle(bytes, file.width, &entries);
    if (!split.ok()) return Annotate(split, file.Path());
    for (const std::string_view entry : entries) SOTHON_RETURN_IF_ERROR(take(entry));
  }
  return absl::OkStatus();
}

}  // namespace sothon::cli
