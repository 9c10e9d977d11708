#include "connectors/odoo/odoo.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/api/finish.h"
#include "connectors/api/values.h"
#include "connectors/odoo/columns.h"
#include "storage/base/text.h"

namespace referrald::odoo {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

constexpr std::string_view kWon[] = {"Won"};
constexpr std::string_view kLost[] = {"Lost"};
constexpr std::string_view kOpen[] = {"New", "Qualified", "Proposition"};
constexpr connectors::StageNames kStages{.won = kWon, .lost = kLost, .open = kOpen};

constexpr int kInvalid = 2121, kChildRow = 2123;

// "__export__.res_partner_12_ab12cd34", "base.partner_admin".
bool IsExternalId(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  const size_t point = id.find('.');
  return point != 0 && point != std::string_view::npos && point + 1 < id.size() &&
         std::ranges::all_of(id, allowed);
}

std::optional<RowError> CheckId(std::string_view id) {
  if (id.empty()) {
    return RowError{.number = kChildRow,
                    .code = "R-CHILD-ROW",
                    .column = "id",
                    .reason =
                        "the row continues the one above it with another of its children; "
                        "export without columns of children, one row a record"};
  }
  if (IsExternalId(id)) return std::nullopt;
  return RowError{.number = kInvalid,
                  .code = "R-ID-INVALID",
                  .column = "id",
                  .reason =
                      "is no Odoo external id (module.name); export again with \"I want to "
                      "update data\" ticked"};
}

bool IsFalse(std::string_view text) { return connectors::ReadBoolean(text) == false; }

// One table for people and companies.
void FinishPartner(const Cells& cells, Draft& draft) {
  const std::string_view company = cells.Any(kIsCompany);
  if (connectors::ReadBoolean(company) == true || EqualsIgnoreCase(company, "company")) {
    draft.kind = referral::EntityKind::kOrganisation;
  }
}

// One table for leads, who are people, and opportunities. What was lost is archived.
void FinishLead(const Cells& cells, Draft& draft) {
  if (EqualsIgnoreCase(cells.Any(kType), "lead")) {
    draft.kind = referral::EntityKind::kPerson;
    const std::string_view name = cells.Any(kContactName);
    for (referral::Field& entry : draft.fields) {
      if (entry.name == field::kDisplayName && !name.empty()) entry.value = name;
    }
    return;
  }
  if (IsFalse(cells.Any(kActive))) {
    connectors::SetOutcome("lost", draft);
  } else {
    connectors::FinishOutcome(kStages, draft);
  }
}

std::optional<RowError> Finish(const ObjectDescription& object, const Cells& cells, Draft& draft) {
  if (auto error = CheckId(draft.ref.id)) return error;
  connectors::FinishDomain(draft);
  if (object.object == "res.partner") {
    FinishPartner(cells, draft);
  } else {
    FinishLead(cells, draft);
  }
  return std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "id", .value = "external_id"},
    {.title = "x_referral_temperature", .value = "temperature"},
    {.title = "x_referral_kind", .value = "kind"},
    {.title = "x_referral_basis", .value = "basis"},
    {.title = "x_referral_state", .value = "state"},
    {.title = "x_referral_claimed", .value = "claimed"},
    {.title = "x_referral_source", .value = "referred_by_id"},
    {.title = "x_referral_chain_depth", .value = "chain_depth"},
    {.title = "x_referral_chain_reach", .value = "chain_reach"},
    {.title = "x_referral_event", .value = "event"},
    {.title = "x_referral_coverage", .value = "coverage"},
    {.title = "x_referral_next_ask", .value = "next_ask"},
    {.title = "x_referral_next_ask_rule", .value = "next_ask_rule"},
    {.title = "x_referral_next_touch", .value = "next_touch"},
};

constexpr ExportDescription kExports[] = {
    {.object = "res.partner", .columns = kContactExport, .byte_order_mark = false}};

}  // namespace

constexpr ConnectorInfo kConnector{.name = "odoo",
                                   .title = "Odoo",
                                   .summary =
                                       "Import-compatible exports: contacts and companies "
                                       "(res.partner), leads and opportunities (crm.lead)",
                                   .maturity = connectors::Maturity::kBeta,
                                   .objects = kObjects,
                                   .exports = kExports,
                                   .finish = &Finish,
                                   .apostrophe_before = "=-+"};

}  // namespace referrald::odoo
