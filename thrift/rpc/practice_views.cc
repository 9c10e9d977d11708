#include "thrift/rpc/practice_views.h"

#include <algorithm>
#include <array>

#include "thrift/rpc/convert.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

practice::Slots UncoveredOf(const ledger::CoverageRecord& record) {
  practice::Slots uncovered = 0;
  for (size_t i = 0; i < practice::kSlotCount; ++i) {
    if (record.slots[i] == practice::SlotState::kUnasked) {
      uncovered |= practice::In(static_cast<practice::Slot>(i));
    }
  }
  return uncovered;
}

// Adds up one scan of the portfolio.
class CoverageSum {
 public:
  CoverageSum(EntityId after, size_t gap_count_max, idl::Coverage& wire)
      : after_(after), gap_count_max_(gap_count_max), wire_(wire) {
    wire_.slots.resize(practice::kSlotCount);
    for (size_t i = 0; i < practice::kSlotCount; ++i) {
      wire_.slots[i].slot = practice::SlotName(static_cast<practice::Slot>(i));
    }
  }

  void Add(EntityId party, const ledger::CoverageRecord& record) {
    ++wire_.party_count;
    wire_.asked_count += record.was_asked ? 1 : 0;
    for (size_t i = 0; i < practice::kSlotCount; ++i) ++CountOf(wire_.slots[i], record.slots[i]);
    const practice::Slots uncovered = UncoveredOf(record);
    covered_ += practice::kSlotCount - static_cast<size_t>(std::popcount(uncovered));
    if (uncovered == 0) {
      ++wire_.full_count;
    } else {
      AddGap(party, record, uncovered);
    }
  }
  void End() {
    const auto most = static_cast<uint64_t>(wire_.party_count) * practice::kSlotCount;
    wire_.mean_thousandths = most == 0 ? 0 : Count(covered_ * 1000 / most);
  }

 private:
  static int64_t& CountOf(idl::SlotCoverage& slot, practice::SlotState state) {
    switch (state) {
      case practice::SlotState::kAsked: return slot.asked;
      case practice::SlotState::kYielded: return slot.yielded;
      case practice::SlotState::kNoneExists: return slot.none_exists;
      case practice::SlotState::kDeclined: return slot.declined;
      case practice::SlotState::kUnasked: break;
    }
    return slot.unasked;
  }

  void AddGap(EntityId party, const ledger::CoverageRecord& record, practice::Slots uncovered) {
    if (party.value <= after_.value) return;
    if (wire_.gaps.size() == gap_count_max_) {
      if (!wire_.gaps.empty()) wire_.next_cursor = wire_.gaps.back().party;
      return;
    }
    idl::CoverageGap& gap = wire_.gaps.emplace_back();
    gap.party = PersonText(party);
    gap.uncovered = SlotNames(uncovered);
    gap.was_asked = record.was_asked;
  }

  const EntityId after_;
  const size_t gap_count_max_;
  idl::Coverage& wire_;
  uint64_t covered_ = 0;
};

}  // namespace

Result<idl::Prompt> PromptView(const ledger::Reader& reader, const practice::Prompt& prompt) {
  idl::Prompt wire = ToIdl(prompt);
  Result<std::string> party = NameOf(reader, prompt.party);
  if (!party) return party.error();
  Result<std::string> rep = NameOf(reader, prompt.rep);
  if (!rep) return rep.error();
  wire.party_name = *std::move(party);
  wire.rep_name = *std::move(rep);
  return wire;
}

Result<idl::Customer> CustomerView(const ledger::Reader& reader,
                                   const practice::Customer& customer) {
  idl::Customer wire = ToIdl(customer);
  const Result<referral::Entity> entity = reader.GetEntity(customer.party);
  if (!entity) return entity.error();
  wire.id = referral::ToText(entity->kind, entity->id);
  wire.display_name = referral::DisplayName(*entity);
  return wire;
}

Result<idl::Customer> CustomerView(const ledger::Reader& reader, EntityId party) {
  const Result<ledger::CustomerRecord> record = reader.GetCustomer(party);
  if (!record) return record.error();
  Result<idl::Customer> wire = CustomerView(reader, record->customer);
  if (!wire) return wire;
  for (const practice::Prompt& prompt : record->prompts) {
    Result<idl::Prompt> view = PromptView(reader, prompt);
    if (!view) return view.error();
    wire->prompts.push_back(*std::move(view));
  }
  return wire;
}

Result<idl::Coverage> CoverageView(const ledger::Reader& reader,
                                   const idl::CoverageRequest& request, size_t gap_count_max) {
  EntityId after;
  if (!request.cursor.empty()) {
    const Result<EntityId> parsed = referral::ParseEntityId(request.cursor);
    if (!parsed) return parsed.error().Prefixed("cursor");
    after = *parsed;
  }
  idl::Coverage wire;
  wire.sequence = Count(reader.head().value);
  CoverageSum sum(after, gap_count_max, wire);
  const Status scanned =
      reader.ScanCoverage({}, [&](EntityId party, const ledger::CoverageRecord& record) {
        if (record.is_customer || !request.customers_only) sum.Add(party, record);
        return true;
      });
  if (!scanned.ok()) return scanned;
  sum.End();
  return wire;
}

Result<idl::OutreachCheck> OutreachView(const ledger::Reader& reader, EntityId contact,
                                        EntityId rep) {
  const auto all = reader.HonestyOf(contact);
  if (!all) return all.error();
  const auto mine = std::ranges::find(*all, rep, &ledger::ContactHonesty::rep);
  const referral::Honesty honesty =
      mine == all->end() ? referral::Honesty{.basis = "NAME_ONLY", .because = {}} : mine->honesty;
  idl::OutreachCheck wire;
  wire.allowed = honesty.temperature == referral::Temperature::kHot;
  wire.temperature = referral::TemperatureName(honesty.temperature);
  wire.reason = referral::Explain(honesty);
  for (const Sequence because : honesty.because) wire.because.push_back(ToText(because));
  if (wire.allowed) return wire;
  wire.steps = {"contact the referral source", "check that the two really know each other",
                "explain why you want to meet", "ask for the introduction"};
  return wire;
}

Result<idl::WaysIn> WaysInView(const ledger::Reader& reader, EntityId target,
                               const practice::WaySearch& search) {
  const Result<practice::WaysIn> found = reader.FindWaysIn(target, search);
  if (!found) return found.error();
  idl::WaysIn wire;
  wire.target = PersonText(target);
  wire.truncated = found->truncated;
  for (const practice::Way& way : found->ways) {
    idl::Way& made = wire.ways.emplace_back();
    for (const practice::WayStep& step : way) {
      Result<std::string> from = NameOf(reader, step.from);
      if (!from) return from.error();
      Result<std::string> to = NameOf(reader, step.to);
      if (!to) return to.error();
      idl::WayStep& one = made.steps.emplace_back();
      one.person_from = PersonText(step.from);
      one.name_from = *std::move(from);
      one.person_to = PersonText(step.to);
      one.name_to = *std::move(to);
      one.kind = practice::TieKindName(step.kind);
      one.because = ToText(step.because);
    }
  }
  return wire;
}

Result<idl::Reward> RewardView(const ledger::Reader& reader, const practice::Reward& reward) {
  idl::Reward wire = ToIdl(reward);
  Result<std::string> name = NameOf(reader, reward.party);
  if (!name) return name.error();
  wire.party_name = *std::move(name);
  return wire;
}

}  // namespace referrald::rpc
