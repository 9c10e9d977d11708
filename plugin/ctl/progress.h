#pragma once

#include <chrono>
#include <optional>
#include <ostream>

#include "thrift/idl/referrald_types.h"

namespace referrald::ctl {

// Shows how a run gets on: one line that is redrawn on a terminal, a line every two seconds
// elsewhere, nothing with `silent`. One thread; the stream must outlive it.
class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Options {
    bool is_terminal = false;
    bool silent = false;
  };

  Progress(std::ostream& out, Options options) : out_(out), options_(options) {}

  // The run as it is at `now`, which must not go back.
  void Update(const idl::Run& run, Time now);
  // Leaves no half-drawn line behind.
  void Finish();

 private:
  double Rate(const idl::Run& run, Time now);

  std::ostream& out_;
  const Options options_;
  std::optional<Time> began_, written_;
  int64_t rows_at_begin_ = 0;
  size_t drawn_ = 0;  // Columns on the terminal now.
};

}  // namespace referrald::ctl
