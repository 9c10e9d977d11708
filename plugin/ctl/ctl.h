#pragma once

#include <ostream>

#include "plugin/ctl/context.h"

namespace referrald::ctl {

// What the process finds around it.
struct Surroundings {
  const Clock& clock;
  std::ostream& out;
  std::ostream& error;
  bool out_is_terminal = false;
  bool error_is_terminal = false;
};

// Reads the command line, runs the command, and returns what the process should exit with.
ExitCode Run(int argc, const char* const* argv, const Surroundings& surroundings);

}  // namespace referrald::ctl
