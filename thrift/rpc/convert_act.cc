// Acts from the wire.
#include <utility>

#include "storage/base/limits.h"
#include "thrift/rpc/convert.h"
#include "thrift/rpc/convert_members.h"

namespace referrald::rpc {
namespace {

Status AddParties(const idl::EventInput& event, ledger::RecordAct& wish) {
  const auto party = OptionalParty(event.__isset.subject, event.subject, "subject");
  const auto rep = OptionalParty(event.__isset.rep, event.rep, "rep");
  const auto other = OptionalParty(event.__isset.other, event.other, "other");
  const auto opportunity =
      OptionalParty(event.__isset.opportunity, event.opportunity, "opportunity");
  for (const auto* each : {&party, &rep, &other, &opportunity}) {
    if (!*each) return each->error();
  }
  wish.party = *party;
  wish.rep = *rep;
  wish.other = *other;
  wish.opportunity = *opportunity;
  return Status::Ok();
}

Status AddLinks(const idl::EventInput& event, practice::Act& act) {
  const auto about = OptionalEvent(event.about, "about");
  if (!about) return about.error();
  act.about = *about;
  const auto referral = OptionalReferral(event.referral, "referral");
  if (!referral) return referral.error();
  act.referral = *referral;
  return Status::Ok();
}

Status AddCode(const idl::EventInput& event, practice::Act& act) {
  if (event.code.empty()) return Status::Ok();
  act.code = practice::ParseCode(act.type, event.code);
  if (act.code != 0) return Status::Ok();
  std::vector<std::string_view> known;
  const practice::ActRule* const rule = practice::FindActRule(act.type);
  for (uint32_t code = 1; code <= rule->code_max; ++code) {
    known.push_back(practice::CodeName(act.type, code));
  }
  if (known.empty()) return Invalid("code", event.type + " takes none", 5021);
  return UnknownName("code", event.code, known);
}

Status AddValues(const idl::EventInput& event, practice::Act& act) {
  const Result<practice::Slots> slots = SlotsFrom(event.slots);
  if (!slots) return slots.error();
  act.slots = *slots;
  const Result<referral::Channel> channel = ChannelFrom(event.channel);
  if (!channel) return channel.error();
  act.channel = *channel;
  act.numbers = event.numbers;
  act.until = FromMicros(event.until_at);
  if (!event.__isset.amount) return Status::Ok();
  const Result<referral::Money> amount = MoneyFrom(event.amount);
  if (!amount) return amount.error();
  act.amount = *amount;
  return Status::Ok();
}

Status AddTexts(const idl::EventInput& event, practice::Act& act) {
  const Status name = CheckText("name", event.name, limits::kActNameBytesMax);
  if (!name.ok()) return name;
  const Status text = CheckText("text", event.text, limits::kFreeTextBytesMax);
  if (!text.ok()) return text;
  act.name = event.name;
  act.text = event.text;
  return Status::Ok();
}

}  // namespace

Result<Wish> ActFrom(referral::EventType type, const idl::EventInput& event,
                     const std::string& actor) {
  ledger::RecordAct wish;
  wish.act.type = type;
  Status status = AddParties(event, wish);
  if (status.ok()) status = AddLinks(event, wish.act);
  if (status.ok()) status = AddCode(event, wish.act);
  if (status.ok()) status = AddValues(event, wish.act);
  if (status.ok()) status = AddTexts(event, wish.act);
  if (!status.ok()) return status;
  wish.occurred_at = FromMicros(event.occurred_at);
  wish.idempotency_key = event.idempotency_key;
  wish.actor = actor;
  return Wish{std::move(wish)};
}

}  // namespace referrald::rpc
