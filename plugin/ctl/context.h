#pragma once

#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

#include "plugin/ctl/json.h"
#include "plugin/ctl/output.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "thrift/client/client.h"

namespace CLI {
class App;
}

namespace referrald::ctl {

// What the process says with its exit code.
enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kIncomplete = 3,  // The run is partial or held: a person must look.
  kNotFound = 4,
  kRefused = 5,  // By the rules, or in conflict with what is there, or not permitted.
  kNotReachable = 69,
  kTryAgain = 75,
  kConfiguration = 78,
};
ExitCode ExitCodeOf(const Status& failure);

// {"error": {"kind", "code", "message"}}: what --json prints in place of an answer.
Json ErrorJson(const Status& failure);

struct Options {
  std::string address = "unix:/run/referrald/rpc.sock";
  std::chrono::milliseconds timeout{10'000};
  bool timeout_given = false;
  bool json = false;
  bool quiet = false;
  Style style;
  bool error_is_terminal = false;  // Progress is redrawn in place.
};

// What a command has to work with: the daemon, and where to write. One thread.
class Context {
 public:
  Context(Options options, const Clock& clock, std::ostream& out, std::ostream& error)
      : options_(std::move(options)), clock_(clock), out_(out), error_(error) {}

  Options& options() { return options_; }
  const Options& options() const { return options_; }
  const Style& style() const { return options_.style; }
  Timestamp Now() const { return clock_.Now(); }
  std::ostream& out() { return out_; }
  std::ostream& error() { return error_; }

  Result<client::Client> Connect() const;
  // For calls that read a whole file or store: an hour, where --timeout does not say otherwise.
  Result<client::Client> ConnectPatiently() const;

  // Shows an answer, and returns `code`: as JSON with --json, as text otherwise. With --quiet
  // nothing where `code` is good, and the text on standard error where it is not.
  ExitCode Show(const Json& json, const std::string& text, ExitCode code = ExitCode::kOk);
  // Shows what went wrong and returns the exit code that says the same.
  ExitCode Fail(const Status& failure);

 private:
  Options options_;
  const Clock& clock_;
  std::ostream& out_;
  std::ostream& error_;
};

// The command that the command line chose; run after it was read whole.
using Command = std::function<ExitCode(Context&)>;

// Each adds its commands to `app`; the chosen one ends up in `command`. Both must outlive parsing.
void AddStoreCommands(CLI::App& app, Command& command);
void AddLogCommands(CLI::App& app, Command& command);
void AddUpkeepCommands(CLI::App& app, Command& command);
void AddFeedCommands(CLI::App& app, Command& command);
// `feed discover`.
void AddDiscoverCommand(CLI::App& feed, Command& command);
void AddRunCommands(CLI::App& app, Command& command);
void AddContactCommands(CLI::App& app, Command& command);
void AddReferralCommands(CLI::App& app, Command& command);
void AddActCommands(CLI::App& app, Command& command);
void AddAskCommands(CLI::App& app, Command& command);
void AddPromptCommands(CLI::App& app, Command& command);
void AddMetricCommands(CLI::App& app, Command& command);
void AddFirmCommands(CLI::App& app, Command& command);
// `chain path`.
void AddPathCommand(CLI::App& chain, Command& command);
void AddChainCommands(CLI::App& app, Command& command);
void AddExplainCommand(CLI::App& app, Command& command);
void AddReviewCommands(CLI::App& app, Command& command);
// `ask suggest` and `prompt catch-up`.
void AddSuggestCommand(CLI::App& ask, Command& command);
void AddCatchUpCommand(CLI::App& prompt, Command& command);
// --as-of and --as-of-event, for ParseAsOf.
void AddAsOfOptions(CLI::App* one, std::string& at, std::string& event);

}  // namespace referrald::ctl
