// sothon-bench: the measurements behind tools/bench, one subcommand each.
#include <CLI/CLI.hpp>

#include "tools/benchmark/benchmarks.h"

int main(int argc, char** argv) {
  using namespace sothon::benchmark;
  CLI::App app{"Measurements of sothon and of their peers; run through tools/bench"};
  app.require_subcommand(1);
  std::string address, ingest, projection, nats_url, view, run = "b";
  int clients = 1, port = 0, batch = 100, rounds = 1000;
  double seconds = 5;
  uint64_t events = 1'000'000, people = 300'000;

  auto* echo_server = app.add_subcommand("echo-server", "serve the empty call");
  echo_server->add_option("--port", port)->required();
  const auto with_load = [&](CLI::App* command) {
    command->add_option("--address", address)->required();
    command->add_option("--clients", clients);
    command->add_option("--seconds", seconds);
    return command;
  };
  auto* echo = with_load(app.add_subcommand("echo", "call the empty call"));
  auto* record = with_load(app.add_subcommand("record", "Record, one event a request"));
  auto* progress = with_load(app.add_subcommand("get-progress", "GetProgress of one village and quarter"));
  auto* explain = app.add_subcommand("explain", "Explain of one village, month and scheme");
  explain->add_option("--address", address)->required();
  explain->add_option("--seconds", seconds);
  auto* stream = app.add_subcommand("record-stream", "RecordStream from one client");
  stream->add_option("--address", address)->required();
  stream->add_option("--events", events);
  stream->add_option("--people", people);
  stream->add_option("--batch", batch);
  stream->add_option("--run", run, "prefix of event ids and receipts");
  auto* size = app.add_subcommand("event-size", "mean bytes of a stored event");
  size->add_option("--address", address)->required();
  const auto with_pair = [&](CLI::App* command) {
    command->add_option("--ingest", ingest)->required();
    command->add_option("--projection", projection)->required();
    return command;
  };
  auto* await = with_pair(app.add_subcommand("await-projection", "time until the projection stands at the head"));
  await->add_option("--timeout", seconds);
  auto* outbox = app.add_subcommand("await-outbox", "until everything recorded is on the bus");
  outbox->add_option("--address", address)->required();
  outbox->add_option("--timeout", seconds);
  auto* visible = with_pair(app.add_subcommand("visibility", "acknowledged to visible"));
  visible->add_option("--rounds", rounds);
  auto* bus = app.add_subcommand("bus-round", "publish to delivery, bare");
  bus->add_option("--nats", nats_url)->required();
  bus->add_option("--rounds", rounds);
  auto* oversight = with_load(app.add_subcommand("oversight", "a view of the oversight of the commune"));
  oversight->add_option("--view", view)->required();
  auto* facts = app.add_subcommand("record-oversight", "duties, targets, roles and drives of the commune");
  facts->add_option("--address", address)->required();
  CLI11_PARSE(app, argc, argv);

  if (*echo_server) return ServeEcho(port);
  if (*echo) return CallEcho(address, clients, seconds);
  if (*record) return CallRecord(address, clients, seconds);
  if (*progress) return CallGetProgress(address, seconds);
  if (*explain) return CallExplain(address, seconds);
  if (*oversight) return CallOversight(address, view, seconds);
  if (*facts) return RecordOversight(address);
  if (*stream) return StreamContributions(address, events, people, batch, run);
  if (*size) return MeasureEventSize(address);
  if (*await) return AwaitProjection(ingest, projection, seconds);
  if (*outbox) return AwaitOutbox(address, seconds);
  if (*visible) return MeasureVisibility(ingest, projection, rounds);
  if (*bus) return MeasureBusRound(nats_url, rounds);
  return 2;
}
