#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::google {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kFirstName[] = {"First Name", "Given Name"};
inline constexpr std::string_view kLastName[] = {"Last Name", "Family Name"};
inline constexpr std::string_view kName[] = {"Name", "File As", "Nickname"};
inline constexpr std::string_view kEMail1Value[] = {"E-mail 1 - Value"};
inline constexpr std::string_view kPhone1Value[] = {"Phone 1 - Value"};
inline constexpr std::string_view kOrganizationName[] = {"Organization Name",
                                                         "Organization 1 - Name"};
inline constexpr std::string_view kOrganizationTitle[] = {"Organization Title",
                                                          "Organization 1 - Title"};
inline constexpr std::string_view kAddress1City[] = {"Address 1 - City"};
inline constexpr std::string_view kAddress1PostalCode[] = {"Address 1 - Postal Code"};
inline constexpr std::string_view kAddress1Country[] = {"Address 1 - Country"};
inline constexpr std::string_view kWebsite1Value[] = {"Website 1 - Value"};

inline constexpr ColumnRule kContactColumns[] = {
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kDisplayName, kName},
    {field::kEmail, kEMail1Value},
    {field::kPhone, kPhone1Value},
    {field::kCompany, kOrganizationName},
    {field::kTitle, kOrganizationTitle},
    {field::kCity, kAddress1City},
    {field::kPostalCode, kAddress1PostalCode},
    {field::kCountry, kAddress1Country},
    {field::kDomain, kWebsite1Value},
};

// What makes a file one of these.
inline constexpr std::string_view kContactSignature[] = {"First Name", "E-mail 1 - Value"};
inline constexpr std::string_view kContactRequired[] = {"First Name"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "Contact",
     .kind = referral::EntityKind::kPerson,
     .title = "Google contacts",
     .columns = kContactColumns,
     .signature = kContactSignature,
     .excludes = {},
     .required = kContactRequired},
};

}  // namespace referrald::google
