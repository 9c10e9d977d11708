#pragma once

#include "connectors/api/connector.h"

namespace referrald::hubspot {

// CSV exports of contacts, companies and deals, with English labels or internal names; and import
// files for contacts. README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::hubspot
