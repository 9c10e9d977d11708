#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::suitecrm {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kID[] = {"ID"};
inline constexpr std::string_view kDateModified[] = {"Date Modified"};
inline constexpr std::string_view kDeleted[] = {"Deleted"};
inline constexpr std::string_view kFirstName[] = {"First Name"};
inline constexpr std::string_view kLastName[] = {"Last Name"};
inline constexpr std::string_view kEmailAddress[] = {"Email Address"};
inline constexpr std::string_view kWork[] = {"Work", "Office Phone"};
inline constexpr std::string_view kMobile[] = {"Mobile"};
inline constexpr std::string_view kJobTitle[] = {"Job Title", "Title"};
inline constexpr std::string_view kAccountName[] = {"Account Name"};
inline constexpr std::string_view kPrimaryAddressCity[] = {"Primary Address City"};
inline constexpr std::string_view kPrimaryAddressPostalCode[] = {"Primary Address Postal Code",
                                                                 "Primary Address Postalcode"};
inline constexpr std::string_view kPrimaryAddressCountry[] = {"Primary Address Country"};
inline constexpr std::string_view kLeadSource[] = {"Lead Source"};
inline constexpr std::string_view kReferredBy[] = {"Referred By"};
inline constexpr std::string_view kAssignedUserName[] = {"Assigned User Name", "Assigned to",
                                                         "Assigned User"};
inline constexpr std::string_view kAssignedUserID[] = {"Assigned User ID"};
inline constexpr std::string_view kReportsToID[] = {"Reports to ID"};
inline constexpr std::string_view kStatus[] = {"Status"};
inline constexpr std::string_view kContactID[] = {"Contact ID"};
inline constexpr std::string_view kName[] = {"Name"};
inline constexpr std::string_view kOfficePhone[] = {"Office Phone"};
inline constexpr std::string_view kWebsite[] = {"Website"};
inline constexpr std::string_view kIndustry[] = {"Industry"};
inline constexpr std::string_view kBillingCity[] = {"Billing City"};
inline constexpr std::string_view kBillingPostalCode[] = {"Billing Postal Code",
                                                          "Billing Postalcode"};
inline constexpr std::string_view kBillingCountry[] = {"Billing Country"};
inline constexpr std::string_view kAssignedUserName2[] = {"Assigned User Name", "Assigned to"};
inline constexpr std::string_view kParentAccountID[] = {"Parent Account ID"};
inline constexpr std::string_view kOpportunityName[] = {"Opportunity Name"};
inline constexpr std::string_view kSalesStage[] = {"Sales Stage"};
inline constexpr std::string_view kOpportunityAmount[] = {"Opportunity Amount", "Amount"};
inline constexpr std::string_view kCurrency[] = {"Currency"};
inline constexpr std::string_view kExpectedCloseDate[] = {"Expected Close Date"};
inline constexpr std::string_view kAccountID[] = {"Account ID"};

inline constexpr ColumnRule kContactsColumns[] = {
    {role::kExternalId, kID},
    {role::kChangedAt, kDateModified, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kEmail, kEmailAddress, ColumnType::kEmail},
    {field::kPhone, kWork, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kJobTitle},
    {field::kCompany, kAccountName},
    {field::kCity, kPrimaryAddressCity},
    {field::kPostalCode, kPrimaryAddressPostalCode},
    {field::kCountry, kPrimaryAddressCountry},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName},
    {"owner:Users", kAssignedUserID},
    {"reports_to:Contacts", kReportsToID},
};

inline constexpr ColumnRule kLeadsColumns[] = {
    {role::kExternalId, kID},
    {role::kChangedAt, kDateModified, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kEmail, kEmailAddress, ColumnType::kEmail},
    {field::kPhone, kWork, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kJobTitle},
    {field::kCompany, kAccountName},
    {field::kCity, kPrimaryAddressCity},
    {field::kPostalCode, kPrimaryAddressPostalCode},
    {field::kCountry, kPrimaryAddressCountry},
    {field::kStatus, kStatus},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName},
    {"owner:Users", kAssignedUserID},
    {"converted_to:Contacts", kContactID},
};

inline constexpr ColumnRule kAccountsColumns[] = {
    {role::kExternalId, kID},
    {role::kChangedAt, kDateModified, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kDisplayName, kName},
    {field::kPhone, kOfficePhone, ColumnType::kPhone},
    {field::kDomain, kWebsite},
    {field::kIndustry, kIndustry},
    {field::kCity, kBillingCity},
    {field::kPostalCode, kBillingPostalCode},
    {field::kCountry, kBillingCountry},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName2},
    {"owner:Users", kAssignedUserID},
    {"parent:Accounts", kParentAccountID},
};

inline constexpr ColumnRule kOpportunitiesColumns[] = {
    {role::kExternalId, kID},
    {role::kChangedAt, kDateModified, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kDisplayName, kOpportunityName},
    {field::kStage, kSalesStage},
    {field::kAmount, kOpportunityAmount, ColumnType::kNumber},
    {field::kCurrency, kCurrency},
    {field::kCloseDate, kExpectedCloseDate, ColumnType::kDate},
    {field::kCompany, kAccountName},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName2},
    {"owner:Users", kAssignedUserID},
    {"organisation:Accounts", kAccountID},
};

// What makes a file one of these.
inline constexpr std::string_view kContactsSignature[] = {"ID", "Last Name", "Email Address",
                                                          "Date Modified"};
inline constexpr std::string_view kContactsExcludes[] = {"Status Description", "Converted"};
inline constexpr std::string_view kContactsRequired[] = {"ID"};
inline constexpr std::string_view kLeadsSignature[] = {"ID", "Last Name", "Email Address",
                                                       "Date Modified", "Converted"};
inline constexpr std::string_view kLeadsRequired[] = {"ID"};
inline constexpr std::string_view kAccountsSignature[] = {"ID", "Name", "Date Modified",
                                                          "Office Phone"};
inline constexpr std::string_view kAccountsExcludes[] = {"Last Name"};
inline constexpr std::string_view kAccountsRequired[] = {"ID"};
inline constexpr std::string_view kOpportunitiesSignature[] = {"ID", "Opportunity Name",
                                                               "Sales Stage"};
inline constexpr std::string_view kOpportunitiesRequired[] = {"ID"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "Contacts",
     .kind = referral::EntityKind::kPerson,
     .title = "SuiteCRM contacts",
     .columns = kContactsColumns,
     .signature = kContactsSignature,
     .excludes = kContactsExcludes,
     .required = kContactsRequired},
    {.object = "Leads",
     .kind = referral::EntityKind::kPerson,
     .title = "SuiteCRM leads",
     .columns = kLeadsColumns,
     .signature = kLeadsSignature,
     .excludes = {},
     .required = kLeadsRequired},
    {.object = "Accounts",
     .kind = referral::EntityKind::kOrganisation,
     .title = "SuiteCRM accounts",
     .columns = kAccountsColumns,
     .signature = kAccountsSignature,
     .excludes = kAccountsExcludes,
     .required = kAccountsRequired},
    {.object = "Opportunities",
     .kind = referral::EntityKind::kOpportunity,
     .title = "SuiteCRM opportunities",
     .columns = kOpportunitiesColumns,
     .signature = kOpportunitiesSignature,
     .excludes = {},
     .required = kOpportunitiesRequired},
};

}  // namespace referrald::suitecrm
