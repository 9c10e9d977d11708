#pragma once

#include "connectors/api/connector.h"

namespace referrald::espocrm {

// CSV exports by attribute name: contacts, accounts, leads, opportunities. README.md says what is
// read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::espocrm
