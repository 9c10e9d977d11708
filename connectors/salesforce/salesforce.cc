#include "connectors/salesforce/salesforce.h"

#include <optional>
#include <string>
#include <utility>

#include "connectors/api/finish.h"
#include "connectors/api/values.h"
#include "connectors/salesforce/columns.h"
#include "connectors/salesforce/record_id.h"
#include "storage/base/text.h"

namespace referrald::salesforce {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::ObjectDescription;
using connectors::RowError;

namespace field = referral::field;

constexpr int kInvalid = 2121, kType = 2114;

// Makes `id` the 18-character id of an object; any object where `object` is empty.
std::optional<RowError> NormaliseId(std::string_view object, std::string& id) {
  auto read = ReadRecordId(id);
  if (auto* error = std::get_if<RowError>(&read)) return std::move(*error);
  id = std::move(std::get<std::string>(read));
  const std::string_view actual = ObjectOf(id);
  if (object.empty() || actual == object) return std::nullopt;
  std::string what = actual.empty() ? "another object" : "a " + std::string(actual);
  return RowError{.number = kInvalid,
                  .code = "R-ID-INVALID",
                  .column = "",
                  .reason = "the id begins with " + id.substr(0, 3) + ", so it is that of " + what +
                            ", not of a " + std::string(object)};
}

std::optional<RowError> FinishIds(const ObjectDescription& object, const Cells& cells,
                                  Draft& draft) {
  const auto in_column = [&](std::optional<RowError> error, std::string_view name) {
    if (error) error->column = connectors::TitleOf(object, cells, name);
    return error;
  };
  if (auto error = NormaliseId(object.object, draft.ref.id)) {
    return in_column(std::move(error), connectors::role::kExternalId);
  }
  if (draft.merged_into && IsEmptyKey(draft.merged_into->id)) draft.merged_into.reset();
  if (!draft.merged_into) return std::nullopt;
  return in_column(NormaliseId(object.object, draft.merged_into->id),
                   connectors::role::kMergedInto);
}

// An owner is a user or a queue; a lookup to a person may hold a contact or a lead.
bool AnyObjectWillDo(const referral::Association& link) {
  return link.role == "owner" || link.role == "referred_by";
}

std::optional<RowError> FinishLinks(const ObjectDescription& object, const Cells& cells,
                                    Draft& draft) {
  std::erase_if(draft.associations,
                [](const referral::Association& link) { return IsEmptyKey(link.ref.id); });
  for (referral::Association& link : draft.associations) {
    const bool any = AnyObjectWillDo(link);
    const std::string name = link.role + ":" + link.ref.object;
    if (auto error = NormaliseId(any ? std::string_view() : link.ref.object, link.ref.id)) {
      error->column = connectors::TitleOf(object, cells, name);
      return error;
    }
    if (any && !ObjectOf(link.ref.id).empty()) link.ref.object = ObjectOf(link.ref.id);
  }
  return std::nullopt;
}

// "Referred By" is a name in some organisations and a lookup in others.
void FinishReferredBy(Draft& draft) {
  const std::string_view text = referral::Find(draft.fields, field::kReferredBy);
  if (IsEmptyKey(text)) {
    std::erase_if(draft.fields, [](const auto& f) { return f.name == field::kReferredBy; });
    return;
  }
  auto read = ReadRecordId(text);
  const auto* id = std::get_if<std::string>(&read);
  if (id == nullptr) return;
  const std::string_view object = ObjectOf(*id);
  if (object != "Contact" && object != "Lead") return;
  draft.associations.push_back(
      {.role = "referred_by",
       .ref = {.system = draft.ref.system, .object = std::string(object), .id = *id}});
  std::erase_if(draft.fields, [](const auto& f) { return f.name == field::kReferredBy; });
}

std::optional<RowError> ReadFlag(const Cells& cells, std::span<const std::string_view> names,
                                 std::optional<bool>& flag) {
  const std::string_view text = cells.Any(names);
  if (text.empty()) return std::nullopt;
  flag = connectors::ReadBoolean(text);
  if (flag) return std::nullopt;
  return RowError{.number = kType,
                  .code = "R-TYPE",
                  .column = std::string(names[0]),
                  .reason = "is neither true nor false; write true or false"};
}

// IsWon and IsClosed decide; without them the two stages that every organisation starts with do.
std::optional<RowError> FinishOutcome(const Cells& cells, Draft& draft) {
  std::optional<bool> won, closed;
  if (auto error = ReadFlag(cells, kIsWon, won)) return error;
  if (auto error = ReadFlag(cells, kIsClosed, closed)) return error;
  const std::string_view stage = referral::Find(draft.fields, field::kStage);
  std::string_view outcome;
  if (won == true || (!won && EqualsIgnoreCase(stage, "Closed Won"))) {
    outcome = "won";
  } else if (closed == true || (!closed && EqualsIgnoreCase(stage, "Closed Lost"))) {
    outcome = "lost";
  } else if (closed == false) {
    outcome = "open";
  }
  if (!outcome.empty()) connectors::SetOutcome(outcome, draft);
  return std::nullopt;
}

std::optional<RowError> Finish(const ObjectDescription& object, const Cells& cells, Draft& draft) {
  if (draft.ref.id.empty()) return std::nullopt;  // Refused by the mapping, as everywhere.
  if (auto error = FinishIds(object, cells, draft)) return error;
  if (auto error = FinishLinks(object, cells, draft)) return error;
  FinishReferredBy(draft);
  connectors::FinishDomain(draft);
  if (object.kind == referral::EntityKind::kOpportunity) return FinishOutcome(cells, draft);
  return std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "Id", .value = "external_id"},
    {.title = "Referral_Temperature__c", .value = "temperature"},
    {.title = "Referral_Kind__c", .value = "kind"},
    {.title = "Referral_Basis__c", .value = "basis"},
    {.title = "Referral_State__c", .value = "state"},
    {.title = "Referral_Claimed__c", .value = "claimed"},
    {.title = "Referral_Source__c", .value = "referred_by_id"},
    {.title = "Referral_Chain_Depth__c", .value = "chain_depth"},
    {.title = "Referral_Chain_Reach__c", .value = "chain_reach"},
    {.title = "Referral_Event__c", .value = "event"},
    {.title = "Referral_Source_Coverage__c", .value = "coverage"},
    {.title = "Referral_Next_Ask__c", .value = "next_ask"},
    {.title = "Referral_Next_Ask_Rule__c", .value = "next_ask_rule"},
    {.title = "Referral_Next_Touch__c", .value = "next_touch"}};

// The Data Loader could not read a byte order mark for years.
constexpr ExportDescription kExports[] = {
    {.object = "Contact", .columns = kContactExport, .byte_order_mark = false}};

constexpr std::string_view kFooters[] = {"Grand Totals (", "Confidential Information",
                                         "Copyright (c) 2000-"};

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "salesforce",
    .title = "Salesforce",
    .summary = "Data Loader and weekly-export CSV: contacts, accounts, leads, opportunities",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = kExports,
    .finish = &Finish,
    .footers = kFooters};

}  // namespace referrald::salesforce
