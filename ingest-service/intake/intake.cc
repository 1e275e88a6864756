#include "ingest-service/intake/intake.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/event/event_kind.h"
#include "common/event/stored_event.h"
#include "ingest-service/intake/checks.h"
#include "ingest-service/intake/collection_rules.h"
#include "ingest-service/intake/erased_people.h"
#include "ingest-service/intake/general_rules.h"
#include "ingest-service/intake/identity_rules.h"
#include "ingest-service/log/receipt_key.h"

namespace sothon::ingest {
namespace {

bool IsCollectionKind(EventKind kind) {
  return kind == v1::Event::kOpeningRecorded || kind == v1::Event::kContributionRecorded ||
         kind == v1::Event::kContributionReversed || kind == v1::Event::kParticipantMoved;
}

// A registration must be the first event of its stream; a second one is a change and has kinds of its own.
bool IsRegistration(EventKind kind) {
  return kind == v1::Event::kPlaceRegistered || kind == v1::Event::kPartyRegistered ||
         kind == v1::Event::kDocumentIssued || kind == v1::Event::kTargetSet || kind == v1::Event::kRoleAssigned;
}

bool HasUnknownFieldsIn(const v1::Submission& submission) {
  if (HasOwnUnknownFields(submission)) return true;
  if (submission.has_expected_version() && HasOwnUnknownFields(submission.expected_version())) return true;
  const v1::Event& event = submission.event();
  // Without a walk through all fields where it is hot.
  if (event.has_contribution_recorded()) {
    return HasOwnUnknownFields(event) || HasOwnUnknownFields(event.contribution_recorded());
  }
  return HasUnknownFields(event);
}

void CheckHeader(v1::Event* event, const CheckContext& context) {
  if (event->position() != 0) context.violations->Add("event.position", "is assigned by the server; leave it 0");
  if (event->recorded_at_us() != 0)
    context.violations->Add("event.recorded_at_us", "is assigned by the server; leave it 0");
  CheckId("event.event_id", event->event_id(), context);
  // What is never planned ahead: the day of a wish is the day on which it was said.
  const bool has_happened = IsCollectionKind(event->kind_case()) || event->has_erasure_requested();
  const int64_t future =
      has_happened ? context.limits.collection_future_days_max : context.limits.other_future_days_max;
  CheckDate("event.effective_date", event->effective_date(), static_cast<int32_t>(future), context);
  if (!event->document_id().empty() && !context.HasDocument(event->document_id())) {
    context.violations->Add("event.document_id", StrCat("document \"", event->document_id().substr(0, 64),
                                                        "\" is not issued yet; record it first, or correct the id"));
  }
  if (!event->correlation_id().empty()) CheckId("event.correlation_id", event->correlation_id(), context);
  if (!event->causation_id().empty()) CheckId("event.causation_id", event->causation_id(), context);
  if (!event->note().empty()) CheckText("event.note", event->mutable_note(), 4'096, context);
}

// A place's registration may stand at that place.
bool NamesItself(const v1::Event& event) {
  return event.has_place_registered() && event.place_registered().place_id() == event.place_id();
}

void CheckKind(v1::Event* event, const CheckContext& context) {
  switch (event->kind_case()) {
    case v1::Event::kOpeningRecorded:
      return CheckOpening(event, context);
    case v1::Event::kContributionRecorded:
      return CheckContribution(event, context);
    case v1::Event::kContributionReversed:
      return CheckReversal(event, context);
    case v1::Event::kParticipantMoved:
      return CheckMove(event, context);
    case v1::Event::kErasureCompleted:
      context.violations->Add("event.erasure_completed",
                              "is recorded by the service itself once a person is erased; send an erasure_requested");
      return;
    default:
      if (!event->place_id().empty() && !NamesItself(*event)) CheckPlace("event.place_id", event->place_id(), context);
      return CheckByName(event, context);
  }
}

// What no limit and no registry ever made right, so that it cannot have been recorded.
bool IsMalformed(const v1::Submission& submission) {
  const v1::Event& event = submission.event();
  return HasUnknownFieldsIn(submission) || event.kind_case() == v1::Event::KIND_NOT_SET || event.position() != 0 ||
         event.recorded_at_us() != 0 || !SubjectIn(event).empty() ||
         event.contribution_reversed().reversed_position() != 0 ||
         event.contribution_reversed().scheme() != v1::SCHEME_UNSPECIFIED;
}

void CheckSubmission(v1::Submission* submission, const CheckContext& context) {
  v1::Event* event = submission->mutable_event();
  if (HasUnknownFieldsIn(*submission)) {
    context.violations->Add("event",
                            "has a field or a kind that this version does not know; send it to a newer server");
    return;
  }
  if (event->kind_case() == v1::Event::KIND_NOT_SET) {
    context.violations->Add("event", "no kind is set; fill in one of the messages of the oneof");
    return;
  }
  CheckHeader(event, context);
  CheckKind(event, context);
  CheckIdentity(*submission, context);
  CheckTextsHoldNoNumber(*event, context.violations);
  if (submission->has_expected_version() && StreamOf(*event).empty()) {
    context.violations->Add("expected_version", "this kind of event has no stream; leave it out");
  }
}

absl::Status CheckRequestLimits(const v1::RecordRequest& request, const IntakeLimits& limits) {
  if (request.submissions().empty()) {
    return BadRequest({{"submissions", "is empty; send at least one event"}});
  }
  if (request.submissions_size() > limits.events_per_request_max) {
    return absl::ResourceExhaustedError(StrCat("the request has ", request.submissions_size(), " events, at most ",
                                               limits.events_per_request_max,
                                               " are taken (limits.events_per_request_max); split it"));
  }
  return absl::OkStatus();
}

// Fills in what a reversal takes back, from the log.
absl::Status ResolveReversal(const EventLog& log, SubmissionViolations* violations, v1::Event* event,
                             PreparedEvent* prepared) {
  v1::ContributionReversed* reversal = event->mutable_contribution_reversed();
  SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> position,
                          log.FindReceipt(ReceiptKey(reversal->agency_id(), reversal->receipt_number())));
  if (!position) {
    violations->Add(
        "event.contribution_reversed.receipt_number",
        StrCat("no contribution with receipt ", reversal->receipt_number(), " of agency ", reversal->agency_id(),
               " is recorded; record it in an earlier request, or correct the number",
               HiddenCharacterHint(reversal->receipt_number())));
    return absl::OkStatus();
  }
  SOTHON_ASSIGN_OR_RETURN(const std::string stored, log.Get(*position));
  v1::Event reversed;
  if (!reversed.ParseFromString(stored) || !reversed.has_contribution_recorded()) {
    return absl::DataLossError(
        StrCat("position ", position->value, " holds no contribution although a receipt leads there"));
  }
  reversal->set_reversed_position(position->value);
  reversal->set_subject_id(reversed.contribution_recorded().subject_id());
  reversal->set_scheme(reversed.contribution_recorded().scheme());
  if (event->place_id().empty()) event->set_place_id(reversed.place_id());
  prepared->reverses = *position;
  return absl::OkStatus();
}

// Numbers that the events of a request rest on and that no recorded event vouches for yet.
class HeldNumbers final : public Reservation {
 public:
  explicit HeldNumbers(Vault* vault) : vault_(vault) {}
  HeldNumbers(HeldNumbers&& other) noexcept
      : vault_(other.vault_), numbers_(std::exchange(other.numbers_, {})), events_(std::exchange(other.events_, {})) {}
  ~HeldNumbers() override { vault_->Settle(numbers_, false); }

