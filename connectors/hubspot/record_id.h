#pragma once

#include <optional>
#include <string_view>

#include "connectors/api/connector.h"

namespace referrald::hubspot {

// Whether `text` is a record id as HubSpot gives them: a positive integer.
// RFD2121 R-ID-INVALID: something else; RFD2122 R-ID-DAMAGED: a number that a spreadsheet rewrote
// (1.9E+10, 10001.0, or so long that its last digits became zeros). The column is left empty.
std::optional<connectors::RowError> CheckRecordId(std::string_view text);

}  // namespace referrald::hubspot
