// Questions to a projection in one line each, for tests.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"
#include "projection-service/view/projection.h"

namespace sothon::projection::testing {

inline std::unique_ptr<Projection> MustOpen(const sothon::testing::TempDir& dir, ProjectionOptions options = {}) {
  options.data_directory = dir.Path("projection");
  if (!options.now_us) options.now_us = [] { return int64_t{0}; };  // so that answers can be compared
  auto projection = Projection::Open(std::move(options));
  EXPECT_TRUE(projection.ok()) << projection.status();
  return projection.ok() ? *std::move(projection) : nullptr;
}

inline absl::StatusOr<v1::GetProgressResponse> Get(const Projection& projection,
                                                   const v1::GetProgressRequest& request) {
  v1::GetProgressResponse response;
  if (const absl::Status status = projection.GetProgress(request, &response); !status.ok()) return status;
  return response;
}

inline v1::GetProgressRequest Ask(const std::string& place, const std::string& period) {
  v1::GetProgressRequest request;
  request.set_place_id(place);
  request.set_period(period);
  return request;
}

inline const v1::ProgressRow* FindRow(const v1::GetProgressResponse& response, const std::string& place,
                                      v1::Scheme scheme, v1::ProgressRow::Span span, int32_t month) {
  for (const v1::ProgressRow& row : response.rows()) {
    if (row.place_id() == place && row.scheme() == scheme && row.span() == span && row.month() == month) return &row;
  }
  return nullptr;
}

inline const v1::TargetProgress* OnlyTarget(const v1::ProgressRow* row) {
  EXPECT_NE(row, nullptr);
  EXPECT_TRUE(row == nullptr || row->targets_size() == 1) << (row == nullptr ? "" : row->DebugString());
  return row == nullptr || row->targets_size() != 1 ? nullptr : &row->targets(0);
}

struct Counts {
  int64_t first, returned, renewed, repeat, collected, active;
  bool operator==(const Counts&) const = default;
  friend void PrintTo(const Counts& c, std::ostream* out) {
    *out << "first " << c.first << " returned " << c.returned << " renewed " << c.renewed << " repeat " << c.repeat
         << " collected " << c.collected << " active " << c.active;
  }
};

inline Counts CountsOf(const v1::ProgressRow* row) {
  EXPECT_NE(row, nullptr);
  if (row == nullptr) return {};
  const v1::Figures& f = row->figures();
  return {f.first(), f.returned(), f.renewed(), f.repeat(), f.collected(), f.active()};
}

inline std::vector<v1::Posting> ListAll(const Projection& projection, const v1::ExplainRequest& request, int64_t* sum) {
  auto explanation = projection.StartExplanation(request);
  EXPECT_TRUE(explanation.ok()) << explanation.status();
  std::vector<v1::Posting> postings;
  if (!explanation.ok()) return postings;
  while (!(*explanation)->AtEnd()) {
    v1::ExplainResponse response;
    EXPECT_TRUE((*explanation)->Next(7, &response).ok());
    EXPECT_LE(response.postings_size(), 7);
    postings.insert(postings.end(), response.postings().begin(), response.postings().end());
  }
  EXPECT_EQ(postings.size(), (*explanation)->posting_count());
  *sum = (*explanation)->sum();
  return postings;
}

}  // namespace sothon::projection::testing
