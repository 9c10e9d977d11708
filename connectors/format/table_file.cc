#include "connectors/format/table_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "connectors/format/gzip.h"
#include "connectors/format/vcard_reader.h"
#include "connectors/format/xlsx_reader.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

using namespace std::string_view_literals;

constexpr size_t kLookedAtBytes = 4096;

// Bytes that can be looked at before they are read.
class PeekedSource final : public ByteSource {
 public:
  explicit PeekedSource(ByteSource& inner) : inner_(inner) {}

  // The first bytes; fewer than asked for where there are no more.
  Result<std::string_view> Peek(size_t bytes_max) {
    while (peeked_.size() < bytes_max) {
      const size_t before = peeked_.size();
      peeked_.resize(bytes_max);
      const Result<size_t> size = inner_.Read({peeked_.data() + before, bytes_max - before});
      if (!size) return size.error();
      peeked_.resize(before + *size);
      if (*size == 0) break;
    }
    return std::string_view(peeked_);
  }

  Result<size_t> Read(std::span<char> buffer) override {
    if (taken_ == peeked_.size()) return inner_.Read(buffer);
    const size_t size = std::min(buffer.size(), peeked_.size() - taken_);
    std::memcpy(buffer.data(), peeked_.data() + taken_, size);
    taken_ += size;
    return size;
  }

 private:
  ByteSource& inner_;
  std::string peeked_;
  size_t taken_ = 0;
};

bool IsVcard(std::string_view beginning) {
  constexpr std::string_view kMark = "\xef\xbb\xbf", kBegin = "begin:vcard";
  if (beginning.starts_with(kMark)) beginning.remove_prefix(kMark.size());
  return LowerAscii(Trim(beginning).substr(0, kBegin.size())) == kBegin;
}

Result<std::unique_ptr<TableReader>> OpenAs(Container container, ByteSource& bytes,
                                            const std::string& path, const CsvOptions& options) {
  if (container == Container::kVcard) {
    return OpenVcard(
        bytes, {.cell_bytes_max = options.cell_bytes_max, .card_count_max = options.row_count_max});
  }
  if (container != Container::kWorkbook) return OpenCsv(bytes, options);
  return OpenXlsx(path, {.sheet = {},
                         .cell_bytes_max = options.cell_bytes_max,
                         .row_bytes_max = options.row_bytes_max,
                         .column_count_max = options.column_count_max,
                         .row_count_max = options.row_count_max});
}

}  // namespace

Container ContainerOf(std::string_view beginning) {
  if (beginning.starts_with("\x1f\x8b"sv)) return Container::kGzip;
  if (IsVcard(beginning)) return Container::kVcard;
  if (!beginning.starts_with("PK\x03\x04"sv)) {
    return beginning.starts_with("PK"sv) && !beginning.starts_with("PK,"sv) &&
                   beginning.size() > 2 && beginning[2] < ' '
               ? Container::kZip
               : Container::kText;
  }
  const bool workbook = beginning.contains("[Content_Types].xml"sv) || beginning.contains("xl/"sv);
  return workbook ? Container::kWorkbook : Container::kZip;
}

Result<OpenedTable> OpenTable(ByteSource& bytes, const std::string& path,
                              const CsvOptions& options) {
  OpenedTable table;
  auto peeked = std::make_unique<PeekedSource>(bytes);
  const Result<std::string_view> beginning = peeked->Peek(kLookedAtBytes);
  if (!beginning) return beginning.error();
  table.container = ContainerOf(*beginning);
  table.sources.push_back(std::move(peeked));
  Container within = table.container;
  if (table.container == Container::kGzip) {
    table.sources.push_back(MakeGzipSource(*table.sources.back()));
    auto unpacked = std::make_unique<PeekedSource>(*table.sources.back());
    const Result<std::string_view> text = unpacked->Peek(kLookedAtBytes);
    if (!text) return text.error();
    within = IsVcard(*text) ? Container::kVcard : Container::kText;
    table.sources.push_back(std::move(unpacked));
  }
  Result<std::unique_ptr<TableReader>> reader =
      OpenAs(within, *table.sources.back(), path, options);
  if (!reader) return reader.error();
  table.reader = std::move(*reader);
  return table;
}

}  // namespace referrald::format
