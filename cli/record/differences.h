// What differs between an event as it was recorded and as it is submitted again under the same id.
#pragma once

#include <string>

#include "sothon/v1/event.pb.h"

namespace sothon::cli {

// In the words of an event file: `households 12 there, 13 here; note "..." there, "..." here`. What the service fills
// in is left out; when nothing else differs, the person does.
std::string DescribeDifferences(const v1::Event& recorded, const v1::Event& submitted);

}  // namespace sothon::cli
