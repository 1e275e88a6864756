// plan#27: the opening of a drive freezes what the village still lacks of its year's targets.
#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/base/strings.h"
#include "projection-service/rules/drive_case.h"
#include "projection-service/rules/words.h"

namespace sothon::rules {
namespace {

using oversight::Product;

// Somebody in one scheme.
using Who = std::pair<uint32_t, uint8_t>;

// What a village's register says as of an earlier position.
class Earlier {
 public:
  Earlier(const DriveCase& drive, uint64_t position)
      : situation_(*drive.situation),
        village_(*drive.place()),
        register_(situation_.RegisterOf(village_)),
        position_(position),
        opening_day_(drive.first_day) {
    const auto named = situation_.names().Find(ledger::Names::Kind::kDrive, drive.drive->id);
    if (named) own_ = named->value + 1;
    const oversight::Situation& situation = situation_;
    absl::flat_hash_map<Who, uint32_t> came_later;  // the first step that was recorded after the position
    for (const oversight::Step& step : register_.steps) {
      if (step.date > situation.date()) break;
      if (step.position <= position_) continue;
      const auto [slot, is_new] = came_later.try_emplace(Who(step.person, step.scheme), step.sequence);
      slot->second = std::min(slot->second, step.sequence);
    }
    for (const oversight::Step& step : register_.steps) {
      if (step.date > situation.date()) break;
      if (step.position > position_) continue;
      const auto later = came_later.find(Who(step.person, step.scheme));
      if (later != came_later.end() && later->second < step.sequence) doubtful_.insert(later->first);
    }
    for (const oversight::Withdrawn& one : register_.withdrawn) {
      if (IsThen(one)) doubtful_.insert(Who(one.person, one.entry.scheme));
    }
  }

  // The least and the most that was achieved of `product` up to the day before the opening, without what names the
  // drive itself: they differ by whatever those counted for whose history was changed since.
  std::pair<int64_t, int64_t> AchievedOf(const Product& product) const {
    int64_t least = 0;
    int64_t most = 0;
    for (const oversight::Collection& one : register_.collections) {
      if (one.date > situation_.date() || one.date >= opening_day_) break;
      const oversight::Step& step = register_.steps[one.step];
      if (step.position > position_ || IsOwn(one.drive) || product.TargetOf(CivilMonth{one.month}) == 0) continue;
      if (doubtful_.contains(Who(step.person, step.scheme))) {
        most += product.Includes(one.scheme) ? 1 : 0;
      } else if (product.Counts(one)) {
        ++least;
        ++most;
      }
    }
    for (const oversight::Withdrawn& one : register_.withdrawn) {
      if (IsThen(one) && one.entry.effective < opening_day_ && !IsOwn(one.entry.named.drive) &&
          one.entry.place == village_ && product.Includes(one.entry.scheme) &&
          product.TargetOf(one.entry.effective.Month()) != 0) {
        ++most;
      }
    }
    return {least, most};
  }

 private:
  // 0: names no drive.
  bool IsOwn(uint32_t drive) const { return drive != 0 && drive == own_; }
  bool IsThen(const oversight::Withdrawn& one) const {
    return one.entry.position <= position_ && position_ < one.entry.withdrawn_at &&
           one.entry.effective <= situation_.date();
  }

  const oversight::Situation& situation_;
  const ledger::Ordinal village_;
  const oversight::VillageRegister& register_;
  const uint64_t position_;
  const CivilDate opening_day_;
  uint32_t own_ = 0;                   // the drive, as of ledger::Named; 0: no receipt names it
  absl::flat_hash_set<Who> doubtful_;  // changed since in a way that may change what was counted then
};

using Key = std::pair<int, std::string>;  // scheme or group

// What every drive is about: a baseline of other products is compared where it is stated.
bool IsOfDrives(const Key& key) { return key.first == v1::BHXH_TN || key.second == "BHYT_TU_DONG"; }

// One product as the opening states it and as the log says it.
struct Compared {
  const v1::DriveOpened::Baseline* stated = nullptr;
  std::vector<Product> products;  // of one scheme or group, by measure
};

class BaselineDiffers final : public Rule {
 public:
  RuleInfo info() const override {
    return {
        .code = "baseline_differs",
        .severity = v1::WARNING,
        .plan_items = {27},
        .title_vi = "Số liệu gốc của đợt ra quân không khớp với sổ",
        .title_en = "A drive's baseline that is not what the log says",
        .reading =
            "The year's targets in force at the baseline's position (the opening's own, where none is given), and "
            "what was recorded up to it, in the months that have a target, up to the day before the opening, without "
            "receipts that name the drive itself. Those whose receipts were reversed or came late since may or may "
            "not have counted then; the benefit of that doubt is the baseline's. Missing is one of BHXH_TN or of "
            "self-paid BHYT where the village has a target."};
  }

