#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::pipedrive {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kPersonID[] = {"Person - ID"};
inline constexpr std::string_view kPersonUpdateTime[] = {"Person - Update time"};
inline constexpr std::string_view kPersonName[] = {"Person - Name"};
inline constexpr std::string_view kPersonFirstName[] = {"Person - First name"};
inline constexpr std::string_view kPersonLastName[] = {"Person - Last name"};
inline constexpr std::string_view kPersonEmailWork[] = {
    "Person - Email - Work", "Person - Email", "Person - Email - Home", "Person - Email - Other"};
inline constexpr std::string_view kPersonPhoneWork[] = {
    "Person - Phone - Work", "Person - Phone", "Person - Phone - Home", "Person - Phone - Other"};
inline constexpr std::string_view kPersonPhoneMobile[] = {"Person - Phone - Mobile"};
inline constexpr std::string_view kPersonJobTitle[] = {"Person - Job title"};
inline constexpr std::string_view kPersonOrganization[] = {"Person - Organization"};
inline constexpr std::string_view kPersonCity[] = {"Person - City",
                                                   "Person - City/town/village/locality"};
inline constexpr std::string_view kPersonLabel[] = {"Person - Label", "Person - Labels"};
inline constexpr std::string_view kPersonSource[] = {"Person - Source", "Person - Lead source"};
inline constexpr std::string_view kPersonReferredBy[] = {"Person - Referred by",
                                                         "Person - Referral source"};
inline constexpr std::string_view kPersonOwner[] = {"Person - Owner"};
inline constexpr std::string_view kOrganizationID[] = {"Organization - ID",
                                                       "Person - Organization ID"};
inline constexpr std::string_view kOrganizationID2[] = {"Organization - ID"};
inline constexpr std::string_view kOrganizationUpdateTime[] = {"Organization - Update time"};
inline constexpr std::string_view kOrganizationName[] = {"Organization - Name"};
inline constexpr std::string_view kOrganizationWebsite[] = {"Organization - Website"};
inline constexpr std::string_view kOrganizationIndustry[] = {"Organization - Industry"};
inline constexpr std::string_view kOrganizationCityTownVillageLocalityOfAddress[] = {
    "Organization - City/town/village/locality of Address", "Organization - City"};
inline constexpr std::string_view kOrganizationZIPPostalCodeOfAddress[] = {
    "Organization - ZIP/Postal code of Address"};
inline constexpr std::string_view kOrganizationCountryOfAddress[] = {
    "Organization - Country of Address"};
inline constexpr std::string_view kOrganizationReferredBy[] = {"Organization - Referred by"};
inline constexpr std::string_view kOrganizationOwner[] = {"Organization - Owner"};
inline constexpr std::string_view kDealID[] = {"Deal - ID"};
inline constexpr std::string_view kDealUpdateTime[] = {"Deal - Update time"};
inline constexpr std::string_view kDealTitle[] = {"Deal - Title"};
inline constexpr std::string_view kDealStage[] = {"Deal - Stage"};
inline constexpr std::string_view kDealStatus[] = {"Deal - Status"};
inline constexpr std::string_view kDealValue[] = {"Deal - Value"};
inline constexpr std::string_view kDealCurrencyOfValue[] = {"Deal - Currency of Value",
                                                            "Deal - Currency"};
inline constexpr std::string_view kDealWonTime[] = {"Deal - Won time", "Deal - Lost time",
                                                    "Deal - Expected close date"};
inline constexpr std::string_view kDealOrganization[] = {"Deal - Organization"};
inline constexpr std::string_view kDealSource[] = {"Deal - Source", "Deal - Source channel"};
inline constexpr std::string_view kDealReferredBy[] = {"Deal - Referred by"};
inline constexpr std::string_view kDealOwner[] = {"Deal - Owner"};
inline constexpr std::string_view kDealContactPersonID[] = {"Deal - Contact person ID",
                                                            "Person - ID"};
inline constexpr std::string_view kDealOrganizationID[] = {"Deal - Organization ID",
                                                           "Organization - ID"};

