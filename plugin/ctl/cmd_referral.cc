#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/record.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "storage/referral/referral.h"
#include "storage/referral/temperature.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

constexpr int32_t kPage = 1000;

struct RecordOptions {
  std::string kind, source, contact, rep, opportunity, referral, base;
  std::string at, channel, reason, provenance, survivor, reviewer, ask, slot;
  std::string evidence, evidence_sha256, amount, key, temperature;
  bool contact_expects = false;
  bool decision_maker = false, keep_out_of_order = false, implied = false;
};

struct ListOptions {
  std::string id, state, source, contact, as_of, as_of_event;
  size_t limit = 50;
};

// Every mistake on the command line is found before anything is sent.
template <typename T, typename Parse, typename Set>
Status SetIf(const std::string& text, Parse parse, Set set, std::string_view option) {
  if (text.empty()) return Status::Ok();
  const Result<T> parsed = parse(text);
  if (!parsed) return parsed.error().Prefixed(option);
  set(*parsed);
  return Status::Ok();
}

Status SetParties(const RecordOptions& options, idl::EventInput& event) {
  using Party = idl::PartyRef;
  const Status all[] = {
      SetIf<Party>(
          options.source, ParseParty, [&](const auto& p) { event.__set_source(p); }, "--source"),
      SetIf<Party>(
          options.contact, ParseParty, [&](const auto& p) { event.__set_contact(p); }, "--contact"),
      SetIf<Party>(
          options.rep, ParseRep, [&](const auto& p) { event.__set_rep(p); }, "--rep"),
      SetIf<Party>(
          options.reviewer, ParseRep, [&](const auto& p) { event.__set_reviewer(p); },
          "--reviewer"),
      SetIf<Party>(
          options.opportunity, ParseParty, [&](const auto& p) { event.__set_opportunity(p); },
          "--opportunity"),
      SetIf<idl::Money>(
          options.amount, ParseMoney, [&](const auto& m) { event.__set_amount(m); }, "--amount"),
  };
  for (const Status& status : all) {
    if (!status.ok()) return status;
  }
  return Status::Ok();
}

void SetTexts(const RecordOptions& options, idl::EventInput& event) {
  if (!options.key.empty()) event.__set_idempotency_key(options.key);
  if (!options.referral.empty()) event.__set_referral(options.referral);
  if (!options.base.empty()) event.__set_base_event(options.base);
  if (!options.channel.empty()) event.__set_channel(options.channel);
  if (!options.reason.empty()) event.__set_reason(options.reason);
  if (!options.survivor.empty()) event.__set_survivor(options.survivor);
  if (!options.ask.empty()) event.__set_because(options.ask);
  if (!options.slot.empty()) event.__set_source_slot(options.slot);
  if (options.decision_maker) event.__set_decision_maker(true);
  if (options.keep_out_of_order) event.__set_keep_out_of_order(true);
  if (options.implied) event.__set_implied(true);
  if (!options.provenance.empty()) event.__set_provenance(options.provenance);
  idl::Evidence evidence;
  if (!options.evidence.empty()) evidence.__set_reference(options.evidence);
  if (!options.evidence_sha256.empty()) evidence.__set_sha256(options.evidence_sha256);
  if (options.contact_expects) evidence.__set_contact_expects(true);
  if (evidence.__isset.reference || evidence.__isset.sha256 || evidence.__isset.contact_expects) {
    event.__set_evidence(evidence);
  }
}

// Nobody sets a temperature; whoever tries hears first whether there is such a one.
Status RefuseTemperature(std::string_view name) {
  const Result<referral::Temperature> temperature = referral::ParseTemperature(name);
  if (!temperature) return temperature.error();
  return Status::InvalidArgument(
      "a temperature follows from what happened and cannot be set. Record the introduction "
      "instead: referralctl referral record introduction --evidence ...",
      3010);
}

Result<idl::EventInput> EventOf(const RecordOptions& options, Timestamp now) {
  if (!options.temperature.empty()) return RefuseTemperature(options.temperature);
  const Result<FactKind> kind = ParseFactKind(options.kind);
  if (!kind) return kind.error();
  if (Status status = CheckRepeatable(options.key, options.at); !status.ok()) return status;
  const Result<int64_t> at = ParseTime(options.at, now);
  if (!at) return at.error().Prefixed("--at");
  idl::EventInput event;
  event.__set_type(std::string(kind->type));
  event.__set_occurred_at(*at);
  if (Status status = SetParties(options, event); !status.ok()) return status;
  SetTexts(options, event);
  return event;
}

ExitCode Record(Context& context, const RecordOptions& options) {
  const auto event = EventOf(options, context.Now());
  return event ? RecordEvent(context, *event) : context.Fail(event.error());
}

ExitCode List(Context& context, const ListOptions& options) {
  idl::ListReferralsRequest request;
  if (!options.state.empty()) request.__set_state(options.state);
  if (!options.source.empty()) request.__set_source(options.source);
  if (!options.contact.empty()) request.__set_contact(options.contact);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  std::vector<idl::Referral> referrals;
  while (referrals.size() < options.limit) {
    request.__set_max(static_cast<int32_t>(
        std::min(options.limit - referrals.size(), static_cast<size_t>(kPage))));
    auto page = client->Ask(&Client::listReferrals, request);
    if (!page) return context.Fail(page.error());
    referrals.insert(referrals.end(), page->referrals.begin(), page->referrals.end());
    if (page->next_cursor.empty()) break;
    request.__set_cursor(page->next_cursor);
  }
  return context.Show({{"referrals", ToJsonList(referrals)}},
                      ReferralsText(referrals, context.style()));
}

