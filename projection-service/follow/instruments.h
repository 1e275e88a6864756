// What the follower counts.
#pragma once

#include "common/observability/metrics.h"
#include "projection-service/follow/follower.h"

namespace sothon::projection {

struct Follower::Instruments {
  explicit Instruments(Metrics* metrics)
      : gaps_refetched(metrics->Counter("sothon_projection_gaps_refetched_total",
                                        "Gaps on the bus that were filled from the log.")),
        events_refetched(metrics->Counter("sothon_projection_events_refetched_total",
                                          "Events read from the log to fill such gaps.")),
        duplicates(metrics->Counter("sothon_projection_bus_duplicates_total",
                                    "Events from the bus that were applied already.")),
        foreign(
            metrics->Counter("sothon_projection_bus_foreign_total", "Messages from the bus that are not of this log.")),
        from_bus(metrics->Counter("sothon_projection_events_total", "Events applied, by where they came from.",
                                  {{"source", "bus"}})),
        from_log(metrics->Counter("sothon_projection_events_total", "Events applied, by where they came from.",
                                  {{"source", "log"}})),
        subscriptions(metrics->Counter("sothon_projection_bus_subscriptions_total", "Subscriptions taken over.")),
        stalls(metrics->Counter("sothon_projection_stalls_total",
                                "Times the watchdog sent the projection back to the log.")),
        apply_errors(metrics->Counter("sothon_projection_apply_errors_total", "Batches that could not be applied.")),
        following_bus(metrics->Gauge("sothon_projection_following_bus", "1 while events come from the bus.")) {}

  prometheus::Counter& gaps_refetched;
  prometheus::Counter& events_refetched;
  prometheus::Counter& duplicates;
  prometheus::Counter& foreign;
  prometheus::Counter& from_bus;
  prometheus::Counter& from_log;
  prometheus::Counter& subscriptions;
  prometheus::Counter& stalls;
  prometheus::Counter& apply_errors;
  prometheus::Gauge& following_bus;
};

}  // namespace sothon::projection