  // A repeated event vouches for nothing: it was recorded without these numbers.
  void Settle(const AppendOutcome& outcome, Fate fate) override {
    std::vector<NumberClaim> recorded;
    std::vector<NumberClaim> not_recorded;
    for (size_t i = 0; i < numbers_.size(); ++i) {
      const bool vouched = outcome.ok() ? !(*outcome)[events_[i]].duplicate : fate == Fate::kMaybeWritten;
      (vouched ? recorded : not_recorded).push_back(numbers_[i]);
    }
    numbers_.clear();
    vault_->Settle(recorded, true);
    vault_->Settle(not_recorded, false);
  }

  bool empty() const { return numbers_.empty(); }
  std::vector<NumberClaim>* numbers() { return &numbers_; }
  // What was added to numbers() since the last call belongs to the event at `index`.
  void BelongTo(size_t index) { events_.resize(numbers_.size(), index); }

 private:
  Vault* const vault_;
  std::vector<NumberClaim> numbers_;
  std::vector<size_t> events_;  // of each of numbers_
};

std::vector<HashedNumbers> HashNumbers(const v1::RecordRequest& request, Vault* vault) {
  std::vector<HashedNumbers> people;
  people.reserve(static_cast<size_t>(request.submissions_size()));
  for (const v1::Submission& submission : request.submissions()) {
    const v1::Identity& identity = submission.identity();
    people.push_back(vault->Hash({identity.citizen_number(), identity.social_insurance_number()}));
  }
  vault->Prefetch(people);
  return people;
}

absl::Status ResolveIdentity(Vault* vault, const HashedNumbers& numbers, Vault::WhenUnknown when_unknown,
                             std::vector<NumberClaim>* claims, SubmissionViolations* violations,
                             v1::Submission* submission) {
  if (numbers.count == 0) return absl::OkStatus();
  const absl::StatusOr<SubjectId> subject = vault->Resolve(numbers, when_unknown, claims);
  if (absl::IsAlreadyExists(subject.status())) {
    violations->Add("identity", StrCat(subject.status().message(), "; check both, and send only the right one"));
    return absl::OkStatus();
  }
  if (!subject.ok()) return subject.status();
  SetSubject(subject->AsBytes(), submission->mutable_event());
  return absl::OkStatus();
}

void SetExpectedVersion(const v1::Submission& submission, PreparedEvent* prepared) {
  prepared->expected_version.reset();
  if (submission.expected_version().expectation_case() == v1::ExpectedVersion::kExact) {
    prepared->expected_version = submission.expected_version().exact();
  } else if (submission.expected_version().none() || IsRegistration(submission.event().kind_case())) {
    prepared->expected_version = 0;
  }
}

void FinishEvent(const v1::Submission& submission, PreparedEvent* prepared) {
  const v1::Event& event = submission.event();
  prepared->event_id = event.event_id();
  prepared->stream = StreamOf(event);
  prepared->is_reference = IsReferenceKind(event.kind_case());
  SetExpectedVersion(submission, prepared);
  prepared->receipt_key.clear();
  if (event.has_contribution_recorded()) {
    AssignReceiptKey(event.contribution_recorded().agency_id(), event.contribution_recorded().receipt_number(),
                     &prepared->receipt_key);
  }
  event.SerializeToString(&prepared->body);  // as SerializeBody() does, into a buffer that is kept
}

absl::Status CheckLength(const IntakeLimits& limits, const EventLog& log, SubmissionViolations* violations,
                         const PreparedEvent& prepared) {
  const size_t stored_bytes = prepared.body.size() + kStoredEventHeaderBytesMax;
  if (stored_bytes <= static_cast<size_t>(limits.event_bytes_max)) return absl::OkStatus();
  SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> recorded, log.FindEventId(prepared.event_id));
  if (recorded) return absl::OkStatus();
  violations->Add("event", StrCat("has ", stored_bytes, " bytes when stored, at most ", limits.event_bytes_max,
                                  " are taken (limits.event_bytes_max); shorten its texts or lists"));
  return absl::OkStatus();
}

// So that the request can be prepared again.
void ClearAssigned(v1::RecordRequest* request) {
  for (v1::Submission& submission : *request->mutable_submissions()) {
    v1::Event* event = submission.mutable_event();
    SetSubject({}, event);
    if (!event->has_contribution_reversed()) continue;
    event->mutable_contribution_reversed()->clear_reversed_position();
    event->mutable_contribution_reversed()->clear_subject_id();
    event->mutable_contribution_reversed()->clear_scheme();
  }
}

}  // namespace

