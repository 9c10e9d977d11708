#pragma once

#include "connectors/api/connector.h"

namespace referrald::odoo {

// Import-compatible exports: contacts and companies (res.partner), leads and opportunities
// (crm.lead). README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::odoo
