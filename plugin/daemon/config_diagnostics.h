#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace referrald::daemon {

enum class Severity : uint8_t { kError, kWarning };

// Where in a file something stands. Lines and columns count from 1; line 0: the file as a whole.
struct Place {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t width = 1;  // Columns to underline.

  friend bool operator==(const Place&, const Place&) = default;
};

// One thing that is wrong in a configuration, with all that a person needs to put it right.
struct Diagnostic {
  Severity severity = Severity::kError;
  int number = 0;       // RFD10xx.
  std::string message;  // "unknown setting `metrcis_listen`"
  Place place;
  std::string source_line;  // The line as it stands in the file; empty where line is 0.
  std::string label;        // Beside the carets: "not a setting of [server]"
  std::string note;         // Below: "did you mean `http_listen`?"; may be empty.

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// The message, "--> file:line:column", the line, carets under the place, and the note; ends with a
// line feed. Control characters of the source line are shown as '?', tabs as one space.
std::string Print(const Diagnostic& diagnostic);

// "1 error, 2 warnings"; "no errors".
std::string CountText(std::span<const Diagnostic> diagnostics);

bool HasErrors(std::span<const Diagnostic> diagnostics);

// The `line`-th line of `text` (from 1), without its end; empty beyond the last.
std::string LineOf(std::string_view text, uint32_t line);

}  // namespace referrald::daemon
