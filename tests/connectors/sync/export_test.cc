#include "connectors/sync/export.h"

#include <gmock/gmock.h>

#include "connectors/sync/digest.h"
#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ::testing::SizeIs;

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
  EXPECT_EQ(
      bytes,
      "\"Record ID\",\"Referral temperature\",\"Referral kind\",\"Referral basis\","
      "\"Referral state\",\"Referral claimed\",\"Referred by (Record ID)\","
      "\"Referral chain depth\",\"Referral chain reach\",\"Referral event\"\r\n"
      "\"76226001\",\"COLD\",\"LISTED\",\"NO_CONTACT\",\"\",\"false\",\"\",\"0\",\"2\",\"\"\r\n"
      "\"76226002\",\"HOT\",\"REFERRAL\",\"INTRODUCTION\",\"INTRODUCED\",\"false\","
      "\"76226001\",\"1\",\"1\",\"e_9\"\r\n"
      "\"76226003\",\"HOT\",\"REFERRAL\",\"INTRODUCTION\",\"INTRODUCED\",\"false\","
      "\"76226002\",\"2\",\"0\",\"e_11\"\r\n"
      "\"76226004\",\"COLD\",\"LEAD\",\"CLAIM_ONLY\",\"\",\"true\",\"\",\"0\",\"0\",\"\"\r\n");
  EXPECT_EQ(support::ReadFile(path + ".sha256"),
            Sha256Of(bytes) + "  hubspot_contact_referrals.csv\n");
  EXPECT_EQ(support::ReadFile(path + ".done"), "");

  const auto again = service_->RunExport("back");
  ASSERT_TRUE(again);
  EXPECT_EQ(support::ReadFile(path), bytes);
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
