#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::dynamics {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kContactid[] = {"contactid", "(Do Not Modify) Contact"};
inline constexpr std::string_view kModifiedOn[] = {"(Do Not Modify) Modified On", "modifiedon",
                                                   "Modified On"};
inline constexpr std::string_view kMasterid[] = {"masterid", "Master ID"};
inline constexpr std::string_view kFirstName[] = {"First Name", "firstname"};
inline constexpr std::string_view kLastName[] = {"Last Name", "lastname"};
inline constexpr std::string_view kFullName[] = {"Full Name", "fullname"};
inline constexpr std::string_view kEmail[] = {"Email", "emailaddress1", "E-mail"};
inline constexpr std::string_view kBusinessPhone[] = {"Business Phone", "telephone1"};
inline constexpr std::string_view kMobilePhone[] = {"Mobile Phone", "mobilephone"};
inline constexpr std::string_view kJobTitle[] = {"Job Title", "jobtitle"};
inline constexpr std::string_view kCompanyName[] = {"Company Name", "parentcustomeridname"};
inline constexpr std::string_view kAddress1City[] = {"Address 1: City", "address1_city"};
inline constexpr std::string_view kAddress1ZIPPostalCode[] = {"Address 1: ZIP/Postal Code",
                                                              "address1_postalcode"};
inline constexpr std::string_view kAddress1CountryRegion[] = {"Address 1: Country/Region",
                                                              "address1_country"};
inline constexpr std::string_view kStatus[] = {"Status", "statecode"};
inline constexpr std::string_view kLeadSource[] = {"Lead Source", "leadsourcecode"};
inline constexpr std::string_view kReferredBy[] = {"Referred By"};
inline constexpr std::string_view kOwner[] = {"Owner", "owneridname"};
inline constexpr std::string_view kParentcustomerid[] = {"parentcustomerid",
                                                         "_parentcustomerid_value"};
inline constexpr std::string_view kOwnerid[] = {"ownerid", "_ownerid_value"};
inline constexpr std::string_view kAccount[] = {"(Do Not Modify) Account", "accountid"};
inline constexpr std::string_view kAccountName[] = {"Account Name", "name"};
inline constexpr std::string_view kMainPhone[] = {"Main Phone", "telephone1"};
inline constexpr std::string_view kWebsite[] = {"Website", "websiteurl"};
inline constexpr std::string_view kIndustry[] = {"Industry", "industrycode"};
inline constexpr std::string_view kParentaccountid[] = {"parentaccountid",
                                                        "_parentaccountid_value"};
inline constexpr std::string_view kLead[] = {"(Do Not Modify) Lead", "leadid"};
inline constexpr std::string_view kName[] = {"Name", "Full Name", "fullname"};
inline constexpr std::string_view kEmail2[] = {"Email", "emailaddress1"};
inline constexpr std::string_view kCompanyName2[] = {"Company Name", "companyname"};
inline constexpr std::string_view kCity[] = {"City", "address1_city"};
inline constexpr std::string_view kCountry[] = {"Country", "Country/Region", "address1_country"};
inline constexpr std::string_view kStatusReason[] = {"Status Reason", "Status", "statuscode"};
inline constexpr std::string_view kOpportunity[] = {"(Do Not Modify) Opportunity", "opportunityid"};
inline constexpr std::string_view kTopic[] = {"Topic", "name"};
inline constexpr std::string_view kSalesStage[] = {"Sales Stage", "stepname", "Pipeline Phase"};
inline constexpr std::string_view kActualRevenue[] = {"Actual Revenue", "actualvalue",
                                                      "Est. Revenue", "estimatedvalue"};
inline constexpr std::string_view kCurrency[] = {"Currency", "transactioncurrencyid"};
inline constexpr std::string_view kActualCloseDate[] = {"Actual Close Date", "actualclosedate",
                                                        "Est. Close Date", "estimatedclosedate"};
inline constexpr std::string_view kAccount2[] = {"Account", "Potential Customer", "customeridname"};
inline constexpr std::string_view kParentcontactid[] = {"parentcontactid",
                                                        "_parentcontactid_value"};

inline constexpr ColumnRule kContactColumns[] = {
    {role::kExternalId, kContactid},
    {role::kChangedAt, kModifiedOn, ColumnType::kDateTime},
    {role::kMergedInto, kMasterid},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kFullName},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kBusinessPhone, ColumnType::kPhone},
    {field::kMobile, kMobilePhone, ColumnType::kPhone},
    {field::kTitle, kJobTitle},
    {field::kCompany, kCompanyName},
    {field::kCity, kAddress1City},
    {field::kPostalCode, kAddress1ZIPPostalCode},
    {field::kCountry, kAddress1CountryRegion},
    {field::kStatus, kStatus},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kOwner},
    {"organisation:account", kParentcustomerid},
    {"owner:systemuser", kOwnerid},
};

