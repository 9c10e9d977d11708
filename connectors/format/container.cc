#include "connectors/format/container.h"

#include <string>

#include "storage/base/text.h"

namespace referrald::format {
namespace {

using namespace std::string_view_literals;

constexpr int kContainer = 2001;

struct Magic {
  std::string_view bytes;
  std::string_view what;
  std::string_view remedy;
};

constexpr std::string_view kSaveAsCsv = "save it as CSV (UTF-8) and drop that file";
constexpr std::string_view kUnpack = "unpack it and drop the CSV files in it";
constexpr std::string_view kExportCsv = "export the data as CSV";

constexpr Magic kMagics[] = {
    {"PK\x05\x06"sv, "an empty zip archive", kUnpack},
    {"PK\x07\x08"sv, "a part of a zip archive", kUnpack},
    {"\x1f\x8b"sv, "a gzip file", kUnpack},
    {"BZh"sv, "a bzip2 file", kUnpack},
    {"\xfd"
     "7zXZ"sv,
     "an xz file", kUnpack},
    {"\x28\xb5\x2f\xfd"sv, "a zstd file", kUnpack},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-zip archive", kUnpack},
    {"Rar!\x1a"sv, "a rar archive", kUnpack},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "an old Excel workbook", kSaveAsCsv},
    {"%PDF-"sv, "a PDF document", kExportCsv},
    {"SQLite format 3\0"sv, "an SQLite database", kExportCsv},
    {"\x7f"
     "ELF"sv,
     "a program", kExportCsv},
};

Status Refuse(std::string_view what, std::string_view remedy) {
  return Status::InvalidArgument(
      "E-CONTAINER: the file is " + std::string(what) + ", not CSV; " + std::string(remedy),
      kContainer);
}

// A workbook is a zip archive too; its members' names tell them apart.
Status RefuseZip(std::string_view beginning) {
  const bool workbook = beginning.find("[Content_Types].xml") != std::string_view::npos ||
                        beginning.find("xl/") != std::string_view::npos;
  if (workbook) return Refuse("an Excel workbook (xlsx)", kSaveAsCsv);
  return Refuse("a zip archive", kUnpack);
}

bool StartsWithIgnoreCase(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         EqualsIgnoreCase(text.substr(0, beginning.size()), beginning);
}

}  // namespace

Status CheckIsText(std::string_view beginning) {
  if (beginning.starts_with("PK\x03\x04"sv)) return RefuseZip(beginning);
  for (const Magic& magic : kMagics) {
    if (beginning.starts_with(magic.bytes)) return Refuse(magic.what, magic.remedy);
  }
  if (beginning.starts_with("\xef\xbb\xbf"sv)) beginning.remove_prefix(3);
  const std::string_view text = Trim(beginning);
  if (StartsWithIgnoreCase(text, "<!doctype") || StartsWithIgnoreCase(text, "<html") ||
      StartsWithIgnoreCase(text, "<?xml")) {
    return Refuse("an HTML or XML document", kSaveAsCsv);
  }
  if (StartsWithIgnoreCase(text, "BEGIN:VCARD")) return Refuse("a vCard file", kExportCsv);
  return Status::Ok();
}

}  // namespace referrald::format
