#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. API names first, as the Data Loader and the weekly export
// write them; then the labels of reports.
namespace referrald::salesforce {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kContactId18[] = {"Id", "Contact ID"};
inline constexpr std::string_view kAccountId18[] = {"Id", "Account ID"};
inline constexpr std::string_view kLeadId18[] = {"Id", "Lead ID"};
inline constexpr std::string_view kOpportunityId18[] = {"Id", "Opportunity ID"};
inline constexpr std::string_view kIsDeleted[] = {"IsDeleted", "Deleted"};
inline constexpr std::string_view kMasterRecordId[] = {"MasterRecordId", "Master Record ID"};
inline constexpr std::string_view kModified[] = {"SystemModstamp", "LastModifiedDate"};
inline constexpr std::string_view kFirstName[] = {"FirstName", "First Name"};
inline constexpr std::string_view kLastName[] = {"LastName", "Last Name"};
inline constexpr std::string_view kFullName[] = {"Name", "Full Name"};
inline constexpr std::string_view kAccountName[] = {"Name", "Account Name"};
inline constexpr std::string_view kOpportunityName[] = {"Name", "Opportunity Name"};
inline constexpr std::string_view kEmail[] = {"Email", "Email Address"};
inline constexpr std::string_view kPhone[] = {"Phone"};
inline constexpr std::string_view kMobile[] = {"MobilePhone", "Mobile Phone", "Mobile"};
inline constexpr std::string_view kTitle[] = {"Title"};
inline constexpr std::string_view kEmployerName[] = {"Account.Name", "Account Name"};
inline constexpr std::string_view kCompany[] = {"Company", "Company / Account"};
inline constexpr std::string_view kMailingCity[] = {"MailingCity", "Mailing City"};
inline constexpr std::string_view kMailingPostalCode[] = {"MailingPostalCode",
                                                          "Mailing Zip/Postal Code"};
inline constexpr std::string_view kMailingCountry[] = {"MailingCountry", "Mailing Country"};
inline constexpr std::string_view kCity[] = {"City"};
inline constexpr std::string_view kPostalCode[] = {"PostalCode", "Zip/Postal Code"};
inline constexpr std::string_view kCountry[] = {"Country"};
inline constexpr std::string_view kBillingCity[] = {"BillingCity", "Billing City"};
inline constexpr std::string_view kBillingPostalCode[] = {"BillingPostalCode",
                                                          "Billing Zip/Postal Code"};
inline constexpr std::string_view kBillingCountry[] = {"BillingCountry", "Billing Country"};
inline constexpr std::string_view kLeadSource[] = {"LeadSource", "Lead Source"};
inline constexpr std::string_view kAccountSource[] = {"AccountSource", "Account Source"};
inline constexpr std::string_view kReferredBy[] = {"Referred_By__c", "ReferredBy__c",
                                                   "Referred By"};
inline constexpr std::string_view kReferralContact[] = {"Referral_Contact__c", "Referral Contact"};
inline constexpr std::string_view kEmployerId[] = {"AccountId", "Account ID"};
inline constexpr std::string_view kOwnerId[] = {"OwnerId", "Owner ID"};
inline constexpr std::string_view kOwnerName[] = {"Owner.Name", "Contact Owner", "Account Owner",
                                                  "Lead Owner", "Opportunity Owner"};
inline constexpr std::string_view kReportsToId[] = {"ReportsToId", "Reports To ID"};
inline constexpr std::string_view kParentId[] = {"ParentId", "Parent Account ID"};
inline constexpr std::string_view kConvertedContactId[] = {"ConvertedContactId",
                                                           "Converted Contact ID"};
inline constexpr std::string_view kOpportunityContactId[] = {"ContactId", "Primary Contact ID"};
inline constexpr std::string_view kIndustry[] = {"Industry"};
inline constexpr std::string_view kWebsite[] = {"Website"};
inline constexpr std::string_view kStatus[] = {"Status", "Lead Status"};
inline constexpr std::string_view kStageName[] = {"StageName", "Stage"};
inline constexpr std::string_view kAmount[] = {"Amount"};
inline constexpr std::string_view kCurrencyIsoCode[] = {"CurrencyIsoCode", "Currency"};
inline constexpr std::string_view kCloseDate[] = {"CloseDate", "Close Date"};
inline constexpr std::string_view kIsWon[] = {"IsWon", "Won"};
inline constexpr std::string_view kIsClosed[] = {"IsClosed", "Closed"};

inline constexpr ColumnRule kContactColumns[] = {
    {role::kExternalId, kContactId18},
    {role::kDeleted, kIsDeleted, ColumnType::kBoolean},
    {role::kMergedInto, kMasterRecordId},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kFullName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kTitle},
    {field::kCompany, kEmployerName},
    {field::kCity, kMailingCity},
    {field::kPostalCode, kMailingPostalCode},
    {field::kCountry, kMailingCountry},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kReferredBy, kReferralContact},
    {"organisation:Account", kEmployerId},
    {"owner:User", kOwnerId},
    {field::kOwner, kOwnerName},
    {"reports_to:Contact", kReportsToId},
};

