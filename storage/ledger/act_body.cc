#include "storage/ledger/act_body.h"

#include "storage/base/bytes.h"
#include "storage/ledger/event.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

using practice::Act;

Status DecodeField(TaggedReader& reader, Act& act) {
  switch (reader.tag()) {
    case 1: act.party.value = reader.Unsigned(); break;
    case 2: act.rep.value = reader.Unsigned(); break;
    case 3: act.other.value = reader.Unsigned(); break;
    case 4: act.opportunity.value = reader.Unsigned(); break;
    case 5: act.referral.value = reader.Unsigned(); break;
    case 6: act.about.value = reader.Unsigned(); break;
    case 7: act.code = static_cast<uint32_t>(reader.Unsigned()); break;
    case 8: act.slots = static_cast<practice::Slots>(reader.Unsigned()); break;
    case 9: {
      const Result<uint64_t> number = DecodeNumber(reader.value());
      if (!number) return number.error();
      act.numbers.push_back(static_cast<int64_t>(*number));
      break;
    }
    case 10: act.channel = static_cast<referral::Channel>(reader.Unsigned()); break;
    case 11: act.amount.minor_units = reader.Signed(); break;
    case 12: act.amount.currency = reader.Text(); break;
    case 13: act.until = FromMicros(reader.Signed()); break;
    case 14: act.name = reader.Text(); break;
    case 15: act.text = Event::kErasedText; break;  // Until the sealed part is opened.
    default: break;
  }
  return Status::Ok();
}

}  // namespace

std::string EncodeAct(const Act& act) {
  TaggedWriter out;
  out.Unsigned(1, act.party.value);
  out.Unsigned(2, act.rep.value);
  out.Unsigned(3, act.other.value);
  out.Unsigned(4, act.opportunity.value);
  out.Unsigned(5, act.referral.value);
  out.Unsigned(6, act.about.value);
  out.Unsigned(7, act.code);
  out.Unsigned(8, act.slots);
  for (const int64_t number : act.numbers) {
    out.Element(9, EncodeNumber(static_cast<uint64_t>(number)));
  }
  out.Unsigned(10, static_cast<uint64_t>(act.channel));
  out.Signed(11, act.amount.minor_units);
  out.Bytes(12, act.amount.currency);
  out.Signed(13, ToMicros(act.until));
  out.Bytes(14, act.name);
  out.Unsigned(15, act.text.empty() ? 0 : 1);
  return out.Take();
}

Result<Act> DecodeAct(practice::EventType type, std::string_view open) {
  Act act;
  act.type = type;
  TaggedReader reader(open);
  while (reader.Next()) {
    if (!DecodeField(reader, act).ok()) return Damaged("act");
  }
  if (!reader.status().ok()) return Damaged("act");
  return act;
}

}  // namespace referrald::ledger
