#include "thrift/rpc/front.h"

#include <pthread.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "thrift/rpc/asio.h"
#include "thrift/rpc/listener.h"
#include "thrift/rpc/registry.h"
#include "thrift/rpc/session.h"

namespace referrald::rpc {
namespace {

constexpr std::chrono::milliseconds kSweepLongest{100};
constexpr std::chrono::milliseconds kAcceptPause{50};
constexpr std::chrono::milliseconds kSweepShortest{1};

std::thread StartThread(asio::io_context& io, const std::string& name) {
  std::thread thread([&io] { io.run(); });
  pthread_setname_np(thread.native_handle(), name.c_str());
  return thread;
}

}  // namespace

// Everything but the counts belongs to the I/O thread between Run and the end of Stop.
class Front::State {
 public:
  State(const FrontOptions& options, Greet greet, const Logger& logger, const Clock& clock)
      : greet_(std::move(greet)), registry_(options, logger, clock) {}

  Status Open();
  void Run();
  void Stop();
  const std::vector<std::string>& addresses() const { return addresses_; }
  FrontCounts counts() const { return registry_.counts(); }

 private:
  asio::awaitable<void> Accept(Listener& listener);
  void Admit(Socket socket);
  asio::awaitable<void> Sweep();
  asio::awaitable<void> Drain();
  void CloseListeners();

  const Greet greet_;
  Registry registry_;  // Sessions live in coroutines, so it outlives both contexts.
  asio::io_context workers_;
  asio::io_context io_{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> keep_workers_;
  std::vector<Listener> listeners_;
  std::vector<std::string> addresses_;
  std::vector<std::thread> threads_;
  std::thread io_thread_;
  bool drained_ = false;
  std::once_flag stopped_;
};

Status Front::State::Open() {
  for (const std::string& text : registry_.options().listen) {
    const Result<Address> address = ParseAddress(text);
    if (!address) return address.error();
    Result<Listener> listener = Listener::Open(io_, *address);
    if (!listener) return listener.error();
    addresses_.push_back(ToText(listener->address()));
    listeners_.push_back(std::move(*listener));
  }
  return Status::Ok();
}

void Front::State::Run() {
  keep_workers_.emplace(workers_.get_executor());
  for (size_t i = 0; i < std::max<size_t>(1, registry_.options().workers); ++i) {
    threads_.push_back(StartThread(workers_, "rpc." + std::to_string(i)));
  }
  for (Listener& listener : listeners_) asio::co_spawn(io_, Accept(listener), asio::detached);
  asio::co_spawn(io_, Sweep(), asio::detached);
  io_thread_ = StartThread(io_, "rpc.io");
}

asio::awaitable<void> Front::State::Accept(Listener& listener) {
  asio::steady_timer pause(io_);
  while (!registry_.stopping()) {
    ErrorCode error;
    std::optional<Socket> socket = co_await listener.Accept(error);
    if (socket) {
      Admit(std::move(*socket));
    } else if (!registry_.stopping()) {
      // Out of descriptors, most likely: closing an idle connection gives one back.
      registry_.MakeRoom();
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(Into(error));
    }
  }
}

void Front::State::Admit(Socket socket) {
  const Caller caller = CallerOf(socket);
  if (registry_.stopping()) return;
  if (!registry_.MakeRoom()) {
    registry_.Refuse({"capacity", "all connections are in use and none is idle"}, caller);
    return;
  }
  auto session = std::make_shared<Session>(Session::Parts{.socket = std::move(socket),
                                                          .caller = caller,
                                                          .conversation = greet_(caller),
                                                          .registry = registry_,
                                                          .workers = workers_});
  asio::co_spawn(io_, Session::Run(std::move(session)), asio::detached);
}

asio::awaitable<void> Front::State::Sweep() {
  const FrontOptions& options = registry_.options();
  const auto shortest =
      std::min({options.idle_deadline, options.frame_deadline, options.write_deadline});
  const auto interval = std::clamp(shortest / 4, kSweepShortest, kSweepLongest);
  asio::steady_timer timer(io_);
  while (!drained_) {
    ErrorCode error;
    timer.expires_after(interval);
    co_await timer.async_wait(Into(error));
    registry_.Sweep(std::chrono::steady_clock::now());
  }
}

// Waits for the calls in flight; past the deadline their sockets are closed and only the handlers
// are waited for.
asio::awaitable<void> Front::State::Drain() {
  constexpr std::chrono::milliseconds kLook{2};
  const auto deadline = std::chrono::steady_clock::now() + registry_.options().stop_deadline;
  CloseListeners();
  registry_.BeginStop();
  asio::steady_timer timer(io_);
  while (!registry_.empty()) {
    ErrorCode error;
    if (std::chrono::steady_clock::now() > deadline) registry_.CutAll();
    timer.expires_after(kLook);
    co_await timer.async_wait(Into(error));
  }
  drained_ = true;
}

void Front::State::CloseListeners() {
  for (Listener& listener : listeners_) listener.Close();
}

void Front::State::Stop() {
  std::call_once(stopped_, [this] {
    if (!io_thread_.joinable()) return;  // Open failed, or Run was never called.
    asio::co_spawn(io_, Drain(), asio::detached);
    io_thread_.join();
    keep_workers_.reset();
    for (std::thread& thread : threads_) thread.join();
  });
}

Front::Front(std::unique_ptr<State> state) : state_(std::move(state)) {}
Front::~Front() { state_->Stop(); }

Result<std::unique_ptr<Front>> Front::Start(const FrontOptions& options, Greet greet,
                                            const Logger& logger, const Clock& clock) {
  auto state = std::make_unique<State>(options, std::move(greet), logger, clock);
  if (Status opened = state->Open(); !opened.ok()) return opened;
  state->Run();
  return std::unique_ptr<Front>(new Front(std::move(state)));
}

std::vector<std::string> Front::ListenAddresses() const { return state_->addresses(); }
FrontCounts Front::Counts() const { return state_->counts(); }
void Front::Stop() { state_->Stop(); }

}  // namespace referrald::rpc
