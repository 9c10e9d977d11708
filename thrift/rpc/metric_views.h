#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/ledger/reader.h"
#include "storage/practice/metric.h"

// Figures over everything that is known. Errors as in ledger::Reader.
namespace referrald::rpc {

// One pass over every customer, referral and deal, and what the firm recorded of itself.
Result<std::vector<practice::Figure>> MetricsView(const ledger::Reader& reader,
                                                  const practice::MetricScope& scope);

// The reps whose team is called so, by a RoleAsserted. NotFound (RFD3021): nobody's is.
Result<std::set<EntityId>> TeamNamed(const ledger::Reader& reader, const std::string& name);

}  // namespace referrald::rpc
