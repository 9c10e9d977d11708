#include "connectors/format/gzip.h"

#include <zlib.h>

#include <array>
#include <string>

#include "storage/base/limits.h"

namespace referrald::format {
namespace {

constexpr int kContainer = 2001, kLimit = 2008;
constexpr int kGzipWindow = 15 + 16;  // The largest window, and a gzip header around it.

Status Damaged(std::string_view what) {
  return Status::InvalidArgument(
      "E-CONTAINER: the gzip file " + std::string(what) + "; copy or export it again", kContainer);
}

class GzipSource final : public ByteSource {
 public:
  GzipSource(ByteSource& inner, const InflateLimits& limits) : inner_(inner), limits_(limits) {
    REFERRALD_CHECK(inflateInit2(&stream_, kGzipWindow) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<size_t> Read(std::span<char> buffer) override {
    if (!failure_.ok()) return failure_;
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    while (stream_.avail_out == buffer.size()) {
      const Result<bool> more = Fill();
      if (!more) return failure_ = more.error();
      if (!*more) return End();
      if (Status status = Inflate(); !status.ok()) return failure_ = status;
    }
    const size_t size = buffer.size() - stream_.avail_out;
    out_ += size;
    if (Status status = CheckGrowth(in_, out_, limits_); !status.ok()) return failure_ = status;
    return size;
  }

 private:
  // False: there is nothing more to read.
  Result<bool> Fill() {
    if (stream_.avail_in > 0) return true;
    const Result<size_t> size = inner_.Read(buffer_);
    if (!size) return size.error();
    in_ += *size;
    stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_in = static_cast<uInt>(*size);
    return *size > 0;
  }

  Status Inflate() {
    if (between_members_) {
      between_members_ = false;
      if (inflateReset(&stream_) != Z_OK) return Damaged("cannot be read");
    }
    switch (inflate(&stream_, Z_NO_FLUSH)) {
      case Z_OK:
      case Z_BUF_ERROR: return Status::Ok();
      case Z_STREAM_END: between_members_ = true; return Status::Ok();
      default: return Damaged("is damaged");
    }
  }

  Result<size_t> End() {
    if (between_members_) return size_t{0};
    return failure_ = Damaged("ends too early");
  }

  ByteSource& inner_;
  const InflateLimits limits_;
  z_stream stream_{};
  std::array<char, 64 * 1024> buffer_{};
  uint64_t in_ = 0, out_ = 0;
  bool between_members_ = false;
  Status failure_;
};

}  // namespace

Status CheckGrowth(uint64_t in, uint64_t out, const InflateLimits& limits) {
  const bool too_much = out > limits.bytes_max;
  const bool too_fast = out > limits.ratio_from && out / limits.ratio_max > in;
  if (!too_much && !too_fast) return Status::Ok();
  return Status::InvalidArgument(
      "E-LIMIT: the file grows " +
          (too_fast ? "more than " + std::to_string(limits.ratio_max) + " times"
                    : "beyond " + std::to_string(limits.bytes_max >> 20) + " MiB") +
          " when it is unpacked; unpack it yourself and drop what is in it, if that is right",
      kLimit);
}

std::unique_ptr<ByteSource> MakeGzipSource(ByteSource& inner, const InflateLimits& limits) {
  return std::make_unique<GzipSource>(inner, limits);
}

}  // namespace referrald::format
