// The peer of the visibility benchmark: a bare nats.c program that publishes to a JetStream stream and waits for
// delivery.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "common/bus/nats_handles.h"
#include "tools/benchmark/benchmarks.h"

namespace sothon::benchmark {
namespace {

constexpr char kStream[] = "BENCH";
constexpr char kSubject[] = "bench.round";

int Fail(const char* what, natsStatus status) {
  std::fprintf(stderr, "bus_round: %s: %s\n", what, natsStatus_GetText(status));
  return 1;
}

}  // namespace

int MeasureBusRound(const std::string& nats_url, int rounds) {
  natsOptions* raw_options = nullptr;
  natsStatus status = natsOptions_Create(&raw_options);
  NatsOptionsPtr options_of_connection(raw_options);
  if (status != NATS_OK) return Fail("options", status);
  natsOptions_SetURL(raw_options, nats_url.c_str());
  natsOptions_SetSendAsap(raw_options, true);  // without it the library's flusher waits a millisecond
  natsConnection* raw_connection = nullptr;
  status = natsConnection_Connect(&raw_connection, raw_options);
  NatsConnectionPtr connection(raw_connection);
  if (status != NATS_OK) return Fail("connect", status);
  jsCtx* raw_js = nullptr;
  status = natsConnection_JetStream(&raw_js, connection.get(), nullptr);
  JetStreamPtr js(raw_js);
  if (status != NATS_OK) return Fail("JetStream", status);

  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* subjects[] = {kSubject};
  config.Name = kStream;
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  status = js_AddStream(nullptr, js.get(), &config, nullptr, nullptr);
  if (status != NATS_OK) return Fail("add stream", status);
  natsSubscription* raw_subscription = nullptr;
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Config.DeliverPolicy = js_DeliverNew;
  status = js_SubscribeSync(&raw_subscription, js.get(), kSubject, nullptr, &options, nullptr);
  NatsSubscriptionPtr subscription(raw_subscription);
  if (status != NATS_OK) return Fail("subscribe", status);

  const std::string payload(180, 'x');
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    status = js_PublishAsync(js.get(), kSubject, payload.data(), static_cast<int>(payload.size()), nullptr);
    if (status != NATS_OK) return Fail("publish", status);
    natsMsg* raw_message = nullptr;
    status = natsSubscription_NextMsg(&raw_message, subscription.get(), 5000);
    NatsMsgPtr message(raw_message);
    if (status != NATS_OK) return Fail("deliver", status);
    times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    natsMsg_Ack(message.get(), nullptr);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // an idle system
  }
  js_DeleteStream(js.get(), kStream, nullptr, nullptr);
  PrintResult("bus_round_p50", Percentile(times, 50) * 1e6, "us");
  PrintResult("bus_round_p99", Percentile(times, 99) * 1e6, "us");
  return 0;
}

}  // namespace sothon::benchmark
