#include "plugin/ctl/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "plugin/ctl/output.h"
#include "storage/base/text.h"
#include "storage/referral/entity.h"
#include "storage/referral/fact.h"
#include "storage/referral/temperature.h"

namespace referrald::ctl {
namespace {

constexpr FactKind kFactKinds[] = {
    {"named", "NameReceived", "somebody named a person: a lead, COLD; needs --provenance"},
    {"source-contacted", "SourceContacted", "the rep talked with the referral source"},
    {"acquainted", "AcquaintanceConfirmed", "the source says they know the contact"},
    {"not-acquainted", "AcquaintanceDenied", "the source says they do not"},
    {"requested", "IntroductionRequested", "the rep asked for an introduction"},
    {"promised", "IntroductionPromised", "the source promised one"},
    {"introduction", "IntroductionMade", "the introduction took place; needs --evidence"},
    {"source-declined", "SourceDeclined", "the source will not introduce"},
    {"outreach", "OutreachMade", "the rep approached the contact"},
    {"meeting", "MeetingHeld", "the rep and the contact met"},
    {"declined", "ContactDeclined", "the contact does not want to talk"},
    {"not-a-fit", "NotAFit", "the contact is not a fit"},
    {"qualified", "Qualified", "there is something to sell"},
    {"won", "OpportunityWon", "the deal was won; takes --amount"},
    {"lost", "OpportunityLost", "the deal was lost"},
    {"reopened", "OpportunityReopened", "a lost deal is open again"},
    {"reversed", "OpportunityReversed", "a won deal was reversed"},
    {"expired", "InactivityElapsed", "nothing happened for too long"},
    {"known", "RelationshipConfirmed", "the rep and the contact know each other already"},
    {"not-known", "RelationshipDenied", "they do not, whatever was said before"},
    {"duplicate", "DuplicateOf", "it is the same as another; needs --survivor and --reviewer"},
    {"no-duplicate", "DuplicateCleared", "it is not, after all; needs --reviewer"},
    {"void", "Voided", "it should not stand; needs --reason and --reviewer"},
    {"not-void", "VoidReverted", "it should, after all; needs --reason and --reviewer"},
};

Result<idl::PartyRef> ExternalParty(std::string_view text) {
  const Result<referral::ExternalRef> ref = referral::ParseExternalRef(text);
  if (!ref) return ref.error();
  idl::ExternalRef external;
  external.__set_system(ref->system);
  external.__set_object(ref->object);
  external.__set_id(ref->id);
  idl::PartyRef party;
  party.__set_external_ref(external);
  return party;
}

std::optional<idl::PartyRef> ById(std::string_view text) {
  if (!referral::ParseEntityId(text)) return std::nullopt;
  idl::PartyRef party;
  party.__set_id(std::string(text));
  return party;
}

bool IsWord(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

Status NotMoney() {
  return Status::InvalidArgument(
      "an amount is a number with a point and a currency: --amount \"12000.00 EUR\"", 5101);
}

}  // namespace

Result<idl::PartyRef> ParseParty(std::string_view text) {
  text = Trim(text);
  if (auto party = ById(text)) return *std::move(party);
  if (text.find(':') != std::string_view::npos) return ExternalParty(text);
  if (IsPlausibleEmail(FoldEmail(text))) {
    idl::PartyRef party;
    party.__set_email(std::string(text));
    return party;
  }
  return Status::InvalidArgument(
      "a party is an id (c_42), a row of a system (salesforce:Contact:ID) or an e-mail address; "
      "look for one with: referralctl contact find NAME",
      5102);
}

Result<idl::PartyRef> ParseRep(std::string_view text) {
  text = Trim(text);
  const bool is_id = referral::ParseEntityId(text).has_value();
  if (!is_id && IsWord(text)) return ExternalParty(fmt::format("local:rep:{}", text));
  return ParseParty(text);
}

Result<idl::Money> ParseMoney(std::string_view text) {
  text = Trim(text);
  const size_t space = text.rfind(' ');
  if (space == std::string_view::npos) return NotMoney();
  const std::string_view currency = text.substr(space + 1);
  const std::string_view number = Trim(text.substr(0, space));
  const size_t point = number.find('.');
  std::string_view fraction;
  if (point != std::string_view::npos) fraction = number.substr(point + 1);
  const auto digits = static_cast<size_t>(MinorDigits(currency));
  const bool lonely_point = point != std::string_view::npos && fraction.empty();
  if (!referral::IsCurrency(currency) || lonely_point || fraction.size() > digits)
    return NotMoney();
  std::string minor = std::string(number.substr(0, point)) + std::string(fraction);
  minor.append(digits - fraction.size(), '0');
  int64_t units = 0;
  const auto [end, error] = std::from_chars(minor.data(), minor.data() + minor.size(), units);
  if (error != std::errc{} || end != minor.data() + minor.size() || units < 0) return NotMoney();
  idl::Money money;
  money.__set_minor_units(units);
  money.__set_currency(std::string(currency));
  return money;
}

Status CheckRepeatable(std::string_view key, std::string_view at) {
  if (key.empty() || (!at.empty() && at != "now")) return Status::Ok();
  return Status::InvalidArgument(
      "--key needs --at with a time: the same command again must say the same, and now is later",
      3020);
}

Result<int64_t> ParseTime(std::string_view text, Timestamp now) {
  if (text.empty() || text == "now") return ToMicros(now);
  const Result<Timestamp> time = ParseTimestamp(text);
  if (!time) return time.error();
  return ToMicros(*time);
}

Result<idl::PartyRef> PartyOfPrompt(std::string_view id) {
  const size_t first = id.find(':');
  const size_t second = id.rfind(':');
  if (first == std::string_view::npos || first == second) {
    return Status::InvalidArgument("name a prompt as `referralctl prompt list` does: P03:e_12:7",
                                   5020);
  }
  return ParseParty("c_" + std::string(id.substr(second + 1)));
}

Result<std::optional<idl::AsOf>> ParseAsOf(std::string_view at, const std::string& event,
                                           Timestamp now) {
  if (at.empty() && event.empty()) return std::optional<idl::AsOf>{};
  idl::AsOf as_of;
  if (!event.empty()) as_of.__set_event(event);
  if (!at.empty()) {
    const Result<int64_t> when = ParseTime(at, now);
    if (!when) return when.error().Prefixed("--as-of");
    as_of.__set_at(*when);
  }
  return std::optional(std::move(as_of));
}

std::span<const FactKind> FactKinds() { return kFactKinds; }

Result<FactKind> ParseFactKind(std::string_view word) {
  std::vector<std::string_view> words;
  for (const FactKind& kind : kFactKinds) {
    if (kind.word == word || kind.type == word) return kind;
    words.push_back(kind.word);
  }
  // A temperature is what people try first; some words deserve more than "no such kind".
  const Status temperature = StatusOf(referral::ParseTemperature(word));
  if (temperature != StatusOf(referral::ParseTemperature(""))) {
    return Status::InvalidArgument(temperature.ok()
                                       ? "a temperature follows from what happened: record that"
                                       : temperature.message() +
                                             ". Record what happened: named, requested, "
                                             "introduction, ...",
                                   3010);
  }
  const std::string_view nearest = Nearest(word, words);
  const std::string guess = nearest.empty() ? "see: referralctl referral record --help"
                                            : fmt::format("did you mean {}?", nearest);
  return Status::InvalidArgument(fmt::format("there is no kind of fact `{}`; {}", word, guess),
                                 5103);
}

}  // namespace referrald::ctl
