#pragma once

#include "connectors/api/connector.h"

namespace referrald::suitecrm {

// List exports of SuiteCRM and SugarCRM CE: contacts, accounts, leads, opportunities. README.md
// says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::suitecrm
