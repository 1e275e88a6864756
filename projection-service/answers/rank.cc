#include "projection-service/answers/rank.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "projection-service/answers/denominators.h"
#include "projection-service/answers/insured.h"
#include "projection-service/answers/products.h"

namespace sothon::answers {
namespace {

using ledger::Ordinal;
using oversight::Cover;
using oversight::Situation;
using oversight::VillageRegister;

constexpr int32_t kSoonDays = 60;

// The year whose targets a day is about: that of its week's Monday, as of the week ladder. So the plan of a year is
// ranked up to the end of its last week (plan#32).
int32_t YearOf(CivilDate date) { return CivilWeek::Of(date).FirstDay().Month().Year(); }

int64_t DueSoon(const VillageRegister& people, CivilDate date) {
  int64_t due = 0;
  const CivilDate last = date.Plus(kSoonDays);
  for (auto cover = people.CoversUntil(date); cover != people.covers.end() && cover->covered_until <= last; ++cover) {
    due += cover->IsHereOn(date) && cover->StandsOn(date) && (kCollectedSchemes & MaskOf(cover->scheme)) != 0;
  }
  return due;
}

std::set<uint32_t> PlacesInDrives(const Situation& situation) {
  std::set<uint32_t> places;
  for (const oversight::Drive& drive : situation.drives().all()) {
    const bool begun =
        drive.proposed != nullptr || drive.agreed != nullptr || drive.scheduled != nullptr || drive.opened != nullptr;
    if (begun && drive.closed == nullptr && drive.place != nullptr) places.insert(drive.place->ordinal.value);
  }
  return places;
}

struct Ranked {
  v1::VillagePotential potential;
  int64_t remaining = 0;
  // 0: something is left to do; 1: nothing; 2: there are no targets.
  int last = 0;

  // Of those who do not participate yet, how large a part is missing; nobody knows: more than everybody.
  double Share() const {
    if (!potential.population_known() || potential.not_participating() <= 0) return 1e18;
    return static_cast<double>(remaining) / static_cast<double>(potential.not_participating());
  }
  auto Order() const { return std::tuple(last, remaining, Share()); }
};

Ranked Look(const Situation& situation, Ordinal village, const Denominators& declared) {
  Ranked ranked;
  v1::VillagePotential& potential = ranked.potential;
  const std::string& id = situation.reference().place(village).id;
  potential.set_place_id(id);
  const std::vector<oversight::Product>& products = situation.ProductsOf(village, YearOf(situation.date()));
  for (const oversight::Product& product : products) {
    FillProduct(product, potential.add_products());
    ranked.remaining += product.Remaining();
  }
  ranked.last = products.empty() ? 2 : ranked.remaining == 0 ? 1 : 0;
  const VillageRegister& people = situation.RegisterOf(village);
  potential.set_insured(Insured(people, situation.date(), kHealthInsurance).CountHere());
  potential.set_due_soon(DueSoon(people, situation.date()));
  if (const v1::Event* population = declared.OfPlace("population", id)) {
    potential.set_population_known(true);
    potential.set_population(population->denominator_declared().value());
    potential.set_not_participating(std::max<int64_t>(0, potential.population() - potential.insured()));
  }
  return ranked;
}

}  // namespace

absl::Status FillRank(const Situation& situation, const v1::RankVillagesRequest&, v1::RankVillagesResponse* response) {
  response->mutable_answered()->set_date(situation.date().ToWire());
  const Denominators declared(situation, CivilDate{INT32_MIN}, situation.date());
  const std::set<uint32_t> in_drives = PlacesInDrives(situation);
  std::vector<Ranked> villages;
  for (const Ordinal village : situation.villages()) {
    villages.push_back(Look(situation, village, declared));
    villages.back().potential.set_in_drive(in_drives.count(village.value) > 0);
  }
  std::stable_sort(villages.begin(), villages.end(),
                   [](const Ranked& a, const Ranked& b) { return a.Order() < b.Order(); });
  for (Ranked& ranked : villages) *response->add_villages() = std::move(ranked.potential);
  return absl::OkStatus();
}

}  // namespace sothon::answers
