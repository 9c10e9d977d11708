#include "connectors/format/vcard_property.h"

#include <algorithm>
#include <optional>

#include "connectors/format/converter.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// Where the value begins: the first colon that is not in quotes.
size_t ColonOf(std::string_view line) {
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return std::string_view::npos;
}

// Takes the text before the next `separator` that is not in quotes off the front.
std::string_view TakePart(std::string_view& rest, char separator) {
  bool quoted = false;
  size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (rest[i] == '"') quoted = !quoted;
    if (rest[i] == separator && !quoted) break;
  }
  const std::string_view part = rest.substr(0, i);
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return part;
}

std::string_view Unquoted(std::string_view text) {
  const bool quoted = text.size() > 1 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

// What is not quoted as it should be stays as it stands.
std::string FromQuotedPrintable(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool quoted =
        text[i] == '=' && i + 2 < text.size() && HexDigit(text[i + 1]) && HexDigit(text[i + 2]);
    if (!quoted) {
      bytes += text[i];
      continue;
    }
    bytes += static_cast<char>(*HexDigit(text[i + 1]) * 16 + *HexDigit(text[i + 2]));
    i += 2;
  }
  return bytes;
}

bool IsQuotedPrintable(const VcardProperty& property) {
  const std::string_view encoding = property.Parameter("ENCODING");
  return EqualsIgnoreCase(encoding, "QUOTED-PRINTABLE") || EqualsIgnoreCase(encoding, "Q") ||
         property.HasType("quoted-printable");
}

Result<std::string> Decoded(std::string_view bytes, std::string_view charset) {
  if (charset.empty() || EqualsIgnoreCase(charset, "UTF-8")) {
    if (IsValidUtf8(bytes)) return std::string(bytes);
    charset = "windows-1252";
  }
  const Result<Converter> converter = Converter::Open(std::string(charset));
  if (!converter) return converter.error();
  std::string text;
  converter->ToUtf8(bytes, text);
  return text;
}

void ReadParameter(std::string_view text, VcardProperty& property) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    property.parameters.emplace_back("TYPE", Unquoted(Trim(text)));
  } else {
    property.parameters.emplace_back(Upper(Trim(text.substr(0, equals))),
                                     Unquoted(Trim(text.substr(equals + 1))));
  }
}

}  // namespace

bool VcardProperty::HasType(std::string_view type) const {
  for (const auto& [key, list] : parameters) {
    if (key != "TYPE") continue;
    std::string_view rest = list;
    while (!rest.empty()) {
      if (EqualsIgnoreCase(Trim(TakePart(rest, ',')), type)) return true;
    }
  }
  return false;
}

std::string_view VcardProperty::Parameter(std::string_view wanted) const {
  const auto found =
      std::ranges::find(parameters, wanted, [](const auto& one) { return one.first; });
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

Result<VcardProperty> ParseVcardProperty(std::string_view line) {
  const size_t colon = ColonOf(line);
  if (colon == std::string_view::npos || colon == 0) {
    return Status::InvalidArgument("a line of the card is no property");
  }
  std::string_view rest = line.substr(0, colon);
  std::string_view name = TakePart(rest, ';');
  // "item1.EMAIL": a group only ties properties together.
  name = name.substr(name.rfind('.') + 1);
  VcardProperty property{.name = Upper(Trim(name)), .parameters = {}, .value = {}};
  if (property.name.empty()) return Status::InvalidArgument("a line of the card is no property");
  while (!rest.empty()) ReadParameter(TakePart(rest, ';'), property);
  std::string bytes(line.substr(colon + 1));
  if (IsQuotedPrintable(property)) bytes = FromQuotedPrintable(bytes);
  Result<std::string> value = Decoded(bytes, property.Parameter("CHARSET"));
  if (!value) return value.error();
  property.value = std::move(*value);
  return property;
}

bool ContinuesQuotedPrintable(std::string_view line) {
  if (!line.ends_with('=')) return false;
  const size_t colon = ColonOf(line);
  if (colon == std::string_view::npos) return false;
  return Upper(line.substr(0, colon)).contains("QUOTED-PRINTABLE");
}

std::vector<std::string> StructuredParts(std::string_view value) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] == '\\') {
      ++i;
    } else if (i >= value.size() || value[i] == ';') {
      parts.push_back(Unescaped(value.substr(begin, std::min(i, value.size()) - begin)));
      begin = i + 1;
    }
  }
  if (parts.size() != 1 || !value.contains("\\;")) return parts;
  std::vector<std::string> again;
  std::string_view rest = parts.front();
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(';'), rest.size());
    again.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return again;
}

std::string Unescaped(std::string_view value) {
  std::string text;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text += value[i];
      continue;
    }
    ++i;
    text += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
  }
  return text;
}

}  // namespace referrald::format
