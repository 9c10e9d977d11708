#include "plugin/daemon/config_diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

namespace referrald::daemon {
namespace {

// One column a code point, as the parser counts them, so that carets stand where they should.
std::string Shown(std::string_view line) {
  std::string shown(line);
  for (char& c : shown) {
    if (c == '\t') {
      c = ' ';
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      c = '?';
    }
  }
  return shown;
}

std::string Plural(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

std::string Print(const Diagnostic& diagnostic) {
  const Place& place = diagnostic.place;
  const std::string_view severity = diagnostic.severity == Severity::kError ? "error" : "warning";
  std::string text = fmt::format("{} RFD{}: {}\n", severity, diagnostic.number, diagnostic.message);
  if (place.line == 0) {
    text += fmt::format("  --> {}\n", place.file);
    if (!diagnostic.note.empty()) text += fmt::format("   = {}\n", diagnostic.note);
    return text;
  }
  const std::string number = std::to_string(place.line);
  const std::string gutter(number.size(), ' ');
  text += fmt::format(" {}--> {}:{}:{}\n", gutter, place.file, place.line, place.column);
  text += fmt::format(" {} |\n", gutter);
  text += fmt::format(" {} | {}\n", number, Shown(diagnostic.source_line));
  text += fmt::format(" {} | {:{}}{:^>{}}", gutter, "", place.column - 1, "", place.width);
  if (!diagnostic.label.empty()) text += " " + diagnostic.label;
  text += "\n";
  if (!diagnostic.note.empty()) text += fmt::format(" {} = {}\n", gutter, diagnostic.note);
  return text;
}

std::string CountText(std::span<const Diagnostic> diagnostics) {
  const auto errors =
      static_cast<size_t>(std::ranges::count(diagnostics, Severity::kError, &Diagnostic::severity));
  const size_t warnings = diagnostics.size() - errors;
  if (warnings == 0) return errors == 0 ? "no errors" : Plural(errors, "error");
  return Plural(errors, "error") + ", " + Plural(warnings, "warning");
}

bool HasErrors(std::span<const Diagnostic> diagnostics) {
  return std::ranges::find(diagnostics, Severity::kError, &Diagnostic::severity) !=
         diagnostics.end();
}

std::string LineOf(std::string_view text, uint32_t line) {
  for (uint32_t i = 1; i < line; ++i) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view found = text.substr(0, text.find('\n'));
  if (found.ends_with('\r')) found.remove_suffix(1);
  return std::string(found);
}

}  // namespace referrald::daemon
