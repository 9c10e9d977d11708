// What every system's connector must do, one after the other, over the registry: a system that is
// added without a line here fails the first test.
#include <gmock/gmock.h>

#include <set>

#include "connectors/registry/registry.h"
#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RowCounts;
using ledger::RunRecord;
using ledger::RunStatus;
using ::testing::Contains;

// A file of people as the system exports it, and what its words are for things that happen.
struct SystemCase {
  std::string connector;
  std::string object;
  std::string header;
  std::string good;                      // A whole row...
  std::string id;                        // ...the id that it comes to...
  std::string email;                     // ...and its address, as it is stored.
  std::string changed_from, changed_to;  // In `good`: the person has another name then.
  std::string bad;                       // A row that cannot be used...
  std::string bad_code;                  // ...and why.
  std::string gone_from, gone_to;  // In `good`: the system says that the row is deleted. Or "".
  std::string merged;              // A row that says it was merged into `good`. Or "".
};

void PrintTo(const SystemCase& system, std::ostream* out) { *out << system.connector; }

std::vector<SystemCase> Cases() {
  return {
      {"salesforce", "Contact", "Id,LastName,Email,IsDeleted,MasterRecordId\n",
       "003000000000001AAA,Winter,clara@example.com,false,\n", "003000000000001AAA",
       "clara@example.com", "Winter", "Sommer", "7.6E+07,Bo,bo@example.com,false,\n",
       "R-ID-INVALID", ",false,", ",true,",
       "003000000000002AAA,Winter,c2@example.com,true,003000000000001AAA\n"},
      {"hubspot", "Contact", "Record ID,Last Name,Email\n", "76226001,Winter,clara@example.com\n",
       "76226001", "clara@example.com", "Winter", "Sommer", "7.6E+07,Bo,bo@example.com\n",
       "R-ID-DAMAGED", "", "", ""},
      {"dynamics", "contact", "(Do Not Modify) Contact,Last Name,Email,masterid\n",
       "1f3c5a7e-0000-4000-8000-00000000000a,Winter,clara@example.com,\n",
       "1f3c5a7e-0000-4000-8000-00000000000a", "clara@example.com", "Winter", "Sommer",
       "12,Bo,bo@example.com,\n", "R-ID-INVALID", "", "",
       "1f3c5a7e-0000-4000-8000-00000000000b,Winter,c2@example.com,"
       "1F3C5A7E-0000-4000-8000-00000000000A\n"},
      {"zoho", "Contact", "Record Id,Last Name,Account Name,Email\n",
       "zcrm_4876876000000111,Winter,Bygg,clara@example.com\n", "4876876000000111",
       "clara@example.com", "Winter", "Sommer", "4.8E+15,Bo,,bo@example.com\n", "R-ID-DAMAGED", "",
       "", ""},
      {"pipedrive", "Person", "Person - ID,Person - Name,Person - Email\n",
       "11,Clara Winter,clara@example.com\n", "11", "clara@example.com", "Winter", "Sommer",
       "11.0,Bo,bo@example.com\n", "R-ID-DAMAGED", "", "", ""},
      {"suitecrm", "Contacts", "ID,Last Name,Email Address,Date Modified,Deleted\n",
       "a-1,Winter,clara@example.com,2026-01-02 10:00:00,0\n", "a-1", "clara@example.com", "Winter",
       "Sommer", "b-2,Bo,bo@example.com,01/02/2026 10:00am,0\n", "R-TYPE", ",0\n", ",1\n", ""},
      {"espocrm", "Contact", "id,lastName,emailAddress,modifiedAt,assignedUserId,deleted\n",
       "53a,Winter,clara@example.com,2025-01-02 10:00:00,u1,\n", "53a", "clara@example.com",
       "Winter", "Sommer", "53b,Bo,bo@example.com,yesterday,u1,\n", "R-TYPE", ",u1,\n", ",u1,1\n",
       ""},
      {"odoo", "res.partner", "id,name,email\n", "base.clara,Clara Winter,clara@example.com\n",
       "base.clara", "clara@example.com", "Winter", "Sommer", ",,child@example.com\n",
       "R-CHILD-ROW", "", "", ""},
      {"google", "Contact", "First Name,Last Name,E-mail 1 - Value\n",
       "Clara,Winter,* clara@example.com ::: c@home.example\n", "", "clara@example.com", "Winter",
       "Sommer", ",,\n,,nobody\n", "R-TYPE", "", "", ""},
      {"vcard", "Card", "",
       "BEGIN:VCARD\nVERSION:3.0\nUID:u-1\nFN:Clara Winter\nN:Winter;Clara\n"
       "EMAIL:clara@example.com\nEND:VCARD\n",
       "u-1", "clara@example.com", "FN:Clara Winter", "FN:Sommer", "BEGIN:VCARD\nFN:Bo\n", "R-CARD",
       "", "", ""},
      {"outlook", "Contact", "First Name,Last Name,Company,Job Title,E-mail Address\n",
       "Clara,Winter,Bygg,,clara@example.com\n", "", "clara@example.com", "Winter", "Sommer",
       "Bo,,,,nobody\n", "R-TYPE", "", "", ""},
  };
}

