#pragma once

#include <future>
#include <utility>

#include "storage/ledger/writer.h"

namespace referrald::ledger {

// A wish with its decision and the promise of an answer; outlives a caller who stopped waiting.
template <typename Wish, typename Answer>
class Pending final : public Command {
 public:
  using Decision = Result<Answer> (*)(CommandScope&, const Wish&);
  Pending(Wish wish, Decision decision) : wish_(std::move(wish)), decision_(decision) {}

  std::future<Result<Answer>> answer() { return promise_.get_future(); }

  Status Decide(CommandScope& scope) override {
    decided_ = decision_(scope, wish_);
    return StatusOf(decided_);
  }
  void Finish(const Status& outcome, const TreeHead& log) override {
    if (!outcome.ok()) {
      promise_.set_value(outcome);
      return;
    }
    // What can be proved says by what.
    if constexpr (requires { decided_->log; }) decided_->log = log;
    promise_.set_value(std::move(decided_));
  }

 private:
  const Wish wish_;
  const Decision decision_;
  Result<Answer> decided_ = Status::Internal("not decided");
  std::promise<Result<Answer>> promise_;
};

}  // namespace referrald::ledger
