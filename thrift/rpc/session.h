#pragma once

#include <array>
#include <list>
#include <memory>
#include <string>

#include "thrift/rpc/asio.h"
#include "thrift/rpc/front.h"
#include "thrift/rpc/registry.h"

namespace referrald::rpc {

// One connection: reads a frame, has it answered by a worker, writes the answer, begins again. What
// a client sends meanwhile waits in the kernel, which keeps answers in order and memory bounded.
// Owned by the I/O thread and kept alive by its own coroutine.
class Session : public std::enable_shared_from_this<Session> {
 public:
  // What it takes to be one; all but the first three outlive it.
  struct Parts {
    Socket socket;
    Caller caller;
    std::unique_ptr<Conversation> conversation;
    Registry& registry;
    asio::io_context& workers;
  };
  explicit Session(Parts parts);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs until either side closes; holds `self` meanwhile.
  static asio::awaitable<void> Run(std::shared_ptr<Session> self);

  // Closes the socket; whatever the coroutine waits for ends.
  void Cut();

  const Caller& caller() const { return caller_; }
  bool has_large_frame() const { return reserved_ > 0; }

 private:
  friend class Registry;

  asio::awaitable<bool> ReadFrame();
  asio::awaitable<bool> ReadBody(size_t size);
  asio::awaitable<bool> Read(void* bytes, size_t size);
  asio::awaitable<Reply> Answer();
  asio::awaitable<Reply> AnswerOnWorker(Request request);
  asio::awaitable<bool> Write(const Reply& reply);
  bool Refuse(const Refusal& refusal);
  bool Grow(size_t size);
  void Shrink();

  Socket socket_;
  const Caller caller_;
  const std::unique_ptr<Conversation> conversation_;
  Registry& registry_;
  asio::io_context& workers_;
  std::array<uint8_t, 4> length_{};
  std::string frame_;
  size_t reserved_ = 0;  // Bytes of `frame_` taken from the shared budget.

  // Kept by the registry.
  Phase phase_ = Phase::kIdle;
  Registry::Time since_{};
  std::list<Session*>::iterator place_;
};

}  // namespace referrald::rpc
