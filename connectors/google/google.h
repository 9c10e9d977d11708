#pragma once

#include "connectors/api/connector.h"

namespace referrald::google {

// CSV exports of Google Contacts, in both forms of its header. README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::google
