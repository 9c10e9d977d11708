#include "connectors/registry/registry.h"

#include <algorithm>
#include <array>

#include "connectors/generic_csv/generic_csv.h"
#include "connectors/hubspot/hubspot.h"
#include "connectors/salesforce/salesforce.h"

namespace referrald::registry {
namespace {

using connectors::ConnectorInfo;

constexpr const ConnectorInfo* kConnectors[] = {
    &salesforce::kConnector,
    &hubspot::kConnector,
    &generic_csv::kConnector,
};

constexpr std::string_view kNames[] = {"salesforce", "hubspot", "generic_csv"};
static_assert(std::size(kNames) == std::size(kConnectors));

}  // namespace

std::span<const ConnectorInfo* const> Connectors() { return kConnectors; }

std::span<const std::string_view> ConnectorNames() { return kNames; }

const ConnectorInfo* FindConnector(std::string_view name) {
  const auto found = std::ranges::find(kConnectors, name, &ConnectorInfo::name);
  return found == std::end(kConnectors) ? nullptr : *found;
}

std::optional<Recognised> RecogniseAny(const connectors::Header& header) {
  std::optional<Recognised> best;
  for (const ConnectorInfo* connector : kConnectors) {
    const connectors::ObjectDescription* object = connectors::Recognise(*connector, header);
    if (object == nullptr) continue;
    if (best && best->object->signature.size() >= object->signature.size()) continue;
    best = Recognised{.connector = connector, .object = object};
  }
  return best;
}

}  // namespace referrald::registry
