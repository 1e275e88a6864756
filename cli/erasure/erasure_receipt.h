// What a person who was erased takes home: where the log says so, what is gone, and what is not.
#pragma once

#include <string>
#include <vector>

#include "sothon/v1/event.pb.h"

namespace sothon::cli {

enum class WhyNoProof { kNotAskedFor, kNoKey, kFailed };

struct ErasureReceipt {
  std::string log_id;
  v1::Event request;    // as recorded
  v1::Event completed;  // as recorded
  std::vector<std::string> proof_files;
  WhyNoProof why_no_proof = WhyNoProof::kNotAskedFor;  // where there are none
};

// Vietnamese, then English; UTF-8, lines of at most 100 columns where that can be. Holds no number of the person, and
// not the subject id either: it would lead from a name on the paper to the events.
std::string FormatErasureReceipt(const ErasureReceipt& receipt);

}  // namespace sothon::cli
