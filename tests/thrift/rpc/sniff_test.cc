#include "thrift/rpc/sniff.h"

#include <gtest/gtest.h>

#include <cstring>

#include "storage/base/limits.h"

namespace referrald::rpc {
namespace {

std::array<uint8_t, 4> First(std::string_view bytes) {
  std::array<uint8_t, 4> first{};
  std::memcpy(first.data(), bytes.data(), first.size());
  return first;
}

std::string Length(std::string_view bytes) {
  const auto refusal = SniffLength(First(bytes), limits::kFrameBytesMax);
  return refusal ? refusal->message : "a length";
}

std::string Body(std::string_view bytes) {
  const auto refusal = SniffBody(bytes);
  return refusal ? refusal->message : "a call";
}

TEST(Sniff, SaysWhatTheClientSpoke) {
  EXPECT_EQ(Length("GET / HTTP/1.1"),
            "looks like HTTP (length 1195725856 exceeds the limit of 1048576)");
  EXPECT_TRUE(Length("POST /").starts_with("looks like HTTP"));
  EXPECT_TRUE(Length({"\x16\x03\x01\x02", 4}).starts_with("looks like TLS"));
  EXPECT_TRUE(Length("SSH-2.0").starts_with("looks like SSH"));
  EXPECT_TRUE(
      Length({"\x80\x01\x00\x01", 4}).starts_with("unframed binary: use the framed transport"));
  EXPECT_EQ(Length({"\x7f\xff\xff\xff", 4}), "length 2147483647 exceeds the limit of 1048576");
}

TEST(Sniff, AcceptsLengthsUpToTheLimit) {
  EXPECT_EQ(Length({"\x00\x10\x00\x00", 4}), "a length");
  EXPECT_EQ(Length({"\x00\x10\x00\x01", 4}), "length 1048577 exceeds the limit of 1048576");
  EXPECT_EQ(Length({"\x00\x00\x00\x0d", 4}), "a length");
  EXPECT_EQ(Length({"\x00\x00\x00\x00", 4}), "length 0 is too short for a call");
}

TEST(Sniff, AcceptsOnlyStrictBinaryCalls) {
  EXPECT_EQ(Body({"\x80\x01\x00\x01", 4}), "a call");
  EXPECT_EQ(Body({"\x80\x01\x00\x02", 4}), "a message that is not a call");
  EXPECT_EQ(Body({"\x82\x21\x01\x04", 4}), "framed compact: use the binary protocol");
  EXPECT_TRUE(Body({"\x0f\xff\x00\x00", 4}).starts_with("looks like THeader"));
  EXPECT_TRUE(Body({"\x00\x00\x00\x04", 4}).ends_with("use strict mode"));
  EXPECT_EQ(Body("junk"), "a frame that holds no strict binary call");
}

}  // namespace
}  // namespace referrald::rpc
