// Verifier keys on the command line, and whose signatures they found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/note/key.h"
#include "common/note/signed_note.h"

namespace sothon::cli {

// The keys in the values of `option` ("--key"). INVALID_ARGUMENT names option, value and remedy; the key itself has to
// stand there, not the name of a file that holds it.
absl::StatusOr<std::vector<note::VerifierKey>> ParseKeys(std::string_view option,
                                                         const std::vector<std::string>& values);

// The verifier key that is all that the file at `path` holds. INVALID_ARGUMENT: it holds none; NOT_FOUND.
absl::StatusOr<note::VerifierKey> ReadVerifierKeyFile(const std::string& path);

// "signed by test-log+0123abcd"; "signed by NAME+0123abcd, a witness, at 2026-01-31T12:00:00Z".
std::string DescribeSigner(const note::NoteSigner& signer);

}  // namespace sothon::cli
