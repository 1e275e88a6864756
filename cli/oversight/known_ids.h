// Ids that a question is narrowed to: one that nobody knows gives an empty answer, which reads like an all-clear.
#pragma once

#include <string>

#include "cli/oversight/asking.h"

namespace sothon::cli {

// NOT_FOUND: the place has no such drive by the date asked for; tells the nearest that it has. Other errors: the
// question itself was refused.
absl::Status CheckDrive(const Asking& asking, const v1::Inquiry& inquiry, const std::string& drive_id,
                        const Endpoints& endpoints);

// NOT_FOUND: no party `party_id`, which `option` names, is registered by the point asked for; tells the nearest one
// where the events can be read. OK also where the projection cannot tell.
absl::Status CheckParty(const std::string& option, const std::string& party_id, const v1::AsOf& as_of,
                        const Endpoints& endpoints);

}  // namespace sothon::cli
