// referralctl: the command-line tool. All of it is in ctl.cc and the cmd_*.cc, one a command group.

#include <unistd.h>

#include <csignal>
#include <iostream>

#include "plugin/ctl/ctl.h"

int main(int argc, char** argv) {
  // A daemon that goes away is an answer, not the end of us.
  std::signal(SIGPIPE, SIG_IGN);
  const referrald::SystemClock clock;
  const referrald::ctl::Surroundings surroundings{.clock = clock,
                                                  .out = std::cout,
                                                  .error = std::cerr,
                                                  .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                                                  .error_is_terminal = isatty(STDERR_FILENO) == 1};
  const referrald::ctl::ExitCode code = referrald::ctl::Run(argc, argv, surroundings);
  // An answer that nobody got is none: the disk behind a redirection may be full.
  if (!std::cout.flush()) {
    std::cerr << "referralctl: the answer cannot be written to standard output\n";
    return static_cast<int>(referrald::ctl::ExitCode::kFailed);
  }
  return static_cast<int>(code);
}
