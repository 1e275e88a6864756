// RAII for the handles of the NATS C client, and what both services call the stream and its subjects.
#pragma once

#include <memory>

#include "nats/nats.h"

namespace sothon {

template <auto Destroy>
struct NatsDeleter {
  template <typename T>
  void operator()(T* handle) const {
    Destroy(handle);
  }
};

using NatsOptionsPtr = std::unique_ptr<natsOptions, NatsDeleter<natsOptions_Destroy>>;
using NatsConnectionPtr = std::unique_ptr<natsConnection, NatsDeleter<natsConnection_Destroy>>;
using NatsSubscriptionPtr = std::unique_ptr<natsSubscription, NatsDeleter<natsSubscription_Destroy>>;
using NatsMsgPtr = std::unique_ptr<natsMsg, NatsDeleter<natsMsg_Destroy>>;
using JetStreamPtr = std::unique_ptr<jsCtx, NatsDeleter<jsCtx_Destroy>>;
using JetStreamInfoPtr = std::unique_ptr<jsStreamInfo, NatsDeleter<jsStreamInfo_Destroy>>;
using ConsumerInfoPtr = std::unique_ptr<jsConsumerInfo, NatsDeleter<jsConsumerInfo_Destroy>>;
using JetStreamAckPtr = std::unique_ptr<jsPubAck, NatsDeleter<jsPubAck_Destroy>>;

}  // namespace sothon
