#pragma once

#include <string>
#include <vector>

#include "storage/base/status.h"

namespace referrald::ctl {

struct ProgramOutput {
  int exit_code = 0;
  std::string text;  // Standard output.
};

// Runs `referrald` with these arguments: the one beside this program, else the one on PATH.
// NotFound (RFD5106): there is none. IoError: it cannot be run.
Result<ProgramOutput> RunDaemonProgram(const std::vector<std::string>& arguments);

}  // namespace referrald::ctl
