#pragma once

#include <string>
#include <vector>

#include "storage/base/status.h"

namespace referrald::sync {

// Finds the files that hold somebody: by their ids, addresses and numbers, since names are shared.
// ASCII case does not matter; UTF-8, every old encoding and UTF-16 are looked through alike, and
// the text of gzip, zip and workbook files. What is packed twice, or does not unpack, is unread.
struct TraceSearch {
  std::vector<std::string> texts;    // Shorter ones than limits::kTraceBytesMin say nothing.
  std::vector<std::string> folders;  // With all below; links are not followed.
};
struct Traces {
  std::vector<std::string> files;   // Paths, sorted; at most limits::kTraceFilesMax.
  std::vector<std::string> unread;  // Could not be looked into.
  bool more = false;                // There are more files than are named.
  bool searched = false;            // False: there was nothing that one could look for.
};
// Blocks for as long as the files take to read.
Traces FindTraces(const TraceSearch& search);

}  // namespace referrald::sync
