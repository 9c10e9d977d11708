// Encoding of folded referrals.
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

using referral::Referral;

void EncodeSteps(TaggedWriter& out, const Referral& referral) {
  for (const referral::Step& step : referral.steps) {
    TaggedWriter element;
    element.Unsigned(1, static_cast<uint64_t>(step.state));
    element.Unsigned(2, step.sequence.value);
    element.Signed(3, ToMicros(step.occurred_at));
    element.Unsigned(4, step.implied ? 1 : 0);
    out.Element(6, element.text());
  }
  for (const referral::Unapplied& unapplied : referral.unapplied) {
    TaggedWriter element;
    element.Unsigned(1, unapplied.sequence.value);
    element.Bytes(2, unapplied.reason);
    out.Element(7, element.text());
  }
}

Status DecodeStep(std::string_view bytes, Referral& referral) {
  referral::Step step;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: step.state = static_cast<referral::State>(reader.Unsigned()); break;
      case 2: step.sequence.value = reader.Unsigned(); break;
      case 3: step.occurred_at = FromMicros(reader.Signed()); break;
      case 4: step.implied = reader.Unsigned() != 0; break;
      default: break;
    }
  }
  referral.steps.push_back(step);
  return reader.status();
}

Status DecodeUnapplied(std::string_view bytes, Referral& referral) {
  referral::Unapplied unapplied;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: unapplied.sequence.value = reader.Unsigned(); break;
      case 2: unapplied.reason = reader.Text(); break;
      default: break;
    }
  }
  referral.unapplied.push_back(std::move(unapplied));
  return reader.status();
}

Status DecodeFacts(std::string_view bytes, std::vector<Sequence>& facts) {
  if (bytes.size() % 8 != 0) return Damaged("referral");
  for (; !bytes.empty(); bytes.remove_prefix(8)) facts.push_back({ReadBigEndian64(bytes)});
  return Status::Ok();
}

Status DecodeField(TaggedReader& reader, ReferralRecord& record) {
  Referral& referral = record.referral;
  switch (reader.tag()) {
    case 1: referral.source.value = reader.Unsigned(); break;
    case 2: referral.contact.value = reader.Unsigned(); break;
    case 3: referral.rep.value = reader.Unsigned(); break;
    case 4: referral.opportunity.value = reader.Unsigned(); break;
    case 5: referral.state = static_cast<referral::State>(reader.Unsigned()); break;
    case 6: return DecodeStep(reader.value(), referral);
    case 7: return DecodeUnapplied(reader.value(), referral);
    case 8: referral.introduction.value = reader.Unsigned(); break;
    case 9: referral.introduced_at = FromMicros(reader.Signed()); break;
    case 10: referral.first_outreach.value = reader.Unsigned(); break;
    case 11: referral.first_outreach_at = FromMicros(reader.Signed()); break;
    case 12: referral.late_evidence = reader.Unsigned() != 0; break;
    case 13: referral.rescued_by_introduction = reader.Unsigned() != 0; break;
    case 14: referral.amount.minor_units = reader.Signed(); break;
    case 15: referral.amount.currency = reader.Text(); break;
    case 16: return DecodeFacts(reader.value(), record.facts);
    case 17: referral.ask.value = reader.Unsigned(); break;
    case 18: referral.source_slot = static_cast<uint8_t>(reader.Unsigned()); break;
    case 19: referral.outreaches = static_cast<uint32_t>(reader.Unsigned()); break;
    case 20: referral.survivor.value = reader.Unsigned(); break;
    case 21: referral.met_decision_maker = reader.Unsigned() != 0; break;
    case 22: referral.earlier_outreach.value = reader.Unsigned(); break;
    case 23: referral.denial.value = reader.Unsigned(); break;
    case 24: referral.acquaintance.value = reader.Unsigned(); break;
    case 25: return DecodeFacts(reader.value(), referral.taken_back);
    default: break;
  }
  return Status::Ok();
}

}  // namespace

std::string Encode(const ReferralRecord& record) {
  const Referral& referral = record.referral;
  TaggedWriter out;
  out.Unsigned(1, referral.source.value);
  out.Unsigned(2, referral.contact.value);
  out.Unsigned(3, referral.rep.value);
  out.Unsigned(4, referral.opportunity.value);
  out.Unsigned(5, static_cast<uint64_t>(referral.state));
  EncodeSteps(out, referral);
  out.Unsigned(8, referral.introduction.value);
  out.Signed(9, ToMicros(referral.introduced_at));
  out.Unsigned(10, referral.first_outreach.value);
  out.Signed(11, ToMicros(referral.first_outreach_at));
  out.Unsigned(12, referral.late_evidence ? 1 : 0);
  out.Unsigned(13, referral.rescued_by_introduction ? 1 : 0);
  out.Signed(14, referral.amount.minor_units);
  out.Bytes(15, referral.amount.currency);
  std::string facts;
  for (const Sequence fact : record.facts) AppendBigEndian64(facts, fact.value);
  out.Bytes(16, facts);
  out.Unsigned(17, referral.ask.value);
  out.Unsigned(18, referral.source_slot);
  out.Unsigned(19, referral.outreaches);
  out.Unsigned(20, referral.survivor.value);
  out.Unsigned(21, referral.met_decision_maker ? 1 : 0);
  out.Unsigned(22, referral.earlier_outreach.value);
  out.Unsigned(23, referral.denial.value);
  out.Unsigned(24, referral.acquaintance.value);
  std::string taken_back;
  for (const Sequence fact : referral.taken_back) AppendBigEndian64(taken_back, fact.value);
  out.Bytes(25, taken_back);
  return out.Take();
}

Result<ReferralRecord> DecodeReferral(ReferralId id, std::string_view bytes) {
  ReferralRecord record;
  record.referral.id = id;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (!DecodeField(reader, record).ok()) return Damaged("referral " + ToText(id));
  }
  if (!reader.status().ok()) return Damaged("referral " + ToText(id));
  return record;
}

}  // namespace referrald::ledger
