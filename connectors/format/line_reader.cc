#include "connectors/format/line_reader.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "connectors/format/scan.h"
#include "connectors/format/text_encoding.h"

namespace referrald::format {
namespace {

constexpr int kLimit = 2008;
// Less could not hold a byte order mark, a sep= line and a header to look at.
constexpr size_t kBufferBytesMin = 64;

}  // namespace

LineReader::LineReader(ByteSource& source, size_t buffer_bytes, size_t record_bytes_max)
    : source_(source),
      record_bytes_max_(record_bytes_max),
      buffer_(std::max(buffer_bytes, kBufferBytesMin)) {}

Result<std::string_view> LineReader::Sample() {
  // Filled to the brim, so that recognition does not depend on how the source is chunked.
  while (!at_end_ && filled_ < buffer_.size()) {
    if (Status status = Fill(); !status.ok()) return status;
  }
  return window();
}

void LineReader::SetLayout(size_t unit_bytes, bool big_endian, size_t skip) {
  unit_bytes_ = unit_bytes;
  big_endian_ = big_endian;
  start_ += skip;
  bytes_before_ += skip;
}

void LineReader::BeginRecord() {
  start_ += position_;
  bytes_before_ += position_;
  position_ = 0;
}

uint32_t LineReader::UnitAt(size_t offset) const {
  return ReadUnit(buffer_.data() + start_ + offset, unit_bytes_, big_endian_);
}

size_t LineReader::FindLineEnd(size_t from) const {
  const std::string_view text = window();
  if (unit_bytes_ == 1) return FindEither(text, from, text.size(), '\n', '\r');
  for (; from + unit_bytes_ <= text.size(); from += unit_bytes_) {
    const uint32_t unit = UnitAt(from);
    if (unit == '\n' || unit == '\r') return from;
  }
  return from;
}

Result<bool> LineReader::NextLine(LineSpan& line) {
  const auto finish = [&](size_t content_end, size_t end) {
    line = {.begin = position_, .content_end = content_end, .end = end};
    position_ = end;
    return true;
  };
  size_t scanned = position_;
  while (true) {
    const size_t at = FindLineEnd(scanned);
    const size_t after = at + unit_bytes_;
    const bool found = after <= window().size();
    // A CR at the end of what is in memory may be half of a CR LF.
    const bool undecided =
        found && UnitAt(at) == '\r' && after + unit_bytes_ > window().size() && !at_end_;
    if (found && !undecided) {
      const bool pair =
          UnitAt(at) == '\r' && after + unit_bytes_ <= window().size() && UnitAt(after) == '\n';
      return finish(at, pair ? after + unit_bytes_ : after);
    }
    if (at_end_) {
      if (position_ == window().size()) return false;
      return finish(window().size(), window().size());
    }
    scanned = at;
    if (Status status = Fill(); !status.ok()) return status;
  }
}

Status LineReader::Fill() {
  if (Status status = MakeRoom(); !status.ok()) return status;
  Result<size_t> got = source_.Read(std::span(buffer_).subspan(filled_));
  if (!got) return got.error();
  at_end_ = *got == 0;
  filled_ += *got;
  return Status::Ok();
}

Status LineReader::MakeRoom() {
  if (filled_ < buffer_.size()) return Status::Ok();
  const size_t kept = filled_ - start_;
  if (kept > record_bytes_max_) {
    return Status::InvalidArgument("is longer than " + std::to_string(record_bytes_max_) + " bytes",
                                   kLimit);
  }
  // Moving is worth it where it frees half of the buffer; otherwise the record needs a larger one.
  if (start_ < buffer_.size() / 2) buffer_.resize(buffer_.size() * 2);
  std::memmove(buffer_.data(), buffer_.data() + start_, kept);
  start_ = 0;
  filled_ = kept;
  return Status::Ok();
}

}  // namespace referrald::format
