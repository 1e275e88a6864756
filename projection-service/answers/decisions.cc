#include "projection-service/answers/decisions.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/strings.h"
#include "common/status/status.h"

namespace sothon::answers {
namespace {

// The first report or decision that names an event as its cause, by that event's id.
using Answers = absl::flat_hash_map<std::string_view, uint64_t>;

Answers AnswersOf(const oversight::Situation& situation) {
  Answers answers;
  for (const EventKind kind : {v1::Event::kReportFiled, v1::Event::kDecisionRecorded}) {
    for (const v1::Event* event : situation.Facts(kind)) {
      if (event->causation_id().empty() || event->causation_id() == event->event_id()) continue;
      const auto [answer, is_new] = answers.try_emplace(event->causation_id(), event->position());
      if (!is_new) answer->second = std::min(answer->second, event->position());
    }
  }
  return answers;
}

void FillDecision(const v1::Event& event, const Answers& answers, v1::DecisionView* view) {
  view->set_position(event.position());
  view->set_date(event.effective_date());
  view->set_place_id(event.place_id());
  *view->mutable_decision() = event.decision_recorded();
  view->set_document_id(event.document_id());
  view->set_note(event.note());
  if (event.decision_recorded().kind() != v1::DecisionRecorded::DIRECTIVE) return;
  const auto answer = answers.find(event.event_id());
  view->set_open(answer == answers.end());
  if (answer != answers.end()) view->set_answered_position(answer->second);
}

}  // namespace

absl::Status FillDecisions(const oversight::Situation& situation, const v1::ListDecisionsRequest& request,
                           v1::ListDecisionsResponse* response) {
  const auto& kinds = request.kinds();
  for (int i = 0; i < kinds.size(); ++i) {
    if (v1::DecisionRecorded::DecisionKind_IsValid(kinds[i]) && kinds[i] != 0) continue;
    return BadRequest({{StrCat("kinds[", i, "]"),
                        StrCat(kinds[i], " is no kind of decision; name one of DecisionRecorded.DecisionKind")}});
  }
  response->mutable_answered()->set_date(situation.date().ToWire());
  std::vector<const v1::Event*> wanted;
  for (const v1::Event* event : situation.Facts(v1::Event::kDecisionRecorded)) {
    const int kind = event->decision_recorded().kind();
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    if (event->place_id().empty() || situation.Covers(event->place_id())) wanted.push_back(event);
  }
  std::sort(wanted.begin(), wanted.end(), [](const v1::Event* a, const v1::Event* b) {
    return std::tuple(a->effective_date(), a->position()) < std::tuple(b->effective_date(), b->position());
  });
  const Answers answers = AnswersOf(situation);
  for (const v1::Event* event : wanted) {
    v1::DecisionView view;
    FillDecision(*event, answers, &view);
    if (view.open() || !request.open_only()) *response->add_decisions() = std::move(view);
  }
  return absl::OkStatus();
}

}  // namespace sothon::answers