absl::Status Intake::Check(v1::RecordRequest* request, CivilDate today, const Recorded& recorded,
                           std::vector<int>* refused) const {
  Violations violations(static_cast<size_t>(limits_.violations_told_max));
  const Position head = log_->Head();
  const Registry::View registry(*registry_);
  RegistryFacts overlay;
  for (int i = 0; i < request->submissions_size(); ++i) {
    v1::Submission* submission = request->mutable_submissions(i);
    const size_t told_before = violations.size();
    SubmissionViolations found(static_cast<size_t>(i), &violations);
    CheckSubmission(submission, {limits_, registry.facts(), overlay, today, head, &found});
    if (!found.found()) {
      if (IsReferenceKind(submission->event().kind_case())) overlay.Apply(submission->event());
    } else if (!recorded.empty() && recorded[static_cast<size_t>(i)]) {
      violations.Truncate(told_before);
    } else if (!IsMalformed(*submission)) {
      refused->push_back(i);
    }
  }
  return violations.ToStatus();
}

absl::StatusOr<Intake::Recorded> Intake::FindRecorded(const v1::RecordRequest& request,
                                                      const std::vector<int>& refused) const {
  Recorded recorded;
  for (const int i : refused) {
    SOTHON_ASSIGN_OR_RETURN(const std::optional<Position> position,
                            log_->FindEventId(request.submissions(i).event().event_id()));
    if (!position) continue;
    recorded.resize(static_cast<size_t>(request.submissions_size()));
    recorded[static_cast<size_t>(i)] = true;
  }
  return recorded;
}

