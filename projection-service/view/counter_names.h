// The ledger's counters in the words of the wire.
#pragma once

#include "projection-service/ledger/account.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::projection {

inline v1::Counter NameOf(ledger::Counter counter) {
  switch (counter) {
    case ledger::Counter::kFirst:
      return v1::COUNTER_FIRST;
    case ledger::Counter::kReturned:
      return v1::COUNTER_RETURNED;
    case ledger::Counter::kRenewed:
      return v1::COUNTER_RENEWED;
    case ledger::Counter::kRepeat:
      return v1::COUNTER_REPEAT;
    case ledger::Counter::kActiveChange:
      return v1::COUNTER_ACTIVE;
    case ledger::Counter::kPaidVnd:
      return v1::COUNTER_PAID_VND;
    case ledger::Counter::kCentralSupportVnd:
      return v1::COUNTER_CENTRAL_SUPPORT_VND;
    case ledger::Counter::kLocalSupportVnd:
      return v1::COUNTER_LOCAL_SUPPORT_VND;
  }
  return v1::COUNTER_UNSPECIFIED;
}

}  // namespace sothon::projection
