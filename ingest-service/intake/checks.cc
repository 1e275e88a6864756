#include "ingest-service/intake/checks.h"

#include <algorithm>
#include <optional>

#include "common/base/ids.h"
#include "common/base/text.h"

namespace sothon::ingest {
namespace {

// Most text is: it needs no look into the tables of Unicode.
bool IsPlainAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
  });
}

// What is shown of a value that was not understood.
std::string Quoted(std::string_view value) { return StrCat("\"", value.substr(0, 64), "\""); }

std::string_view PartyKindInWords(v1::PartyKind kind) {
  switch (kind) {
    case v1::AGENCY:
      return "a collection agency";
    case v1::COLLECTOR:
      return "a collector";
    case v1::BHXH_OFFICE:
      return "a BHXH office";
    default:
      return "a party of that kind";
  }
}

}  // namespace

const KnownPlace* CheckContext::FindPlace(std::string_view id) const {
  const KnownPlace* place = overlay.places() == 0 ? nullptr : overlay.FindPlace(id);
  return place != nullptr ? place : facts.FindPlace(id);
}

const KnownParty* CheckContext::FindParty(std::string_view id) const {
  const KnownParty* party = facts.FindParty(id);
  return party != nullptr ? party : overlay.FindParty(id);
}

const KnownDrive* CheckContext::FindDrive(std::string_view id) const {
  const KnownDrive* drive = overlay.FindDrive(id);
  return drive != nullptr ? drive : facts.FindDrive(id);
}

void CheckId(std::string_view field, std::string_view value, const CheckContext& context) {
  if (IsWellFormedId(value)) return;
  context.violations->Add(field, value.empty() ? std::string("missing; give 1 to 64 of [A-Za-z0-9._:-]")
                                               : StrCat(Quoted(value), " is not 1 to 64 of [A-Za-z0-9._:-]"));
}

void CheckText(std::string_view field, std::string* value, size_t bytes_max, const CheckContext& context) {
  if (value->size() <= bytes_max && IsPlainAscii(*value)) return;
  std::optional<std::string> normal = ToNfc(*value);
  if (!normal) {
    context.violations->Add(field, "is not valid UTF-8; send the text in UTF-8");
    return;
  }
  if (normal->size() > bytes_max) {
    context.violations->Add(
        field, StrCat("is ", normal->size(), " bytes long, at most ", bytes_max, " are taken; shorten it"));
  } else if (HasControlCharacter(*normal)) {
    context.violations->Add(field, "holds a control character; remove it");
  }
  *value = *std::move(normal);
}

void CheckDate(std::string_view field, int32_t value, int32_t future_days_max, const CheckContext& context) {
  const std::optional<CivilDate> date = CivilDate::FromWire(value);
  if (!date) {
    context.violations->Add(field, value == 0 ? std::string("missing; give a date as YYYYMMDD")
                                              : StrCat(value, " is no date; give YYYYMMDD, for example 20251017"));
    return;
  }
  const CivilDate latest = context.today.Plus(future_days_max);
  if (value < context.limits.collection_date_min || *date > latest) {
    context.violations->Add(
        field, StrCat(date->ToString(), " is out of bounds; dates from ",
                      CivilDate::FromWire(static_cast<int32_t>(context.limits.collection_date_min))->ToString(), " to ",
                      latest.ToString(), " are taken: check the year"));
  }
}

void CheckMonth(std::string_view field, int32_t value, int32_t future_days_max, const CheckContext& context) {
  const std::optional<CivilMonth> month = CivilMonth::FromWire(value);
  if (!month) {
    context.violations->Add(field, value == 0 ? std::string("missing; give a month as YYYYMM")
                                              : StrCat(value, " is no month; give YYYYMM, for example 202510"));
    return;
  }
  const CivilMonth latest = context.today.Plus(future_days_max).Month();
  if (value < context.limits.collection_date_min / 100 || *month > latest) {
    const auto earliest = CivilDate::FromWire(static_cast<int32_t>(context.limits.collection_date_min))->Month();
    context.violations->Add(field, StrCat(month->ToString(), " is out of bounds; months from ", earliest.ToString(),
                                          " to ", latest.ToString(), " are taken: check the year"));
  }
}

void CheckAmount(std::string_view field, int64_t value, int64_t max, const CheckContext& context) {
  if (value < 0) {
    context.violations->Add(field, StrCat(value, " is negative; a correction is a reversal, not a negative amount"));
  } else if (value > max) {
    context.violations->Add(field, StrCat(value, " is over ", max, "; check the amount"));
  }
}

void CheckParty(std::string_view field, std::string_view value, v1::PartyKind kind, const CheckContext& context) {
  const KnownParty* known = context.FindParty(value);
  if (known == nullptr) {
    context.violations->Add(field, value.empty() ? std::string("missing; give the id of a registered party")
                                                 : StrCat("party ", Quoted(value),
                                                          " is not registered; register it first, or correct the id"));
  } else if (kind != v1::PARTY_KIND_UNSPECIFIED && known->kind != kind) {
    context.violations->Add(field,
                            StrCat("party ", Quoted(value), " is registered, but not as ", PartyKindInWords(kind)));
  }
}

void CheckPlace(std::string_view field, std::string_view value, const CheckContext& context) {
  if (context.FindPlace(value) != nullptr) return;
  context.violations->Add(field, value.empty() ? std::string("missing; give the id of a registered place")
                                               : StrCat("place ", Quoted(value),
                                                        " is not registered; load its plan first, or correct the id"));
}

void CheckLeafPlace(std::string_view field, std::string_view value, const CheckContext& context) {
  const KnownPlace* place = context.FindPlace(value);
  if (place == nullptr) return CheckPlace(field, value, context);
  if (place->level != v1::VILLAGE && place->level != v1::RESIDENTIAL_GROUP) {
    context.violations->Add(
        field, StrCat("place ", Quoted(value), " is no village or residential group; people are counted in villages"));
  }
}

void CheckPosition(std::string_view field, uint64_t value, const CheckContext& context) {
  if (value >= 1 && value <= context.head.value) return;
  context.violations->Add(field, StrCat(value, " is no position of this log, which ends at ", context.head.value));
}

void CheckScheme(std::string_view field, v1::Scheme value, const CheckContext& context) {
  if (value != v1::SCHEME_UNSPECIFIED && v1::Scheme_IsValid(value)) return;
  context.violations->Add(field,
                          "missing or unknown; give BHXH_TN, BHYT_HGD, BHYT_HSSV, BHYT_NLNN, BHYT_NSNN or BHYT_KHAC");
}

}  // namespace sothon::ingest
