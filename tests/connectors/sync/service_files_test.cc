// What becomes of files: whole, unfinished, hostile, foreign.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RunRecord;
using ledger::RunStatus;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ServiceFilesTest : public SyncTest {
 protected:
  ServiceFilesTest() { feeds_ = {CrmFeed(), SystemFeed("salesforce"), SystemFeed("hubspot")}; }

  // The promise for every file that cannot be used: failed, nothing written, the file kept as it
  // was with a text beside it that says what and where and what to do.
  void ExpectRefused(std::string_view feed, const std::string& name, std::string_view bytes,
                     int number, std::string_view remedy) {
    SCOPED_TRACE(name);
    const uint64_t facts = Facts();
    const RunRecord run = Import(feed, name, bytes);
    EXPECT_EQ(run.status, RunStatus::kFailed);
    EXPECT_EQ(run.number, number) << run.reason;
    EXPECT_EQ(run.counts, ledger::RowCounts{});
    EXPECT_EQ(Facts(), facts);
    const std::string kept = In(feed, "quarantine/" + ToText(run.id) + "__" + name);
    EXPECT_EQ(support::ReadFile(kept), bytes);
    EXPECT_THAT(
        support::ReadFile(kept + ".why.txt"),
        AllOf(HasSubstr(name), HasSubstr("RFD" + std::to_string(number)), HasSubstr(remedy)));
    EXPECT_THAT(FilesIn(feed, "processing"), IsEmpty());
  }
};

TEST_F(ServiceFilesTest, UnusableFilesAreKeptWithTheReason) {
  Up();
  ExpectRefused("crm", "empty.csv", "", 2003, "");
  ExpectRefused("crm", "garbage.csv",
                std::string("\x00\x01\x02\x00\xff\xfe\x00\x07", 8) + std::string(4000, '\0'), 2002,
                "");
  ExpectRefused("crm", "archive.csv", std::string("PK\x03\x04", 4) + std::string(100, 'x'), 2001,
                "");
  ExpectRefused("crm", "quotes.csv", std::string(kCrmHeader) + "1,\"Ann,a@b.org,,0,\n2,B,,,0,\n",
                2004, "");
  ExpectRefused("crm", "cut.csv", CrmFile(20) + "21,Person 2", 2024, "line end");
  ExpectRefused("crm", "columns.csv", "Id,Nome,Mail,Source,Gone,Into\n1,A,a@b.org,,0,\n", 2011,
                "Nome");
}

TEST_F(ServiceFilesTest, AFileOfAnotherSystemIsRecognised) {
  Up();
  const std::string hubspot = "Record ID,First Name,Last Name,Email\n1,Ann,Lee,ann@example.org\n";
  ExpectRefused("salesforce", "contacts.csv", hubspot, 2022, "\"hubspot\"");
  ExpectRefused("salesforce", "recipe.csv", "Flour,Eggs\n200,3\n", 2023, "generic_csv");
}

TEST_F(ServiceFilesTest, AnEncodingThatDoesNotExistIsNamed) {
  feeds_[0].encoding = "EBCDIC-MOON";
  Up();
  ExpectRefused("crm", "contacts.csv", CrmFile(2), 2002, "EBCDIC-MOON");
}

TEST_F(ServiceFilesTest, AHeaderWithoutRowsIsHeld) {
  Up();
  const RunRecord run = Import("crm", "none.csv", kCrmHeader);
  EXPECT_EQ(run.status, RunStatus::kHeld);
  EXPECT_EQ(run.number, 2033);
}

TEST_F(ServiceFilesTest, AnEncodingThatCanOnlyBeGuessedIsHeld) {
  Up();
  const std::string latin = std::string(kCrmHeader) + "1,Jos\xe9,j@b.org,,0,\n";
  const RunRecord run = Import("crm", "latin.csv", latin);
  EXPECT_EQ(run.status, RunStatus::kHeld);
  EXPECT_EQ(run.number, 2034);
  EXPECT_THAT(run.reason, HasSubstr("set encoding of the feed"));
  EXPECT_EQ(Facts(), 0u);
}

