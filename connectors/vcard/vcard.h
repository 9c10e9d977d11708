#pragma once

#include "connectors/api/connector.h"

namespace referrald::vcard {

// Files of vCards 2.1, 3.0 and 4.0. README.md says what is read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::vcard
