// What a number, an event, a referral, a prompt or a figure stands on.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <set>

#include "plugin/ctl/context.h"
#include "plugin/ctl/explain_texts.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "storage/base/text.h"
#include "storage/practice/metric.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

constexpr size_t kStoryEventsMax = 100;  // What the daemon explains at once.

// "RFD1042", "rfd1042", "1042".
std::optional<int> NumberOf(std::string_view text) {
  if (EqualsIgnoreCase(text.substr(0, 3), "RFD")) text.remove_prefix(3);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// An event, or everything that a referral is made of, told in sentences.
ExitCode ExplainEvents(Context& context, const std::string& id) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  std::vector<std::string> events{id};
  if (id.starts_with("r_")) {
    const auto referral = client->Ask(&Client::getReferral, id);
    if (!referral) return context.Fail(referral.error());
    events.clear();
    for (const idl::ReferralEvent& event : referral->events) {
      if (events.size() < kStoryEventsMax) events.push_back(event.event);
    }
  }
  const auto stories = client->Ask(&Client::explainEvents, events);
  if (!stories) return context.Fail(stories.error());
  return context.Show({{"events", ToJsonList(*stories)}}, StoriesText(*stories, context.style()));
}

// A prompt, with every event that it stands on.
ExitCode ExplainPrompt(Context& context, const std::string& id) {
  const Result<idl::PartyRef> party = PartyOfPrompt(id);
  if (!party) return context.Fail(party.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto customer = client->Ask(&Client::getCustomer, *party);
  if (!customer) return context.Fail(customer.error());
  const auto prompt = std::ranges::find(customer->prompts, id, &idl::Prompt::id);
  if (prompt == customer->prompts.end()) {
    return context.Fail(Status::NotFound(
        "there is no such prompt any more: it was done, or what it stood on is past", 5107));
  }
  const auto stories = client->Ask(&Client::explainEvents, prompt->because);
  if (!stories) return context.Fail(stories.error());
  return context.Show({{"prompt", ToJson(*prompt)}, {"events", ToJsonList(*stories)}},
                      PromptsText(std::span(&*prompt, 1), context.Now(), context.style()) +
                          StoriesText(*stories, context.style()));
}

// A metric as it is now, with some of the events that its figures stand on.
ExitCode ExplainMetric(Context& context, const std::string& id) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  idl::MetricsRequest request;
  request.__set_metrics({id});
  const auto result = client->Ask(&Client::getMetrics, request);
  if (!result) return context.Fail(result.error());
  std::set<std::string> events;
  for (const idl::Figure& figure : result->figures) {
    for (const std::string& event : figure.because) {
      if (events.size() < kStoryEventsMax) events.insert(event);
    }
  }
  const auto stories =
      client->Ask(&Client::explainEvents, std::vector<std::string>(events.begin(), events.end()));
  if (!stories) return context.Fail(stories.error());
  const practice::Metric* const metric = practice::FindMetric(id);
  const std::string formula = metric == nullptr ? "" : std::string(metric->formula) + "\n";
  return context.Show(
      {{"figures", ToJsonList(result->figures)}, {"events", ToJsonList(*stories)}},
      formula + FiguresText(*result, context.style()) + StoriesText(*stories, context.style()));
}

ExitCode ShowStories(Context& context, client::Client& client, Json about, std::string text,
                     const std::set<std::string>& events) {
  std::vector<std::string> some;
  for (const std::string& event : events) {
    if (some.size() < kStoryEventsMax) some.push_back(event);
  }
  const auto stories = client.Ask(&Client::explainEvents, some);
  if (!stories) return context.Fail(stories.error());
  about["events"] = ToJsonList(*stories);
  return context.Show(about, text + StoriesText(*stories, context.style()));
}

// Why a contact is HOT or COLD, with every event that it stands on.
ExitCode ExplainTemperature(Context& context, const std::string& id) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  idl::PartyRef party;
  party.__set_id(id);
  const auto contact = client->Ask(&Client::getContact, party);
  if (!contact) return context.Fail(contact.error());
  std::set<std::string> events;
  for (const idl::Honesty& honesty : contact->honesty) {
    events.insert(honesty.because.begin(), honesty.because.end());
  }
  return ShowStories(context, *client, {{"contact", ToJson(*contact)}},
                     WhyText(&*contact, {}, context.style()), events);
}

// Whose introduction a deal is put down to, with every event that this stands on.
ExitCode ExplainCredit(Context& context, const std::string& id) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  idl::AttributionsRequest request;
  idl::PartyRef deal;
  deal.__set_id(id);
  request.__set_opportunity(deal);
  const auto page = client->Ask(&Client::listAttributions, request);
  if (!page) return context.Fail(page.error());
  std::set<std::string> events;
  for (const idl::Attribution& one : page->attributions) {
    if (one.__isset.credit) events.insert(one.credit.because.begin(), one.credit.because.end());
    for (const idl::NoCredit& other : one.others) {
      events.insert(other.because.begin(), other.because.end());
    }
  }
  return ShowStories(context, *client, {{"credit", ToJson(*page)}},
                     AttributionsText(*page, context.style()), events);
}

ExitCode Explain(Context& context, const std::string& what) {
  if (what.starts_with("c_")) return ExplainTemperature(context, what);
  if (what.starts_with("opp_")) return ExplainCredit(context, what);
  const bool is_event = what.starts_with("e_") || what.starts_with("r_");
  if (is_event) return ExplainEvents(context, what);
  if (practice::FindMetric(what) != nullptr) {
    return ExplainMetric(context, what);
  }
  if (what.find(':') != std::string::npos) return ExplainPrompt(context, what);
  const std::optional<int> number = NumberOf(what);
  const Explanation* found = number ? FindExplanation(*number) : nullptr;
  if (found == nullptr) {
    return context.Fail(Status::NotFound(
        "there is nothing of that name to explain; write RFD1042, as a message has "
        "it, an event (e_45), a referral (r_44), a contact (c_42, why it is HOT or COLD), "
        "a deal (opp_7, whose introduction it is put down to), a prompt (P03:e_12:7) or a "
        "metric (M07)",
        5107));
  }
  return context.Show({{"code", fmt::format("RFD{}", found->number)},
                       {"title", found->title},
                       {"meaning", found->meaning},
                       {"remedy", found->remedy}},
                      fmt::format("{}  {}\n{}\nWhat to do: {}\n",
                                  context.style().Bold(fmt::format("RFD{}", found->number)),
                                  found->title, found->meaning, found->remedy));
}

}  // namespace

void AddExplainCommand(CLI::App& app, Command& command) {
  CLI::App* explain = app.add_subcommand(
      "explain",
      "What an RFD number means and what to do; an event, a referral, a prompt or a metric told");
  const auto what = std::make_shared<std::string>();
  explain->add_option("WHAT", *what, "RFD1042, e_45, r_44, P03:e_12:7 or M07")->required();
  explain->callback(
      [&command, what] { command = [what](Context& context) { return Explain(context, *what); }; });
}

}  // namespace referrald::ctl
