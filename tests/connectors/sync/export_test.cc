#include "connectors/sync/export.h"

#include <gmock/gmock.h>

#include "connectors/sync/digest.h"
#include "connectors/sync/export_file.h"
#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  size_t at = 0;
  for (size_t end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n", at)) {
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

constexpr std::string_view kHubspotContacts =
    "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Contact owner,"
    "Lead Status,Lifecycle Stage,Create Date,Last Activity Date,Last Modified Date,"
    "Associated Company,Associated Company IDs,Country/Region,Original Source,Referred by\n"
    "76226003,Cleo,Third,cleo@example.org,,,,,,,2024-03-12 09:14,,2024-09-28 09:14,,,,,\n"
    "76226001,Ann,First,ann@example.org,,,,,,,2024-03-12 09:14,,2024-09-28 09:14,,,,,\n"
    "76226002,Ben,Second,ben@example.org,,,,,,,2024-03-12 09:14,,2024-09-28 09:14,,,,,\n"
    "76226004,Dan,Claimed,dan@example.org,,,,,,,2024-03-12 09:14,,2024-09-28 09:14,,,,,Ann First\n"
    "76226005,Eve,Silent,eve@example.org,,,,,,,2024-03-12 09:14,,2024-09-28 09:14,,,,,\n";

class ExportTest : public SyncTest {
 protected:
  ExportTest() {
    feeds_ = {SystemFeed("hubspot")};
    exports_ = {{.name = "back", .connector = "hubspot", .system = "", .folder = dir_ / "back"}};
  }

  ledger::PartyRef Contact(const std::string& id) const {
    return {.id = {}, .ref = referral::ExternalRef{"hubspot", "Contact", id}, .email = {}};
  }
  void Introduce(const std::string& source, const std::string& contact, int day) {
    for (const auto type :
         {referral::EventType::kNameReceived, referral::EventType::kIntroductionMade}) {
      ledger::RecordFact wish;
      wish.fact.type = type;
      wish.fact.channel = referral::Channel::kEmail;
      wish.fact.reason = "growth";
      wish.fact.provenance = "ask";
      wish.fact.evidence = {.reference = "mail 1", .sha256 = {}, .contact_expects = true};
      wish.source = Contact(source);
      wish.contact = Contact(contact);
      wish.rep = Contact("rep-1");
      wish.rep.ref->object = "User";
      wish.occurred_at = clock_.Now() - std::chrono::hours{24 * (30 - day)};
      wish.accept_out_of_order = true;
      wish.actor = "test";
      const auto receipt =
          real_->Record(wish, std::chrono::steady_clock::now() + std::chrono::minutes{1});
      ASSERT_TRUE(receipt) << receipt.error().ToString();
    }
  }
};

TEST_F(ExportTest, WritesWhoeverHasSomethingToSayInOrder) {
  Up();
  const ledger::RunRecord run = Import("hubspot", "contacts.csv", kHubspotContacts);
  ASSERT_EQ(run.counts.created, 5u) << run.reason;
  Introduce("76226001", "76226002", 1);
  Introduce("76226002", "76226003", 2);

  const auto result = service_->RunExport("back");
  ASSERT_TRUE(result) << result.error().ToString();
  ASSERT_THAT(result->files, SizeIs(1));
  const std::string path = result->files[0].path;
  EXPECT_EQ(path, dir_ / "back/outbox/hubspot_contact_referrals.csv");
  EXPECT_EQ(result->files[0].rows, 4u);
  const std::string bytes = support::ReadFile(path);
  const std::vector<std::string> lines = LinesOf(bytes);
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_EQ(lines[0],
            "\"Record ID\",\"Referral temperature\",\"Referral kind\",\"Referral basis\","
            "\"Referral state\",\"Referral claimed\",\"Referred by (Record ID)\","
            "\"Referral chain depth\",\"Referral chain reach\",\"Referral event\","
            "\"Referral source coverage\",\"Referral next ask\",\"Referral next ask rule\","
            "\"Referral next touch\"");
  EXPECT_THAT(lines[1],
              StartsWith("\"76226001\",\"COLD\",\"LISTED\",\"NO_CONTACT\",\"\",\"false\",\"\","
                         "\"0\",\"2\",\"\","));
  EXPECT_THAT(lines[2],
              StartsWith("\"76226002\",\"HOT\",\"REFERRAL\",\"INTRODUCTION\",\"INTRODUCED\","
                         "\"false\",\"76226001\",\"1\",\"1\",\"e_9\","));
  EXPECT_THAT(lines[3],
              StartsWith("\"76226003\",\"HOT\",\"REFERRAL\",\"INTRODUCTION\",\"INTRODUCED\","
                         "\"false\",\"76226002\",\"2\",\"0\",\"e_11\","));
  EXPECT_THAT(lines[4],
              StartsWith("\"76226004\",\"COLD\",\"LEAD\",\"CLAIM_ONLY\",\"\",\"true\",\"\",\"0\","
                         "\"0\",\"\","));
  EXPECT_EQ(support::ReadFile(path + ".sha256"),
            Sha256Of(bytes) + "  hubspot_contact_referrals.csv\n");
  EXPECT_EQ(support::ReadFile(path + ".done"), "");
  EXPECT_THAT(support::ReadFile(path + ".manifest.json"),
              AllOf(HasSubstr(Sha256Of(bytes)), HasSubstr("\"rows\": 4"),
                    HasSubstr("\"through\": \"" + ToText(Read()->head()) + "\"")));

  const auto again = service_->RunExport("back");
  ASSERT_TRUE(again);
  EXPECT_EQ(support::ReadFile(path), bytes);
}

TEST_F(ExportTest, SaysWhatIsNextOfSomebodyWhomWeAsk) {
  Up();
  Import("hubspot", "contacts.csv", kHubspotContacts);
  const auto record = [this](ledger::RecordAct wish) {
    wish.occurred_at = clock_.Now() - std::chrono::hours{24};
    const auto receipt =
        real_->Record(wish, std::chrono::steady_clock::now() + std::chrono::minutes{1});
    ASSERT_TRUE(receipt) << receipt.error().ToString();
  };
  ledger::RecordAct order;
  order.act.type = referral::EventType::kOrderPlaced;
  order.party = Contact("76226005");
  record(order);
  ledger::RecordAct closed;
  closed.act.type = referral::EventType::kSourceSlotClosed;
  closed.act.slots = practice::In(practice::Slot::kSupplier);
  closed.act.code = 1;
  closed.party = Contact("76226005");
  record(closed);
  const auto result = service_->RunExport("back");
  ASSERT_TRUE(result) << result.error().ToString();
  const std::vector<std::string> lines = LinesOf(support::ReadFile(result->files[0].path));
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[2],
              AllOf(StartsWith("\"76226005\""), HasSubstr(",\"1\",\"2025-12-31\",\"P03\",\"")));
}

