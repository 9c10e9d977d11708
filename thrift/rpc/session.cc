#include "thrift/rpc/session.h"

#include <algorithm>

namespace referrald::rpc {

Session::Session(Parts parts)
    : socket_(std::move(parts.socket)),
      caller_(parts.caller),
      conversation_(std::move(parts.conversation)),
      registry_(parts.registry),
      workers_(parts.workers) {
  registry_.Add(*this);
}

Session::~Session() {
  Shrink();
  registry_.Remove(*this);
}

asio::awaitable<void> Session::Run(std::shared_ptr<Session> self) {
  while (!self->registry_.stopping()) {
    if (!co_await self->ReadFrame()) break;
    const Reply reply = co_await self->Answer();
    self->Shrink();
    if (!co_await self->Write(reply)) break;
  }
  self->registry_.Enter(*self, Phase::kClosing);
  self->Cut();
}

void Session::Cut() {
  ErrorCode ignored;
  socket_.close(ignored);
}

asio::awaitable<bool> Session::ReadFrame() {
  registry_.Enter(*this, Phase::kIdle);
  if (!co_await Read(length_.data(), 1)) co_return false;
  registry_.Enter(*this, Phase::kFrame);
  if (!co_await Read(length_.data() + 1, length_.size() - 1)) co_return false;
  if (const auto refusal = SniffLength(length_, registry_.options().frame_bytes_max)) {
    co_return Refuse(*refusal);
  }
  co_return co_await ReadBody(FrameLength(length_));
}

// Memory follows what has arrived, not what was announced; and the first bytes are judged as soon
// as they are there, since a client that speaks something else may never send the rest.
asio::awaitable<bool> Session::ReadBody(size_t size) {
  frame_.clear();
  size_t have = 0;
  bool judged = false;
  while (have < size) {
    if (!Grow(std::min(size, have + limits::kRpcReadStepBytes))) {
      co_return Refuse({"memory", "too many large frames arrive at once; send smaller batches"});
    }
    ErrorCode error;
    have += co_await socket_.async_read_some(
        asio::buffer(frame_.data() + have, frame_.size() - have), Into(error));
    if (error) co_return false;
    if (judged || have < length_.size()) continue;
    judged = true;
    if (const auto refusal = SniffBody({frame_.data(), have})) co_return Refuse(*refusal);
  }
  co_return true;
}

asio::awaitable<bool> Session::Read(void* bytes, size_t size) {
  ErrorCode error;
  co_await asio::async_read(socket_, asio::buffer(bytes, size), Into(error));
  co_return !error;
}

asio::awaitable<Reply> Session::Answer() {
  registry_.Enter(*this, Phase::kWork);
  Request request{.frame = frame_,
                  .deadline = since_ + registry_.options().request_deadline,
                  .overloaded = !registry_.EnterFlight()};
  if (request.overloaded) co_return conversation_->Answer(request);
  Reply reply = co_await asio::co_spawn(workers_.get_executor(), AnswerOnWorker(request),
                                        asio::use_awaitable);
  registry_.LeaveFlight();
  co_return reply;
}

asio::awaitable<Reply> Session::AnswerOnWorker(Request request) {
  co_return conversation_->Answer(request);
}

asio::awaitable<bool> Session::Write(const Reply& reply) {
  if (!reply.refusal.empty()) Refuse({"call", reply.refusal});
  if (reply.frame.empty()) co_return !reply.close;
  registry_.Enter(*this, Phase::kWrite);
  const auto size = static_cast<uint32_t>(reply.frame.size());
  length_ = {static_cast<uint8_t>(size >> 24), static_cast<uint8_t>(size >> 16),
             static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
  const std::array<asio::const_buffer, 2> parts{asio::buffer(length_), asio::buffer(reply.frame)};
  ErrorCode error;
  co_await asio::async_write(socket_, parts, Into(error));
  co_return !error && !reply.close;
}

// Always false: what the callers of the read path return.
bool Session::Refuse(const Refusal& refusal) {
  registry_.Refuse(refusal, caller_);
  return false;
}

// The first step of every frame is free, so that small calls go on while large ones compete.
bool Session::Grow(size_t size) {
  const size_t beyond = size - std::min(size, limits::kRpcReadStepBytes);
  if (beyond > reserved_) {
    if (!registry_.Reserve(*this, beyond - reserved_)) return false;
    reserved_ = beyond;
  }
  if (frame_.size() < size) frame_.resize(size);
  return true;
}

void Session::Shrink() {
  registry_.Release(reserved_);
  reserved_ = 0;
  if (frame_.capacity() > limits::kRpcReadStepBytes) std::string().swap(frame_);
}

}  // namespace referrald::rpc
