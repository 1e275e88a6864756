// Schemes and scheme groups. Groups are data (plan#30): the defaults below, or the service's configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sothon/v1/vocabulary.pb.h"

namespace sothon {

// "BHXH_TN" ...; nullopt for unknown names and for SCHEME_UNSPECIFIED. Case-sensitive.
std::optional<v1::Scheme> SchemeFromName(std::string_view name);
inline const std::string& SchemeName(v1::Scheme scheme) { return v1::Scheme_Name(scheme); }

struct SchemeGroupDefinition {
  std::string id;    // "BHYT_TU_DONG"
  std::string name;  // "BHYT tự đóng"
  std::vector<v1::Scheme> schemes;
};

// BHYT_TU_DONG: HGD, HSSV, NLNN. BHYT_MOI_HINH_THUC: those, NSNN and KHAC.
const std::vector<SchemeGroupDefinition>& DefaultSchemeGroups();

}  // namespace sothon
