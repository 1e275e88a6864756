// Answers made by hand, for tests of reports: three villages of a commune, synthetic.
#pragma once

#include <string>
#include <vector>

#include "cli/report/report_kind.h"
#include "sothon/v1/progress.pb.h"

namespace sothon::cli {

inline v1::Freshness SampleFreshness() {
  v1::Freshness freshness;
  freshness.set_log_id("fake");
  freshness.set_position(4711);
  freshness.set_head_position(4711);
  freshness.set_recorded_at_us(1'764'720'000'000'000);  // 2025-12-03T07:00:00+07:00
  return freshness;
}

inline v1::ListPlacesResponse SamplePlaces() {
  v1::ListPlacesResponse response;
  const auto add = [&](const std::string& id, const std::string& name, v1::PlaceLevel level, uint32_t row) {
    v1::PlaceInfo* place = response.add_places();
    place->set_place_id(id);
    place->set_name(name);
    place->set_level(level);
    place->set_source_row(row);
  };
  add("23500", "Đăk Hà", v1::COMMUNE, 0);
  add("23500-01", "TDP 1", v1::RESIDENTIAL_GROUP, 1);
  add("23500-13", "Thôn 1", v1::VILLAGE, 13);
  add("23500-23", "Thôn 1", v1::VILLAGE, 23);
  return response;
}

inline ReportNames SampleNames() {
  ReportNames names;
  names.AddPlaces(SamplePlaces());
  names.AddPartyName("BD", "Bưu điện khu vực Đăk Hà");
  return names;
}

// One row; target 0: without one.
inline void AddSampleRow(const std::string& place_id, v1::ProgressRow::Span span, int32_t from, int32_t month,
                         int64_t target, int64_t achieved, bool summed, v1::GetProgressResponse* response) {
  v1::ProgressRow* row = response->add_rows();
  row->set_place_id(place_id);
  row->set_scheme(v1::BHXH_TN);
  row->set_span(span);
  row->set_from_month(from);
  row->set_month(month);
  row->mutable_figures()->set_first(achieved);
  row->mutable_figures()->set_collected(achieved);
  row->mutable_figures()->set_paid_vnd(achieved * 264'000);
  if (target == 0) return;
  v1::TargetProgress* progress = row->add_targets();
  progress->set_measure(v1::DEVELOPED);
  progress->set_target(target);
  progress->set_achieved(achieved);
  progress->set_remaining(std::max<int64_t>(0, target - achieved));
  progress->set_attainment_percent(100.0 * static_cast<double>(achieved) / static_cast<double>(target));
  progress->set_months_with_target(1);
  progress->set_document_id("kh-dak-ha-2025q4");
  progress->set_summed(summed);
}

// The quarter of BHXH_TN: TDP 1 short, thôn 1 (row 13) on target, thôn 1 (row 23) above it; in December one more in
// TDP 1.
inline v1::GetProgressResponse SampleQuarter() {
  v1::GetProgressResponse response;
  *response.mutable_freshness() = SampleFreshness();
  *response.mutable_places() = SamplePlaces().places();
  response.set_contains_synthetic(true);
  const struct {
    const char* id;
    std::vector<int64_t> targets, achieved;
  } villages[] = {{"23500", {5, 9, 7}, {4, 12, 1}},
                  {"23500-01", {2, 3, 3}, {1, 1, 1}},
                  {"23500-13", {1, 3, 2}, {1, 3, 0}},
                  {"23500-23", {2, 3, 2}, {2, 8, 0}}};
  for (const auto& village : villages) {
    const bool is_sum = std::string(village.id) == "23500";
    int64_t target = 0;
    int64_t achieved = 0;
    for (int32_t i = 0; i < 3; ++i) {
      const auto at = static_cast<size_t>(i);
      AddSampleRow(village.id, v1::ProgressRow::MONTH, 202510 + i, 202510 + i, village.targets[at],
                   village.achieved[at], is_sum, &response);
      target += village.targets[at];
      achieved += village.achieved[at];
      AddSampleRow(village.id, v1::ProgressRow::CUMULATIVE, 202510, 202510 + i, target, achieved, is_sum, &response);
    }
    AddSampleRow(village.id, v1::ProgressRow::QUARTER, 202510, 202512, target, achieved, is_sum, &response);
  }
  return response;
}

// The same months of self-paid BHYT: 120 in every month, each village by itself.
inline void AddSampleMinimum(v1::GetProgressResponse* response) {
  v1::SchemeGroup* group = response->add_scheme_groups();
  group->set_scheme_group_id("BHYT_TU_DONG");
  group->set_name("BHYT tự đóng");
  const struct {
    const char* id;
    int64_t target, achieved;
  } villages[] = {{"23500", 360, 365}, {"23500-01", 120, 108}, {"23500-13", 120, 120}, {"23500-23", 120, 137}};
  for (const auto& village : villages) {
    for (const auto span : {v1::ProgressRow::MONTH, v1::ProgressRow::CUMULATIVE}) {
      AddSampleRow(village.id, span, span == v1::ProgressRow::MONTH ? 202511 : 202510, 202511, village.target,
                   village.achieved, std::string(village.id) == "23500", response);
      v1::ProgressRow* row = response->mutable_rows(response->rows_size() - 1);
      row->clear_scheme();
      row->set_scheme_group_id("BHYT_TU_DONG");
      row->mutable_targets(0)->set_measure(v1::MAINTAINED_OR_DEVELOPED);
      row->mutable_targets(0)->set_months_met(village.achieved >= village.target ? 1 : 0);
    }
  }
}

}  // namespace sothon::cli
