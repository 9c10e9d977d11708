#pragma once

#include <string>
#include <string_view>

#include "connectors/format/csv_tokenizer.h"
#include "storage/base/status.h"

namespace referrald::format {

// What the first rows of a file say about its form.
struct DetectedDialect {
  CsvDialect dialect;
  bool separator_line = false;  // The first line is `sep=;`: no header, and to be believed.
};

// Chooses the delimiter with which most of the first rows have as many columns as the header, and
// of those that do equally well the one with the most columns; never a single column where a
// delimiter gives several. `text`: decoded whole lines from the file's beginning. `configured`: "",
// a character or "tab".
// InvalidArgument RFD2005: `configured` cannot be a delimiter.
Result<DetectedDialect> DetectDialect(std::string_view text, std::string_view configured);

// ",", ";", "tab", "|", ...
std::string DelimiterName(char delimiter);

// True for ASCII punctuation and controls that are not quotes, line ends or spaces.
bool CanDelimit(char byte);

}  // namespace referrald::format