inline constexpr ColumnRule kLeadColumns[] = {
    {role::kExternalId, kLeadId18},
    {role::kDeleted, kIsDeleted, ColumnType::kBoolean},
    {role::kMergedInto, kMasterRecordId},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kFullName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kMobile, kMobile, ColumnType::kPhone},
    {field::kTitle, kTitle},
    {field::kCompany, kCompany},
    {field::kIndustry, kIndustry},
    {field::kCity, kCity},
    {field::kPostalCode, kPostalCode},
    {field::kCountry, kCountry},
    {field::kStatus, kStatus},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kReferredBy, kReferralContact},
    {"owner:User", kOwnerId},
    {field::kOwner, kOwnerName},
    {"converted_to:Contact", kConvertedContactId},
};

inline constexpr ColumnRule kAccountColumns[] = {
    {role::kExternalId, kAccountId18},
    {role::kDeleted, kIsDeleted, ColumnType::kBoolean},
    {role::kMergedInto, kMasterRecordId},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kDisplayName, kAccountName},
    {field::kPhone, kPhone, ColumnType::kPhone},
    {field::kDomain, kWebsite},
    {field::kIndustry, kIndustry},
    {field::kCity, kBillingCity},
    {field::kPostalCode, kBillingPostalCode},
    {field::kCountry, kBillingCountry},
    {field::kLeadSource, kAccountSource},
    {field::kReferredBy, kReferredBy},
    {field::kReferredBy, kReferralContact},
    {"owner:User", kOwnerId},
    {field::kOwner, kOwnerName},
    {"parent:Account", kParentId},
};

inline constexpr ColumnRule kOpportunityColumns[] = {
    {role::kExternalId, kOpportunityId18},
    {role::kDeleted, kIsDeleted, ColumnType::kBoolean},
    {role::kChangedAt, kModified, ColumnType::kDateTime},
    {field::kDisplayName, kOpportunityName},
    {field::kStage, kStageName},
    {"", kIsWon},
    {"", kIsClosed},
    {field::kAmount, kAmount, ColumnType::kNumber},
    {field::kCurrency, kCurrencyIsoCode},
    {field::kCloseDate, kCloseDate, ColumnType::kDate},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kReferredBy, kReferralContact},
    {"organisation:Account", kEmployerId},
    {"contact:Contact", kOpportunityContactId},
    {"owner:User", kOwnerId},
    {field::kOwner, kOwnerName},
};

// What makes a file one of contacts, leads, ...
inline constexpr std::string_view kContactSignature[] = {"Id", "LastName"};
inline constexpr std::string_view kContactExcludes[] = {
    "Company", "IsConverted", "BillingStreet", "IsPersonAccount", "Username", "canonical_vid"};
inline constexpr std::string_view kLeadSignature[] = {"Id", "LastName", "Company"};
inline constexpr std::string_view kAccountSignature[] = {"Id", "Name"};
inline constexpr std::string_view kAccountExcludes[] = {
    "StageName", "AccountId", "Company", "IsActive", "Username", "Subject", "ProductCode"};
inline constexpr std::string_view kOpportunitySignature[] = {"Id", "Name", "StageName"};
inline constexpr std::string_view kOpportunityExcludes[] = {"_fivetran_start"};  // A history.
inline constexpr std::string_view kOnlyId[] = {"Id"};
// Of files without ids, such as those that are made for inserting.
inline constexpr std::string_view kContactMarks[] = {"LastName", "FirstName", "AccountId"};
inline constexpr std::string_view kAccountMarks[] = {"Name", "AnnualRevenue"};

inline constexpr ObjectDescription kObjects[] = {{.object = "Contact",
                                                  .kind = referral::EntityKind::kPerson,
                                                  .title = "Salesforce contacts",
                                                  .columns = kContactColumns,
                                                  .signature = kContactSignature,
                                                  .excludes = kContactExcludes,
                                                  .required = kOnlyId,
                                                  .marks = kContactMarks},
                                                 {.object = "Lead",
                                                  .kind = referral::EntityKind::kPerson,
                                                  .title = "Salesforce leads",
                                                  .columns = kLeadColumns,
                                                  .signature = kLeadSignature,
                                                  .excludes = {},
                                                  .required = kOnlyId},
                                                 {.object = "Account",
                                                  .kind = referral::EntityKind::kOrganisation,
                                                  .title = "Salesforce accounts",
                                                  .columns = kAccountColumns,
                                                  .signature = kAccountSignature,
                                                  .excludes = kAccountExcludes,
                                                  .required = kOnlyId,
                                                  .marks = kAccountMarks},
                                                 {.object = "Opportunity",
                                                  .kind = referral::EntityKind::kOpportunity,
                                                  .title = "Salesforce opportunities",
                                                  .columns = kOpportunityColumns,
                                                  .signature = kOpportunitySignature,
                                                  .excludes = kOpportunityExcludes,
                                                  .required = kOnlyId}};

}  // namespace referrald::salesforce
