#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::espocrm {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kId[] = {"id"};
inline constexpr std::string_view kModifiedAt[] = {"modifiedAt"};
inline constexpr std::string_view kDeleted[] = {"deleted"};
inline constexpr std::string_view kFirstName[] = {"firstName"};
inline constexpr std::string_view kLastName[] = {"lastName"};
inline constexpr std::string_view kName[] = {"name"};
inline constexpr std::string_view kEmailAddress[] = {"emailAddress"};
inline constexpr std::string_view kPhoneNumber[] = {"phoneNumber"};
inline constexpr std::string_view kTitle[] = {"title", "accountRole"};
inline constexpr std::string_view kAccountName[] = {"accountName"};
inline constexpr std::string_view kAddressCity[] = {"addressCity"};
inline constexpr std::string_view kAddressPostalCode[] = {"addressPostalCode"};
inline constexpr std::string_view kAddressCountry[] = {"addressCountry"};
inline constexpr std::string_view kLeadSource[] = {"leadSource", "source"};
inline constexpr std::string_view kReferredBy[] = {"referredBy"};
inline constexpr std::string_view kAssignedUserName[] = {"assignedUserName"};
inline constexpr std::string_view kAssignedUserId[] = {"assignedUserId"};
inline constexpr std::string_view kAccountId[] = {"accountId"};
inline constexpr std::string_view kTitle2[] = {"title"};
inline constexpr std::string_view kIndustry[] = {"industry"};
inline constexpr std::string_view kStatus[] = {"status"};
inline constexpr std::string_view kSource[] = {"source"};
inline constexpr std::string_view kCreatedContactId[] = {"createdContactId"};
inline constexpr std::string_view kWebsite[] = {"website"};
inline constexpr std::string_view kBillingAddressCity[] = {"billingAddressCity"};
inline constexpr std::string_view kBillingAddressPostalCode[] = {"billingAddressPostalCode"};
inline constexpr std::string_view kBillingAddressCountry[] = {"billingAddressCountry"};
inline constexpr std::string_view kStage[] = {"stage"};
inline constexpr std::string_view kAmount[] = {"amount"};
inline constexpr std::string_view kAmountCurrency[] = {"amountCurrency"};
inline constexpr std::string_view kCloseDate[] = {"closeDate"};
inline constexpr std::string_view kLeadSource2[] = {"leadSource"};
inline constexpr std::string_view kContactsIds[] = {"contactsIds", "contactId"};

inline constexpr ColumnRule kContactColumns[] = {
    {role::kExternalId, kId},
    {role::kChangedAt, kModifiedAt, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kName},
    {field::kEmail, kEmailAddress, ColumnType::kEmail},
    {field::kPhone, kPhoneNumber, ColumnType::kPhone},
    {field::kTitle, kTitle},
    {field::kCompany, kAccountName},
    {field::kCity, kAddressCity},
    {field::kPostalCode, kAddressPostalCode},
    {field::kCountry, kAddressCountry},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName},
    {"owner:User", kAssignedUserId},
    {"organisation:Account", kAccountId},
};

inline constexpr ColumnRule kLeadColumns[] = {
    {role::kExternalId, kId},
    {role::kChangedAt, kModifiedAt, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kName},
    {field::kEmail, kEmailAddress, ColumnType::kEmail},
    {field::kPhone, kPhoneNumber, ColumnType::kPhone},
    {field::kTitle, kTitle2},
    {field::kCompany, kAccountName},
    {field::kIndustry, kIndustry},
    {field::kCity, kAddressCity},
    {field::kPostalCode, kAddressPostalCode},
    {field::kCountry, kAddressCountry},
    {field::kStatus, kStatus},
    {field::kLeadSource, kSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName},
    {"owner:User", kAssignedUserId},
    {"converted_to:Contact", kCreatedContactId},
};

inline constexpr ColumnRule kAccountColumns[] = {
    {role::kExternalId, kId},
    {role::kChangedAt, kModifiedAt, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kDisplayName, kName},
    {field::kPhone, kPhoneNumber, ColumnType::kPhone},
    {field::kDomain, kWebsite},
    {field::kIndustry, kIndustry},
    {field::kCity, kBillingAddressCity},
    {field::kPostalCode, kBillingAddressPostalCode},
    {field::kCountry, kBillingAddressCountry},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName},
    {"owner:User", kAssignedUserId},
};

inline constexpr ColumnRule kOpportunityColumns[] = {
    {role::kExternalId, kId},
    {role::kChangedAt, kModifiedAt, ColumnType::kDateTime},
    {role::kDeleted, kDeleted, ColumnType::kBoolean},
    {field::kDisplayName, kName},
    {field::kStage, kStage},
    {field::kAmount, kAmount, ColumnType::kNumber},
    {field::kCurrency, kAmountCurrency},
    {field::kCloseDate, kCloseDate, ColumnType::kDate},
    {field::kCompany, kAccountName},
    {field::kLeadSource, kLeadSource2},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kAssignedUserName},
    {"owner:User", kAssignedUserId},
    {"organisation:Account", kAccountId},
    {"contact:Contact", kContactsIds, ColumnType::kIdList},
};

// What makes a file one of these.
inline constexpr std::string_view kContactSignature[] = {"id", "lastName", "modifiedAt",
                                                         "assignedUserId"};
inline constexpr std::string_view kContactExcludes[] = {"status"};
inline constexpr std::string_view kContactRequired[] = {"id"};
inline constexpr std::string_view kLeadSignature[] = {"id", "lastName", "modifiedAt",
                                                      "assignedUserId", "status"};
inline constexpr std::string_view kLeadRequired[] = {"id"};
inline constexpr std::string_view kAccountSignature[] = {"id", "name", "modifiedAt",
                                                         "assignedUserId"};
inline constexpr std::string_view kAccountExcludes[] = {"lastName", "stage"};
inline constexpr std::string_view kAccountRequired[] = {"id"};
inline constexpr std::string_view kOpportunitySignature[] = {"id", "name", "stage", "modifiedAt"};
inline constexpr std::string_view kOpportunityExcludes[] = {"lastName"};
inline constexpr std::string_view kOpportunityRequired[] = {"id"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "Contact",
     .kind = referral::EntityKind::kPerson,
     .title = "EspoCRM contacts",
     .columns = kContactColumns,
     .signature = kContactSignature,
     .excludes = kContactExcludes,
     .required = kContactRequired},
    {.object = "Lead",
     .kind = referral::EntityKind::kPerson,
     .title = "EspoCRM leads",
     .columns = kLeadColumns,
     .signature = kLeadSignature,
     .excludes = {},
     .required = kLeadRequired},
    {.object = "Account",
     .kind = referral::EntityKind::kOrganisation,
     .title = "EspoCRM accounts",
     .columns = kAccountColumns,
     .signature = kAccountSignature,
     .excludes = kAccountExcludes,
     .required = kAccountRequired},
    {.object = "Opportunity",
     .kind = referral::EntityKind::kOpportunity,
     .title = "EspoCRM opportunities",
     .columns = kOpportunityColumns,
     .signature = kOpportunitySignature,
     .excludes = kOpportunityExcludes,
     .required = kOpportunityRequired},
};

}  // namespace referrald::espocrm
