#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::odoo {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kId[] = {"id", "External ID"};
inline constexpr std::string_view kWriteDate[] = {"write_date", "Last Updated on"};
inline constexpr std::string_view kIsCompany[] = {"is_company", "Is a Company", "company_type",
                                                  "Company Type"};
inline constexpr std::string_view kActive[] = {"active", "Active"};
inline constexpr std::string_view kName[] = {"name", "Name", "display_name", "Display Name",
                                             "complete_name"};
inline constexpr std::string_view kEmail[] = {"email", "Email"};
inline constexpr std::string_view kPhone[] = {"phone", "Phone"};
inline constexpr std::string_view kMobile[] = {"mobile", "Mobile"};
inline constexpr std::string_view kFunction[] = {"function", "Job Position"};
inline constexpr std::string_view kParentId[] = {"parent_id", "Related Company", "company_name",
                                                 "parent_name"};
inline constexpr std::string_view kWebsite[] = {"website", "Website Link", "Website"};
inline constexpr std::string_view kCity[] = {"city", "City"};
inline constexpr std::string_view kZip[] = {"zip", "ZIP", "Zip"};
inline constexpr std::string_view kCountryId[] = {"country_id", "Country", "country_id/name"};
inline constexpr std::string_view kReferred[] = {"referred", "Referred By", "x_referred_by"};
inline constexpr std::string_view kUserId[] = {"user_id", "Salesperson", "user_id/name"};
inline constexpr std::string_view kParentIdId[] = {"parent_id/id", "Related Company/External ID"};
inline constexpr std::string_view kName2[] = {"name", "Opportunity"};
inline constexpr std::string_view kType[] = {"type", "Type"};
inline constexpr std::string_view kContactName[] = {"contact_name", "Contact Name"};
inline constexpr std::string_view kEmailFrom[] = {"email_from", "Email"};
inline constexpr std::string_view kPartnerName[] = {"partner_name", "Company Name"};
inline constexpr std::string_view kStageId[] = {"stage_id", "Stage", "stage_id/name"};
inline constexpr std::string_view kExpectedRevenue[] = {"expected_revenue", "Expected Revenue"};
inline constexpr std::string_view kCompanyCurrency[] = {"company_currency", "Currency",
                                                        "company_currency/name"};
inline constexpr std::string_view kDateClosed[] = {"date_closed", "Closed Date", "date_deadline",
                                                   "Expected Closing"};
inline constexpr std::string_view kZip2[] = {"zip", "Zip"};
inline constexpr std::string_view kCountryId2[] = {"country_id", "Country"};
inline constexpr std::string_view kSourceId[] = {"source_id", "Source", "source_id/name"};
inline constexpr std::string_view kReferred2[] = {"referred", "Referred By"};
inline constexpr std::string_view kUserId2[] = {"user_id", "Salesperson"};
inline constexpr std::string_view kPartnerIdId[] = {"partner_id/id", "Customer/External ID"};

inline constexpr ColumnRule kResPartnerColumns[] = {
    {role::kExternalId, kId},
    {role::kChangedAt, kWriteDate, ColumnType::kDateTime},
    {"", kIsCompany},
    {"", kActive},
    {field::kDisplayName, kName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kFunction},
    {field::kCompany, kParentId},
    {field::kDomain, kWebsite},
    {field::kCity, kCity},
    {field::kPostalCode, kZip},
    {field::kCountry, kCountryId},
    {field::kReferredBy, kReferred},
    {field::kOwner, kUserId},
    {"organisation:res.partner", kParentIdId},
};

inline constexpr ColumnRule kCrmLeadColumns[] = {
    {role::kExternalId, kId},
    {role::kChangedAt, kWriteDate, ColumnType::kDateTime},
    {field::kDisplayName, kName2},
    {"", kType},
    {"", kActive},
    {"", kContactName},
    {field::kEmail, kEmailFrom, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kFunction},
    {field::kCompany, kPartnerName},
    {field::kStage, kStageId},
    {field::kAmount, kExpectedRevenue, ColumnType::kNumber},
    {field::kCurrency, kCompanyCurrency},
    {field::kCloseDate, kDateClosed, ColumnType::kDate},
    {field::kCity, kCity},
    {field::kPostalCode, kZip2},
    {field::kCountry, kCountryId2},
    {field::kLeadSource, kSourceId},
    {field::kReferredBy, kReferred2},
    {field::kOwner, kUserId2},
    {"contact:res.partner", kPartnerIdId},
};

// What makes a file one of these.
inline constexpr std::string_view kResPartnerSignature[] = {"id", "name", "email"};
inline constexpr std::string_view kResPartnerExcludes[] = {"stage_id", "type", "modifiedAt",
                                                           "Last Name"};
inline constexpr std::string_view kResPartnerRequired[] = {"id"};
inline constexpr std::string_view kCrmLeadSignature[] = {"id", "name", "stage_id"};
inline constexpr std::string_view kCrmLeadExcludes[] = {"modifiedAt"};
inline constexpr std::string_view kCrmLeadRequired[] = {"id"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "res.partner",
     .kind = referral::EntityKind::kPerson,
     .title = "Odoo contacts",
     .columns = kResPartnerColumns,
     .signature = kResPartnerSignature,
     .excludes = kResPartnerExcludes,
     .required = kResPartnerRequired},
    {.object = "crm.lead",
     .kind = referral::EntityKind::kOpportunity,
     .title = "Odoo leads and opportunities",
     .columns = kCrmLeadColumns,
     .signature = kCrmLeadSignature,
     .excludes = kCrmLeadExcludes,
     .required = kCrmLeadRequired},
};

}  // namespace referrald::odoo