absl::Status Intake::Prepare(v1::RecordRequest* request, CivilDate today, PreparedRequest* prepared) const {
  prepared->reservation.reset();
  SOTHON_RETURN_IF_ERROR(CheckRequestLimits(*request, limits_));
  Recorded recorded;
  std::vector<int> refused;
  absl::Status status = Check(request, today, recorded, &refused);
  if (!refused.empty()) {
    SOTHON_ASSIGN_OR_RETURN(recorded, FindRecorded(*request, refused));
    if (!recorded.empty()) status = Check(request, today, recorded, &refused);
  }
  SOTHON_RETURN_IF_ERROR(status);
  prepared->events.resize(static_cast<size_t>(request->submissions_size()));
  status = Complete(request, recorded, prepared);
  if (!status.ok()) ClearAssigned(request);
  return status;
}

// People come last, so that a request that is refused before leaves nobody behind in the vault.
absl::Status Intake::Complete(v1::RecordRequest* request, const Recorded& recorded, PreparedRequest* prepared) const {
  Violations violations(static_cast<size_t>(limits_.violations_told_max));
  for (int i = 0; i < request->submissions_size(); ++i) {
    v1::Event* event = request->mutable_submissions(i)->mutable_event();
    PreparedEvent* prepared_event = &prepared->events[static_cast<size_t>(i)];
    prepared_event->reverses.reset();
    if (!event->has_contribution_reversed()) continue;
    SubmissionViolations found(static_cast<size_t>(i), &violations);
    SOTHON_RETURN_IF_ERROR(ResolveReversal(*log_, &found, event, prepared_event));
  }
  SOTHON_RETURN_IF_ERROR(violations.ToStatus());
  const std::vector<HashedNumbers> people = HashNumbers(*request, vault_);
  HeldNumbers held(vault_);
  for (int i = 0; i < request->submissions_size(); ++i) {
    const size_t index = static_cast<size_t>(i);
    v1::Submission* submission = request->mutable_submissions(i);
    SubmissionViolations found(index, &violations);
    SOTHON_ASSIGN_OR_RETURN(const Earlier earlier, FindEarlier(*log_, vault_, people[index], submission->event()));
    const bool mint = !request->validate_only() && (recorded.empty() || !recorded[index]) && !earlier.is_recorded &&
                      !submission->event().has_erasure_requested();
    if (earlier.erased) {
      SetSubject(earlier.erased->AsBytes(), submission->mutable_event());
    } else {
      SOTHON_RETURN_IF_ERROR(ResolveIdentity(vault_, people[index],
                                             mint ? Vault::WhenUnknown::kMint : Vault::WhenUnknown::kLeave,
                                             held.numbers(), &found, submission));
    }
    held.BelongTo(index);
    if (!earlier.is_recorded) CheckErasesSomebody(submission->event(), &found);
    if (found.found()) continue;
    FinishEvent(*submission, &prepared->events[index]);
    SOTHON_RETURN_IF_ERROR(CheckLength(limits_, *log_, &found, prepared->events[index]));
  }
  SOTHON_RETURN_IF_ERROR(violations.ToStatus());
  if (!held.empty()) prepared->reservation = std::make_unique<HeldNumbers>(std::move(held));
  return absl::OkStatus();
}

}  // namespace sothon::ingest