TEST_F(ServiceFilesTest, ARowThatIsNoTextInTheEncodingOfTheFileIsNotGuessed) {
  Up();
  const RunRecord run =
      Import("crm", "mixed.csv", CrmFile(40) + "41,Jos\xe9,j@b.org,,0,\n42,José,k@b.org,,0,\n");
  EXPECT_EQ(run.status, RunStatus::kPartial) << run.reason;
  EXPECT_EQ(run.counts.created, 41u);
  EXPECT_EQ(run.counts.quarantined, 1u);
  EXPECT_THAT(support::ReadFile(RejectsFileOf(feeds_[0], run)),
              AllOf(HasSubstr("41,Jos\xe9,j@b.org,"), HasSubstr("R-ENCODING")));
}

TEST_F(ServiceFilesTest, OtherEncodingsAndDelimitersComeOutAlike) {
  feeds_ = {CrmFeed(), CrmFeed("latin")};
  feeds_[1].encoding = "windows-1252";
  Up();
  // "1;Jos\xe9..." in windows-1252, and the same in UTF-16LE with a byte order mark.
  const std::string latin =
      "Id;Name;Mail;Source;Gone;Into\r\n1;Jos\xe9 M\xfcller;j@b.org;;0;\r\n"
      "2;B;not an address;;0;\r\n";
  const RunRecord first = Import("latin", "latin.csv", latin);
  EXPECT_EQ(first.counts.created, 1u) << first.reason;
  EXPECT_THAT(World(), HasSubstr("José Müller"));
  EXPECT_EQ(first.delimiter, ";");
  EXPECT_THAT(support::ReadFile(RejectsFileOf(feeds_[1], first)),
              HasSubstr("\r\n2;B;not an address;;0;;"));

  std::string wide = "\xff\xfe";
  for (const char c :
       std::string("Id\tName\tMail\tSource\tGone\tInto\n9\tC\tnone\t\t0\t\n8\tD\t\t\t0\t\n")) {
    wide += {c, '\0'};
  }
  const RunRecord second = Import("crm", "wide.csv", wide);
  EXPECT_EQ(second.counts.created, 1u) << second.reason;
  const std::string rejects = support::ReadFile(RejectsFileOf(feeds_[0], second));
  EXPECT_TRUE(rejects.starts_with("\xff\xfe"));
  EXPECT_THAT(rejects, HasSubstr(std::string("9\0\t\0C\0\t\0n\0o\0n\0e\0", 16)));
  EXPECT_THAT(rejects, HasSubstr(std::string("_\0r\0o\0w\0\t\0", 10)));
  // And comes back in.
  EXPECT_EQ(Import("crm", "again.csv", rejects).counts.quarantined, 1u);
}

TEST_F(ServiceFilesTest, UnfinishedNamesAreLeftAlone) {
  Open();
  for (const char* name : {".x.csv", "x.tmp", "x.part", "x.filepart", "x.crdownload", "x.csv~"}) {
    dir_.Write("crm/inbox/" + std::string(name), CrmFile(1));
  }
  EXPECT_EQ(service_->Begin("crm", {}).error().number(), 2045);
  EXPECT_THAT(FilesIn("crm", "inbox"), SizeIs(6));
}

TEST_F(ServiceFilesTest, AFileIsTakenOnceItRestsOrWasRenamedIn) {
  feeds_[0].settle = std::chrono::milliseconds{2000};
  Open();
  dir_.Write("crm/inbox/slow.csv", CrmFile(1));
  EXPECT_FALSE(service_->Begin("crm", {}));
  clock_.Advance(std::chrono::milliseconds{1999});
  EXPECT_FALSE(service_->Begin("crm", {}));
  dir_.Write("crm/inbox/slow.csv", CrmFile(2));  // Still being written: it starts anew.
  clock_.Advance(std::chrono::milliseconds{1999});
  EXPECT_FALSE(service_->Begin("crm", {}));
  clock_.Advance(std::chrono::milliseconds{2000});
  EXPECT_TRUE(service_->Begin("crm", {}));

  dir_.Write("crm/inbox/whole.csv", CrmFile(1));
  EXPECT_FALSE(service_->Begin("crm", {}));
  service_->Rescan("crm", "whole.csv");
  EXPECT_TRUE(service_->Begin("crm", {}));
}

