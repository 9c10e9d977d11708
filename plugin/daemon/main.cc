// referrald: the daemon. Reads its command line and configuration, says what is wrong with them,
// and leaves the rest to Daemon.

#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/registry/registry.h"
#include "plugin/daemon/config.h"
#include "plugin/daemon/daemon.h"
#include "plugin/daemon/log_journal.h"

namespace referrald::daemon {
namespace {

constexpr std::string_view kHelp =
    R"(usage: referrald [--config FILE] [--check-config | --accept-head REASON | --verify
                 | --restore ID --reason TEXT | --version | --help]

  --config FILE    read this configuration, and conf.d/*.toml beside it
                   (default: /etc/referrald/referrald.toml)
  --check-config   say everything that is wrong with it, and do nothing else
  --accept-head REASON
                   take the log as it is although the head file beside the store knows of later
                   events (RFD4213), record who did so and why, and do nothing else
  --restore ID     make the store anew from this backup (referralctl backup list), read all of it,
                   and do nothing else; --reason TEXT is recorded with it
  --verify         read the whole store, which nobody may be serving, and do nothing else
  --version        say which version this is

Runs in the foreground until SIGTERM. SIGHUP checks the configuration; changes need a restart.
Exit codes: 0 stopped on request; 1 failed; 2 usage; 70 the store is damaged; 73 the store is in
use by another referrald; 75 try again later (the disk is full); 78 wrong configuration.
)";

struct Arguments {
  std::string config_path = "/etc/referrald/referrald.toml";
  bool check_config = false;
  std::optional<std::string> accept_head;
  std::optional<uint32_t> restore;
  std::string reason;
  bool verify = false;
  bool show_version = false;
  bool show_help = false;
};

std::optional<uint32_t> NumberOf(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Nothing where the command line makes no sense; it has been said then.
std::optional<Arguments> ParseArguments(std::span<const std::string_view> words) {
  Arguments arguments;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--config" && i + 1 < words.size()) {
      arguments.config_path = words[++i];
    } else if (words[i].starts_with("--config=")) {
      arguments.config_path = words[i].substr(std::string_view("--config=").size());
    } else if (words[i] == "--accept-head" && i + 1 < words.size()) {
      arguments.accept_head = words[++i];
    } else if (words[i] == "--restore" && i + 1 < words.size() && NumberOf(words[i + 1])) {
      arguments.restore = NumberOf(words[++i]);
    } else if (words[i] == "--reason" && i + 1 < words.size()) {
      arguments.reason = words[++i];
    } else if (words[i] == "--verify") {
      arguments.verify = true;
    } else if (words[i] == "--check-config") {
      arguments.check_config = true;
    } else if (words[i] == "--version") {
      arguments.show_version = true;
    } else if (words[i] == "--help" || words[i] == "-h") {
      arguments.show_help = true;
    } else {
      fmt::print(stderr, "referrald: cannot use `{}`; see referrald --help\n", words[i]);
      return std::nullopt;
    }
  }
  if (arguments.restore.has_value() == arguments.reason.empty()) {
    fmt::print(stderr, "referrald: --restore ID and --reason TEXT go together\n");
    return std::nullopt;
  }
  return arguments;
}

void PrintAll(std::FILE* out, std::span<const Diagnostic> diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) fmt::print(out, "{}", Print(diagnostic));
}

ExitCode CheckConfig(const Arguments& arguments, const CheckedConfig& checked) {
  PrintAll(stdout, checked.diagnostics);
  if (!checked.ok()) {
    fmt::print("{}. A running daemon keeps its old configuration.\n",
               CountText(checked.diagnostics));
    return ExitCode::kConfiguration;
  }
  fmt::print("{}: {}; feeds: {}, exports: {}\n", arguments.config_path,
             CountText(checked.diagnostics), checked.config.feeds.size(),
             checked.config.exports.size());
  return ExitCode::kOk;
}

std::unique_ptr<LogSink> MakeSink(LogTarget target) {
  if (target == LogTarget::kJson) return MakeStderrSink(LogFormat::kJson);
  if (target == LogTarget::kJournal) {
    if (auto journal = MakeJournalSink()) return journal;
  }
  return MakeStderrSink(LogFormat::kLogfmt);
}

ExitCode Fail(const Logger& logger, const Status& failure) {
  logger.Write({.level = LogLevel::kError,
                .event = "daemon.failed",
                .message = failure.message(),
                .number = failure.number(),
                .fields = {}});
  const std::string number =
      failure.number() != 0 ? fmt::format("RFD{} ", failure.number()) : std::string();
  fmt::print(stderr, "referrald: {}{}\n", number, failure.message());
  return ExitCodeOf(failure);
}

ExitCode Tell(const ledger::VerifyReport& report) {
  fmt::print("{} events, {} derived records compared: {}\n", report.events, report.projections,
             report.problems.empty() ? "all as they should be" : "NOT as they should be");
  for (const std::string& problem : report.problems) fmt::print("  {}\n", problem);
  return report.problems.empty() ? ExitCode::kOk : ExitCode::kDamaged;
}

ExitCode Restore(const Logger& logger, Daemon::Parts parts, uint32_t id,
                 const std::string& reason) {
  const auto restored = Daemon::Restore(std::move(parts), id, reason);
  if (!restored) return Fail(logger, restored.error());
  fmt::print("Backup {} of {} is the store again; its log ends at {}.\n", id,
             FormatTimestamp(restored->backup.files.made_at), ToText(restored->end));
  return Tell(restored->report);
}

ExitCode Serve(const Arguments& arguments, CheckedConfig checked) {
  const SystemClock clock;
  const std::unique_ptr<LogSink> sink = MakeSink(checked.config.log.format);
  const Logger logger(*sink, clock, checked.config.log.level);
  Daemon::Parts parts{.config = std::move(checked.config),
                      .config_path = arguments.config_path,
                      .clock = clock,
                      .logger = logger};
  if (arguments.accept_head) {
    const auto end = Daemon::AcceptHead(std::move(parts), *arguments.accept_head);
    if (!end) return Fail(logger, end.error());
    fmt::print("The log is taken as it is; it ends at {}.\n", ToText(*end));
    return ExitCode::kOk;
  }
  if (arguments.restore) {
    return Restore(logger, std::move(parts), *arguments.restore, arguments.reason);
  }
  if (arguments.verify) {
    const auto report = Daemon::Verify(std::move(parts));
    return report ? Tell(*report) : Fail(logger, report.error());
  }
  auto daemon = Daemon::Open(std::move(parts));
  if (!daemon && daemon.error().code() == Code::kAborted) return ExitCode::kOk;  // As asked.
  if (!daemon) return Fail(logger, daemon.error());
  (*daemon)->Run();
  return ExitCode::kOk;
}

ExitCode Main(std::span<const std::string_view> words) {
  const std::optional<Arguments> arguments = ParseArguments(words);
  if (!arguments) return ExitCode::kUsage;
  if (arguments->show_help) {
    fmt::print("{}", kHelp);
    return ExitCode::kOk;
  }
  if (arguments->show_version) {
    fmt::print("referrald {}\n", REFERRALD_VERSION);
    return ExitCode::kOk;
  }
  CheckedConfig checked = LoadConfig(arguments->config_path, registry::Connectors());
  if (arguments->check_config) return CheckConfig(*arguments, checked);
  PrintAll(stderr, checked.diagnostics);
  if (!checked.ok()) return ExitCode::kConfiguration;
  return Serve(*arguments, std::move(checked));
}

// Until the daemon waits for signals, a reload that comes early must not end it; a peer that goes
// away never may.
void IgnoreSignals() {
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace
}  // namespace referrald::daemon

int main(int argc, char** argv) {
  referrald::daemon::IgnoreSignals();
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  return static_cast<int>(referrald::daemon::Main(words));
}
