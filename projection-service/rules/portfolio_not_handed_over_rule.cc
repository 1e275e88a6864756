// plan#54: from the second collection on, the files of those who joined in a drive are with the resident collector.
#include <algorithm>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "common/base/absl_view.h"
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::Step;

// Handovers by whom they name, and those of everybody.
class Handovers {
 public:
  explicit Handovers(const oversight::Situation& situation) : situation_(situation) {
    for (const v1::Event* event : situation.Facts(v1::Event::kPortfolioHandedOver)) {
      const v1::PortfolioHandedOver& handover = event->portfolio_handed_over();
      if (handover.subject_ids().empty()) of_everybody_.push_back(event);
      for (const std::string& subject : handover.subject_ids()) by_subject_[subject].push_back(event);
    }
  }

  // Whether the files of `step`, which `id` paid in, were handed over after it.
  bool Include(const Step& step, const SubjectId& id) const {
    const auto holds = [&](const v1::Event* event) {
      const v1::Scheme scheme = event->portfolio_handed_over().scheme();
      return (scheme == v1::SCHEME_UNSPECIFIED || scheme == step.scheme) && step.date <= ledger::DateOf(*event);
    };
    const auto named = by_subject_.find(ToAbsl(id.AsBytes()));
    if (named != by_subject_.end() && std::any_of(named->second.begin(), named->second.end(), holds)) return true;
    return std::any_of(of_everybody_.begin(), of_everybody_.end(),
                       [&](const v1::Event* event) { return holds(event) && IsOfAll(*event, step); });
  }

 private:
  // Everybody of the place, or, naming none, everybody of who hands over.
  bool IsOfAll(const v1::Event& event, const Step& step) const {
    if (event.place_id().empty()) {
      const std::string& from = event.portfolio_handed_over().from_party_id();
      if (step.named.desk == 0) return false;
      const ledger::Names::Desk desk = situation_.names().DeskAt({step.named.desk - 1});
      return from == desk.collector_id || from == desk.agency_id;
    }
    const ledger::Reference& reference = situation_.reference();
    for (std::optional<ledger::Ordinal> at = step.place; at; at = reference.place(*at).parent) {
      if (reference.place(*at).id == event.place_id()) return true;
    }
    return false;
  }

  const oversight::Situation& situation_;
  absl::flat_hash_map<std::string, std::vector<const v1::Event*>> by_subject_;
  std::vector<const v1::Event*> of_everybody_;
};

// What one desk brought in in a drive and kept.
struct Kept {
  std::set<uint32_t> people;
  CivilDate first = oversight::kNever;  // of the collections
  CivilDate later = oversight::kNever;  // the first one after them
  std::vector<uint64_t> positions;
};

class PortfolioNotHandedOver final : public Rule {
 public:
  RuleInfo info() const override {
    return {.code = "portfolio_not_handed_over",
            .severity = v1::WARNING,
            .plan_items = {54, 41},
            .title_vi = "Chưa bàn giao hồ sơ cho nhân viên thu thường trực",
            .title_en = "A drive's portfolio that was not handed over to the resident collector",
            .reading =
                "Of those first collected in a closed drive by another than the resident collector of the closing day; "
                "where nobody is appointed on it, collector_missing says so instead. A handover on or after the "
                "collection counts: one that names the person, one of the village or what is above it without names, "
                "or, naming no place, one by the collector or agency. Where no deadline is set, missing from the first "
                "later collection of one of them on, for which the files were needed.",
            .parameters = {"duty.resident_collector", "deadline.handover"}};
  }

  void Judge(Case* hearing) const override {
    std::optional<Handovers> handovers;
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->closed == nullptr || !drive.place()) continue;
      const CivilDate closed = std::max(*drive.drive->ClosedOn(), drive.first_day);
      std::vector<uint64_t> positions = drive.Proof();
      if (drive.Parameter("duty.resident_collector", closed, &positions).value_or(0) == 0) continue;
      const oversight::Role* resident = hearing->situation().roles().ResidentCollector(*drive.place(), closed);
      if (resident == nullptr) continue;
      positions.push_back(resident->assigned->position());
      const std::optional<int64_t> days = drive.Parameter("deadline.handover", closed, &positions);
      if (!handovers) handovers.emplace(hearing->situation());
      for (const auto& [desk, kept] : KeptIn(drive, resident->role().party_id(), *handovers)) {
        const CivilDate since =
            days ? std::max(closed.Plus(static_cast<int32_t>(*days) + 1), kept.first) : std::max(kept.later, closed);
        if (hearing->date() < since) continue;
        hearing->Report(FindingOf(drive, resident->role().party_id(), desk, kept, since, positions));
      }
    }
  }

 private:
  static std::map<uint32_t, Kept> KeptIn(const DriveCase& drive, std::string_view resident,
                                         const Handovers& handovers) {
    const oversight::Situation& situation = *drive.situation;
    std::map<uint32_t, Kept> by_desk;
    const auto named = situation.names().Find(ledger::Names::Kind::kDrive, drive.drive->id);
    if (!named) return by_desk;
    const oversight::VillageRegister& village = situation.RegisterOf(*drive.place());
    for (const oversight::Collection& collection : village.collections) {
      if (collection.date > situation.date()) break;
      if (collection.drive != named->value + 1) continue;
      const Step& step = village.steps[collection.step];
      if (step.sequence != 1 || situation.AtDesk(step.named.desk) == resident) continue;
      if (handovers.Include(step, village.people[step.person])) continue;
      Kept& kept = by_desk[step.named.desk];
      kept.people.insert(step.person);
      kept.first = std::min(kept.first, step.date);
      if (step.until != oversight::kNever) kept.later = std::min(kept.later, step.until.Plus(1));
      kept.positions.push_back(step.position);
    }
    return by_desk;
  }

  static Finding FindingOf(const DriveCase& drive, std::string_view resident, uint32_t desk, const Kept& kept,
                           CivilDate since, std::vector<uint64_t> positions) {
    positions.insert(positions.end(), kept.positions.begin(), kept.positions.end());
    Finding finding = drive.About(since, std::move(positions));
    const std::string_view who = drive.situation->AtDesk(desk);
    finding.party_id = std::string(who);
    finding.count = kept.people.size();
    finding.text_vi = StrCat(drive.NameVi(), ": ", who.empty() ? "người không rõ" : who, " chưa bàn giao hồ sơ của ",
                             kept.people.size(), " người cho nhân viên thu thường trực ", resident);
    finding.text_en =
        StrCat(drive.NameEn(), ": ", who.empty() ? "nobody named" : who, " has not handed over the files of ",
               kept.people.size(), " ", PeopleEn(kept.people.size()), " to the resident collector ", resident);
    return finding;
  }
};

}  // namespace

SOTHON_RULE(portfolio_not_handed_over, PortfolioNotHandedOver)

}  // namespace sothon::rules
