#include "connectors/format/workbook.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>

#include "connectors/format/xml_events.h"
#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kContainer = 2001, kLimit = 2008;

Status Missing(std::string_view part) {
  return Status::InvalidArgument(
      "E-CONTAINER: the file is no whole Excel workbook: " + std::string(part) + " is missing",
      kContainer);
}

// Reads a small part whole, piece by piece.
Status ReadPart(ZipArchive& archive, const ZipMember& member, size_t bytes_max,
                XmlHandlers handlers) {
  Result<std::unique_ptr<ByteSource>> bytes = archive.OpenMember(member);
  if (!bytes) return bytes.error();
  XmlReader reader(std::move(handlers));
  std::vector<char> buffer(64 * 1024);
  for (size_t total = 0;;) {
    const Result<size_t> size = (*bytes)->Read(buffer);
    if (!size) return size.error();
    total += *size;
    if (total > bytes_max) {
      return Status::InvalidArgument(
          fmt::format("E-LIMIT: a part of the workbook has more than {} MiB", bytes_max >> 20U),
          kLimit);
    }
    if (Status fed = reader.Feed({buffer.data(), *size}, *size == 0); !fed.ok()) return fed;
    if (*size == 0) return Status::Ok();
  }
}

size_t NumberOf(std::string_view text) {
  size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Formats that every workbook has without saying so (ECMA-376, 18.8.30).
NumberForm BuiltInForm(size_t id) {
  const bool is_date = (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58);
  if (is_date) return NumberForm::kDate;
  const bool is_time =
      id == 22 || (id >= 18 && id <= 21) || (id >= 32 && id <= 36) || (id >= 45 && id <= 47);
  return is_time ? NumberForm::kDateTime : NumberForm::kPlain;
}

Status ReadSheets(ZipArchive& archive, Workbook& workbook) {
  constexpr std::string_view kPart = "xl/workbook.xml", kLinks = "xl/_rels/workbook.xml.rels";
  const ZipMember* part = archive.Find(kPart);
  if (part == nullptr) return Missing(kPart);
  const ZipMember* links = archive.Find(kLinks);
  if (links == nullptr) return Missing(kLinks);
  std::map<std::string, std::string, std::less<>> targets;
  Status read =
      ReadPart(archive, *links, limits::kWorkbookPartBytesMax,
               {.begin =
                    [&targets](std::string_view element, const XmlAttributes& attributes) {
                      if (element != "Relationship") return;
                      const std::string_view target = attributes["Target"];
                      targets[std::string(attributes["Id"])] = target.starts_with('/')
                                                                   ? std::string(target.substr(1))
                                                                   : fmt::format("xl/{}", target);
                    },
                .end = {},
                .text = {}});
  if (!read.ok()) return read;
  return ReadPart(archive, *part, limits::kWorkbookPartBytesMax,
                  {.begin =
                       [&](std::string_view element, const XmlAttributes& attributes) {
                         if (element == "workbookPr") {
                           const std::string_view flag = attributes["date1904"];
                           workbook.since_1904 = flag == "1" || flag == "true";
                         }
                         if (element != "sheet") return;
                         const auto target = targets.find(attributes["id"]);
                         const std::string_view state = attributes["state"];
                         if (target == targets.end()) return;
                         workbook.sheets.push_back({.name = std::string(attributes["name"]),
                                                    .part = target->second,
                                                    .hidden = state.contains("idden")});
                       },
                   .end = {},
                   .text = {}});
}

Status ReadStyles(ZipArchive& archive, Workbook& workbook) {
  const ZipMember* part = archive.Find("xl/styles.xml");
  if (part == nullptr) return Status::Ok();
  std::map<size_t, NumberForm> own;
  bool in_cells = false;
  return ReadPart(
      archive, *part, limits::kWorkbookPartBytesMax,
      {.begin =
           [&](std::string_view element, const XmlAttributes& attributes) {
             if (element == "cellXfs") in_cells = true;
             if (element == "numFmt") {
               own[NumberOf(attributes["numFmtId"])] = FormOf(attributes["formatCode"]);
             }
             if (element != "xf" || !in_cells) return;
             const size_t id = NumberOf(attributes["numFmtId"]);
             const auto found = own.find(id);
             workbook.forms.push_back(found == own.end() ? BuiltInForm(id) : found->second);
           },
       .end =
           [&](std::string_view element) {
             if (element == "cellXfs") in_cells = false;
           },
       .text = {}});
}

}  // namespace

