#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/status.h"

// One property of a vCard (RFC 6350, RFC 2426, and vCard 2.1), unfolded.
namespace referrald::format {

struct VcardProperty {
  std::string name;  // Upper case, without its group: "EMAIL".
  // (name, value), names in upper case; a bare one ("HOME", of 2.1) has the name TYPE.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string value;  // Decoded to UTF-8, escapes as they stand.

  // Of TYPE or PREF, in any case and in lists: "pref".
  bool HasType(std::string_view type) const;
  std::string_view Parameter(std::string_view name) const;  // "" where there is none.
};

// Reads `line`, which is unfolded and has no line end. Quoted-printable and the CHARSET parameter
// are undone; bytes that are no UTF-8 and say nothing are read as windows-1252. InvalidArgument: it
// is no property (no colon, no name), or its character set is unknown.
Result<VcardProperty> ParseVcardProperty(std::string_view line);

// True where the line goes on in the next one: quoted-printable that ends in '='.
bool ContinuesQuotedPrintable(std::string_view line);

// The parts of a structured value, "a;b\\;c" is "a" and "b;c". Where there is one part that holds
// escaped semicolons alone ("Ab\\;Peter", as some programs write N), those part it.
std::vector<std::string> StructuredParts(std::string_view value);
// A text without its escapes: \\n, \\, \\; \\\\.
std::string Unescaped(std::string_view value);

}  // namespace referrald::format
