#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what: the English labels, then the internal names.
namespace referrald::hubspot {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kRecordId[] = {"Record ID", "hs_object_id",
                                                 "Record ID - Contact"};
inline constexpr std::string_view kCompanyRecordId[] = {"Record ID", "hs_object_id",
                                                        "Record ID - Company"};
inline constexpr std::string_view kDealRecordId[] = {"Record ID", "hs_object_id",
                                                     "Record ID - Deal"};
inline constexpr std::string_view kModified[] = {"Last Modified Date", "lastmodifieddate",
                                                 "hs_lastmodifieddate", "Last modified date"};
inline constexpr std::string_view kFirstName[] = {"First Name", "firstname", "property_firstname"};
inline constexpr std::string_view kLastName[] = {"Last Name", "lastname"};
inline constexpr std::string_view kEmail[] = {"Email", "E-mail", "property_email"};
// Only HubSpot has these; database copies write "property_" before internal names.
inline constexpr std::string_view kLifecycleStage[] = {"Lifecycle Stage", "lifecyclestage",
                                                       "property_lifecyclestage", "property_email"};
inline constexpr std::string_view kPhone[] = {"Phone Number", "phone"};
inline constexpr std::string_view kMobile[] = {"Mobile Phone Number", "mobilephone"};
inline constexpr std::string_view kJobTitle[] = {"Job Title", "jobtitle"};
inline constexpr std::string_view kEmployerName[] = {"Company Name", "company",
                                                     "Associated Company"};
inline constexpr std::string_view kCity[] = {"City"};
inline constexpr std::string_view kPostalCode[] = {"Postal Code", "zip"};
inline constexpr std::string_view kCountry[] = {"Country/Region", "Country"};
inline constexpr std::string_view kContactOwner[] = {"Contact owner", "hubspot_owner_id"};
inline constexpr std::string_view kCompanyOwner[] = {"Company owner", "hubspot_owner_id"};
inline constexpr std::string_view kDealOwner[] = {"Deal owner", "hubspot_owner_id"};
inline constexpr std::string_view kLeadStatus[] = {"Lead Status", "hs_lead_status"};
inline constexpr std::string_view kLeadSource[] = {"Lead Source", "lead_source"};
inline constexpr std::string_view kReferredBy[] = {"Referred by", "referred_by", "Referral source"};
inline constexpr std::string_view kReferredById[] = {"Referred by (Record ID)"};
inline constexpr std::string_view kMergedIds[] = {"hs_merged_object_ids", "Merged Record IDs",
                                                  "Merged object IDs"};
inline constexpr std::string_view kCompanyIds[] = {"Associated Company IDs", "associatedcompanyid",
                                                   "Primary Associated Company ID"};
inline constexpr std::string_view kContactIds[] = {"Associated Contact IDs"};
inline constexpr std::string_view kCompanyName[] = {"Company name", "name", "property_name"};
inline constexpr std::string_view kCompanyCreated[] = {"property_createdate"};
inline constexpr std::string_view kDomain[] = {"Company Domain Name", "Domain", "domain"};
inline constexpr std::string_view kWebsite[] = {"Website URL", "website"};
inline constexpr std::string_view kIndustry[] = {"Industry"};
inline constexpr std::string_view kDealName[] = {"Deal Name", "dealname", "property_dealname"};
inline constexpr std::string_view kDealStage[] = {"Deal Stage", "dealstage"};
inline constexpr std::string_view kAmount[] = {"Amount"};
inline constexpr std::string_view kCurrency[] = {"Currency", "deal_currency_code"};
inline constexpr std::string_view kCloseDate[] = {"Close Date", "closedate"};
inline constexpr std::string_view kIsClosedWon[] = {"Is Closed Won", "hs_is_closed_won"};
inline constexpr std::string_view kIsClosed[] = {"Is Deal Closed?", "hs_is_closed"};
inline constexpr std::string_view kIsClosedLost[] = {"Is Closed Lost", "hs_is_closed_lost"};

inline constexpr ColumnRule kContactColumns[] = {
    {role::kExternalId, kRecordId},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kJobTitle},
    {field::kCompany, kEmployerName},
    {field::kCity, kCity},
    {field::kPostalCode, kPostalCode},
    {field::kCountry, kCountry},
    {field::kOwner, kContactOwner},
    {field::kStatus, kLeadStatus},
    {"", kLifecycleStage},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {"referred_by:Contact", kReferredById, ColumnType::kIdList},
    {"organisation:Company", kCompanyIds, ColumnType::kIdList},
    {"merged_id:Contact", kMergedIds, ColumnType::kIdList},
};

