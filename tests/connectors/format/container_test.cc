// Files in files: what they hold, and what they are refused for.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "connectors/format/gzip.h"
#include "connectors/format/table_file.h"
#include "connectors/format/zip_archive.h"
#include "tests/connectors/format/zip_maker.h"
#include "tests/support/temp_dir.h"

namespace referrald::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// All of a source, or the number with which it fails.
std::string ReadAll(ByteSource& source) {
  std::string text;
  std::string buffer(1000, '\0');
  for (;;) {
    const Result<size_t> size = source.Read(buffer);
    if (!size) return "RFD" + std::to_string(size.error().number());
    if (*size == 0) return text;
    text.append(buffer, 0, *size);
  }
}

std::string Unzipped(std::string_view bytes, size_t chunk = 0, const InflateLimits& limits = {}) {
  const auto inner = MakeMemorySource(bytes, chunk);
  return ReadAll(*MakeGzipSource(*inner, limits));
}

TEST(Gzip, GivesWhatItHoldsHoweverItIsCut) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "row " + std::to_string(i) + "\n";
  const std::string packed = Gzip(text);
  EXPECT_EQ(Unzipped(packed), text);
  EXPECT_EQ(Unzipped(packed, 1), text);
  EXPECT_EQ(Unzipped(Gzip("one ") + Gzip("two")), "one two");
}

TEST(Gzip, NamesWhatIsDamaged) {
  const std::string packed = Gzip(std::string(10'000, 'a') + "tail");
  EXPECT_EQ(Unzipped(packed.substr(0, packed.size() - 9)), "RFD2001");
  std::string flipped = packed;
  flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x55);
  EXPECT_EQ(Unzipped(flipped), "RFD2001");
  EXPECT_EQ(Unzipped(packed + "garbage"), "RFD2001");
}

TEST(Gzip, GrowsOnlySoFar) {
  const std::string packed = Gzip(std::string(1 << 20, 'a'));
  EXPECT_EQ(Unzipped(packed, 0, {.bytes_max = 1 << 21, .ratio_max = 200, .ratio_from = 1 << 16}),
            "RFD2008");
  EXPECT_EQ(Unzipped(packed, 0, {.bytes_max = 1000, .ratio_max = 5000}), "RFD2008");
  EXPECT_EQ(Unzipped(packed).size(), size_t{1} << 20);
}

class ZipTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<ZipArchive>> Open() const { return ZipArchive::Open(dir_ / "a.zip"); }
  std::string Bytes() const { return support::ReadFile(dir_ / "a.zip"); }
  void Write(const std::string& bytes) const { dir_.Write("a.zip", bytes); }
  // Replaces every `from`, which must be there, with a text of the same size.
  void Rewrite(const std::string& from, const std::string& to) const {
    std::string bytes = Bytes();
    ASSERT_EQ(from.size(), to.size());
    ASSERT_NE(bytes.find(from), std::string::npos);
    for (size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1)) {
      bytes.replace(at, from.size(), to);
    }
    Write(bytes);
  }

  const support::TempDir dir_;
};

TEST_F(ZipTest, ListsAndOpensItsMembers) {
  WriteZip(dir_ / "a.zip", {{"export/Contact.csv", "Id\n1\n"}, {"Account.csv", "Id\n2\n"}});
  const auto archive = Open();
  ASSERT_TRUE(archive) << archive.error().ToString();
  ASSERT_EQ((*archive)->members().size(), 2U);
  EXPECT_EQ((*archive)->members()[0].name, "export/Contact.csv");
  const auto bytes = (*archive)->OpenMember(*(*archive)->Find("Account.csv"));
  ASSERT_TRUE(bytes);
  EXPECT_EQ(ReadAll(**bytes), "Id\n2\n");
  EXPECT_EQ((*archive)->Find("account.csv"), nullptr);
}

TEST_F(ZipTest, RefusesNamesThatLeadElsewhere) {
  for (const std::string name :
       {"../../etc/x", "/etc/passwd", "a/../../b", "C:/x/y", "a\\..\\b.c"}) {
    WriteZip(dir_ / "a.zip", {{std::string(name.size(), 'n'), "x"}});
    Rewrite(std::string(name.size(), 'n'), name);
    const auto archive = Open();
    ASSERT_FALSE(archive) << name;
    EXPECT_EQ(archive.error().number(), 2001) << name;
    EXPECT_THAT(archive.error().message(), HasSubstr("leads elsewhere"));
  }
}

