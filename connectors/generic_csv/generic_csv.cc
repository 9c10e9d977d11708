#include "connectors/generic_csv/generic_csv.h"

namespace referrald::generic_csv {

constexpr connectors::ConnectorInfo kConnector{
    .name = "generic_csv",
    .title = "CSV",
    .summary = "Any CSV file; the feed's mapping says what its columns mean",
    .maturity = connectors::Maturity::kBeta,
    .objects = {},
    .exports = {}};

}  // namespace referrald::generic_csv
