#pragma once

#include <string_view>

#include "storage/base/status.h"

namespace referrald::format {

// Ok where `beginning`, the first bytes of a file, may be text; InvalidArgument RFD2001 where they
// are those of a zip, gzip, spreadsheet or other file that is no table of text.
Status CheckIsText(std::string_view beginning);

}  // namespace referrald::format
