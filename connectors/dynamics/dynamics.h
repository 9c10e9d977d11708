#pragma once

#include "connectors/api/connector.h"

namespace referrald::dynamics {

// Exports to Excel saved as CSV, and Dataverse tables: contacts, accounts, leads, opportunities.
// README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::dynamics
