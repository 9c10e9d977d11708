// What is recorded besides the facts of one referral.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/record.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "storage/practice/act.h"

namespace referrald::ctl {
namespace {

struct ActOptions {
  std::string type, subject, rep, other, opportunity, referral, about;
  std::string code, channel, amount, until, name, text, at, key;
  std::vector<std::string> slots;
  std::vector<int64_t> numbers;
};

Status SetParties(const ActOptions& options, idl::EventInput& event) {
  const auto set = [](const std::string& text, auto parse, auto into, std::string_view option) {
    if (text.empty()) return Status::Ok();
    const Result<idl::PartyRef> party = parse(text);
    if (!party) return party.error().Prefixed(option);
    into(*party);
    return Status::Ok();
  };
  Status status =
      set(options.subject, ParseParty, [&](const auto& p) { event.__set_subject(p); }, "--subject");
  if (status.ok()) {
    status = set(options.rep, ParseRep, [&](const auto& p) { event.__set_rep(p); }, "--rep");
  }
  if (status.ok()) {
    status =
        set(options.other, ParseParty, [&](const auto& p) { event.__set_other(p); }, "--other");
  }
  if (!status.ok()) return status;
  return set(
      options.opportunity, ParseParty, [&](const auto& p) { event.__set_opportunity(p); },
      "--opportunity");
}

void SetTexts(const ActOptions& options, idl::EventInput& event) {
  if (!options.referral.empty()) event.__set_referral(options.referral);
  if (!options.about.empty()) event.__set_about(options.about);
  if (!options.code.empty()) event.__set_code(options.code);
  if (!options.channel.empty()) event.__set_channel(options.channel);
  if (!options.name.empty()) event.__set_name(options.name);
  if (!options.text.empty()) event.__set_text(options.text);
  if (!options.key.empty()) event.__set_idempotency_key(options.key);
  if (!options.slots.empty()) event.__set_slots(options.slots);
  if (!options.numbers.empty()) event.__set_numbers(options.numbers);
}

Result<idl::EventInput> EventOf(const ActOptions& options, Timestamp now) {
  idl::EventInput event;
  event.__set_type(options.type);
  if (Status status = CheckRepeatable(options.key, options.at); !status.ok()) return status;
  const Result<int64_t> at = ParseTime(options.at, now);
  if (!at) return at.error().Prefixed("--at");
  event.__set_occurred_at(*at);
  if (Status status = SetParties(options, event); !status.ok()) return status;
  SetTexts(options, event);
  if (!options.until.empty()) {
    const Result<int64_t> until = ParseTime(options.until, now);
    if (!until) return until.error().Prefixed("--until");
    event.__set_until_at(*until);
  }
  if (!options.amount.empty()) {
    const Result<idl::Money> amount = ParseMoney(options.amount);
    if (!amount) return amount.error().Prefixed("--amount");
    event.__set_amount(*amount);
  }
  return event;
}

ExitCode Record(Context& context, const ActOptions& options) {
  const Result<idl::EventInput> event = EventOf(options, context.Now());
  return event ? RecordEvent(context, *event) : context.Fail(event.error());
}

ExitCode Types(Context& context) {
  Json lines = Json::array();
  Table table({{"TYPE"}, {"CODES"}, {"WHAT"}});
  for (const practice::ActRule& rule : practice::ActTable()) {
    std::vector<std::string> codes;
    for (uint32_t code = 1; code <= rule.code_max; ++code) {
      codes.emplace_back(practice::CodeName(rule.type, code));
    }
    const std::string type = referral::EventTypeName(rule.type);
    table.Add({type, fmt::format("{}", fmt::join(codes, ", ")), std::string(rule.says)});
    lines.push_back({{"type", type}, {"codes", codes}, {"says", rule.says}});
  }
  return context.Show({{"types", std::move(lines)}}, table.Text(context.style()));
}

void AddRecord(CLI::App& act, Command& command) {
  CLI::App* record = act.add_subcommand("record", "Record what was done or happened");
  const auto options = std::make_shared<ActOptions>();
  record->footer("Types and what each takes: referralctl act types\n");
  record->add_option("TYPE", options->type, "OrderPlaced, AskMade, TouchMade, ...")->required();
  record->add_option("--subject", options->subject, "Whom it is about: c_42, a ref or an e-mail");
  record->add_option("--rep", options->rep, "Who did it");
  record->add_option("--other", options->other, "A second party: the prospect of a reference");
  record->add_option("--opportunity", options->opportunity, "The deal");
  record->add_option("--referral", options->referral, "r_44");
  record->add_option("--about", options->about, "e_45, the event that it answers");
  record->add_option("--code", options->code, "A word of the type's own: full, names_given, ...");
  record->add_option(
      "--slot", options->slots,
      "external_peer, internal_peer, neighbour, supplier, customer; may be repeated");
  record->add_option("--number", options->numbers, "As the type says; may be repeated");
  record->add_option("--channel", options->channel, "in_person, phone, video, email, message");
  record->add_option("--amount", options->amount, "\"12000.00 EUR\"");
  record->add_option("--until", options->until, "RFC 3339 with a zone");
  record->add_option(
      "--name", options->name,
      "Of a plan, process, segment or purpose: one word, kept as it stands and never "
      "erased, so no person's");
  record->add_option("--text", options->text, "Free text; kept sealed");
  record->add_option("--at", options->at, "When it happened, RFC 3339 with a zone (default: now)");
  record->add_option("--key", options->key,
                     "Idempotency key: the same key and act are recorded once; with --at");
  record->callback([&command, options] {
    command = [options](Context& context) { return Record(context, *options); };
  });
}

}  // namespace

void AddActCommands(CLI::App& app, Command& command) {
  CLI::App* act = app.add_subcommand("act", "Moments, asks, references, touches and the like");
  act->require_subcommand(1);
  AddRecord(*act, command);
  act->add_subcommand("types", "Every type and what it takes")->callback([&command] {
    command = [](Context& context) { return Types(context); };
  });
}

}  // namespace referrald::ctl
