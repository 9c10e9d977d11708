#pragma once

#include "connectors/api/connector.h"

namespace referrald::zoho {

// Module exports and backups: contacts, accounts, leads, deals. README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::zoho
