// What the firm says of itself: readiness, preferences, targets, and its process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

struct FirmOptions {
  std::string process;
  int32_t off_pace_days = 0;
  int32_t lean_below = 10;
};

ExitCode Show(Context& context, const FirmOptions& options) {
  idl::FirmRequest request;
  if (!options.process.empty()) request.__set_process(options.process);
  request.__set_off_pace(options.off_pace_days > 0);
  request.__set_off_pace_days(options.off_pace_days);
  request.__set_lean_below(options.lean_below);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto firm = client->Ask(&idl::ReferraldAdminClient::getFirm, request);
  if (!firm) return context.Fail(firm.error());
  return context.Show(ToJson(*firm), FirmText(*firm, context.style()));
}

}  // namespace

void AddFirmCommands(CLI::App& app, Command& command) {
  CLI::App* firm =
      app.add_subcommand("firm", "Readiness, preferences, targets, and the verdict on the process");
  const auto options = std::make_shared<FirmOptions>();
  firm->add_option("--process", options->process, "The version to judge, as ProcessDefined has it");
  firm->add_option("--off-pace", options->off_pace_days, "Sales are below plan for so many days")
      ->check(CLI::NonNegativeNumber);
  firm->add_option("--lean-below", options->lean_below, "Fewer open referrals are lean times")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  firm->callback([&command, options] {
    command = [options](Context& context) { return Show(context, *options); };
  });
}

}  // namespace referrald::ctl
