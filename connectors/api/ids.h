#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "connectors/api/connector.h"

// Ids as several systems write them. The errors' columns are left empty.
namespace referrald::connectors {

// Nothing where `text` is a positive whole number of at most 19 digits. R-ID-DAMAGED (RFD2122): a
// spreadsheet has rewritten it ("1.9E+18", "10001.0", zeros from the sixteenth digit on);
// R-ID-INVALID (RFD2121): anything else. `what`: "HubSpot record id".
std::optional<RowError> CheckNumberId(std::string_view text, std::string_view what);

// A GUID in lower case without braces. R-ID-INVALID (RFD2121): it is none.
std::variant<std::string, RowError> ReadGuid(std::string_view text, std::string_view what);

// A name for a row of a system that gives it none: the same e-mail address, or else the same name,
// organisation and phone number, is the same row. Nothing where all of them are empty. Somebody
// whose address changes is somebody new; that cannot be helped without an id.
std::optional<std::string> DerivedId(const referral::Fields& fields);

}  // namespace referrald::connectors
