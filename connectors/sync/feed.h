#pragma once

#include <string>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/sync/drop_folder.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// A feed with what its configuration names. Constant once opened.
struct Feed {
  FeedConfig config;
  const connectors::ConnectorInfo* connector = nullptr;
  DropFolder folder;
};

// InvalidArgument: RFD2040 an unknown connector (the message suggests one); RFD2041 the name,
// folder or mapping cannot be used.
Result<Feed> OpenFeed(FeedConfig config);

// One finding for each thing that a feed needs, in the order in which a person would look: folders,
// permissions, file system, mapping, files waiting, last run.
std::vector<Check> CheckOne(const Feed& feed, const FeedState& state);

// The first rows of the file at `path` as the feed reads them. Failures of RowSource.
Result<Preview> PreviewRows(const Feed& feed, const std::string& path, size_t row_count_max);

}  // namespace referrald::sync
