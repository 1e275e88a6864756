#include "ingest-service/log/answerer.h"

#include <iterator>
#include <utility>

#include "ingest-service/log/committer.h"

namespace sothon::ingest {

void Answerer::Start() { thread_ = std::thread(&Answerer::Run, this); }

void Answerer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Answerer::Post(std::vector<Answer> answers) {
  absl::MutexLock lock(&mutex_);
  if (posted_.empty()) {
    posted_ = std::move(answers);
  } else {
    posted_.insert(posted_.end(), std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end()));
  }
}

bool Answerer::idle() const {
  absl::MutexLock lock(&mutex_);
  return posted_.empty() && !telling_;
}

void Answerer::Tell(std::vector<Answer> answers) {
  for (Answer& answer : answers) answer.task->Done(std::move(answer.outcome));  // the task may be gone after this
}

void Answerer::Run() {
  for (;;) {
    std::vector<Answer> answers;
    {
      absl::MutexLock lock(&mutex_);
      telling_ = false;
      const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !posted_.empty() || stopping_; };
      mutex_.Await(absl::Condition(&has_work));
      if (posted_.empty()) return;
      answers.swap(posted_);
      telling_ = true;
    }
    Tell(std::move(answers));
  }
}

}  // namespace sothon::ingest