TEST_F(ExportTest, TellsOnlyWhatChangedSinceTheFileBefore) {
  exports_[0].changes_only = true;
  Up();
  Import("hubspot", "contacts.csv", kHubspotContacts);
  Introduce("76226001", "76226002", 1);
  ASSERT_EQ(service_->RunExport("back")->files[0].rows, 3U);
  EXPECT_EQ(service_->RunExport("back")->files[0].rows, 0U);
  Introduce("76226002", "76226003", 2);  // 1 reaches one more, 2 brought one, 3 is new.
  EXPECT_EQ(service_->RunExport("back")->files[0].rows, 3U);
  // Somebody lost the file: without its state everything is told again.
  std::filesystem::remove(dir_ / "back/outbox/.hubspot_contact_referrals.csv.state");
  EXPECT_EQ(service_->RunExport("back")->files[0].rows, 4U);
}

TEST_F(ExportTest, AFileForPeopleIsSafeInASpreadsheetAndOneForAnImporterIsAsItIs) {
  const std::vector<std::string_view> cells = {"=HYPERLINK(0)", "+49 30 1", "plain"};
  for (const bool for_people : {true, false}) {
    Result<ExportFile> file = ExportFile::Create({.path = dir_ / "x.csv",
                                                  .line_end = "\n",
                                                  .byte_order_mark = false,
                                                  .for_people = for_people});
    ASSERT_TRUE(file) << file.error().ToString();
    EXPECT_EQ(file->Line(cells), for_people ? "\"'=HYPERLINK(0)\",\"'+49 30 1\",\"plain\"\n"
                                            : "\"=HYPERLINK(0)\",\"+49 30 1\",\"plain\"\n");
  }
  exports_[0].for_people = true;
  Up();
  const auto result = service_->RunExport("back");
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_THAT(support::ReadFile(result->files[0].path), StartsWith("\xef\xbb\xbf"));
}

TEST_F(ExportTest, RefusesAnExportThatCannotBe) {
  Open();
  EXPECT_EQ(service_->RunExport("forth").error().number(), 2046);
  exports_[0].connector = "generic_csv";
  const auto opened = SyncService::Open(*faulty_, clock_, logger_, {}, exports_, {});
  EXPECT_EQ(opened.error().number(), 2044);
}

}  // namespace
}  // namespace referrald::sync
