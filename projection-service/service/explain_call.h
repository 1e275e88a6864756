// One Explain call.
#pragma once

#include "projection-service/service/calls.h"
#include "sothon/v1/progress.grpc.pb.h"

namespace sothon::projection {

// The reactor deletes itself. A message is made when the one before it is on its way, so a slow reader costs one.
grpc::ServerWriteReactor<v1::ExplainResponse>* StartExplainCall(const ServiceParts& parts,
                                                                const grpc::CallbackServerContext& context,
                                                                const v1::ExplainRequest& request);

}  // namespace sothon::projection
