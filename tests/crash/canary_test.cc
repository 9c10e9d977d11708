// No byte that is kept or logged shows a person, at any time; and after an erasure nothing that is
// live can be opened again; copies of the keys that were made before live for their age
// (storage/doc/keys.md, "Copies").
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "storage/base/base64.h"
#include "storage/upkeep/upkeep.h"
#include "tests/crash/store_on_disk.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

namespace fs = std::filesystem;
using referral::EventType;

std::string Utf16(std::string_view text, bool big_endian) {
  std::string out;
  for (const char c : text) {
    if (big_endian) out.push_back('\0');
    out.push_back(c);
    if (!big_endian) out.push_back('\0');
  }
  return out;
}

// What of `text` shows in base64 whatever stands before and behind it.
std::vector<std::string> Base64Cores(std::string_view text) {
  std::vector<std::string> cores;
  for (size_t before = 0; before < 3; ++before) {
    const std::string whole = ToBase64(std::string(before, 'x') + std::string(text) + "xxx");
    // The first and the last four letters hold bits of the neighbours.
    cores.push_back(whole.substr(4, (text.size() - 3) / 3 * 4));
  }
  return cores;
}

std::string InCase(std::string text, int (*to)(int)) {
  std::ranges::transform(text, text.begin(),
                         [to](unsigned char c) { return static_cast<char>(to(c)); });
  return text;
}

// Looks for tokens in every form in which a program may write them down.
class Searcher {
 public:
  void Expect(const std::string& token) {
    for (const std::string& text :
         {token, InCase(token, std::tolower), InCase(token, std::toupper)}) {
      forms_.insert(text);
      forms_.insert(Utf16(text, false));
      forms_.insert(Utf16(text, true));
      forms_.insert(ToHex(text));
      forms_.insert(InCase(ToHex(text), std::toupper));
      for (const std::string& core : Base64Cores(text)) forms_.insert(core);
    }
  }
  size_t HitsIn(std::string_view bytes) const {
    size_t hits = 0;
    for (const std::string& form : forms_) {
      hits += bytes.find(form) == std::string_view::npos ? 0 : 1;
    }
    return hits;
  }
  size_t HitsBelow(const std::string& folder) const {
    size_t hits = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      hits += HitsIn(entry.path().filename().string());
      if (!entry.is_regular_file() || entry.path().filename() == "BALLAST") continue;
      const size_t found = HitsIn(support::ReadFile(entry.path()));
      EXPECT_EQ(found, 0u) << entry.path();
      hits += found;
    }
    return hits;
  }

 private:
  std::set<std::string> forms_;
};

class CanaryTest : public testing::Test {
 protected:
  CanaryTest() {
    fs::create_directory(dir_ / "copies");
    EXPECT_TRUE(store_.Open().ok());
  }

  // A word that occurs nowhere else.
  std::string Token() {
    std::string token = "Qz";
    while (token.size() < 14) token.push_back(static_cast<char>('a' + random_() % 26));
    searcher_.Expect(token);
    return token;
  }
  // A person of which every field is a token; "e-mail" is remembered.
  ledger::ObserveParty Person(const referral::ExternalRef& ref) {
    namespace field = referral::field;
    email_ = Token() + "@example.org";
    ledger::ObserveParty wish;
    wish.row.kind = referral::EntityKind::kPerson;
    wish.row.ref = ref;
    wish.row.fields = referral::Normalised({{std::string(field::kFirstName), Token()},
                                            {std::string(field::kLastName), Token()},
                                            {std::string(field::kEmail), email_},
                                            {std::string(field::kPhone), "+4930" + Digits()},
                                            {std::string(field::kTitle), Token()},
                                            {std::string(field::kCompany), Token()},
                                            {std::string(field::kReferredBy), Token()},
                                            {"attr.note", Token()}});
    wish.row.occurred_at = Timestamp{std::chrono::hours(1)};
    wish.feed = "rpc";
    wish.idempotency_key = Token();
    wish.actor = "test";
    return wish;
  }
  std::string Digits() {
    std::string digits;
    while (digits.size() < 9) digits.push_back(static_cast<char>('0' + random_() % 10));
    searcher_.Expect(digits);
    return digits;
  }
  EntityId Add(const referral::ExternalRef& ref) {
    const auto receipt = store_.ledger().Observe(Person(ref), Soon());
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt.value_or(ledger::Receipt{}).entity;
  }
  static ledger::Ledger::Deadline Soon() { return support::LedgerFixture::Soon(); }