  void Judge(Case* hearing) const override {
    for (const DriveCase& drive : DrivesBegun(hearing->situation())) {
      if (drive.drive->opened == nullptr || !drive.place()) continue;
      JudgeDrive(drive, hearing);
    }
  }

 private:
  static void JudgeDrive(const DriveCase& drive, Case* hearing) {
    const v1::Event& event = *drive.drive->opened;
    const v1::DriveOpened& opened = event.drive_opened();
    uint64_t position = event.position();
    if (opened.baseline_position() != 0) position = std::min(position, opened.baseline_position());
    std::map<Key, Compared> by_key;
    for (const v1::DriveOpened::Baseline& baseline : opened.baselines()) {
      by_key[{baseline.scheme(), baseline.scheme_group_id()}].stated = &baseline;
    }
    const int32_t year = drive.first_day.Month().Year();
    for (Product& product : drive.situation->TargetsOf(*drive.place(), year, Position{position})) {
      by_key[{product.scheme, product.group_id}].products.push_back(std::move(product));
    }
    if (by_key.empty()) return;
    const Earlier earlier(drive, position);
    std::vector<uint64_t> positions{event.position()};
    std::vector<std::string> vi, en;
    for (const auto& [key, compared] : by_key) {
      if (compared.stated == nullptr && !IsOfDrives(key)) continue;
      if (Agrees(compared, earlier)) continue;
      for (const Product& product : compared.products) {
        for (const ledger::Target* target : product.targets) positions.push_back(target->set_at.value);
      }
      Describe(key, compared, earlier, &vi, &en);
    }
    if (vi.empty()) return;
    Finding finding = drive.About(drive.first_day, std::move(positions));
    finding.count = vi.size();
    finding.text_vi = StrCat(drive.NameVi(), ": số liệu gốc (đã đạt/chỉ tiêu) không khớp với sổ ở vị trí ", position,
                             ": ", Joined(vi));
    finding.text_en = StrCat(drive.NameEn(), ": its baseline (achieved/target) is not what the log says at position ",
                             position, ": ", Joined(en));
    hearing->Report(std::move(finding));
  }

  // With any of the measures, where the plan has several for one product.
  static bool Agrees(const Compared& compared, const Earlier& earlier) {
    if (compared.products.empty()) return compared.stated->target() == 0;
    if (compared.stated == nullptr) return false;
    return std::any_of(compared.products.begin(), compared.products.end(), [&](const Product& product) {
      if (product.target != compared.stated->target()) return false;
      const auto [least, most] = earlier.AchievedOf(product);
      return least <= compared.stated->achieved() && compared.stated->achieved() <= most;
    });
  }

  static void Describe(const Key& key, const Compared& compared, const Earlier& earlier, std::vector<std::string>* vi,
                       std::vector<std::string>* en) {
    const auto scheme = static_cast<v1::Scheme>(key.first);
    std::string stated_vi = "không ghi", stated_en = "not stated", log_vi = "không có chỉ tiêu", log_en = "no target";
    if (compared.stated != nullptr) {
      stated_en = StrCat(compared.stated->achieved(), "/", compared.stated->target());
      stated_vi = StrCat("ghi ", stated_en);
    }
    if (!compared.products.empty()) {
      const Product& product = compared.products.front();
      log_en = StrCat(earlier.AchievedOf(product).first, "/", product.target);
      log_vi = log_en;
    }
    vi->push_back(
        StrCat(scheme == 0 ? std::string_view(key.second) : SchemeVi(scheme), " ", stated_vi, ", sổ ", log_vi));
    en->push_back(
        StrCat(scheme == 0 ? std::string_view(key.second) : SchemeEn(scheme), " ", stated_en, ", log ", log_en));
  }
};

}  // namespace

SOTHON_RULE(baseline_differs, BaselineDiffers)

}  // namespace sothon::rules
