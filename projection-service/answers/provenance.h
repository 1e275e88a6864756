// ListProvenance: what is not as sure as a figure looks (plan#2 to #8, #11, #18 to #23).
#pragma once

#include "absl/status/status.h"
#include "projection-service/oversight/situation.h"
#include "sothon/v1/oversight.pb.h"

namespace sothon::answers {

// Fills in everything but freshness and contains_synthetic. Notes by kind, then position. They are about
//   READING: targets in force and parameters in force on the date, one note for all targets of a document that are read
//     alike (`id` is the first of them); numbers of documents that were not taken as printed (plan#2); parties known by
//     several names that are taken for one (plan#8)
//   UNRESOLVED_REFERENCE: references of documents, attachments that are missing among them (plan#4, #50), and
//     recipients who are no known party (plan#7)
//   INFERRED: former units of places (plan#11)
//   UNKNOWN: numbers and dates of documents (plan#5), founding dates of steering committees (plan#6), and the
//     population of a commune (plan#19)
//   NO_SUCCESSOR: documents whose issuer is dissolved by the date, and no successor named (plan#3)
// Only what concerns the place (documents.h): also what holds for it because it is said of a place above.
absl::Status FillProvenance(const oversight::Situation& situation, const v1::ListProvenanceRequest& request,
                            v1::ListProvenanceResponse* response);

}  // namespace sothon::answers
