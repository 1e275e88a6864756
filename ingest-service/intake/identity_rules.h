// Which kinds of events are about a person, and what a person's numbers must look like.
#pragma once

#include "common/base/ids.h"
#include "ingest-service/intake/checks.h"
#include "sothon/v1/ingest.pb.h"

namespace sothon::ingest {

// The identity of `submission`: there where its kind is about a person, and well-formed. A violation never repeats the
// number: it would get into logs.
void CheckIdentity(const v1::Submission& submission, const CheckContext& context);

// Writes the subject id, 16 bytes or none, into the payload; other kinds than those about a person are left alone.
void SetSubject(std::string_view subject_id, v1::Event* event);

}  // namespace sothon::ingest
