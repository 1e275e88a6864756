// The measurements of sothon-bench. Each prints one line of JSON to standard output and returns the process exit
// status.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sothon::benchmark {

// What a call-by-call benchmark measured, in seconds for each call.
struct CallTimes {
  double seconds_total = 0;
  std::vector<double> seconds_each;  // unsorted
};
double Percentile(std::vector<double> values, double percent);
void PrintResult(const std::string& name, double value, const std::string& unit);

int ServeEcho(int port);
// `clients` callers, each with a channel of its own and one call at a time, for `seconds`.
int CallEcho(const std::string& address, int clients, double seconds);
int CallRecord(const std::string& address, int clients, double seconds);
int CallGetProgress(const std::string& address, double seconds);
// The postings of one village's `first` of one month and scheme, with how many there are.
int CallExplain(const std::string& address, double seconds);
// What the rules judge the commune by, recorded once.
int RecordOversight(const std::string& address);
// The oversight of the commune on 31 March 2026, `what` being findings, weeks, drives, renewals, retention or
// uncovered.
int CallOversight(const std::string& address, const std::string& what, double seconds);

// One RecordStream, `batch` contributions a request, requests built beforehand; `events` in all.
int StreamContributions(const std::string& address, uint64_t events, uint64_t people, int batch,
                        const std::string& run);
// Mean size of the stored events, read back.
int MeasureEventSize(const std::string& address);
// Waits until ingest has published everything it has: what is measured next is measured on an idle system.
int AwaitOutbox(const std::string& ingest, double timeout_seconds);
// Waits until the projection stands at ingest's head and prints the events a second since it was first reachable.
int AwaitProjection(const std::string& ingest, const std::string& projection, double timeout_seconds);
// Acknowledgement of a Record to the return of a GetProgress that reflects it.
int MeasureVisibility(const std::string& ingest, const std::string& projection, int rounds);
// Publish to delivery on a JetStream stream of its own, the stream settings of the service.
int MeasureBusRound(const std::string& nats_url, int rounds);

}  // namespace sothon::benchmark
