#pragma once

#include "connectors/api/connector.h"

namespace referrald::generic_csv {

// Any CSV file with a column that identifies its rows; what the columns mean stands in the feed's
// configuration. README.md shows how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::generic_csv
