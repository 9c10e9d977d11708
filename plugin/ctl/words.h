#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/base/time.h"
#include "thrift/idl/referrald_types.h"

// What people type, as the RPC wants it. Pure; InvalidArgument says what is accepted instead.
namespace referrald::ctl {

// "c_42", "salesforce:Contact:003...", or an e-mail address.
Result<idl::PartyRef> ParseParty(std::string_view text);
// The same, and a bare word: "jane" is local:rep:jane.
Result<idl::PartyRef> ParseRep(std::string_view text);

// "12000.00 EUR": at most as many digits behind the point as the currency has.
Result<idl::Money> ParseMoney(std::string_view text);

// Whom a prompt is about: "P03:e_12:7" is about c_7.
Result<idl::PartyRef> PartyOfPrompt(std::string_view id);

// RFC 3339 with a zone; "" and "now" are `now`.
Result<int64_t> ParseTime(std::string_view text, Timestamp now);
// A wish with an idempotency key is told again word by word, or it is another wish: its time must
// be given, since "now" is another time each time. InvalidArgument (RFD3020).
Status CheckRepeatable(std::string_view key, std::string_view at);

// As it was then; nothing where both are empty.
Result<std::optional<idl::AsOf>> ParseAsOf(std::string_view at, const std::string& event,
                                           Timestamp now);

// A kind of fact, as people say it and as the log does.
struct FactKind {
  std::string_view word;  // "introduction"
  std::string_view type;  // "IntroductionMade"
  std::string_view summary;
};
std::span<const FactKind> FactKinds();
// InvalidArgument names the nearest kind; a temperature is none, and it says why.
Result<FactKind> ParseFactKind(std::string_view word);

}  // namespace referrald::ctl
