#pragma once

#include <string_view>

#include "connectors/api/connector.h"

// Which column of the table that a file of vCards becomes (format/vcard_reader.h) means what.
namespace referrald::vcard {

using connectors::ColumnRule;
using connectors::ColumnType;
using connectors::ObjectDescription;
namespace field = referral::field;
namespace role = connectors::role;

inline constexpr std::string_view kUid[] = {"UID"};
inline constexpr std::string_view kRev[] = {"REV"};
inline constexpr std::string_view kKind[] = {"KIND"};
inline constexpr std::string_view kFormattedName[] = {"FN"};
inline constexpr std::string_view kFamilyName[] = {"N.family"};
inline constexpr std::string_view kGivenName[] = {"N.given"};
inline constexpr std::string_view kOrganisation[] = {"ORG"};
inline constexpr std::string_view kTitle[] = {"TITLE"};
inline constexpr std::string_view kEmail[] = {"EMAIL"};
inline constexpr std::string_view kTelephone[] = {"TEL"};
inline constexpr std::string_view kCellular[] = {"TEL.cell"};
inline constexpr std::string_view kCity[] = {"ADR.city"};
inline constexpr std::string_view kPostalCode[] = {"ADR.postal"};
inline constexpr std::string_view kCountry[] = {"ADR.country"};
inline constexpr std::string_view kUrl[] = {"URL"};

inline constexpr ColumnRule kCardColumns[] = {
    {role::kExternalId, kUid},
    {role::kChangedAt, kRev, ColumnType::kDateTime},
    {"", kKind},
    {field::kDisplayName, kFormattedName},
    {field::kFirstName, kGivenName},
    {field::kLastName, kFamilyName},
    {field::kCompany, kOrganisation},
    {field::kTitle, kTitle},
    {field::kEmail, kEmail, ColumnType::kEmail},
    {field::kPhone, kTelephone, ColumnType::kPhone},
    {field::kMobile, kCellular, ColumnType::kPhone},
    {field::kCity, kCity},
    {field::kPostalCode, kPostalCode},
    {field::kCountry, kCountry},
    {field::kDomain, kUrl},
};

inline constexpr std::string_view kCardSignature[] = {"UID", "FN", "N.family"};
inline constexpr std::string_view kCardRequired[] = {"FN"};

inline constexpr ObjectDescription kObjects[] = {{.object = "Card",
                                                  .kind = referral::EntityKind::kPerson,
                                                  .title = "vCards",
                                                  .columns = kCardColumns,
                                                  .signature = kCardSignature,
                                                  .excludes = {},
                                                  .required = kCardRequired}};

}  // namespace referrald::vcard
