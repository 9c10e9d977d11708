#include "thrift/rpc/convert_members.h"

#include <algorithm>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"
#include "storage/referral/temperature.h"
#include "thrift/rpc/convert.h"

namespace referrald::rpc {

Status Invalid(std::string_view member, std::string_view what, int number) {
  return Status::InvalidArgument(std::string(member) + ": " + std::string(what), number);
}

// The word that people most want to write is explained.
Status UnknownName(std::string_view member, std::string_view name,
                   const std::vector<std::string_view>& known) {
  if (EqualsIgnoreCase(Trim(name), "warm")) {
    return StatusOf(referral::ParseTemperature("WARM")).Prefixed(member);
  }
  std::string_view nearest = Nearest(name, known);
  for (const std::string_view other : known) {
    if (EqualsIgnoreCase(Trim(name), other)) nearest = other;
  }
  if (!nearest.empty()) {
    return Invalid(member, "there is no such name; did you mean " + std::string(nearest) + "?",
                   5021);
  }
  std::string all;
  for (const std::string_view other : known) {
    all += (all.empty() ? "" : ", ") + std::string(other);
  }
  return Invalid(member, "there is no such name; there are " + all, 5021);
}

Status CheckText(std::string_view member, std::string_view text, size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Invalid(
        member, std::to_string(text.size()) + " bytes, limit " + std::to_string(bytes_max), 5023);
  }
  if (!IsValidUtf8(text)) return Invalid(member, "not UTF-8", 5023);
  return Status::Ok();
}

Result<referral::Channel> ChannelFrom(const std::string& name) {
  if (name.empty()) return referral::Channel::kUnknown;
  const referral::Channel channel = referral::ParseChannel(name);
  if (channel != referral::Channel::kUnknown) return channel;
  std::vector<std::string_view> known;
  for (uint8_t number = 1; number <= 6; ++number) {
    known.push_back(referral::ChannelName(static_cast<referral::Channel>(number)));
  }
  return UnknownName("channel", name, known);
}

Result<referral::Money> MoneyFrom(const idl::Money& money) {
  if (!referral::IsCurrency(money.currency)) {
    return Invalid("amount.currency", "must be an ISO 4217 code, such as EUR");
  }
  return referral::Money{.minor_units = money.minor_units, .currency = money.currency};
}

Result<ledger::PartyRef> OptionalParty(bool is_set, const idl::PartyRef& party,
                                       std::string_view member) {
  return is_set ? PartyRefFrom(party, member) : Result<ledger::PartyRef>(ledger::PartyRef{});
}

Result<practice::Slots> SlotsFrom(const std::vector<std::string>& names) {
  practice::Slots slots = 0;
  for (const std::string& name : names) {
    const std::optional<practice::Slot> slot = practice::ParseSlot(name);
    if (!slot) {
      std::vector<std::string_view> known;
      for (uint8_t number = 0; number < practice::kSlotCount; ++number) {
        known.push_back(practice::SlotName(static_cast<practice::Slot>(number)));
      }
      return UnknownName("slots", name, known);
    }
    slots |= practice::In(*slot);
  }
  return slots;
}

Result<Sequence> OptionalEvent(const std::string& text, std::string_view member) {
  if (text.empty()) return Sequence{};
  const Result<Sequence> sequence = ParseSequence(text);
  if (!sequence) return sequence.error().Prefixed(member);
  return *sequence;
}

Result<ReferralId> OptionalReferral(const std::string& text, std::string_view member) {
  if (text.empty()) return ReferralId{};
  const Result<ReferralId> id = ParseReferralId(text);
  if (!id) return id.error().Prefixed(member);
  return *id;
}

}  // namespace referrald::rpc
