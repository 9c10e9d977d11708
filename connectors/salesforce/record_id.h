#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "connectors/api/connector.h"

namespace referrald::salesforce {

// The 18-character form of a Salesforce id. Fifteen characters get their suffix; eighteen whose
// letters a spreadsheet made all upper or all lower case get their case back from the suffix.
// RowError: RFD2121 R-ID-INVALID: no id at all; RFD2122 R-ID-DAMAGED: the suffix and the letters
// contradict each other, and which of them is wrong cannot be told. The column is left empty.
std::variant<std::string, connectors::RowError> ReadRecordId(std::string_view text);

// True for the id that stands for none: "000000000000000" with or without its suffix.
bool IsEmptyKey(std::string_view text);

// The object whose ids begin like this one: "Contact", "Account", "Lead", "Opportunity", "User",
// "Group"; "" for others.
std::string_view ObjectOf(std::string_view record_id);

}  // namespace referrald::salesforce
