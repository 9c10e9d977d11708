#pragma once

#include <memory>

#include "connectors/format/byte_source.h"
#include "connectors/format/table_reader.h"
#include "storage/base/limits.h"
#include "storage/base/status.h"

namespace referrald::format {

struct VcardOptions {
  size_t line_bytes_max = 16 << 20;  // Of one physical line: photographs stand in one.
  size_t cell_bytes_max = limits::kCsvCellBytesMax;
  uint64_t card_count_max = limits::kFileRowsMax;
};

// Opens a file of vCards 2.1, 3.0 or 4.0 as a table: one row a card, always these columns:
//
//   UID REV KIND FN N.family N.given N.additional ORG ORG.unit TITLE EMAIL TEL TEL.cell
//   ADR.street ADR.city ADR.region ADR.postal ADR.country BDAY URL NOTE CATEGORIES RELATED
//
// Bytes are unfolded before they are decoded. Of several addresses and numbers the preferred one
// counts, else the first; TEL.cell is the first that is marked so. REV is an RFC 3339 time. Cards
// that stand in a card (AGENT) and pictures are passed over, and so is every other property.
// TableRow::line is the card's first line, `record` counts cards from 2, as if there were a header;
// `raw` is the row as a line of CSV, so that rejects can be written, and read again as CSV.
//
// InvalidArgument: RFD2001 no card at all; RFD2008 a line or the number of cards is over its limit.
// Row errors: RFD2108 R-CARD a card without its END, a line in it that is no property, or text
// outside of cards; RFD2105 R-LIMIT. `source` must outlive the reader.
Result<std::unique_ptr<TableReader>> OpenVcard(ByteSource& source, const VcardOptions& options);

}  // namespace referrald::format