Result<Workbook> ReadWorkbook(ZipArchive& archive) {
  Workbook workbook;
  Status read = ReadSheets(archive, workbook);
  if (read.ok()) read = ReadStyles(archive, workbook);
  if (!read.ok()) return read;
  return workbook;
}

Result<SharedStrings> SharedStrings::Read(ZipArchive& archive) {
  SharedStrings strings;
  const ZipMember* part = archive.Find("xl/sharedStrings.xml");
  if (part == nullptr) return strings;
  int in_text = 0, in_phonetic = 0;
  Status too_many;
  const Status read =
      ReadPart(archive, *part, limits::kWorkbookStringBytesMax * 2,
               {.begin =
                    [&](std::string_view element, const XmlAttributes&) {
                      if (element == "t") ++in_text;
                      if (element == "rPh") ++in_phonetic;
                    },
                .end =
                    [&](std::string_view element) {
                      if (element == "t") --in_text;
                      if (element == "rPh") --in_phonetic;
                      if (element == "si") {
                        strings.ends_.push_back(static_cast<uint32_t>(strings.text_.size()));
                      }
                    },
                .text =
                    [&](std::string_view text) {
                      if (in_text == 0 || in_phonetic > 0) return;
                      if (strings.text_.size() <= limits::kWorkbookStringBytesMax) {
                        strings.text_ += text;
                      }
                    }});
  if (!read.ok()) return read;
  if (strings.text_.size() > limits::kWorkbookStringBytesMax) {
    return Status::InvalidArgument(
        fmt::format("E-LIMIT: the workbook shares more than {} MiB of text; save it as CSV (UTF-8) "
                    "and drop that file",
                    limits::kWorkbookStringBytesMax >> 20U),
        kLimit);
  }
  return strings;
}

std::string_view SharedStrings::At(size_t index) const {
  if (index >= ends_.size()) return {};
  const size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

NumberForm FormOf(std::string_view format) {
  bool day = false, time = false;
  for (size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == '\\' || c == '_' || c == '*') {
      ++i;  // The next character stands for itself.
    } else if (c == '"') {
      i = std::min(format.find('"', i + 1), format.size());
    } else if (c == '[') {
      i = std::min(format.find(']', i + 1), format.size());
    } else if (c == ';') {
      break;  // Of negative numbers.
    } else {
      day = day || c == 'y' || c == 'Y' || c == 'd' || c == 'D';
      time = time || c == 'h' || c == 'H' || c == 's' || c == 'S';
    }
  }
  if (time) return NumberForm::kDateTime;
  return day ? NumberForm::kDate : NumberForm::kPlain;
}

std::string DateText(double days, NumberForm form, bool since_1904) {
  constexpr double kDaysMax = 2'958'466;  // Year 10000.
  if (!(days >= 0) || days >= kDaysMax) return {};
  constexpr std::chrono::year kFirst{1904};
  // Excel believes that 1900 was a leap year: from March 1900 on, day 1 is 1899-12-31.
  const std::chrono::sys_days origin =
      since_1904 ? std::chrono::sys_days{kFirst / 1 / 1}
                 : std::chrono::sys_days{std::chrono::year{1899} / 12 / 30};
  const auto seconds = static_cast<int64_t>(std::llround(days * 86'400));
  const std::chrono::days whole{seconds / 86'400};
  const int64_t rest = seconds % 86'400;
  const std::chrono::year_month_day date{origin + whole};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (form == NumberForm::kDateTime || rest != 0) {
    text += fmt::format(" {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  }
  return text;
}

}  // namespace referrald::format
