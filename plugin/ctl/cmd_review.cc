// Whose introduction a deal is put down to, what waits for a reviewer, and with whom we lose touch.
#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct ReviewOptions {
  std::string opportunity, rule, compare_with, cursor, rep, party;
  int32_t limit = 100;
  bool all = false;
};

ExitCode Credits(Context& context, const ReviewOptions& options) {
  idl::AttributionsRequest request;
  if (!options.opportunity.empty()) {
    const auto deal = ParseParty(options.opportunity);
    if (!deal) return context.Fail(deal.error().Prefixed("DEAL"));
    request.__set_opportunity(*deal);
  }
  if (!options.rule.empty()) request.__set_rule(options.rule);
  if (!options.compare_with.empty()) request.__set_compare_with(options.compare_with);
  if (!options.cursor.empty()) request.__set_cursor(options.cursor);
  request.__set_max(options.limit);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto page = client->Ask(&Client::listAttributions, request);
  if (!page) return context.Fail(page.error());
  return context.Show(ToJson(*page), AttributionsText(*page, context.style()));
}

ExitCode Holds(Context& context, const ReviewOptions& options) {
  idl::HoldsRequest request;
  request.__set_released(options.all);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto holds = client->Ask(&Client::listHolds, request);
  if (!holds) return context.Fail(holds.error());
  return context.Show({{"holds", ToJsonList(*holds)}}, HoldsText(*holds, context.style()));
}

ExitCode CatchUp(Context& context, const ReviewOptions& options) {
  idl::CatchUpRequest request;
  if (!options.rep.empty()) {
    const auto rep = ParseRep(options.rep);
    if (!rep) return context.Fail(rep.error().Prefixed("--rep"));
    request.__set_rep(*rep);
  }
  request.__set_max(options.limit);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto list = client->Ask(&Client::listCatchUp, request);
  if (!list) return context.Fail(list.error());
  return context.Show({{"catch_up", ToJsonList(*list)}},
                      CatchUpText(*list, context.Now(), context.style()));
}

ExitCode Suggest(Context& context, const ReviewOptions& options) {
  const auto party = ParseParty(options.party);
  if (!party) return context.Fail(party.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto people = client->Ask(&Client::suggestPeople, *party, options.limit);
  if (!people) return context.Fail(people.error());
  return context.Show({{"suggestions", ToJsonList(*people)}},
                      SuggestionsText(*people, context.style()));
}

using Action = ExitCode (*)(Context&, const ReviewOptions&);

std::shared_ptr<ReviewOptions> Add(CLI::App* one, Command& command, Action action) {
  const auto options = std::make_shared<ReviewOptions>();
  one->callback([&command, options, action] {
    command = [options, action](Context& context) { return action(context, *options); };
  });
  return options;
}

void AddLimit(CLI::App* one, ReviewOptions& options, int32_t count) {
  options.limit = count;
  one->add_option("-n,--limit", options.limit, "At most so many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

}  // namespace

void AddAsOfOptions(CLI::App* one, std::string& at, std::string& event) {
  one->add_option("--as-of", at, "Nothing that happened later, RFC 3339 with a zone");
  one->add_option("--as-of-event", event, "Nothing that was recorded after this event (e_45)");
}

void AddReviewCommands(CLI::App& app, Command& command) {
  CLI::App* credit = app.add_subcommand("credit", "Whose introduction each deal is put down to");
  const auto options = Add(credit, command, Credits);
  credit->add_option("DEAL", options->opportunity, "opp_44 or a ref (default: all)");
  credit->add_option("--rule", options->rule, "By this version (default: the newest)");
  credit->add_option("--compare-with", options->compare_with,
                     "Another version: only deals on which the two differ");
  credit->add_option("--cursor", options->cursor, "Go on behind the page that ended so");
  AddLimit(credit, *options, 100);
  CLI::App* hold = app.add_subcommand("hold", "Introductions that wait for a reviewer, and why");
  const auto hold_options = Add(hold, command, Holds);
  hold->add_flag("--all", hold_options->all, "With those that were let go");
  hold->footer(
      "A reviewer lets one go with: referralctl act record HoldReleased --referral r_44 --about "
      "e_45 --rep REVIEWER --text WHY\n");
}

void AddSuggestCommand(CLI::App& ask, Command& command) {
  CLI::App* suggest = ask.add_subcommand("suggest", "People to ask a customer about, and why");
  const auto options = Add(suggest, command, Suggest);
  suggest->add_option("CUSTOMER", options->party, "c_42, a ref or an e-mail address")->required();
  suggest->add_option("-n,--limit", options->limit, "At most so many for each group")
      ->check(CLI::Range(1, 50));
  options->limit = 5;
}

void AddCatchUpCommand(CLI::App& prompt, Command& command) {
  CLI::App* catch_up = prompt.add_subcommand("catch-up", "With whom we are losing touch");
  const auto options = Add(catch_up, command, CatchUp);
  catch_up->add_option("--rep", options->rep, "Only of this rep");
  AddLimit(catch_up, *options, 20);
}

}  // namespace referrald::ctl
