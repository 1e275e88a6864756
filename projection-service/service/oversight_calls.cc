// The calls about the oversight: findings, and the views that answers/ fills in.
#include <memory>
#include <string>
#include <utility>

#include "common/rpc/wire.h"
#include "projection-service/answers/activities.h"
#include "projection-service/answers/decisions.h"
#include "projection-service/answers/documents.h"
#include "projection-service/answers/drives.h"
#include "projection-service/answers/findings.h"
#include "projection-service/answers/provenance.h"
#include "projection-service/answers/rank.h"
#include "projection-service/answers/renewals.h"
#include "projection-service/answers/retention.h"
#include "projection-service/answers/roles.h"
#include "projection-service/answers/uncovered.h"
#include "projection-service/answers/week_ladder.h"
#include "projection-service/service/progress_service.h"

namespace sothon::projection {

template <typename Request, typename Response, typename Fill>
grpc::ServerUnaryReactor* ProgressService::Oversee(grpc::CallbackServerContext* context, const Request* request,
                                                   Response* response, Fill fill) {
  return Once(context, request->inquiry().min_position(), [this, request, response, fill] {
    return parts_.projection->Oversee(
        request->inquiry(), [&](const oversight::Situation& situation) { return fill(situation, *request, response); },
        response->mutable_answered());
  });
}

grpc::ServerUnaryReactor* ProgressService::ListFindings(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request_bytes,
                                                        grpc::ByteBuffer* response) {
  const auto request = std::make_shared<v1::ListFindingsRequest>();
  if (const absl::Status parsed = ParseMessage(*request_bytes, request.get()); !parsed.ok()) {
    return Once(context, 0, [parsed] { return parsed; });
  }
  return Once(context, request->inquiry().min_position(), [this, request, response] {
    v1::ListFindingsResponse rest;
    std::string findings;
    SOTHON_RETURN_IF_ERROR(parts_.projection->ListFindings(*request, &rest, &findings));
    *response = ToByteBuffer(rest.SerializeAsString(), std::move(findings));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ProgressService::ListRules(grpc::CallbackServerContext* context, const v1::ListRulesRequest*,
                                                     v1::ListRulesResponse* response) {
  answers::FillRules(response);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* ProgressService::GetWeekLadder(grpc::CallbackServerContext* context,
                                                         const v1::GetWeekLadderRequest* request,
                                                         v1::GetWeekLadderResponse* response) {
  return Oversee(context, request, response, answers::FillWeekLadder);
}

grpc::ServerUnaryReactor* ProgressService::ListDrives(grpc::CallbackServerContext* context,
                                                      const v1::ListDrivesRequest* request,
                                                      v1::ListDrivesResponse* response) {
  return Oversee(context, request, response,
                 [this](const oversight::Situation& situation, const v1::ListDrivesRequest& asked,
                        v1::ListDrivesResponse* answer) {
                   return answers::FillDrives(situation, asked, answer, parts_.projection->rules());
                 });
}

grpc::ServerUnaryReactor* ProgressService::RankVillages(grpc::CallbackServerContext* context,
                                                        const v1::RankVillagesRequest* request,
                                                        v1::RankVillagesResponse* response) {
  return Oversee(context, request, response, answers::FillRank);
}

grpc::ServerUnaryReactor* ProgressService::ListRenewals(grpc::CallbackServerContext* context,
                                                        const v1::ListRenewalsRequest* request,
                                                        v1::ListRenewalsResponse* response) {
  return Oversee(context, request, response, answers::FillRenewals);
}

grpc::ServerUnaryReactor* ProgressService::GetRetention(grpc::CallbackServerContext* context,
                                                        const v1::GetRetentionRequest* request,
                                                        v1::GetRetentionResponse* response) {
  return Oversee(context, request, response,
                 [this](const oversight::Situation& situation, const v1::GetRetentionRequest& asked,
                        v1::GetRetentionResponse* answer) {
                   return answers::FillRetention(situation, asked, answer, parts_.projection->rules());
                 });
}

grpc::ServerUnaryReactor* ProgressService::GetUncovered(grpc::CallbackServerContext* context,
                                                        const v1::GetUncoveredRequest* request,
                                                        v1::GetUncoveredResponse* response) {
  return Oversee(context, request, response, answers::FillUncovered);
}

grpc::ServerUnaryReactor* ProgressService::ListDocuments(grpc::CallbackServerContext* context,
                                                         const v1::ListDocumentsRequest* request,
                                                         v1::ListDocumentsResponse* response) {
  return Oversee(context, request, response, answers::FillDocuments);
}

grpc::ServerUnaryReactor* ProgressService::ListProvenance(grpc::CallbackServerContext* context,
                                                          const v1::ListProvenanceRequest* request,
                                                          v1::ListProvenanceResponse* response) {
  return Oversee(context, request, response, answers::FillProvenance);
}

grpc::ServerUnaryReactor* ProgressService::ListRoles(grpc::CallbackServerContext* context,
                                                     const v1::ListRolesRequest* request,
                                                     v1::ListRolesResponse* response) {
  return Oversee(context, request, response, answers::FillRoles);
}

grpc::ServerUnaryReactor* ProgressService::ListDecisions(grpc::CallbackServerContext* context,
                                                         const v1::ListDecisionsRequest* request,
                                                         v1::ListDecisionsResponse* response) {
  return Oversee(context, request, response, answers::FillDecisions);
}

grpc::ServerUnaryReactor* ProgressService::CountActivities(grpc::CallbackServerContext* context,
                                                           const v1::CountActivitiesRequest* request,
                                                           v1::CountActivitiesResponse* response) {
  return Oversee(context, request, response, answers::FillActivities);
}

}  // namespace sothon::projection
