// Random logs full of what the rules judge: drives and who came, roles that begin and end, parameters, reports,
// classifications, certificates, and collections by whoever.
#pragma once

#include <cstdint>

#include "projection-service/testing/fake_log.h"

namespace sothon::projection::testing {

// `events` random events behind a registry of four villages, two agencies and four collectors. Equal seeds give equal
// logs.
FakeLog MakeOversightLog(uint64_t seed, int events);

}  // namespace sothon::projection::testing