class ConformanceTest : public SyncTest, public ::testing::WithParamInterface<SystemCase> {
 protected:
  ConformanceTest() {
    FeedConfig feed = SystemFeed(GetParam().connector);
    feed.max_bad_ratio = 0.6;
    feed.min_rows_ratio = 0;
    feeds_ = {feed};
    const auto* connector = registry::FindConnector(GetParam().connector);
    if (connector != nullptr && !connector->exports.empty()) {
      exports_ = {{.name = "back",
                   .connector = GetParam().connector,
                   .system = GetParam().connector,
                   .folder = dir_ / "back"}};
    }
    Up();
  }

  RunRecord ImportRows(const std::string& name, const std::string& rows) {
    return Import(GetParam().connector, name, GetParam().header + rows);
  }
  static std::string Replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  }
  referral::Entity Person() const {
    const auto reader = Read();
    const auto found = reader->FindByEmail(GetParam().email, 2);
    EXPECT_TRUE(found && found->size() == 1U);
    return found && !found->empty() ? *reader->GetEntity(found->front()) : referral::Entity{};
  }
};

TEST(Conformance, HasACaseForEveryConnectorThatKnowsItsFiles) {
  std::set<std::string_view> covered;
  const std::vector<SystemCase> cases = Cases();
  for (const SystemCase& one : cases) covered.insert(one.connector);
  for (const auto* connector : registry::Connectors()) {
    if (connector->objects.empty()) continue;  // By mapping: the other tests of this folder.
    EXPECT_THAT(covered, Contains(connector->name));
  }
}

TEST_P(ConformanceTest, ImportsAndKnowsARowAgain) {
  const SystemCase& system = GetParam();
  EXPECT_EQ(ImportRows("first.csv", system.good).counts, (RowCounts{.read = 1, .created = 1}));
  const referral::Entity person = Person();
  ASSERT_EQ(person.links.size(), 1U);
  EXPECT_EQ(person.links[0].ref.object, system.object);
  if (!system.id.empty()) {
    EXPECT_EQ(person.links[0].ref.id, system.id);
  }
  // Another file of the same rows: not the same bytes.
  EXPECT_EQ(ImportRows("again.csv", system.good + "\n").counts,
            (RowCounts{.read = 1, .unchanged = 1}));
  const uint64_t facts = Facts();
  EXPECT_TRUE(ImportRows("same.csv", system.good + "\n").identical);
  EXPECT_EQ(Facts(), facts);
}

