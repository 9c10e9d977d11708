#include "plugin/ctl/progress.h"

#include <string>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

constexpr std::chrono::seconds kLineInterval{2};

}  // namespace

// Over the whole run: a rate of the last moment jumps about and its "left" with it.
double Progress::Rate(const idl::Run& run, Time now) {
  if (run.rows_expected == 0) return 0;
  if (!began_) {
    began_ = now;
    rows_at_begin_ = run.counts.rows_read;
    return 0;
  }
  const double seconds = std::chrono::duration<double>(now - *began_).count();
  return seconds <= 0 ? 0 : static_cast<double>(run.counts.rows_read - rows_at_begin_) / seconds;
}

void Progress::Update(const idl::Run& run, Time now) {
  const std::string line = ProgressText(run, Rate(run, now));
  if (options_.silent) return;
  if (options_.is_terminal) {
    const size_t width = Width(line);
    out_ << '\r' << line << std::string(drawn_ > width ? drawn_ - width : 0, ' ') << std::flush;
    drawn_ = width;
    return;
  }
  if (written_ && now - *written_ < kLineInterval) return;
  written_ = now;
  out_ << line << std::endl;
}

void Progress::Finish() {
  if (drawn_ == 0) return;
  out_ << '\r' << std::string(drawn_, ' ') << '\r' << std::flush;
  drawn_ = 0;
}

}  // namespace referrald::ctl
