#include "common/base/scheme.h"

namespace sothon {

std::optional<v1::Scheme> SchemeFromName(std::string_view name) {
  v1::Scheme scheme = v1::SCHEME_UNSPECIFIED;
  if (!v1::Scheme_Parse(std::string(name), &scheme) || scheme == v1::SCHEME_UNSPECIFIED) return std::nullopt;
  return scheme;
}

const std::vector<SchemeGroupDefinition>& DefaultSchemeGroups() {
  static const auto* const groups = new std::vector<SchemeGroupDefinition>{
      {"BHYT_TU_DONG", "BHYT tự đóng", {v1::BHYT_HGD, v1::BHYT_HSSV, v1::BHYT_NLNN}},
      {"BHYT_MOI_HINH_THUC",
       "BHYT mọi hình thức",
       {v1::BHYT_HGD, v1::BHYT_HSSV, v1::BHYT_NLNN, v1::BHYT_NSNN, v1::BHYT_KHAC}},
  };
  return *groups;
}

}  // namespace sothon
