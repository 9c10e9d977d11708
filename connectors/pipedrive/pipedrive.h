#pragma once

#include "connectors/api/connector.h"

namespace referrald::pipedrive {

// List exports: people, organizations, deals. README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::pipedrive
