#include "connectors/sync/trace_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/connectors/format/zip_maker.h"
#include "tests/support/temp_dir.h"

namespace referrald::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string Utf16(std::string_view text) {
  std::string out = "\xff\xfe";
  for (const char c : text) out.append({c, '\0'});
  return out;
}

TEST(FindTraces, FindsIdsAndAddressesInEveryEncodingAndFolder) {
  const support::TempDir dir;
  const std::string plain = dir.Write("archive/2026/11/a.csv", "Id,Email\n003AAA111,x@y.example\n");
  const std::string wide = dir.Write("quarantine/b.csv", Utf16("1;ANA@Example.org;2"));
  dir.Write("archive/c.csv", "Id\n003BBB222\n");
  const Traces traces =
      FindTraces({.texts = {"003aaa111", "ana@example.org"}, .folders = {dir.path()}});
  EXPECT_THAT(traces.files, ElementsAre(plain, wide));
  EXPECT_THAT(traces.unread, IsEmpty());
  EXPECT_FALSE(traces.more);
}

TEST(FindTraces, FindsWhatLiesAcrossTwoReads) {
  const support::TempDir dir;
  const std::string far =
      dir.Write("far.csv", std::string(256 * 1024 - 5, 'x') + "ana@example.org" + "\n");
  EXPECT_THAT(FindTraces({.texts = {"ana@example.org"}, .folders = {dir.path()}}).files,
              ElementsAre(far));
}

TEST(FindTraces, DoesNotTakeAShortTextForSomebody) {
  const support::TempDir dir;
  dir.Write("a.csv", "Id\n12\n");
  EXPECT_THAT(FindTraces({.texts = {"12", ""}, .folders = {dir.path()}}).files, IsEmpty());
}

TEST(FindTraces, LooksIntoCompressedFiles) {
  const support::TempDir dir;
  const std::string table = "Id,Email\n1,ana@example.org\n";
  const std::string gzip = dir.Write("a.csv.gz", format::Gzip(table));
  const std::string zip = dir / "b.zip", twice = dir / "twice.zip";
  format::WriteZip(zip, {{"c.csv", table}});
  format::WriteZip(twice, {{"c.csv.gz", format::Gzip(table)}});
  dir.Write("other.csv.gz", format::Gzip("Id,Email\n1,ben@example.org\n"));
  const std::string broken = dir.Write("z.csv.gz", format::Gzip(table).substr(0, 30));
  const Traces traces = FindTraces({.texts = {"ana@example.org"}, .folders = {dir.path()}});
  EXPECT_THAT(traces.files, ElementsAre(gzip, zip));
  EXPECT_THAT(traces.unread, UnorderedElementsAre(twice, broken));
}

TEST(FindTraces, NamesWhatItCannotRead) {
  const support::TempDir dir;
  EXPECT_THAT(FindTraces({.texts = {"ana@example.org"}, .folders = {dir / "nowhere"}}).unread,
              ElementsAre(dir / "nowhere"));
}

}  // namespace
}  // namespace referrald::sync
