#pragma once

#include "connectors/api/connector.h"

namespace referrald::salesforce {

// Data Loader and weekly-export CSV files of contacts, accounts, leads and opportunities; and
// update files for the Data Loader. README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::salesforce
