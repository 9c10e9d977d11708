#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of which file means what. README.md says where the titles come from.
namespace referrald::outlook {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kFirstName[] = {"First Name", "Vorname", "Prénom"};
inline constexpr std::string_view kLastName[] = {"Last Name", "Nachname", "Nom"};
inline constexpr std::string_view kEMailAddress[] = {"E-mail Address", "E-Mail-Adresse",
                                                     "Adresse de messagerie"};
inline constexpr std::string_view kEMailType[] = {"E-mail Type", "E-Mail-Typ",
                                                  "Type de messagerie"};
inline constexpr std::string_view kBusinessPhone[] = {
    "Business Phone", "Telefon geschäftlich", "Téléphone (bureau)", "Primary Phone", "Home Phone"};
inline constexpr std::string_view kMobilePhone[] = {"Mobile Phone", "Mobiltelefon", "Tél. mobile"};
inline constexpr std::string_view kJobTitle[] = {"Job Title", "Position", "Titre"};
inline constexpr std::string_view kCompany[] = {"Company", "Firma", "Société"};
inline constexpr std::string_view kBusinessCity[] = {"Business City", "Ort geschäftlich",
                                                     "Ville (bureau)"};
inline constexpr std::string_view kBusinessPostalCode[] = {
    "Business Postal Code", "Postleitzahl geschäftlich", "Code postal (bureau)"};
inline constexpr std::string_view kBusinessCountryRegion[] = {
    "Business Country/Region", "Business Country", "Land/Region geschäftlich",
    "Pays/Région (bureau)"};
inline constexpr std::string_view kWebPage[] = {"Web Page", "Webseite", "Page Web"};
inline constexpr std::string_view kReferredBy[] = {"Referred By", "Empfohlen von", "Référé par"};

inline constexpr ColumnRule kContactColumns[] = {
    {field::kFirstName, kFirstName},
    {field::kLastName, kLastName},
    {field::kEmail, kEMailAddress},
    {"", kEMailType},
    {field::kPhone, kBusinessPhone, ColumnType::kPhone},
    {field::kMobile, kMobilePhone, ColumnType::kPhone},
    {field::kTitle, kJobTitle},
    {field::kCompany, kCompany},
    {field::kCity, kBusinessCity},
    {field::kPostalCode, kBusinessPostalCode},
    {field::kCountry, kBusinessCountryRegion},
    {field::kDomain, kWebPage},
    {field::kReferredBy, kReferredBy},
};

// What makes a file one of these.
inline constexpr std::string_view kContactSignature[] = {"First Name", "E-mail Address", "Company",
                                                         "Job Title"};
inline constexpr std::string_view kContactExcludes[] = {"Id", "Record ID"};
inline constexpr std::string_view kContactRequired[] = {"E-mail Address"};

inline constexpr ObjectDescription kObjects[] = {
    {.object = "Contact",
     .kind = referral::EntityKind::kPerson,
     .title = "Outlook contacts",
     .columns = kContactColumns,
     .signature = kContactSignature,
     .excludes = kContactExcludes,
     .required = kContactRequired},
};

}  // namespace referrald::outlook
