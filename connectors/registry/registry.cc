#include "connectors/registry/registry.h"

#include <algorithm>
#include <array>

#include "connectors/dynamics/dynamics.h"
#include "connectors/espocrm/espocrm.h"
#include "connectors/generic_csv/generic_csv.h"
#include "connectors/google/google.h"
#include "connectors/hubspot/hubspot.h"
#include "connectors/odoo/odoo.h"
#include "connectors/outlook/outlook.h"
#include "connectors/pipedrive/pipedrive.h"
#include "connectors/salesforce/salesforce.h"
#include "connectors/suitecrm/suitecrm.h"
#include "connectors/vcard/vcard.h"
#include "connectors/zoho/zoho.h"

namespace referrald::registry {
namespace {

using connectors::ConnectorInfo;
using connectors::Header;
using connectors::ObjectDescription;

constexpr const ConnectorInfo* kConnectors[] = {
    &salesforce::kConnector, &hubspot::kConnector,  &dynamics::kConnector, &zoho::kConnector,
    &pipedrive::kConnector,  &suitecrm::kConnector, &espocrm::kConnector,  &odoo::kConnector,
    &google::kConnector,     &outlook::kConnector,  &vcard::kConnector,    &generic_csv::kConnector,
};

constexpr std::string_view kNames[] = {"salesforce", "hubspot",  "dynamics", "zoho",
                                       "pipedrive",  "suitecrm", "espocrm",  "odoo",
                                       "google",     "outlook",  "vcard",    "generic_csv"};
static_assert(std::size(kNames) == std::size(kConnectors));

using Recogniser = const ObjectDescription* (*)(const ConnectorInfo&, const Header&);

// The one with most of `titles`.
std::optional<Recognised> BestOf(const Header& header, Recogniser recognise,
                                 std::span<const std::string_view> ObjectDescription::* titles) {
  std::optional<Recognised> best;
  for (const ConnectorInfo* connector : kConnectors) {
    const ObjectDescription* object = recognise(*connector, header);
    if (object == nullptr) continue;
    if (best && (best->object->*titles).size() >= (object->*titles).size()) continue;
    best = Recognised{.connector = connector, .object = object};
  }
  return best;
}

}  // namespace

std::span<const ConnectorInfo* const> Connectors() { return kConnectors; }

std::span<const std::string_view> ConnectorNames() { return kNames; }

const ConnectorInfo* FindConnector(std::string_view name) {
  const auto found = std::ranges::find(kConnectors, name, &ConnectorInfo::name);
  return found == std::end(kConnectors) ? nullptr : *found;
}

std::optional<Recognised> RecogniseAny(const Header& header) {
  return BestOf(header, &connectors::Recognise, &ObjectDescription::signature);
}

std::optional<Recognised> RecogniseAnyByMarks(const Header& header) {
  return BestOf(header, &connectors::RecogniseByMarks, &ObjectDescription::marks);
}

}  // namespace referrald::registry
