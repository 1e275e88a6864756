// Events that stories about people are told in, beside those of common/testing/event_builders.h, one line each.
#pragma once

#include <string>
#include <string_view>

#include "common/testing/event_builders.h"

namespace sothon::rules::testing {

// A book or card for `scheme`; SCHEME_UNSPECIFIED: for whatever was paid.
inline v1::Event CertificateOf(uint64_t person, v1::Scheme scheme, int32_t date, std::string_view place = "23500-01") {
  v1::Event event;
  event.set_effective_date(date);
  event.set_place_id(std::string(place));
  v1::CertificateIssued* certificate = event.mutable_certificate_issued();
  certificate->set_subject_id(std::string(sothon::testing::SubjectOf(person).AsBytes()));
  certificate->set_scheme(scheme);
  return event;
}

// `until` 0: open.
inline v1::Event ClassificationOf(uint64_t person, std::string_view group, int32_t from, int32_t until = 0,
                                  std::string_view place = "23500-01") {
  v1::Event event;
  event.set_effective_date(from);
  event.set_place_id(std::string(place));
  v1::ParticipantClassified* classified = event.mutable_participant_classified();
  classified->set_subject_id(std::string(sothon::testing::SubjectOf(person).AsBytes()));
  classified->set_group(std::string(group));
  classified->set_until_date(until);
  return event;
}

// `place` is merged into `into`, which stays.
inline v1::Event MergerOf(std::string_view place, std::string_view into, int32_t date) {
  v1::Event event;
  event.set_effective_date(date);
  v1::PlaceChanged* change = event.mutable_place_changed();
  change->set_place_id(std::string(place));
  change->set_change(v1::PlaceChanged::MERGED);
  change->add_into_place_ids(std::string(into));
  return event;
}

}  // namespace sothon::rules::testing
