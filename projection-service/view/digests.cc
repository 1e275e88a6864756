#include "projection-service/view/digests.h"

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "common/base/big_endian.h"
#include "common/status/status.h"
#include "projection-service/view/excerpt.h"
#include "projection-service/view/publications.h"
#include "projection-service/view/question.h"

namespace sothon::projection {
namespace {

std::string Sha256(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) return {};
  return {reinterpret_cast<const char*>(digest), size};
}

std::string CellHead(const std::string& place_id, int32_t month) {
  std::string head = place_id;
  head.push_back('\0');
  AppendBigEndian64(static_cast<uint64_t>(month), &head);
  return head;
}

}  // namespace

absl::StatusOr<DigestsAnswer> AnswerDigests(const BuiltView& view, const v1::GetDigestsRequest& request) {
  SOTHON_ASSIGN_OR_RETURN(const AsOfAsked asked,
                          ResolveAsOf(view, request.place_id(), request.period(), request.as_of()));
  MonthRange period{CivilMonth{0}, CivilMonth{UINT16_MAX}};
  if (!request.period().empty()) {
    SOTHON_ASSIGN_OR_RETURN(period, ParsePeriod(request.period()));
  }
  SOTHON_ASSIGN_OR_RETURN(const Excerpt excerpt,
                          TakeExcerpt(view, {request.place_id(), AllSchemes(), period.last, asked.as_of}));

  // What is hashed of each cell; the keys' order is that of the whole digest.
  std::map<std::pair<std::string, int32_t>, std::string> cells;
  for (size_t leaf = 0; leaf < excerpt.leaves.size(); ++leaf) {
    const std::string& place_id = excerpt.reference->reference().place(excerpt.leaves[leaf]).id;
    for (size_t scheme = 1; scheme < kSchemeCount; ++scheme) {
      for (const MonthCell& at : excerpt.series[leaf][scheme]) {
        if (!period.Contains(at.month) || at.cell.counters.IsZero()) continue;
        const int32_t month = at.month.ToWire();
        std::string& bytes = cells[{place_id, month}];
        if (bytes.empty()) bytes = CellHead(place_id, month);
        AppendBigEndian64(scheme, &bytes);
        for (const int64_t value : at.cell.counters.values) AppendBigEndian64(static_cast<uint64_t>(value), &bytes);
      }
    }
  }

  DigestsAnswer answer;
  answer.applied = excerpt.applied;
  answer.of_the_past = excerpt.of_the_past;
  std::string whole;
  for (const auto& [key, bytes] : cells) {
    v1::CellDigest* cell = answer.response.add_cells();
    cell->set_place_id(key.first);
    cell->set_month(key.second);
    cell->set_sha256(Sha256(bytes));
    whole += CellHead(key.first, key.second);
    whole += cell->sha256();
  }
  answer.response.set_sha256(Sha256(whole));
  return answer;
}

}  // namespace sothon::projection
