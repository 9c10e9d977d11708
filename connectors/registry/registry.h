#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "connectors/api/connector.h"

// The connectors there are: a list written by hand, so that none is dropped by a linker or added by
// accident.
namespace referrald::registry {

// In the order in which they are shown to people.
std::span<const connectors::ConnectorInfo* const> Connectors();

// Null where there is none of this name.
const connectors::ConnectorInfo* FindConnector(std::string_view name);

// "salesforce", "hubspot", ...: for "did you mean".
std::span<const std::string_view> ConnectorNames();

// What a file with this header most likely is; the one whose signature has the most columns.
struct Recognised {
  const connectors::ConnectorInfo* connector = nullptr;
  const connectors::ObjectDescription* object = nullptr;  // Never null in an answer.
};
std::optional<Recognised> RecogniseAny(const connectors::Header& header);
// The same by ObjectDescription::marks: what it is, though it may not be usable.
std::optional<Recognised> RecogniseAnyByMarks(const connectors::Header& header);

}  // namespace referrald::registry
