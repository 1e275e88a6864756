// Imports of small files into a service in memory, for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cli/import/importer.h"
#include "cli/testing/fake_ingest.h"
#include "common/base/strings.h"
#include "gtest/gtest.h"

namespace sothon::cli {

inline constexpr char kHeader[] =
    "receipt_number,receipt_date,identity_number,village,scheme,months,from_month,due,paid,central_support\n";

inline std::string Row(int number, const std::string& paid = "264000") {
  return StrCat("GL-", number, ",2025-10-17,000", 100'000'000 + number, ",23500-01,BHXH_TN,1,2025-10,330000,", paid,
                ",66000\n");
}

class Import : public ::testing::Test {
 protected:
  Import() : stub_(fake_.NewStub()) {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              StrCat("import-", ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    v1::RecordRequest request;
    v1::Event* agency = request.add_submissions()->mutable_event();
    agency->set_event_id("agency");
    agency->mutable_party_registered()->set_party_id("BD");
    agency->mutable_party_registered()->set_kind(v1::AGENCY);
    for (int row : {1, 13, 23}) {
      v1::Event* event = request.add_submissions()->mutable_event();
      v1::PlaceRegistered* place = event->mutable_place_registered();
      place->set_place_id(StrCat("23500-", row < 10 ? "0" : "", row));
      place->set_level(v1::VILLAGE);
      place->set_name(row == 1 ? "TDP 1" : "Thôn 1");
      place->set_source_row(static_cast<uint32_t>(row));
      event->set_event_id(place->place_id());
    }
    grpc::ClientContext context;
    v1::RecordResponse response;
    EXPECT_TRUE(stub_->Record(&context, request, &response).ok());
    registry_events_ = fake_.events().size();
    options_.row.agency_id = "BD";
    options_.pipeline.batch_submissions_max = 5;
    options_.pipeline.batches_in_flight_max = 3;
    options_.pipeline.sleep = [](absl::Duration) { absl::SleepFor(absl::Milliseconds(1)); };
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  absl::StatusOr<ImportSummary> Run(const std::string& path) {
    ImportOptions options = options_;
    options.path = path;
    return Importer(
               stub_.get(), options, [this](const std::string& remark) { remarks_ += remark + "\n"; },
               [](const ImportProgress&) {})
        .Run();
  }

  static std::string ReadFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  static std::vector<CsvRecord> Rejects(const std::string& path) {
    std::istringstream in(ReadFile(path));
    CsvReader reader(&in);
    EXPECT_TRUE(reader.ReadHeader().ok());
    std::vector<CsvRecord> rows;
    CsvRecord record;
    while (reader.Next(&record)) rows.push_back(record);
    return rows;
  }

  size_t Recorded() const { return fake_.events().size() - registry_events_; }

  FakeIngest fake_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  ImportOptions options_;
  std::filesystem::path folder_;
  size_t registry_events_ = 0;
  std::string remarks_;
};

}  // namespace sothon::cli