  void Introduce(EntityId source, EntityId contact, EntityId rep) {
    ledger::RecordFact wish;
    wish.fact.type = EventType::kIntroductionMade;
    wish.fact.source = source;
    wish.fact.contact = contact;
    wish.fact.rep = rep;
    wish.fact.channel = referral::Channel::kEmail;
    wish.fact.reason = Token();
    wish.fact.evidence.reference = Token();
    wish.occurred_at = Timestamp{std::chrono::hours(2)};
    wish.idempotency_key = Token();
    wish.actor = "test";
    const auto receipt = store_.ledger().Record(std::move(wish), Soon());
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
  }
  upkeep::Upkeep Upkeep() {
    return upkeep::Upkeep({.engine = store_.engine(),
                           .vault = store_.vault(),
                           .ledger = store_.ledger(),
                           .clock = clock_,
                           .logger = store_.logger()},
                          {.folder = dir_ / "backups", .key_folder = dir_ / "copies"});
  }
  // Tables are compressed: what is in them is looked at as it is read, too.
  size_t HitsInRecords() {
    size_t hits = 0;
    const auto view = store_.engine().Read(1);
    EXPECT_TRUE((*view)
                    ->Scan({},
                           [&](std::string_view key, std::string_view value) {
                             hits += searcher_.HitsIn(key) + searcher_.HitsIn(value);
                             return true;
                           })
                    .ok());
    return hits;
  }
  size_t HitsInLog() {
    size_t hits = 0;
    for (const LogRecord& record : store_.log().records()) {
      hits += searcher_.HitsIn(FormatLogfmt(record));
    }
    return hits;
  }

  std::mt19937_64 random_{support::TestSeed()};
  support::TempDir dir_;
  support::FakeClock clock_;
  Searcher searcher_;
  std::string email_;
  StoreOnDisk store_{dir_ / "store"};
};

TEST_F(CanaryTest, NoByteShowsAPerson) {
  const EntityId ana = Add({"crm", "Contact", Token()});
  const EntityId ben = Add({"crm", "Contact", Token()});
  const EntityId rep = Add({"crm", "User", Token()});
  Introduce(ana, ben, rep);
  EXPECT_TRUE(Upkeep().CreateBackup());
  EXPECT_EQ(HitsInRecords(), 0u);
  EXPECT_EQ(HitsInLog(), 0u);
  store_.Close();
  EXPECT_EQ(searcher_.HitsBelow(dir_.path()), 0u);
  ASSERT_TRUE(store_.Open().ok());  // The log becomes tables.
  EXPECT_EQ((*store_.ledger().Read())->FindByEmail(email_, 9)->size(), 1u);
  EXPECT_EQ(searcher_.HitsBelow(dir_.path()), 0u);
}

TEST_F(CanaryTest, AnErasedPersonCannotBeReadFromAnythingThatIsKept) {
  const referral::ExternalRef ref{"crm", "Contact", Token()};
  const ledger::ObserveParty wish = Person(ref);
  const auto receipt = store_.ledger().Observe(wish, Soon());
  ASSERT_TRUE(receipt);
  const uint64_t subject = receipt->entity.value;
  ASSERT_TRUE(Upkeep().CreateBackup());
  store_.Close();
  fs::copy(dir_ / "store", dir_ / "before", fs::copy_options::recursive);
  ASSERT_TRUE(store_.Open().ok());

  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(store_.ledger().Erase({.party = {.id = receipt->entity, .ref = {}, .email = {}},
                                     .reason = Token(),
                                     .actor = "test"},
                                    Soon()));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  EXPECT_TRUE((*store_.ledger().Read())->FindByEmail(email_, 9)->empty());
  EXPECT_EQ(store_.ledger().Observe(wish, Soon()).value_or(ledger::Receipt{}).replayed, true);
  EXPECT_TRUE((*store_.ledger().Read())->GetEntity(receipt->entity)->links.empty());
  store_.Close();
  EXPECT_EQ(searcher_.HitsBelow(dir_.path()), 0u);

  // The database of before, and all keys of now: the person is not in it.
  fs::remove_all(dir_ / "store/db");
  fs::copy(dir_ / "before/db", dir_ / "store/db", fs::copy_options::recursive);
  ASSERT_TRUE(store_.Open("to see what it still knows").ok());
  EXPECT_TRUE((*store_.ledger().Read())->FindByEmail(email_, 9)->empty());
  EXPECT_TRUE((*store_.ledger().Read())->GetEvent({subject})->redacted);
  store_.Close();

  // The mutation check: with the keys of before it is, so it was the erasure that took it away.
  StoreOnDisk before(dir_ / "before");
  ASSERT_TRUE(before.Open().ok());
  EXPECT_EQ((*before.ledger().Read())->FindByEmail(email_, 9)->size(), 1u);
}

// The mutation check of the search itself.
TEST_F(CanaryTest, TheSearchFindsWhatIsPlanted) {
  const std::string token = Token();
  for (const std::string& planted :
       {"a " + token + " b", Utf16(token, false), Utf16(token, true), ToHex(token),
        InCase(token, std::toupper), ToBase64("x" + token), ToBase64("xy" + token + "z"),
        ToBase64("xyz" + token + "zz")}) {
    EXPECT_GT(searcher_.HitsIn("...." + planted + "...."), 0u) << planted;
  }
  EXPECT_EQ(searcher_.HitsIn("nothing of the kind"), 0u);
}

}  // namespace
}  // namespace referrald::crash
