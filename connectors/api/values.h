#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "connectors/api/connector.h"

namespace referrald::connectors {

// `text`, which is not empty, as its type is stored: folded, in one form, or as it is.
// The error's column is left empty.
std::variant<std::string, RowError> ReadValue(ColumnType type, std::string_view text,
                                              DateOrder order = DateOrder::kUnsaid);

// Any case of true/false, yes/no, y/n, on/off, 1/0, x.
std::optional<bool> ReadBoolean(std::string_view text);

// The host of a web address, without "www.": "https://www.example.com/about" is "example.com".
std::string DomainOf(std::string_view address);

// True for a field, role or link that a mapping may name: see FeedMapping.
bool IsKnownField(std::string_view name);

// All names of fields and roles: for "did you mean".
std::vector<std::string_view> KnownFields();

}  // namespace referrald::connectors
