#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/sync/fresh_reader.h"
#include "storage/base/ids.h"
#include "storage/referral/referral.h"

// What an export says of a row, by the names in export.h.
namespace referrald::sync {

// Whose rows are written.
struct ExportTarget {
  std::string_view system;
  std::string_view object;
};

// One line of an export file.
struct ExportRow {
  EntityId party;
  std::string external_id;
  bool claimed = false;
};

// A referral in which somebody is the contact.
struct Brought {
  ReferralId by;
  EntityId source;
  referral::State state = referral::State::kNone;
  Sequence introduction;  // None: only named.
};

// Everybody who is in a referral, or whom we ask and look after, and those that brought them,
// oldest first.
using Involved = std::vector<Brought>;
using InvolvedById = std::unordered_map<EntityId, Involved>;
Result<InvolvedById> FindInvolved(FreshReader& source);

// The live rows of the target with something to say, by external id.
Result<std::vector<ExportRow>> FindExportRows(FreshReader& source, const ExportTarget& target,
                                              const InvolvedById& involved);

// By name; one that is not there is empty.
using ExportValues = std::map<std::string_view, std::string>;
Result<ExportValues> ExportValuesOf(FreshReader& source, const ExportRow& row,
                                    const InvolvedById& involved, const ExportTarget& target);

}  // namespace referrald::sync