TEST_F(ServiceFilesTest, AFileThatIsOpenForWritingWaits) {
  Open();
  std::ofstream writer(dir_ / "crm/inbox/open.csv");
  writer << CrmFile(1) << std::flush;
  EXPECT_FALSE(service_->Begin("crm", {}));
  writer.close();
  EXPECT_TRUE(service_->Begin("crm", {}));
}

TEST_F(ServiceFilesTest, OnlyRegularFilesAreRead) {
  Up();
  const std::string secret = dir_.Write("secret.csv", CrmFile(3));
  std::filesystem::create_symlink(secret, In("crm", "inbox/link.csv"));
  std::filesystem::create_directory(In("crm", "inbox/folder.csv"));
  ASSERT_EQ(::mkfifo(In("crm", "inbox/pipe.csv").c_str(), 0600), 0);
  service_->Rescan("crm", "link.csv");
  ASSERT_TRUE(sink_.WaitFor("file.refused", 3));
  for (const LogRecord& record : sink_.All("file.refused")) EXPECT_EQ(record.number, 2020);
  EXPECT_EQ(Facts(), 0u);
  EXPECT_TRUE(std::filesystem::is_symlink(In("crm", "inbox/link.csv")));
  EXPECT_EQ(service_->Begin("crm", From(In("crm", "inbox/link.csv"))).error().number(), 2020);
}

TEST_F(ServiceFilesTest, TheOldestFileComesFirst) {
  Open();
  for (const auto& [name, age] :
       {std::pair("b.csv", 2), std::pair("a.csv", 1), std::pair("c.csv", 3)}) {
    const std::string path = dir_.Write("crm/inbox/" + std::string(name), CrmFile(1));
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours{age});
  }
  Up();
  ASSERT_TRUE(sink_.WaitFor("run.finished", 3));
  std::vector<std::string> names;
  for (const LogRecord& record : sink_.All("run.finished")) names.push_back(TextOf(record, "file"));
  EXPECT_THAT(names, ElementsAre("c.csv", "b.csv", "a.csv"));
}

TEST_F(ServiceFilesTest, UsedFilesGoToTheArchiveOfTheMonth) {
  Up();
  const RunRecord run = Import("crm", "contacts.csv", CrmFile(2));
  EXPECT_EQ(support::ReadFile(In("crm", "archive/2026/01/" + ToText(run.id) + "__contacts.csv")),
            CrmFile(2));
  EXPECT_THAT(FilesIn("crm", "inbox"), IsEmpty());
}

TEST_F(ServiceFilesTest, FixturesOfBothSystemsEndAsTheirManifestSays) {
  for (FeedConfig& feed : feeds_) feed.max_bad_ratio = 0.05;
  Up();
  const std::string fixtures = REFERRALD_FIXTURES;
  const RunRecord salesforce =
      Import("salesforce", "Contact.csv", support::ReadFile(fixtures + "/salesforce/Contact.csv"));
  EXPECT_EQ(salesforce.status, RunStatus::kPartial) << salesforce.reason;
  EXPECT_EQ(salesforce.counts.read, 607u);
  EXPECT_EQ(salesforce.counts.quarantined, 6u);
  EXPECT_EQ(salesforce.counts.duplicate, 1u);
  EXPECT_EQ(salesforce.counts.merged, 2u);
  const RunRecord hubspot =
      Import("hubspot", "contacts.csv", support::ReadFile(fixtures + "/hubspot/contacts.csv"));
  EXPECT_EQ(hubspot.counts.read, 506u) << hubspot.reason;
  EXPECT_EQ(hubspot.counts.quarantined, 5u);
  EXPECT_EQ(hubspot.counts.duplicate, 1u);
  EXPECT_GT(hubspot.matched_email, 150u);
  EXPECT_EQ(hubspot.counts.read, hubspot.counts.Sum());
}

}  // namespace
}  // namespace referrald::sync
