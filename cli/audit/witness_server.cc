#include "cli/audit/witness_server.h"

#include <httplib.h>

#include <deque>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "cli/audit/add_checkpoint.h"
#include "common/base/strings.h"

namespace sothon::cli {
namespace {

constexpr size_t kThreads = 8;
constexpr size_t kWaitingMax = 16;  // connections that were taken up and have no thread yet
constexpr int kBacklog = 128;
constexpr time_t kSilenceSeconds = 5;
constexpr size_t kRequestsPerConnection = 100;

// The library's own pool takes up any number of connections. In this one who takes them up waits.
class BoundedPool final : public httplib::TaskQueue {
 public:
  BoundedPool() {
    for (size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { Work(); });
  }

  // It returns nothing in Debian 12's version, and whether the task was taken in Debian 13's.
  using Taken = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>()));
  Taken enqueue(std::function<void()> task) override {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &BoundedPool::HasRoom));
      tasks_.push_back(std::move(task));
    }
    return Taken(true);
  }
  void shutdown() override {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return tasks_.size() < kWaitingMax; }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !tasks_.empty(); }
  void Work() {
    for (;;) {
      std::function<void()> task;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &BoundedPool::HasWork));
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

  absl::Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

void Answer(const HttpAnswer& answer, httplib::Response* response) {
  response->status = answer.status;
  response->set_content(answer.body, answer.content_type.c_str());
}

// Its body is not read, so nothing else can follow on this connection.
void Refuse(int status, std::string_view what, httplib::Response* response) {
  Answer({status, "text/plain; charset=utf-8", StrCat(what, "\n")}, response);
  response->set_header("Connection", "close");
}

}  // namespace

WitnessServer::WitnessServer(Witness* witness, Observer observer)
    : witness_(witness), observer_(std::move(observer)), server_(std::make_unique<httplib::Server>()) {}

absl::StatusOr<std::unique_ptr<WitnessServer>> WitnessServer::Start(const std::string& address, Witness* witness,
                                                                    Observer observer) {
  std::unique_ptr<WitnessServer> server(new WitnessServer(witness, std::move(observer)));
  server->SetLimits();
  server->SetHandlers();
  if (absl::Status status = server->Listen(address); !status.ok()) return status;
  return server;
}

WitnessServer::~WitnessServer() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

void WitnessServer::SetLimits() {
  server_->new_task_queue = [] { return new BoundedPool; };
  // The library's own choice would let another process of the same user in on the port.
  server_->set_socket_options([this](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socket_ = socket;
  });
  server_->set_payload_max_length(kAddCheckpointBytesMax);
  server_->set_read_timeout(kSilenceSeconds);
  server_->set_write_timeout(kSilenceSeconds);
  server_->set_keep_alive_timeout(kSilenceSeconds);
  server_->set_keep_alive_max_count(kRequestsPerConnection);
}

void WitnessServer::SetHandlers() {
  // Before any body is read.
  server_->set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    using Handled = httplib::Server::HandlerResponse;
    if (request.path != kAddCheckpointPath) {
      Refuse(404, "there is only POST /add-checkpoint here", &response);
    } else if (request.method != "POST") {
      Refuse(405, "it is POST /add-checkpoint", &response);
    } else if (request.has_header("Content-Encoding") || request.is_multipart_form_data()) {
      // A small body could become a large one.
      Refuse(400, "the body is sent as it is: no Content-Encoding, no form", &response);
    } else {
      return Handled::Unhandled;
    }
    return Handled::Handled;
  });
  server_->Post(kAddCheckpointPath,
                [this](const httplib::Request&, httplib::Response& response, const httplib::ContentReader& read) {
                  std::string body;
                  const bool is_whole = read([&body](const char* data, size_t length) {
                    if (body.size() + length > kAddCheckpointBytesMax) return false;
                    body.append(data, length);
                    return true;
                  });
                  if (!is_whole) return Refuse(413, "the body is too long, or broke off", &response);
                  const absl::StatusOr<Submission> submission = ParseAddCheckpoint(body);
                  if (!submission.ok()) return Refuse(400, std::string(submission.status().message()), &response);
                  const absl::StatusOr<WitnessAnswer> answer = witness_->AddCheckpoint(*submission);
                  if (observer_) observer_(answer);
                  Answer(ToHttp(*submission, answer), &response);
                });
}

absl::Status WitnessServer::Listen(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const int port = std::atoi(address.substr(colon + 1).c_str());
  if (port == 0) {
    port_ = server_->bind_to_any_port(host);
  } else {
    port_ = server_->bind_to_port(host, port) ? port : -1;
  }
  if (port_ <= 0) {
    return absl::FailedPreconditionError(
        StrCat("cannot listen on ", address, ": it is taken, or no address of this machine; name another one"));
  }
  // The library lets five connections wait; who comes at the same moment as five others would be turned away.
  listen(socket_, kBacklog);
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  // Before it runs it cannot be stopped.
  while (!server_->is_running()) absl::SleepFor(absl::Milliseconds(1));
  return absl::OkStatus();
}

}  // namespace sothon::cli