inline constexpr ColumnRule kAccountColumns[] = {
    {role::kExternalId, kAccount},
    {role::kChangedAt, kModifiedOn, ColumnType::kDateTime},
    {role::kMergedInto, kMasterid},
    {field::kDisplayName, kAccountName},
    {field::kPhone, kMainPhone, ColumnType::kPhone},
    {field::kDomain, kWebsite},
    {field::kIndustry, kIndustry},
    {field::kCity, kAddress1City},
    {field::kPostalCode, kAddress1ZIPPostalCode},
    {field::kCountry, kAddress1CountryRegion},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kOwner},
    {"parent:account", kParentaccountid},
};

inline constexpr ColumnRule kLeadColumns[] = {
    {role::kExternalId, kLead},
    {role::kChangedAt, kModifiedOn, ColumnType::kDateTime},
    {role::kMergedInto, kMasterid},
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kName},
    {field::kEmail, kEmail2, ColumnType::kEmail},
    {field::kPhone, kBusinessPhone, ColumnType::kPhone},
    {field::kMobile, kMobilePhone, ColumnType::kPhone},
    {field::kTitle, kJobTitle},
    {field::kCompany, kCompanyName2},
    {field::kCity, kCity},
    {field::kCountry, kCountry},
    {field::kStatus, kStatusReason},
    {field::kLeadSource, kLeadSource},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kOwner},
};

inline constexpr ColumnRule kOpportunityColumns[] = {
    {role::kExternalId, kOpportunity},
    {role::kChangedAt, kModifiedOn, ColumnType::kDateTime},
    {field::kDisplayName, kTopic},
    {field::kStage, kSalesStage},
    {"", kStatus},
    {field::kAmount, kActualRevenue, ColumnType::kNumber},
    {field::kCurrency, kCurrency},
    {field::kCloseDate, kActualCloseDate, ColumnType::kDate},
    {field::kCompany, kAccount2},
    {field::kReferredBy, kReferredBy},
    {field::kOwner, kOwner},
    {"contact:contact", kParentcontactid},
    {"organisation:account", kParentaccountid},
};

// What makes a file one of these.
inline constexpr std::string_view kContactSignature[] = {"contactid"};
inline constexpr std::string_view kContactExcludes[] = {"accountid", "leadid", "opportunityid",
                                                        "deal_id", "vid_to_merge"};
inline constexpr std::string_view kContactRequired[] = {"contactid"};
inline constexpr std::string_view kAccountSignature[] = {"(Do Not Modify) Account", "Account Name"};
inline constexpr std::string_view kAccountExcludes[] = {"contactid", "leadid", "opportunityid",
                                                        "StageName", "deal_id"};
inline constexpr std::string_view kAccountRequired[] = {"(Do Not Modify) Account"};
inline constexpr std::string_view kLeadSignature[] = {"(Do Not Modify) Lead", "Last Name"};
inline constexpr std::string_view kLeadRequired[] = {"(Do Not Modify) Lead"};
inline constexpr std::string_view kOpportunitySignature[] = {"(Do Not Modify) Opportunity",
                                                             "Topic"};
inline constexpr std::string_view kOpportunityRequired[] = {"(Do Not Modify) Opportunity"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "contact",
     .kind = referral::EntityKind::kPerson,
     .title = "Dynamics contacts",
     .columns = kContactColumns,
     .signature = kContactSignature,
     .excludes = kContactExcludes,
     .required = kContactRequired},
    {.object = "account",
     .kind = referral::EntityKind::kOrganisation,
     .title = "Dynamics accounts",
     .columns = kAccountColumns,
     .signature = kAccountSignature,
     .excludes = kAccountExcludes,
     .required = kAccountRequired},
    {.object = "lead",
     .kind = referral::EntityKind::kPerson,
     .title = "Dynamics leads",
     .columns = kLeadColumns,
     .signature = kLeadSignature,
     .excludes = {},
     .required = kLeadRequired},
    {.object = "opportunity",
     .kind = referral::EntityKind::kOpportunity,
     .title = "Dynamics opportunities",
     .columns = kOpportunityColumns,
     .signature = kOpportunitySignature,
     .excludes = {},
     .required = kOpportunityRequired},
};

}  // namespace referrald::dynamics
