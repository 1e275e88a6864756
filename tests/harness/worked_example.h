// The worked example of the counting rules (tests/data/worked-example.csv), as submissions.
#pragma once

#include <vector>

#include "sothon/v1/ingest.grpc.pb.h"

namespace sothon::testing {

// One for each row, in the order of the file, about the first village of MinimalRegistry(). Fails the test where the
// file cannot be read.
std::vector<v1::Submission> WorkedExample();

}  // namespace sothon::testing
