// Whom to ask, about whom, and what else is due.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/record.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

constexpr size_t kPage = 1000;
constexpr int32_t kPeopleEach = 2;  // Suggested for each group.

struct AskOptions {
  std::string party, rep, prompt, until, text, as_of, as_of_event;
  size_t limit = 20;
  bool gaps = false;
  bool customers = false;
};

// Prompts that are due, at most `limit` of those that are wanted.
Result<std::vector<idl::Prompt>> DuePrompts(client::Client& client, const AskOptions& options,
                                            bool asks_only) {
  idl::PromptsRequest request;
  if (!options.rep.empty()) {
    const Result<idl::PartyRef> rep = ParseRep(options.rep);
    if (!rep) return rep.error().Prefixed("--rep");
    request.__set_rep(*rep);
  }
  request.__set_max(static_cast<int32_t>(std::min(options.limit, kPage)));
  std::vector<idl::Prompt> prompts;
  for (;;) {
    auto page = client.Ask(&Client::listPrompts, request);
    if (!page) return page.error();
    for (idl::Prompt& prompt : page->prompts) {
      if (asks_only && prompt.action != "ask") continue;
      prompts.push_back(std::move(prompt));
      if (prompts.size() == options.limit) return prompts;
    }
    if (page->next_cursor.empty()) return prompts;
    request.__set_cursor(page->next_cursor);
  }
}

ExitCode Prompts(Context& context, const AskOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto prompts = DuePrompts(*client, options, /*asks_only=*/false);
  if (!prompts) return context.Fail(prompts.error());
  return context.Show({{"prompts", ToJsonList(*prompts)}},
                      PromptsText(*prompts, context.Now(), context.style()));
}

