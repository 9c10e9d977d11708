#include "thrift/rpc/review_views.h"

#include <algorithm>
#include <utility>

#include "storage/practice/cadence.h"
#include "thrift/rpc/convert.h"
#include "thrift/rpc/practice_views.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

std::vector<std::string> Texts(const auto& ids) {
  std::vector<std::string> texts;
  for (const auto id : ids) texts.push_back(ToText(id));
  return texts;
}

Result<idl::Credit> CreditView(const ledger::Reader& reader, const practice::Credit& credit) {
  Result<std::string> name = NameOf(reader, credit.source);
  if (!name) return name.error();
  idl::Credit wire;
  wire.referral = ToText(credit.referral);
  wire.source = PersonText(credit.source);
  wire.source_name = *std::move(name);
  wire.introduction = ToText(credit.introduction);
  wire.introduced_at = Micros(credit.introduced_at);
  wire.why = credit.why;
  wire.because = Texts(credit.because);
  return wire;
}

Result<idl::NoCredit> NoCreditView(const ledger::Reader& reader, const practice::NoCredit& other) {
  Result<std::string> name = NameOf(reader, other.source);
  if (!name) return name.error();
  idl::NoCredit wire;
  wire.referral = TextOrEmpty(other.referral);
  wire.source = PersonText(other.source);
  wire.source_name = *std::move(name);
  wire.reason = practice::NoCreditReasonName(other.reason);
  wire.why = other.why;
  wire.because = Texts(other.because);
  return wire;
}

Result<idl::Attribution> AttributionView(const ledger::Reader& reader,
                                         const practice::Attribution& attribution) {
  idl::Attribution wire;
  wire.rule = attribution.rule;
  wire.opportunity = referral::ToText(referral::EntityKind::kOpportunity, attribution.opportunity);
  if (attribution.credit) {
    Result<idl::Credit> credit = CreditView(reader, *attribution.credit);
    if (!credit) return credit.error();
    wire.__set_credit(*std::move(credit));
  }
  for (const practice::NoCredit& other : attribution.others) {
    Result<idl::NoCredit> one = NoCreditView(reader, other);
    if (!one) return one.error();
    wire.others.push_back(*std::move(one));
  }
  return wire;
}

Status AddAll(const ledger::Reader& reader, const std::vector<practice::Attribution>& all,
              std::vector<idl::Attribution>& wire) {
  for (const practice::Attribution& one : all) {
    Result<idl::Attribution> view = AttributionView(reader, one);
    if (!view) return view.error();
    wire.push_back(*std::move(view));
  }
  return Status::Ok();
}

struct Overdue {
  EntityId party, rep;
  std::string plan;
  practice::CadenceState state;
};

Result<idl::CatchUp> CatchUpOf(const ledger::Reader& reader, const Overdue& one) {
  Result<std::string> name = NameOf(reader, one.party);
  if (!name) return name.error();
  idl::CatchUp wire;
  wire.party = PersonText(one.party);
  wire.party_name = *std::move(name);
  wire.rep = PersonText(one.rep);
  wire.plan = one.plan;
  wire.last_touch_at = Micros(one.state.last);
  wire.due = Micros(one.state.due);
  wire.overdue = one.state.overdue;
  wire.because = Texts(one.state.because);
  return wire;
}

}  // namespace

Result<std::vector<idl::Suggestion>> SuggestionsView(const ledger::Reader& reader,
                                                     EntityId customer, size_t count_max) {
  const auto found = reader.SuggestPeople(customer, count_max);
  if (!found) return found.error();
  std::vector<idl::Suggestion> wire;
  for (const practice::Suggestion& suggestion : *found) {
    Result<std::string> name = NameOf(reader, suggestion.person);
    if (!name) return name.error();
    idl::Suggestion& one = wire.emplace_back();
    one.slot = practice::SlotName(suggestion.slot);
    one.person = PersonText(suggestion.person);
    one.name = *std::move(name);
    one.reason = suggestion.reason;
    one.confirmed_acquaintance = suggestion.confirmed_acquaintance;
    one.because = Texts(suggestion.because);
  }
  return wire;
}

Result<idl::AttributionPage> AttributionsView(const ledger::Reader& reader,
                                              const ledger::AttributionQuery& query,
                                              size_t count_max) {
  const auto page = reader.ListAttributions(query, count_max);
  if (!page) return page.error();
  idl::AttributionPage wire;
  wire.sequence = Count(reader.head().value);
  wire.next_cursor = page->next;
  Status status = AddAll(reader, page->items, wire.attributions);
  if (status.ok()) status = AddAll(reader, page->compared, wire.compared);
  if (!status.ok()) return status;
  return wire;
}

Result<std::vector<idl::Hold>> HoldsView(const ledger::Reader& reader, bool with_released) {
  const auto holds = reader.ListHolds(with_released);
  if (!holds) return holds.error();
  std::vector<idl::Hold> wire;
  for (const ledger::HeldReferrals& held : *holds) {
    idl::Hold& one = wire.emplace_back();
    one.rule = held.hit.rule;
    one.referrals = Texts(held.hit.referrals);
    one.why = held.hit.why + (held.released ? "; a reviewer let it go" : "");
    one.about = ToText(held.about);
    one.because = Texts(held.hit.because);
  }
  return wire;
}

Result<std::vector<idl::CatchUp>> CatchUpView(const ledger::Reader& reader, EntityId rep,
                                              Timestamp now, size_t count_max) {
  std::vector<Overdue> all;
  const Status scanned = reader.ScanCustomers([&](const ledger::CustomerRecord& record) {
    const practice::Customer& customer = record.customer;
    const bool wanted =
        customer.IsActive() && (!rep || customer.rep == rep) && !customer.cadence.empty();
    if (!wanted) return true;
    practice::CadenceState state = practice::CadenceOf(customer, now);
    if (state.overdue == 0) return true;
    all.push_back({customer.party, customer.rep, std::string(state.plan->name), std::move(state)});
    return true;
  });
  if (!scanned.ok()) return scanned;
  std::ranges::sort(all, {},
                    [](const Overdue& one) { return std::pair(-one.state.overdue, one.party); });
  if (all.size() > count_max) all.resize(count_max);
  std::vector<idl::CatchUp> wire;
  for (const Overdue& one : all) {
    Result<idl::CatchUp> view = CatchUpOf(reader, one);
    if (!view) return view.error();
    wire.push_back(*std::move(view));
  }
  return wire;
}

Result<idl::Referral> ReferralAsOfView(const ledger::Reader& reader, ReferralId id,
                                       const ledger::AsOf& as_of) {
  const auto referral = reader.GetReferralAsOf(id, as_of);
  if (!referral) return referral.error();
  Result<idl::Referral> wire = ReferralView(reader, *referral, as_of);
  if (!wire) return wire.error();
  const auto facts = reader.FactsOf(id);
  if (!facts) return facts.error();
  for (const referral::RecordedFact& fact : *facts) {
    if (as_of.Knows(fact)) wire->events.push_back(ToIdl(fact));
  }
  return wire;
}

Result<idl::Customer> CustomerAsOfView(const ledger::Reader& reader, EntityId party,
                                       const ledger::AsOf& as_of) {
  const auto customer = reader.GetCustomerAsOf(party, as_of);
  if (!customer) return customer.error();
  return CustomerView(reader, *customer);
}

}  // namespace referrald::rpc
