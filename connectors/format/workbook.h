#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/format/zip_archive.h"
#include "storage/base/status.h"

// The parts of an Excel workbook (ECMA-376) besides its cells.
namespace referrald::format {

struct WorkbookSheet {
  std::string name;
  std::string part;  // "xl/worksheets/sheet1.xml".
  bool hidden = false;
};

// How a number is meant.
enum class NumberForm : uint8_t { kPlain, kDate, kDateTime };

struct Workbook {
  std::vector<WorkbookSheet> sheets;
  std::vector<NumberForm> forms;  // By style index.
  bool since_1904 = false;        // Days are counted from 1904-01-01.
};

// InvalidArgument: RFD2001 E-CONTAINER no workbook, or a damaged one; RFD2008 a part is too large.
Result<Workbook> ReadWorkbook(ZipArchive& archive);

// The texts that cells share, in bounded memory.
class SharedStrings {
 public:
  // None where the workbook has none. RFD2001; RFD2008 more than limits::kWorkbookStringBytesMax.
  static Result<SharedStrings> Read(ZipArchive& archive);
  // "" for an index that there is not.
  std::string_view At(size_t index) const;
  size_t size() const { return ends_.size(); }

 private:
  std::string text_;
  std::vector<uint32_t> ends_;  // Of each text in `text_`.
};

// Whether a number format shows a day, a moment, or a number: "yyyy\\-mm\\-dd", "0.00".
NumberForm FormOf(std::string_view format);

// "2026-03-12", or "2026-03-12 09:14:00" where `form` or the number has a time of day. Empty: no
// day that Excel knows.
std::string DateText(double days, NumberForm form, bool since_1904);

}  // namespace referrald::format