TEST_F(ZipTest, RefusesLinksAndDevices) {
  for (const mode_t mode : {S_IFLNK | 0777U, S_IFIFO | 0600U, S_IFCHR | 0600U}) {
    int code = 0;
    zip_t* zip = zip_open((dir_ / "a.zip").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    const std::string target = "/etc/passwd";
    const zip_int64_t index = zip_file_add(
        zip, "Contact.csv", zip_source_buffer(zip, target.data(), target.size(), 0), 0);
    zip_file_set_external_attributes(zip, static_cast<zip_uint64_t>(index), 0, ZIP_OPSYS_UNIX,
                                     static_cast<zip_uint32_t>(mode) << 16U);
    zip_close(zip);
    EXPECT_THAT(Open().error().message(), HasSubstr("no file but a link"));
  }
}

// Found by a fuzzer: it was said to be no file at all.
TEST_F(ZipTest, ADirectoryThatPointsBeyondTheFileIsDamage) {
  Write(support::ReadFile(REFERRALD_FUZZ_SEEDS "/zip/seek_beyond.zip"));
  EXPECT_EQ(Open().error().number(), 2001);
  EXPECT_EQ(ZipArchive::Open(dir_ / "none.zip").error().code(), Code::kNotFound);
}

// As Python's zipfile writes them.
TEST_F(ZipTest, PermissionsWithoutATypeAreThoseOfAFile) {
  int code = 0;
  zip_t* zip = zip_open((dir_ / "a.zip").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  const zip_int64_t index = zip_file_add(zip, "c.csv", zip_source_buffer(zip, "Id", 2, 0), 0);
  zip_file_set_external_attributes(zip, static_cast<zip_uint64_t>(index), 0, ZIP_OPSYS_UNIX,
                                   zip_uint32_t{0600} << 16U);
  zip_close(zip);
  EXPECT_TRUE(Open());
}

TEST_F(ZipTest, RefusesWhatIsCutEncryptedOrTwice) {
  WriteZip(dir_ / "a.zip", {{"a.csv", std::string(1000, 'x')}, {"b.csv", "y"}});
  const std::string whole = Bytes();
  Write(whole.substr(0, whole.size() - 30));  // Without its directory's end.
  EXPECT_EQ(Open().error().number(), 2001);
  Write("");
  EXPECT_EQ(Open().error().number(), 2001);
  Write(whole);
  Rewrite("b.csv", "a.csv");
  EXPECT_THAT(Open().error().message(), HasSubstr("two members"));
  int code = 0;
  zip_t* zip = zip_open((dir_ / "a.zip").c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  const zip_int64_t index = zip_file_add(zip, "c.csv", zip_source_buffer(zip, "Id", 2, 0), 0);
  zip_file_set_encryption(zip, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, "secret");
  zip_close(zip);
  EXPECT_THAT(Open().error().message(), HasSubstr("encrypted"));
}

TEST_F(ZipTest, RefusesSizesThatAreNotTrue) {
  WriteZip(dir_ / "a.zip", {{"a.csv", std::string(40'000, 'x')}});
  std::string bytes = Bytes();
  const std::string said{'\x40', '\x9c', '\0', '\0'};  // 40,000.
  const std::string lie{'\x10', '\0', '\0', '\0'};
  for (size_t at = bytes.find(said); at != std::string::npos; at = bytes.find(said, at + 1)) {
    bytes.replace(at, said.size(), lie);
  }
  Write(bytes);
  const auto archive = Open();
  if (!archive) {
    EXPECT_EQ(archive.error().number(), 2001);
    return;
  }
  const auto member = (*archive)->OpenMember((*archive)->members()[0]);
  ASSERT_TRUE(member);
  EXPECT_EQ(ReadAll(**member), "RFD2001");
}

TEST_F(ZipTest, RefusesWhatGrowsTooFar) {
  WriteZip(dir_ / "a.zip", {{"a.csv", std::string(64 << 20, '0')}});
  EXPECT_EQ(Open().error().number(), 2008);
}

TEST_F(ZipTest, RefusesTooManyMembers) {
  Members members;
  for (int i = 0; i < 10'001; ++i) members.emplace_back("m" + std::to_string(i), "");
  WriteZip(dir_ / "a.zip", members);
  EXPECT_EQ(Open().error().number(), 2008);
}

class TableFileTest : public ZipTest {
 protected:
  // Number of rows, or the number with which it fails.
  int Rows(std::string_view name) const {
    const std::string path = dir_ / std::string(name);
    const auto bytes = OpenFile(path);
    const Result<OpenedTable> table = OpenTable(**bytes, path, {});
    if (!table) return -table.error().number();
    for (int rows = 0;; ++rows) {
      const Result<TableItem> item = table->reader->Next();
      if (!item) return -item.error().number();
      if (std::holds_alternative<TableEnd>(*item)) return rows;
    }
  }
};

TEST_F(TableFileTest, GoesByContentAndNotByName) {
  dir_.Write("text.xlsx", "Id,Name\n1,A\n2,B\n");
  dir_.Write("packed.csv", Gzip("Id,Name\n1,A\n"));
  WriteZip(dir_ / "book.csv", WorkbookOf("<row><c t=\"str\"><v>Id</v></c></row>"
                                         "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"
                                         "<row><c><v>3</v></c></row>"));
  WriteZip(dir_ / "zip.csv", {{"Contact.csv", "Id\n1\n"}});
  dir_.Write("card.csv", "BEGIN:VCARD\nEND:VCARD\n");
  EXPECT_EQ(Rows("text.xlsx"), 2);
  EXPECT_EQ(Rows("packed.csv"), 1);
  EXPECT_EQ(Rows("book.csv"), 3);
  EXPECT_EQ(Rows("zip.csv"), -2001);
  EXPECT_EQ(Rows("card.csv"), 1);
  dir_.Write("cards.gz", Gzip("BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n"));
  EXPECT_EQ(Rows("cards.gz"), 2);
}

TEST_F(TableFileTest, GzipInGzipAndTextThatIsNoneAreRefused) {
  dir_.Write("twice.gz", Gzip(Gzip("Id\n1\n")));
  dir_.Write("cut.gz", Gzip("Id,Name\n1,A\n").substr(0, 20));
  EXPECT_EQ(Rows("twice.gz"), -2001);
  EXPECT_EQ(Rows("cut.gz"), -2001);
}

}  // namespace
}  // namespace referrald::format