inline constexpr ColumnRule kCompanyColumns[] = {
    {role::kExternalId, kCompanyRecordId},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kDisplayName, kCompanyName},
    {"", kCompanyCreated},
    {field::kDomain, kDomain},
    {field::kDomain, kWebsite},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kIndustry, kIndustry},
    {field::kCity, kCity},
    {field::kPostalCode, kPostalCode},
    {field::kCountry, kCountry},
    {field::kOwner, kCompanyOwner},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {"contact:Contact", kContactIds, ColumnType::kIdList},
    {"merged_id:Company", kMergedIds, ColumnType::kIdList},
};

inline constexpr ColumnRule kDealColumns[] = {
    {role::kExternalId, kDealRecordId},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kDisplayName, kDealName},
    {field::kStage, kDealStage},
    {"", kIsClosedWon},
    {"", kIsClosedLost},
    {"", kIsClosed},
    {field::kAmount, kAmount, ColumnType::kNumber},
    {field::kCurrency, kCurrency},
    {field::kCloseDate, kCloseDate, ColumnType::kDate},
    {field::kOwner, kDealOwner},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {"organisation:Company", kCompanyIds, ColumnType::kIdList},
    {"contact:Contact", kContactIds, ColumnType::kIdList},
    {"merged_id:Deal", kMergedIds, ColumnType::kIdList},
};

// What makes a file one of contacts, companies, deals.
inline constexpr std::string_view kContactSignature[] = {"Record ID", "Email"};
inline constexpr std::string_view kContactExcludes[] = {"Deal Name", "Company Domain Name"};
inline constexpr std::string_view kCompanySignature[] = {"Record ID", "Company name"};
inline constexpr std::string_view kCompanyExcludes[] = {"Deal Name", "First Name", "Last Name",
                                                        "Email"};
inline constexpr std::string_view kDealSignature[] = {"Record ID", "Deal Name"};
inline constexpr std::string_view kOnlyId[] = {"Record ID"};
// Of files without a Record ID.
inline constexpr std::string_view kContactMarks[] = {"First Name", "Email", "Lifecycle Stage"};
inline constexpr std::string_view kCompanyMarks[] = {"Company name", "property_createdate"};
inline constexpr std::string_view kDealMarks[] = {"Deal Name"};

inline constexpr ObjectDescription kObjects[] = {{.object = "Contact",
                                                  .kind = referral::EntityKind::kPerson,
                                                  .title = "HubSpot contacts",
                                                  .columns = kContactColumns,
                                                  .signature = kContactSignature,
                                                  .excludes = kContactExcludes,
                                                  .required = kOnlyId,
                                                  .marks = kContactMarks},
                                                 {.object = "Company",
                                                  .kind = referral::EntityKind::kOrganisation,
                                                  .title = "HubSpot companies",
                                                  .columns = kCompanyColumns,
                                                  .signature = kCompanySignature,
                                                  .excludes = kCompanyExcludes,
                                                  .required = kOnlyId,
                                                  .marks = kCompanyMarks},
                                                 {.object = "Deal",
                                                  .kind = referral::EntityKind::kOpportunity,
                                                  .title = "HubSpot deals",
                                                  .columns = kDealColumns,
                                                  .signature = kDealSignature,
                                                  .excludes = {},
                                                  .required = kOnlyId,
                                                  .marks = kDealMarks}};

}  // namespace referrald::hubspot
