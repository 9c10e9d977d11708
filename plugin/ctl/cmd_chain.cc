#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct ChainOptions {
  std::string party;
  std::string format = "tree";
  int32_t depth = 0;
  int32_t limit = 1000;
  bool up = false;
  bool down = false;
};

ExitCode Show(Context& context, const ChainOptions& options) {
  const auto party = ParseParty(options.party);
  if (!party) return context.Fail(party.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  idl::ChainRequest request;
  request.__set_person(*party);
  if (options.depth > 0) request.__set_depth_max(options.depth);
  request.__set_max(options.limit);
  const auto chain = client->Ask(&Client::getChain, request);
  if (!chain) return context.Fail(chain.error());
  const bool both = options.up == options.down;
  const ChainView view{.up = both || options.up, .down = both || options.down};
  if (options.format == "json") context.options().json = true;
  const bool is_dot = options.format == "dot";
  return context.Show(ToJson(*chain),
                      is_dot ? ChainDot(*chain, view) : ChainText(*chain, view, context.style()));
}

}  // namespace

void AddChainCommands(CLI::App& app, Command& command) {
  CLI::App* chain = app.add_subcommand("chain", "Who brought whom");
  chain->require_subcommand(1);
  const auto options = std::make_shared<ChainOptions>();
  AddPathCommand(*chain, command);
  CLI::App* show = chain->add_subcommand("show", "The chain around a person");
  show->add_option("PARTY", options->party, "c_42, system:Object:id, or an e-mail address")
      ->required();
  show->add_flag("--up", options->up, "Only how they came");
  show->add_flag("--down", options->down, "Only whom they brought");
  show->add_option("--depth", options->depth, "At most so many levels down (default: all)")
      ->check(CLI::PositiveNumber);
  show->add_option("-n,--limit", options->limit, "At most so many people below")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  show->add_option("--format", options->format, "tree, json or dot")
      ->check(CLI::IsMember({"tree", "json", "dot"}))
      ->capture_default_str();
  show->callback([&command, options] {
    command = [options](Context& context) { return Show(context, *options); };
  });
}

}  // namespace referrald::ctl
