// The natural key of a receipt: unique per agency for ever (plan#59).
#pragma once

#include <string>
#include <string_view>

namespace sothon::ingest {

// agency '\0' receipt number. Agency ids hold no '\0', so different receipts have different keys.
inline void AssignReceiptKey(std::string_view agency_id, std::string_view receipt_number, std::string* key) {
  key->assign(agency_id);
  key->push_back('\0');
  key->append(receipt_number);
}

inline std::string ReceiptKey(std::string_view agency_id, std::string_view receipt_number) {
  std::string key;
  AssignReceiptKey(agency_id, receipt_number, &key);
  return key;
}

}  // namespace sothon::ingest
