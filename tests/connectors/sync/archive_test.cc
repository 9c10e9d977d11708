// Zip sets in the inbox: their files become runs of their own.
#include <gmock/gmock.h>

#include "connectors/sync/unpack.h"
#include "tests/connectors/format/zip_maker.h"
#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RowCounts;
using ledger::RunRecord;
using ledger::RunStatus;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kContacts = "Id,LastName,Email,IsDeleted,MasterRecordId\n";

std::string Contact(int number) {
  return "00300000000000" + std::to_string(number) + "AAA,P" + std::to_string(number) + ",p" +
         std::to_string(number) + "@example.org,false,\n";
}

class ArchiveTest : public SyncTest {
 protected:
  ArchiveTest() {
    feeds_ = {SystemFeed("salesforce")};
    feeds_[0].min_rows_ratio = 0;
    Up();
  }
  // Drops an archive and waits until it and what is in it have been read.
  std::vector<RunRecord> ImportZip(const std::string& name, const format::Members& members,
                                   size_t runs) {
    format::WriteZip(dir_ / name, members);
    const size_t before = sink_.All("run.finished").size();
    Drop("salesforce", name, support::ReadFile(dir_ / name));
    service_->Rescan("salesforce", name);
    WaitForRun(before + runs);
    std::vector<RunRecord> all;
    const std::vector<LogRecord> finished = sink_.All("run.finished");
    for (size_t i = before; i < finished.size(); ++i) {
      all.push_back(RunCalled(TextOf(finished[i], "run")));
    }
    return all;
  }
};

TEST_F(ArchiveTest, ReadsTheMembersThatAreTheFeedsAndLeavesOthersAlone) {
  const auto runs = ImportZip("WE_00D_1.ZIP",
                              {{"Contact.csv", std::string(kContacts) + Contact(1)},
                               {"Account.csv", "Id,Name\n001000000000001AAA,Acme\n"},
                               {"Task.csv", "Id,Subject\n00T000000000001AAA,Call\n"},
                               {"Attachments/logo.png", "\x89PNG\r\n"},
                               {"inner.zip", "PK\x03\x04"}},
                              3);
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].status, RunStatus::kOk);
  EXPECT_EQ(runs[0].object, "archive");
  EXPECT_EQ(runs[0].counts, RowCounts{});
  EXPECT_THAT(runs[0].reason, AllOf(HasSubstr("inbox (2)"), HasSubstr("WE_00D_1.ZIP!Contact.csv"),
                                    HasSubstr("left alone (3)"), HasSubstr("Task.csv")));
  EXPECT_EQ(Totals().persons, 1U);
  EXPECT_EQ(Totals().organisations, 1U);
  EXPECT_THAT(FilesIn("salesforce", "inbox"), IsEmpty());
  EXPECT_EQ(FilesIn("salesforce", "archive").size(), 3U);
}

// A set comes in parts: one object split over several archives, rows twice, a copy of a part, a
// header without rows.
TEST_F(ArchiveTest, PartsOfASetAddUpWhateverTheyShare) {
  ImportZip("WE_00D_1.ZIP", {{"Contact.csv", std::string(kContacts) + Contact(1) + Contact(2)}}, 2);
  const auto second = ImportZip(
      "WE_00D_2.ZIP", {{"Contact.csv", std::string(kContacts) + Contact(2) + Contact(3)}}, 2);
  EXPECT_EQ(second[1].counts, (RowCounts{.read = 2, .created = 1, .unchanged = 1}));
  const auto copy = ImportZip(
      "WE_00D_3.ZIP", {{"Contact.csv", std::string(kContacts) + Contact(2) + Contact(3)}}, 2);
  EXPECT_TRUE(copy[1].identical);
  const auto empty = ImportZip("WE_00D_4.ZIP", {{"Contact.csv", std::string(kContacts)}}, 2);
  EXPECT_EQ(empty[1].number, 2033);
  EXPECT_EQ(Totals().persons, 3U);
}

TEST_F(ArchiveTest, NobodyIsGoneFromAPart) {
  Down();
  feeds_[0].absent_is_gone = true;
  feeds_[0].max_deletes_ratio = 1;
  Open();
  Up();
  ImportZip("WE_00D_1.ZIP", {{"Contact.csv", std::string(kContacts) + Contact(1)}}, 2);
  const auto runs =
      ImportZip("WE_00D_2.ZIP", {{"Contact.csv", std::string(kContacts) + Contact(2)}}, 2);
  EXPECT_EQ(runs[1].gone, 0U);
}

TEST_F(ArchiveTest, AnArchiveWithoutAnythingOfOursFails) {
  const auto runs = ImportZip("photos.zip", {{"a.txt", "hello"}}, 1);
  EXPECT_EQ(runs[0].status, RunStatus::kFailed);
  EXPECT_EQ(runs[0].number, 2028);
  EXPECT_THAT(FilesIn("salesforce", "inbox"), IsEmpty());
}

TEST_F(ArchiveTest, ATrapIsRefusedWholeAndTheNextFileIsRead) {
  format::WriteZip(dir_ / "trap.zip",
                   {{"Contact.csv", std::string(kContacts) + Contact(1)}, {"nnnnnnnn", "x"}});
  std::string bytes = support::ReadFile(dir_ / "trap.zip");
  for (size_t at = bytes.find("nnnnnnnn"); at != std::string::npos; at = bytes.find("nnnnnnnn")) {
    bytes.replace(at, 8, "../../ev");
  }
  const size_t before = sink_.All("run.finished").size();
  Drop("salesforce", "trap.zip", bytes);
  service_->Rescan("salesforce", "trap.zip");
  const RunRecord trap = WaitForRun(before + 1);
  EXPECT_EQ(trap.status, RunStatus::kFailed);
  EXPECT_EQ(trap.number, 2001);
  EXPECT_EQ(Totals().persons, 0U);
  EXPECT_THAT(FilesIn("salesforce", "inbox"), IsEmpty());
  EXPECT_EQ(Import("salesforce", "next.csv", std::string(kContacts) + Contact(2)).counts.created,
            1U);
}

TEST_F(ArchiveTest, WorkbooksAndGzipAreFilesLikeAnyOther) {
  format::WriteZip(dir_ / "book.xlsx",
                   format::WorkbookOf(
                       "<row><c t=\"str\"><v>Id</v></c><c t=\"str\"><v>LastName</v></c></row>"
                       "<row><c t=\"str\"><v>003000000000001AAA</v></c><c t=\"str\"><v>Book</v></c>"
                       "</row><row><c><v>7.6E+17</v></c><c t=\"str\"><v>Lost</v></c></row>"));
  feeds_[0].max_bad_ratio = 0.5;
  Down();
  Open();
  Up();
  const RunRecord book = Import("salesforce", "book.xlsx", support::ReadFile(dir_ / "book.xlsx"));
  EXPECT_EQ(book.counts, (RowCounts{.read = 2, .created = 1, .quarantined = 1})) << book.reason;
  EXPECT_EQ(book.encoding, "Excel workbook");
  EXPECT_THAT(support::ReadFile(RejectsFileOf(feeds_[0], book)),
              AllOf(HasSubstr("Id,LastName,_row,_line"), HasSubstr("Lost")));
  const RunRecord packed =
      Import("salesforce", "contacts.csv.gz", format::Gzip(std::string(kContacts) + Contact(2)));
  EXPECT_EQ(packed.counts, (RowCounts{.read = 1, .created = 1})) << packed.reason;
}

}  // namespace
}  // namespace referrald::sync
