#pragma once

#include "connectors/api/connector.h"

namespace referrald::outlook {

// CSV exports of Outlook contacts, with English, German or French titles. README.md says what is
// read how.
extern const connectors::ConnectorInfo kConnector;

}  // namespace referrald::outlook