// Asks, with people to ask about: names are found before the talk, not in it (R20).
ExitCode Next(Context& context, const AskOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto prompts = DuePrompts(*client, options, /*asks_only=*/true);
  if (!prompts) return context.Fail(prompts.error());
  Json asks = Json::array();
  std::string text = prompts->empty() ? "Nobody is to be asked now.\n" : "";
  for (const idl::Prompt& prompt : *prompts) {
    const auto party = PartyOfPrompt(prompt.id);
    if (!party) return context.Fail(party.error());
    auto people = client->Ask(&Client::suggestPeople, *party, kPeopleEach);
    if (!people) return context.Fail(people.error());
    std::erase_if(*people, [&prompt](const idl::Suggestion& one) {
      return std::ranges::count(prompt.slots, one.slot) == 0;
    });
    Json ask = ToJson(prompt);
    ask["suggestions"] = ToJsonList(*people);
    asks.push_back(std::move(ask));
    text += PromptsText(std::span(&prompt, 1), context.Now(), context.style());
    if (!people->empty()) text += SuggestionsText(*people, context.style());
  }
  return context.Show({{"prompts", std::move(asks)}}, text);
}
ExitCode Show(Context& context, const AskOptions& options) {
  const auto party = ParseParty(options.party);
  if (!party) return context.Fail(party.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto as_of = ParseAsOf(options.as_of, options.as_of_event, context.Now());
  if (!as_of) return context.Fail(as_of.error());
  const auto customer = *as_of ? client->Ask(&Client::getCustomerAsOf, *party, **as_of)
                               : client->Ask(&Client::getCustomer, *party);
  if (!customer) return context.Fail(customer.error());
  return context.Show(ToJson(*customer), CustomerText(*customer, context.Now(), context.style()));
}

ExitCode Coverage(Context& context, const AskOptions& options) {
  if (!options.party.empty()) return Show(context, options);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  idl::CoverageRequest request;
  request.__set_customers_only(options.customers);
  request.__set_max(static_cast<int32_t>(std::min(options.limit, kPage)));
  auto coverage = client->Ask(&Client::getCoverage, request);
  if (!coverage) return context.Fail(coverage.error());
  if (!options.gaps) coverage->gaps.clear();
  return context.Show(ToJson(*coverage), CoverageText(*coverage, context.style()));
}

ExitCode Check(Context& context, const AskOptions& options) {
  const auto contact = ParseParty(options.party);
  if (!contact) return context.Fail(contact.error());
  const auto rep = ParseRep(options.rep);
  if (!rep) return context.Fail(rep.error().Prefixed("--rep"));
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto check = client->Ask(&Client::checkOutreach, *contact, *rep);
  if (!check) return context.Fail(check.error());
  return context.Show(ToJson(*check), OutreachText(*check, context.style()),
                      check->allowed ? ExitCode::kOk : ExitCode::kRefused);
}

// "P03:e_12:7": rule, the event it stands on, party.
Result<idl::EventInput> MarkOf(const AskOptions& options, std::string_view type, Timestamp now) {
  const std::string& id = options.prompt;
  const Result<idl::PartyRef> party = PartyOfPrompt(id);
  if (!party) return party.error();
  const size_t first = id.find(':');
  const size_t second = id.rfind(':');
  idl::EventInput event;
  event.__set_type(std::string(type));
  event.__set_occurred_at(ToMicros(now));
  event.__set_subject(*party);
  event.__set_name(id.substr(0, first));
  event.__set_about(id.substr(first + 1, second - first - 1));
  if (!options.text.empty()) event.__set_text(options.text);
  if (options.until.empty()) return event;
  const Result<int64_t> until = ParseTime(options.until, now);
  if (!until) return until.error().Prefixed("--until");
  event.__set_until_at(*until);
  return event;
}

ExitCode Mark(Context& context, const AskOptions& options, std::string_view type) {
  const Result<idl::EventInput> event = MarkOf(options, type, context.Now());
  return event ? RecordEvent(context, *event) : context.Fail(event.error());
}
ExitCode Done(Context& context, const AskOptions& options) {
  return Mark(context, options, "PromptDone");
}
ExitCode Snooze(Context& context, const AskOptions& options) {
  return Mark(context, options, "PromptSnoozed");
}

using Action = ExitCode (*)(Context&, const AskOptions&);

// A subcommand that does `action` with options of its own.
std::shared_ptr<AskOptions> Add(CLI::App* one, Command& command, Action action) {
  const auto options = std::make_shared<AskOptions>();
  one->callback([&command, options, action] {
    command = [options, action](Context& context) { return action(context, *options); };
  });
  return options;
}

void AddLimit(CLI::App* one, AskOptions& options) {
  one->add_option("-n,--limit", options.limit, "At most so many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

}  // namespace

void AddAskCommands(CLI::App& app, Command& command) {
  CLI::App* ask = app.add_subcommand("ask", "Whom to ask for introductions, and about whom");
  ask->require_subcommand(1);
  CLI::App* next = ask->add_subcommand("next", "The next asks, and why");
  const auto next_options = Add(next, command, Next);
  next->add_option("--rep", next_options->rep, "Only of this rep");
  AddLimit(next, *next_options);
  CLI::App* coverage = ask->add_subcommand("coverage", "The five source slots, of one or of all");
  const auto coverage_options = Add(coverage, command, Coverage);
  coverage->add_option("PARTY", coverage_options->party, "c_42, a ref or an e-mail address");
  coverage->add_flag("--gaps", coverage_options->gaps, "Name parties with uncovered groups");
  coverage->add_flag("--customers", coverage_options->customers, "Without prospects");
  AddLimit(coverage, *coverage_options);
  CLI::App* show = ask->add_subcommand("show", "What is known of one party as somebody to ask");
  const auto show_options = Add(show, command, Show);
  show->add_option("PARTY", show_options->party, "c_42, a ref or an e-mail address")->required();
  AddAsOfOptions(show, show_options->as_of, show_options->as_of_event);
  AddSuggestCommand(*ask, command);

  CLI::App* check = ask->add_subcommand("check", "Whether a source's name may be used yet");
  const auto check_options = Add(check, command, Check);
  check->add_option("CONTACT", check_options->party, "Who is to be called")->required();
  check->add_option("--rep", check_options->rep, "Who calls")->required();
}

void AddPromptCommands(CLI::App& app, Command& command) {
  CLI::App* prompt = app.add_subcommand("prompt", "What is due: asks, thanks, check-ins, touches");
  prompt->require_subcommand(1);
  CLI::App* list = prompt->add_subcommand("list", "What is due now, most urgent first");
  const auto list_options = Add(list, command, Prompts);
  list->add_option("--rep", list_options->rep, "Only of this rep");
  AddLimit(list, *list_options);
  AddCatchUpCommand(*prompt, command);

  CLI::App* done = prompt->add_subcommand("done", "It needs nothing more");
  const auto done_options = Add(done, command, Done);
  done->add_option("PROMPT", done_options->prompt, "P03:e_12:7")->required();
  done->add_option("--text", done_options->text, "Why; kept sealed");
  CLI::App* snooze = prompt->add_subcommand("snooze", "Show it again later");
  const auto snooze_options = Add(snooze, command, Snooze);
  snooze->add_option("PROMPT", snooze_options->prompt, "P03:e_12:7")->required();
  snooze->add_option("--until", snooze_options->until, "RFC 3339 with a zone")->required();
}

}  // namespace referrald::ctl
