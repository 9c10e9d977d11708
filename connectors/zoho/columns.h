#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::zoho {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kRecordId[] = {"Record Id", "Id"};
inline constexpr std::string_view kModifiedTime[] = {"Modified Time"};
inline constexpr std::string_view kFirstName[] = {"First Name"};
inline constexpr std::string_view kLastName[] = {"Last Name"};
inline constexpr std::string_view kFullName[] = {"Full Name", "Contact Name"};
inline constexpr std::string_view kEmail[] = {"Email"};
inline constexpr std::string_view kPhone[] = {"Phone"};
inline constexpr std::string_view kMobile[] = {"Mobile"};
inline constexpr std::string_view kTitle[] = {"Title"};
inline constexpr std::string_view kAccountName[] = {"Account Name"};
inline constexpr std::string_view kMailingCity[] = {"Mailing City"};
inline constexpr std::string_view kMailingZip[] = {"Mailing Zip", "Mailing Code"};
inline constexpr std::string_view kMailingCountry[] = {"Mailing Country"};
inline constexpr std::string_view kLeadSource[] = {"Lead Source"};
inline constexpr std::string_view kReferredBy[] = {"Referred By"};
inline constexpr std::string_view kContactOwner[] = {"Contact Owner"};
inline constexpr std::string_view kAccountNameId[] = {"Account Name.id"};
inline constexpr std::string_view kContactOwnerId[] = {"Contact Owner.id"};
inline constexpr std::string_view kWebsite[] = {"Website"};
inline constexpr std::string_view kIndustry[] = {"Industry"};
inline constexpr std::string_view kBillingCity[] = {"Billing City"};
inline constexpr std::string_view kBillingCode[] = {"Billing Code"};
inline constexpr std::string_view kBillingCountry[] = {"Billing Country"};
inline constexpr std::string_view kAccountOwner[] = {"Account Owner"};
inline constexpr std::string_view kParentAccountId[] = {"Parent Account.id"};
inline constexpr std::string_view kLeadName[] = {"Lead Name", "Full Name"};
inline constexpr std::string_view kTitle2[] = {"Title", "Designation"};
inline constexpr std::string_view kCompany[] = {"Company"};
inline constexpr std::string_view kCity[] = {"City"};
inline constexpr std::string_view kZipCode[] = {"Zip Code"};
inline constexpr std::string_view kCountry[] = {"Country"};
inline constexpr std::string_view kLeadStatus[] = {"Lead Status"};
inline constexpr std::string_view kLeadOwner[] = {"Lead Owner"};
inline constexpr std::string_view kDealName[] = {"Deal Name", "Potential Name"};
inline constexpr std::string_view kStage[] = {"Stage"};
inline constexpr std::string_view kAmount[] = {"Amount"};
inline constexpr std::string_view kCurrency[] = {"Currency"};
inline constexpr std::string_view kClosingDate[] = {"Closing Date"};
inline constexpr std::string_view kDealOwner[] = {"Deal Owner"};
inline constexpr std::string_view kContactNameId[] = {"Contact Name.id"};

inline constexpr ColumnRule kContactColumns[] = {
    {role::kExternalId, kRecordId},
    {role::kChangedAt, kModifiedTime, ColumnType::kDateTime},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kFullName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kTitle},
    {field::kCompany, kAccountName},
    {field::kCity, kMailingCity},
    {field::kPostalCode, kMailingZip},
    {field::kCountry, kMailingCountry},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kContactOwner},
    {"organisation:Account", kAccountNameId, ColumnType::kIdList},
    {"owner:User", kContactOwnerId},
};

inline constexpr ColumnRule kAccountColumns[] = {
    {role::kExternalId, kRecordId},       {role::kChangedAt, kModifiedTime, ColumnType::kDateTime},
    {field::kDisplayName, kAccountName},  {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kDomain, kWebsite},           {field::kIndustry, kIndustry},
    {field::kCity, kBillingCity},         {field::kPostalCode, kBillingCode},
    {field::kCountry, kBillingCountry},   {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},    {field::kOwner, kAccountOwner},
    {"parent:Account", kParentAccountId},
};

inline constexpr ColumnRule kLeadColumns[] = {
    {role::kExternalId, kRecordId},
    {role::kChangedAt, kModifiedTime, ColumnType::kDateTime},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kLeadName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kTitle2},
    {field::kCompany, kCompany},
    {field::kIndustry, kIndustry},
    {field::kCity, kCity},
    {field::kPostalCode, kZipCode},
    {field::kCountry, kCountry},
    {field::kStatus, kLeadStatus},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kLeadOwner},
};

inline constexpr ColumnRule kDealColumns[] = {
    {role::kExternalId, kRecordId},
    {role::kChangedAt, kModifiedTime, ColumnType::kDateTime},
    {field::kDisplayName, kDealName},
    {field::kStage, kStage},
    {field::kAmount, kAmount, ColumnType::kNumber},
    {field::kCurrency, kCurrency},
    {field::kCloseDate, kClosingDate, ColumnType::kDate},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kDealOwner},
    {field::kCompany, kAccountName},
    {"organisation:Account", kAccountNameId, ColumnType::kIdList},
    {"contact:Contact", kContactNameId, ColumnType::kIdList},
};

// What makes a file one of these.
inline constexpr std::string_view kContactSignature[] = {"Record Id", "Last Name", "Account Name"};
inline constexpr std::string_view kContactExcludes[] = {"Deal Name", "Company"};
inline constexpr std::string_view kContactRequired[] = {"Record Id"};
inline constexpr std::string_view kAccountSignature[] = {"Record Id", "Account Name"};
inline constexpr std::string_view kAccountExcludes[] = {"Last Name", "Deal Name", "Company"};
inline constexpr std::string_view kAccountRequired[] = {"Record Id"};
inline constexpr std::string_view kLeadSignature[] = {"Record Id", "Last Name", "Company",
                                                      "Lead Owner"};
inline constexpr std::string_view kLeadRequired[] = {"Record Id"};
inline constexpr std::string_view kLeadMarks[] = {"Lead Name", "Lead Owner", "Lead Status"};
inline constexpr std::string_view kDealSignature[] = {"Record Id", "Deal Name", "Stage",
                                                      "Closing Date"};
inline constexpr std::string_view kDealRequired[] = {"Record Id"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "Contact",
     .kind = referral::EntityKind::kPerson,
     .title = "Zoho contacts",
     .columns = kContactColumns,
     .signature = kContactSignature,
     .excludes = kContactExcludes,
     .required = kContactRequired},
    {.object = "Account",
     .kind = referral::EntityKind::kOrganisation,
     .title = "Zoho accounts",
     .columns = kAccountColumns,
     .signature = kAccountSignature,
     .excludes = kAccountExcludes,
     .required = kAccountRequired},
    {.object = "Lead",
     .kind = referral::EntityKind::kPerson,
     .title = "Zoho leads",
     .columns = kLeadColumns,
     .signature = kLeadSignature,
     .excludes = {},
     .required = kLeadRequired,
     .marks = kLeadMarks},
    {.object = "Deal",
     .kind = referral::EntityKind::kOpportunity,
     .title = "Zoho deals",
     .columns = kDealColumns,
     .signature = kDealSignature,
     .excludes = {},
     .required = kDealRequired},
};

}  // namespace referrald::zoho