inline constexpr ColumnRule kPersonColumns[] = {
    {role::kExternalId, kPersonID},
    {role::kChangedAt, kPersonUpdateTime, ColumnType::kDateTime},
    {field::kDisplayName, kPersonName},
    {field::kFirstName, kPersonFirstName},
    {field::kLastName, kPersonLastName},
    {field::kEmail, kPersonEmailWork, ColumnType::kEmail},
    {field::kPhone, kPersonPhoneWork, ColumnType::kPhone},
    {field::kMobile, kPersonPhoneMobile, ColumnType::kPhone},
    {field::kTitle, kPersonJobTitle},
    {field::kCompany, kPersonOrganization},
    {field::kCity, kPersonCity},
    {field::kStatus, kPersonLabel},
    {field::kLeadSource, kPersonSource},
    {field::kReferredBy, kPersonReferredBy},
    {field::kOwner, kPersonOwner},
    {"organisation:Organization", kOrganizationID},
};

inline constexpr ColumnRule kOrganizationColumns[] = {
    {role::kExternalId, kOrganizationID2},
    {role::kChangedAt, kOrganizationUpdateTime, ColumnType::kDateTime},
    {field::kDisplayName, kOrganizationName},
    {field::kDomain, kOrganizationWebsite},
    {field::kIndustry, kOrganizationIndustry},
    {field::kCity, kOrganizationCityTownVillageLocalityOfAddress},
    {field::kPostalCode, kOrganizationZIPPostalCodeOfAddress},
    {field::kCountry, kOrganizationCountryOfAddress},
    {field::kReferredBy, kOrganizationReferredBy},
    {field::kOwner, kOrganizationOwner},
};

inline constexpr ColumnRule kDealColumns[] = {
    {role::kExternalId, kDealID},
    {role::kChangedAt, kDealUpdateTime, ColumnType::kDateTime},
    {field::kDisplayName, kDealTitle},
    {field::kStage, kDealStage},
    {"", kDealStatus},
    {field::kAmount, kDealValue, ColumnType::kNumber},
    {field::kCurrency, kDealCurrencyOfValue},
    {field::kCloseDate, kDealWonTime, ColumnType::kDate},
    {field::kCompany, kDealOrganization},
    {field::kLeadSource, kDealSource},
    {field::kReferredBy, kDealReferredBy},
    {field::kOwner, kDealOwner},
    {"contact:Person", kDealContactPersonID},
    {"organisation:Organization", kDealOrganizationID},
};

// What makes a file one of these.
inline constexpr std::string_view kPersonSignature[] = {"Person - ID", "Person - Name"};
inline constexpr std::string_view kPersonExcludes[] = {"Deal - ID"};
inline constexpr std::string_view kPersonRequired[] = {"Person - ID"};
inline constexpr std::string_view kOrganizationSignature[] = {"Organization - ID",
                                                              "Organization - Name"};
inline constexpr std::string_view kOrganizationExcludes[] = {"Deal - ID", "Person - ID"};
inline constexpr std::string_view kOrganizationRequired[] = {"Organization - ID"};
inline constexpr std::string_view kDealSignature[] = {"Deal - ID", "Deal - Title"};
inline constexpr std::string_view kDealRequired[] = {"Deal - ID"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "Person",
     .kind = referral::EntityKind::kPerson,
     .title = "Pipedrive people",
     .columns = kPersonColumns,
     .signature = kPersonSignature,
     .excludes = kPersonExcludes,
     .required = kPersonRequired},
    {.object = "Organization",
     .kind = referral::EntityKind::kOrganisation,
     .title = "Pipedrive organizations",
     .columns = kOrganizationColumns,
     .signature = kOrganizationSignature,
     .excludes = kOrganizationExcludes,
     .required = kOrganizationRequired},
    {.object = "Deal",
     .kind = referral::EntityKind::kOpportunity,
     .title = "Pipedrive deals",
     .columns = kDealColumns,
     .signature = kDealSignature,
     .excludes = {},
     .required = kDealRequired},
};

}  // namespace referrald::pipedrive
