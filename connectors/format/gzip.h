#pragma once

#include <cstdint>
#include <memory>

#include "connectors/format/byte_source.h"

namespace referrald::format {

// How far compressed bytes may grow: a table of text seldom grows tenfold, a trap a thousandfold.
struct InflateLimits {
  uint64_t bytes_max = uint64_t{4} << 30;  // Of what comes out.
  uint64_t ratio_max = 200;                // Of what comes out to what went in...
  uint64_t ratio_from = 16 << 20;          // ...once so much has come out.
};

// The bytes that a gzip file (RFC 1952; several members one after the other, too) holds. `inner`
// must outlive it. Read answers InvalidArgument, besides what `inner` says: RFD2001 E-CONTAINER the
// file is damaged or ends too early; RFD2008 E-LIMIT it grows beyond the limits. Memory: two small
// buffers. One thread.
std::unique_ptr<ByteSource> MakeGzipSource(ByteSource& inner, const InflateLimits& limits = {});

// Ok while `in` bytes may have become `out`; InvalidArgument RFD2008 once they may not.
Status CheckGrowth(uint64_t in, uint64_t out, const InflateLimits& limits);

}  // namespace referrald::format
