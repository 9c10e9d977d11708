#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/sync/drop_folder.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// What became of the members of an archive.
struct Unpacked {
  std::vector<std::string> files;    // Names in the inbox: "WE_00D_1.ZIP!Contact.csv".
  std::vector<std::string> ignored;  // Members of other objects, attachments, archives in it.
};

// True for the name of a file that came out of an archive. Such a file may be one part of several,
// so no row is concluded to be gone from it.
bool IsFromArchive(std::string_view name);

// Puts those members of the zip archive at `path` that the feed reads into its inbox, each complete
// under its name or not there; `name` is the archive's own. Doing it again after a crash puts the
// same files there again. Failures of ZipArchive, and: InvalidArgument RFD2028: there is none that
// the feed reads, the message names some that there are.
Result<Unpacked> Unpack(const std::string& path, std::string_view name, const FeedConfig& feed,
                        const connectors::ConnectorInfo& connector, const DropFolder& folder);

// "put into the inbox (2): ...; left alone (5): Task.csv, ...".
std::string TextOf(const Unpacked& unpacked);

}  // namespace referrald::sync
