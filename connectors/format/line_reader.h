#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "connectors/format/byte_source.h"
#include "storage/base/status.h"

namespace referrald::format {

// A physical line within a record; offsets are from the record's first byte.
struct LineSpan {
  size_t begin = 0;
  size_t content_end = 0;  // Before the line end.
  size_t end = 0;          // Behind it; equal to content_end on a last line without one.
};

// Cuts a source into physical lines (LF, CR LF or CR, in units of one, two or four bytes) and keeps
// the lines of the current record together in memory. One thread at a time.
class LineReader {
 public:
  LineReader(ByteSource& source, size_t buffer_bytes, size_t record_bytes_max);

  // Fills the first buffer and returns what is in it: what recognition may look at. Before
  // NextLine.
  Result<std::string_view> Sample();
  bool sample_is_whole() const { return at_end_; }

  // How the bytes are laid out; `skip` of them, a byte order mark, are passed over.
  void SetLayout(size_t unit_bytes, bool big_endian, size_t skip);

  // Starts a record behind the lines read so far. Views of the one before it end here.
  void BeginRecord();
  // Adds the next line to the record. False: there is none.
  // InvalidArgument RFD2008: the record is longer than allowed. IoError: the source failed.
  Result<bool> NextLine(LineSpan& line);
  // Gives back the record's lines behind `offset`, so that they are read again.
  void RewindTo(size_t offset) { position_ = offset; }

  // The current record's bytes so far.
  std::string_view record() const { return window().substr(0, position_); }
  // Bytes of the file before the current record.
  uint64_t bytes_before() const { return bytes_before_; }

 private:
  std::string_view window() const { return {buffer_.data() + start_, filled_ - start_}; }
  // Place of the first line end at or behind `from` in the window, or its (whole) size.
  size_t FindLineEnd(size_t from) const;
  uint32_t UnitAt(size_t offset) const;
  Status Fill();
  Status MakeRoom();

  ByteSource& source_;
  const size_t record_bytes_max_;
  std::vector<char> buffer_;
  size_t start_ = 0;     // Of the record, in the buffer.
  size_t position_ = 0;  // Behind its last line, from its start.
  size_t filled_ = 0;    // End of the bytes in the buffer.
  bool at_end_ = false;
  size_t unit_bytes_ = 1;
  bool big_endian_ = false;
  uint64_t bytes_before_ = 0;
};

}  // namespace referrald::format
