#include "connectors/sync/export_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "storage/practice/prompt.h"
#include "storage/referral/chain.h"
#include "storage/referral/claim.h"

namespace referrald::sync {
namespace {

using ledger::Reader;
using referral::Entity;
using referral::Referral;

constexpr size_t kReferralsPerPage = 500;

Status Note(FreshReader& source, const Referral& referral, InvolvedById& involved) {
  for (const EntityId id : {referral.source, referral.contact}) {
    if (!id) continue;
    const auto entity = source.Ask([id](const Reader& reader) { return reader.GetEntity(id); });
    if (!entity) return entity.error();
    Involved& party = involved[entity->id];
    // Outreach without a source is no way in which anybody was brought.
    if (id != referral.contact || !referral.source) continue;
    party.push_back({.by = referral.id,
                     .source = referral.source,
                     .state = referral.state,
                     .introduction = referral.introduction});
  }
  return Status::Ok();
}

Timestamp DueOf(const practice::Prompt& prompt) {
  return std::max(prompt.due, prompt.snoozed_until);
}

std::string DayOf(Timestamp time) {
  constexpr size_t kDayBytes = 10;
  return FormatTimestamp(time).substr(0, kDayBytes);
}

// The hottest of what holds for a contact; of equals the first rep's.
referral::Honesty Hottest(const std::vector<ledger::ContactHonesty>& all) {
  const auto hottest = std::ranges::max_element(all, {}, [](const ledger::ContactHonesty& one) {
    return std::pair(one.honesty.temperature,
                     one.honesty.kind == referral::ReferralKind::kReferral);
  });
  return hottest == all.end() ? referral::Honesty{} : hottest->honesty;
}

// Their id in the same system: as the same kind of row if they have one, else any.
std::string IdInSystem(const Entity& entity, std::string_view system, std::string_view object) {
  std::string other;
  for (const referral::Link& link : entity.links) {
    if (link.deleted || link.ref.system != system) continue;
    if (link.ref.object == object) return link.ref.id;
    if (other.empty()) other = link.ref.id;
  }
  return other;
}

Status AddChain(FreshReader& source, EntityId party, ExportValues& values) {
  const auto chain = source.Ask(
      [party](const Reader& reader) { return reader.GetChain(party, {.levels_max = 0}); });
  if (!chain) return chain.error();
  values["chain_depth"] = fmt::format("{}", chain->ancestors.size());
  values["chain_reach"] = fmt::format("{}", chain->descendants.front().node.reach);
  return Status::Ok();
}

// The one whose introduction `honesty` stands on; else the newest, which is then no more than a
// name.
const Brought* Deciding(const Involved& involved, const referral::Honesty& honesty) {
  for (const Brought& one : involved) {
    const bool decides =
        std::ranges::find(honesty.because, one.introduction) != honesty.because.end();
    if (one.introduction && decides) return &one;
  }
  const auto newest = std::ranges::max_element(involved, {}, &Brought::by);
  return newest == involved.end() ? nullptr : &*newest;
}

// "Referred by" is said of introductions only: a name that somebody dropped refers nobody.
Status AddReferral(FreshReader& source, const Involved& involved, const referral::Honesty& honesty,
                   const ExportTarget& target, ExportValues& values) {
  const Brought* const deciding = Deciding(involved, honesty);
  if (deciding == nullptr) return Status::Ok();
  values["state"] = StateName(deciding->state);
  if (!deciding->introduction) return Status::Ok();
  const auto entity =
      source.Ask([deciding](const Reader& reader) { return reader.GetEntity(deciding->source); });
  if (!entity) return entity.error();
  values["referred_by_id"] = IdInSystem(*entity, target.system, target.object);
  return Status::Ok();
}

// The earliest prompt that says `action`; null where there is none.
const practice::Prompt* Earliest(const std::vector<practice::Prompt>& prompts,
                                 practice::PromptAction action) {
  const practice::Prompt* earliest = nullptr;
  for (const practice::Prompt& prompt : prompts) {
    if (practice::FindPromptRule(prompt.rule)->action != action) continue;
    if (earliest == nullptr || DueOf(prompt) < DueOf(*earliest)) earliest = &prompt;
  }
  return earliest;
}

// What is next to be done about somebody whom we ask or look after.
Status AddCare(FreshReader& source, EntityId party, ExportValues& values) {
  const auto record =
      source.Ask([party](const Reader& reader) { return reader.GetCustomer(party); });
  if (!record && record.error().code() == Code::kNotFound) return Status::Ok();
  if (!record) return record.error();
  if (!record->customer.IsActive()) return Status::Ok();
  values["coverage"] =
      fmt::format("{}", std::popcount(static_cast<unsigned>(record->customer.Covered())));
  const practice::Prompt* const ask = Earliest(record->prompts, practice::PromptAction::kAsk);
  if (ask != nullptr) {
    values["next_ask"] = DayOf(DueOf(*ask));
    values["next_ask_rule"] = ask->rule;
  }
  const practice::Prompt* const touch = Earliest(record->prompts, practice::PromptAction::kTouch);
  if (touch != nullptr) values["next_touch"] = DayOf(DueOf(*touch));
  return Status::Ok();
}

}  // namespace

Result<InvolvedById> FindInvolved(FreshReader& source) {
  InvolvedById involved;
  std::string cursor;
  do {
    const auto page = source.Ask([&cursor](const Reader& reader) {
      return reader.ListReferrals({}, cursor, kReferralsPerPage);
    });
    if (!page) return page.error();
    for (const Referral& referral : page->items) {
      if (Status noted = Note(source, referral, involved); !noted.ok()) return noted;
    }
    cursor = page->next;
  } while (!cursor.empty());
  const Status scanned =
      source.reader().ScanCustomers([&involved](const ledger::CustomerRecord& record) {
        if (record.customer.IsActive()) involved[record.customer.party];
        return true;
      });
  if (!scanned.ok()) return scanned;
  return involved;
}

Result<std::vector<ExportRow>> FindExportRows(FreshReader& source, const ExportTarget& target,
                                              const InvolvedById& involved) {
  std::vector<ExportRow> rows;
  EntityId last;
  const auto take = [&](const Entity& entity) {
    last = entity.id;
    const bool claimed = !referral::ClaimsOf(entity).empty();
    if (entity.merged_into || (!claimed && !involved.contains(entity.id))) return true;
    for (const referral::Link& link : entity.links) {
      if (link.deleted || link.ref.system != target.system || link.ref.object != target.object)
        continue;
      rows.push_back({.party = entity.id, .external_id = link.ref.id, .claimed = claimed});
    }
    return true;
  };
  Status scanned = source.reader().ScanEntities(last, take);
  while (scanned.code() == Code::kAborted) {
    if (Status renewed = source.Renew(); !renewed.ok()) return renewed;
    scanned = source.reader().ScanEntities(last, take);
  }
  if (!scanned.ok()) return scanned;
  std::ranges::sort(rows, {}, &ExportRow::external_id);
  return rows;
}

Result<ExportValues> ExportValuesOf(FreshReader& source, const ExportRow& row,
                                    const InvolvedById& involved, const ExportTarget& target) {
  const auto honesty =
      source.Ask([&row](const Reader& reader) { return reader.HonestyOf(row.party); });
  if (!honesty) return honesty.error();
  const referral::Honesty hottest = Hottest(*honesty);
  ExportValues values = {{"external_id", row.external_id},
                         {"temperature", std::string(TemperatureName(hottest.temperature))},
                         {"kind", std::string(ReferralKindName(hottest.kind))},
                         {"basis", std::string(hottest.basis)},
                         {"claimed", row.claimed ? "true" : "false"}};
  if (!hottest.because.empty()) values["event"] = ToText(hottest.because.back());
  if (Status chain = AddChain(source, row.party, values); !chain.ok()) return chain;
  if (Status asked = AddCare(source, row.party, values); !asked.ok()) return asked;
  const auto found = involved.find(row.party);
  if (found == involved.end()) return values;
  const Status added = AddReferral(source, found->second, hottest, target, values);
  if (!added.ok()) return added;
  return values;
}

}  // namespace referrald::sync
