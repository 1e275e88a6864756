#include "projection-service/view/party_accounts.h"

#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::projection {

using ledger::Dimension;
using ledger::Names;

std::vector<Account> AccountsOfParty(const Names& names, const std::string& party_id, v1::PartyKind kind) {
  std::vector<Account> accounts;
  if (kind == v1::AGENCY || kind == v1::COLLECTOR) {
    for (uint32_t i = 0; i < names.All(Names::Kind::kDesk).size(); ++i) {
      const Names::Desk desk = names.DeskAt({i});
      if ((kind == v1::AGENCY ? desk.agency_id : desk.collector_id) == party_id) {
        accounts.push_back({Dimension::kDesk, {i}});
      }
    }
  } else if (const auto credited = names.Find(Names::Kind::kCredited, party_id)) {
    accounts.push_back({Dimension::kCredited, *credited});
  }
  return accounts;
}

absl::StatusOr<const ledger::Party*> FindParty(const AccountsExcerpt& excerpt, const std::string& party_id) {
  const ledger::Party* party = excerpt.reference->reference().FindParty(party_id);
  if (party != nullptr && party->registered_at <= excerpt.applied.position) return party;
  return absl::NotFoundError(
      StrCat("no party ", party_id, " is registered up to position ", excerpt.applied.position.value));
}

absl::StatusOr<Account> AccountOfDrive(const Names& names, const std::string& drive_id) {
  const auto drive = names.Find(Names::Kind::kDrive, drive_id);
  if (!drive) return absl::NotFoundError(StrCat("no contribution names the drive ", drive_id));
  return Account{Dimension::kDrive, *drive};
}

}  // namespace sothon::projection
