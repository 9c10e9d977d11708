#pragma once

#include <string>
#include <string_view>

#include "plugin/ctl/json.h"
#include "storage/base/status.h"

namespace referrald::ctl {

// What `sync --dry-run --plan-out` found, to be applied as it is or not at all.
struct SavedPlan {
  std::string feed;
  std::string file;  // Absolute.
  bool accept = false;
  Json plan;  // ToJson(SyncPlan) at the time.
};

// InvalidArgument (RFD5108): the file cannot be written.
Status WriteSavedPlan(const std::string& path, const SavedPlan& saved);
// InvalidArgument (RFD5108): it cannot be read, or WriteSavedPlan did not write it.
Result<SavedPlan> ReadSavedPlan(const std::string& path);

// Ok where `now`, a plan of the same file, says what the saved one said: the same bytes, and the
// same end for as many rows. FailedPrecondition (RFD5109) otherwise, with the first difference.
Status CheckSamePlan(const SavedPlan& saved, const Json& now);

}  // namespace referrald::ctl