ExitCode Show(Context& context, const ListOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto as_of = ParseAsOf(options.as_of, options.as_of_event, context.Now());
  if (!as_of) return context.Fail(as_of.error());
  const auto referral = *as_of ? client->Ask(&Client::getReferralAsOf, options.id, **as_of)
                               : client->Ask(&Client::getReferral, options.id);
  if (!referral) return context.Fail(referral.error());
  return context.Show(ToJson(*referral), ReferralText(*referral, context.style()));
}

ExitCode Transitions(Context& context, const ListOptions&) {
  Json lines = Json::array();
  for (const referral::Transition& line : referral::TransitionTable()) {
    Json from = Json::array();
    for (const referral::State state : line.from) from.push_back(referral::StateName(state));
    lines.push_back({{"id", line.id},
                     {"from", std::move(from)},
                     {"event", referral::EventTypeName(line.event)},
                     {"to", referral::StateName(line.to)},
                     {"needs", line.guard}});
  }
  return context.Show({{"transitions", std::move(lines)}}, TransitionsText(context.style()));
}

std::string KindsHelp() {
  std::string text = "Kinds:\n";
  for (const FactKind& kind : FactKinds()) {
    text += fmt::format("  {:<17} {}\n", kind.word, kind.summary);
  }
  return text +
         "A contact is COLD until an introduction makes it HOT; there is nothing between.\n"
         "A party is c_42, system:Object:id or an e-mail address; a rep may also be a word "
         "(jane is local:rep:jane).\n";
}

void AddRecord(CLI::App& referral, Command& command) {
  CLI::App* record = referral.add_subcommand("record", "Record what happened");
  const auto options = std::make_shared<RecordOptions>();
  record->footer(KindsHelp());
  record->add_option("KIND", options->kind, "What happened")->required();
  record->add_option("--source", options->source, "Who introduces");
  record->add_option("--contact", options->contact, "Who is introduced");
  record->add_option("--rep", options->rep, "To whom");
  record->add_option("--referral", options->referral, "r_44, instead of the three above");
  record->add_option("--at", options->at, "When it happened, RFC 3339 with a zone (default: now)");
  record->add_option("--channel", options->channel,
                     "in_person, phone, video, email, message, platform_request");
  record->add_option("--reason", options->reason, "Why to meet, or why declined");
  record->add_option("--provenance", options->provenance, "Where the name came from");
  record->add_option("--evidence", options->evidence,
                     "Where the proof is: message id, calendar entry, document");
  record->add_option("--evidence-sha256", options->evidence_sha256, "Its SHA-256, 64 digits");
  record->add_flag("--contact-expects", options->contact_expects,
                   "The contact knows that the rep will call");
  record->add_flag("--decision-maker", options->decision_maker, "The meeting was with who decides");
  record->add_flag("--keep-out-of-order", options->keep_out_of_order,
                   "Keep what does not follow yet, as unapplied, instead of refusing it");
  record->add_flag("--implied", options->implied,
                   "Nobody saw the meeting or qualification; --because could not be without it");
  record->add_option("--ask,--because", options->ask,
                     "e_45, the ask that a name or an introduction came of, or what implies it");
  record->add_option("--slot", options->slot,
                     "From which of the source's groups: external_peer, internal_peer, "
                     "neighbour, supplier, customer");
  record->add_option("--survivor", options->survivor, "r_44, which is kept of two");
  record->add_option("--reviewer", options->reviewer,
                     "Who judged the record: none of the three people in it");
  record->add_option("--opportunity", options->opportunity, "The deal");
  record->add_option("--amount", options->amount, "\"12000.00 EUR\"");
  record->add_option("--base", options->base,
                     "e_45, the newest event of the referral that you have seen: refused where "
                     "there is a later one");
  record->add_option("--key", options->key,
                     "Idempotency key: the same key and fact are recorded once; with --at");
  record->add_option("--temperature", options->temperature)->group("");
  record->callback([&command, options] {
    command = [options](Context& context) { return Record(context, *options); };
  });
}

}  // namespace

void AddReferralCommands(CLI::App& app, Command& command) {
  CLI::App* referral = app.add_subcommand("referral", "Who was introduced by whom");
  referral->require_subcommand(1);
  AddRecord(*referral, command);
  const auto options = std::make_shared<ListOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };
  CLI::App* list = referral->add_subcommand("list", "Referrals");
  list->add_option("--state", options->state, "Only in this state: NAMED, INTRODUCED, ...");
  list->add_option("--source", options->source, "Only brought by this party (c_42)");
  list->add_option("--contact", options->contact, "Only about this party (c_42)");
  list->add_option("-n,--limit", options->limit, "At most so many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  list->callback(choose(List));
  CLI::App* show = referral->add_subcommand("show", "One referral, its events and its state");
  show->add_option("REFERRAL", options->id, "r_44")->required();
  AddAsOfOptions(show, options->as_of, options->as_of_event);
  show->callback(choose(Show));
  referral->add_subcommand("transitions", "The table of states and what leads from one to another")
      ->callback(choose(Transitions));
}

}  // namespace referrald::ctl