TEST_P(ConformanceTest, TakesOverWhatChanged) {
  const SystemCase& system = GetParam();
  ImportRows("first.csv", system.good);
  const RunRecord run =
      ImportRows("second.csv", Replaced(system.good, system.changed_from, system.changed_to));
  EXPECT_EQ(run.counts, (RowCounts{.read = 1, .updated = 1})) << run.reason;
  const size_t name = system.changed_to.find(':') + 1;  // "FN:Sommer"
  EXPECT_THAT(referral::DisplayName(Person()),
              ::testing::HasSubstr(system.changed_to.substr(name)));
}

TEST_P(ConformanceTest, PutsABadRowAsideWithItsReason) {
  const SystemCase& system = GetParam();
  const RunRecord run = ImportRows("mixed.csv", system.good + system.bad);
  EXPECT_EQ(run.status, RunStatus::kPartial) << run.reason;
  EXPECT_EQ(run.counts, (RowCounts{.read = 2, .created = 1, .quarantined = 1}));
  const std::vector<ledger::Reject> rejects = RejectsOf(run.id);
  ASSERT_EQ(rejects.size(), 1U);
  EXPECT_EQ(rejects[0].code, system.bad_code);
  // The file that comes back with its row mended is understood.
  const std::string rejects_file = support::ReadFile(RejectsFileOf(feeds_[0], run));
  EXPECT_THAT(rejects_file, ::testing::HasSubstr(system.bad_code));
}

TEST_P(ConformanceTest, FollowsDeletionsAndMerges) {
  const SystemCase& system = GetParam();
  ImportRows("first.csv", system.good);
  if (!system.merged.empty()) {
    const RunRecord run = ImportRows("merged.csv", system.merged);
    EXPECT_EQ(run.counts, (RowCounts{.read = 1, .merged = 1})) << run.reason;
    EXPECT_EQ(Person().links.size(), 2U);
  }
  if (!system.gone_from.empty()) {
    const RunRecord run =
        ImportRows("gone.csv", Replaced(system.good, system.gone_from, system.gone_to));
    EXPECT_EQ(run.counts, (RowCounts{.read = 1, .deleted = 1})) << run.reason;
  }
}

// Keys alone are enough: what an export wrote is a file of the same system.
TEST_P(ConformanceTest, AnExportComesBackAsTheSameRow) {
  if (exports_.empty()) return;  // It cannot write; README says so.
  const SystemCase& system = GetParam();
  ImportRows("first.csv", system.good);
  ledger::RecordAct order;
  order.act.type = referral::EventType::kOrderPlaced;
  order.party = {.id = Person().id, .ref = {}, .email = {}};
  order.occurred_at = clock_.Now() - std::chrono::hours{1};
  ASSERT_TRUE(real_->Record(order, std::chrono::steady_clock::now() + std::chrono::minutes{1}));
  const auto result = service_->RunExport("back");
  ASSERT_TRUE(result) << result.error().ToString();
  ASSERT_EQ(result->files.size(), 1U);
  EXPECT_EQ(result->files[0].object, system.object);
  EXPECT_EQ(result->files[0].rows, 1U);
  const std::string bytes = support::ReadFile(result->files[0].path);
  EXPECT_THAT(bytes, ::testing::HasSubstr("\"" + system.id + "\",\"COLD\""));
  // The first title names the row for the system's own importer, and for ours.
  const size_t begin = bytes.find('"') + 1;
  const connectors::Header key({bytes.substr(begin, bytes.find('"', begin) - begin)});
  const auto* connector = registry::FindConnector(system.connector);
  const auto object =
      std::ranges::find(connector->objects, system.object, &connectors::ObjectDescription::object);
  ASSERT_NE(object, connector->objects.end());
  const auto id_rule = std::ranges::find(object->columns, connectors::role::kExternalId,
                                         &connectors::ColumnRule::field);
  EXPECT_TRUE(key.FindAny(id_rule->names)) << key.titles()[0];
}

INSTANTIATE_TEST_SUITE_P(Registry, ConformanceTest, ::testing::ValuesIn(Cases()),
                         [](const auto& one) { return one.param.connector; });

}  // namespace
}  // namespace referrald::sync
