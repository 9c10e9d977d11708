#include "storage/base/bytes.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/seed.h"

namespace referrald {
namespace {

using namespace std::string_view_literals;

TEST(BigEndian, SortsAsNumbersDo) {
  std::string small, large;
  AppendBigEndian64(small, 0xff);
  AppendBigEndian64(large, 0x100);
  EXPECT_LT(small, large);
  EXPECT_EQ(ToHex(large), "0000000000000100");
  EXPECT_EQ(ReadBigEndian64(large), 0x100u);
  std::string four;
  AppendBigEndian32(four, 0xfedcba98);
  EXPECT_EQ(ToHex(four), "fedcba98");
  EXPECT_EQ(ReadBigEndian32(four), 0xfedcba98u);
}

TEST(AppendVarint, IsLeb128) {
  const auto hex = [](uint64_t value) {
    std::string bytes;
    AppendVarint(bytes, value);
    return ToHex(bytes);
  };
  EXPECT_EQ(hex(0), "00");
  EXPECT_EQ(hex(127), "7f");
  EXPECT_EQ(hex(128), "8001");
  EXPECT_EQ(hex(300), "ac02");
  EXPECT_EQ(hex(UINT64_MAX), "ffffffffffffffffff01");
}

TEST(FromHex, ReadsWhatToHexWritesAndNothingElse) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(FromHex(ToHex(all)), all);
  EXPECT_EQ(FromHex(""), "");
  for (const std::string_view text : {"0", "0A", "A0", "0g", "g0", "/0", ":0", "`0", "0 ", " 00"}) {
    EXPECT_EQ(FromHex(text), std::nullopt) << text;
  }
}

TEST(Checksum64, NeverChanges) {
  EXPECT_EQ(Checksum64(""), 0x2d06800538d394c2u);  // XXH3's own test vector.
  EXPECT_NE(Checksum64("a"), Checksum64("b"));
}

TEST(TaggedWriter, HasOneEncodingForOneValue) {
  TaggedWriter writer;
  writer.Unsigned(1, 300);
  writer.Unsigned(2, 0);  // Left out.
  writer.Signed(3, -1);
  writer.Bytes(4, "");  // Left out.
  writer.Bytes(5, "ab");
  writer.Element(6, "");
  writer.Element(6, "x");
  EXPECT_EQ(ToHex(writer.text()),
            "0102ac020301010502616206000601"
            "78");
}

TEST(TaggedReader, ReadsWhatWasWritten) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 1'000; ++i) {
    const uint64_t number = random() >> (random() % 64) | 1;
    const auto signed_number = static_cast<int64_t>(random() | 1);
    TaggedWriter writer;
    writer.Unsigned(1, number);
    writer.Signed(200, signed_number);
    writer.Signed(201, INT64_MIN);
    writer.Bytes(UINT32_MAX, "\0x"sv);
    TaggedReader reader(writer.text());
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.Unsigned(), number);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.tag(), 200u);
    EXPECT_EQ(reader.Signed(), signed_number);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.Signed(), INT64_MIN);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.value(), "\0x"sv);
    EXPECT_FALSE(reader.Next());
    EXPECT_TRUE(reader.status().ok());
  }
}

TEST(TaggedReader, RefusesDamage) {
  for (const std::string_view bytes :
       {"\x01"sv,
        "\x01\x05"
        "ab"sv,
        "\x02\x01"
        "a"
        "\x01\x01"
        "a"sv,
        "\x00\x00"sv, "\x80\x00\x00"sv, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x00"sv,
        "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv, "\xff\xff\xff\xff\x1f\x00"sv}) {
    TaggedReader reader(bytes);
    while (reader.Next()) {
    }
    EXPECT_EQ(reader.status().code(), Code::kCorruption) << ToHex(bytes);
    EXPECT_FALSE(reader.Next());
  }
}

TEST(TaggedReader, RefusesMalformedNumbers) {
  for (const std::string_view bytes :
       {"\x01\x00"sv, "\x01\x01\x80"sv, "\x01\x02\x01\x01"sv, "\x01\x02\x80\x00"sv}) {
    TaggedReader reader(bytes);
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.Unsigned(), 0u);
    EXPECT_EQ(reader.status().code(), Code::kCorruption) << ToHex(bytes);
  }
}

// Whatever the bytes are, it ends, and stays inside them.
TEST(TaggedReader, SurvivesAnything) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
    TaggedReader reader(bytes);
    size_t seen = 0;
    while (reader.Next()) {
      seen += reader.value().size();
      reader.Signed();
    }
    EXPECT_LE(seen, bytes.size());
  }
}

TEST(TaggedWriterDeathTest, TagsMustNotDescend) {
  TaggedWriter writer;
  writer.Unsigned(2, 1);
  EXPECT_DEATH(writer.Unsigned(1, 1), "broken invariant");
}

}  // namespace
}  // namespace referrald
