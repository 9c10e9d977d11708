#include "plugin/ctl/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace referrald::ctl {
namespace {

using testing::HasSubstr;

constexpr Timestamp kNow = FromMicros(1'000'000'000'000'000);
const Style kPlain;

int64_t Before(std::chrono::microseconds ago) { return ToMicros(kNow - ago); }

idl::Run PartialRun() {
  idl::Run run;
  run.id = "01JDA1K3VQ7M8Z4T5X6Y7W8V9A";
  run.feed = "hubspot-eu";
  run.connector = "hubspot";
  run.object = "Contact";
  run.file = "contacts.csv";
  run.sha256 = "4f1c00112233445566";
  run.bytes = 9'856'614;
  run.encoding = "UTF-8";
  run.delimiter = ";";
  run.status = "partial";
  run.started_at = Before(std::chrono::hours(1));
  run.finished_at = run.started_at + 9'200'000;
  run.counts.rows_read = 88'140;
  run.counts.created = 1'111;
  run.counts.updated = 395;
  run.counts.unchanged = 86'613;
  run.counts.duplicate = 4;
  run.counts.quarantined = 17;
  run.matched_external_id = 81'002;
  run.matched_email = 6'010;
  run.sequence_from = "e_45";
  run.sequence_to = "e_1550";
  run.rejects_file = "/srv/q/contacts.rejects.csv";
  return run;
}

idl::Reject BadPhone(int64_t record) {
  idl::Reject reject;
  reject.record = record;
  reject.line = record + 1;
  reject.outcome = "quarantined";
  reject.code = 2103;
  reject.name = "R-PHONE";
  reject.column = "Mobile";
  reject.reason = "not a phone number";
  return reject;
}

// A reason may name the id that is wrong; it is one kind of mistake all the same.
TEST(RunText, CountsAMistakeOnceWhateverItNames) {
  std::vector<idl::Reject> rejects = {BadPhone(77), BadPhone(102)};
  rejects[1].reason = "c_4711 is not a phone number";
  const std::string text = RunText(PartialRun(), rejects, kPlain);
  EXPECT_NE(text.find("  2  RFD2103  "), std::string::npos) << text;
}

TEST(RunText, SaysThatRowsWereShort) {
  idl::Run run = PartialRun();
  run.rows_short = 3;
  EXPECT_NE(RunText(run, {}, kPlain).find("Short   3 rows lack cells"), std::string::npos);
}

TEST(RunText, AccountsForEveryRow) {
  idl::Reject other = BadPhone(901);
  other.code = 2110;
  other.column = "Email";
  other.reason = "text after the domain";
  const std::vector<idl::Reject> rejects = {other, BadPhone(77), BadPhone(102)};
  EXPECT_EQ(RunText(PartialRun(), rejects, kPlain),
            R"(Run 01JDA1K3VQ7M8Z4T5X6Y7W8V9A  hubspot-eu  contacts.csv  PARTIAL  9.2 s
rows 88 140 = created 1 111 + updated 395 + unchanged 86 613 + duplicate 4 + quarantined 17 + held 0
Read    hubspot Contact, 9.4 MiB, UTF-8, delimiter ;, sha256 4f1c00112233
Match   external_id 81 002   email 6 010   claims found 0
Events  e_45 to e_1550
Why rows were quarantined or held
  2  RFD2103  not a phone number     e.g. row 77, line 78, column "Mobile"
  1  RFD2110  text after the domain  e.g. row 901, line 902, column "Email"
Fix:    /srv/q/contacts.rejects.csv   (your columns + reason)
Then:   drop the fixed file in the inbox
)");
}

TEST(RunText, LeavesOutWhatAFailedRunNeverKnew) {
  idl::Run run;
  run.id = "01JDA1K3VQ7M8Z4T5X6Y7W8V9A";
  run.feed = "hubspot-eu";
  run.connector = "hubspot";
  run.file = "contacts.csv";
  run.status = "failed";
  run.code = 2003;
  run.reason = "contacts.csv is empty";
  run.started_at = run.finished_at = ToMicros(kNow);
  EXPECT_EQ(RunText(run, {}, kPlain),
            R"(Run 01JDA1K3VQ7M8Z4T5X6Y7W8V9A  hubspot-eu  contacts.csv  FAILED  0 ms
RFD2003 contacts.csv is empty
rows 0 = created 0 + updated 0 + unchanged 0 + quarantined 0 + held 0
Read    hubspot
Events  none
)");
}

TEST(RunsText, ShowsOneLineARun) {
  EXPECT_EQ(RunsText({{PartialRun()}}, kNow, kPlain),
            "RUN                         FEED        STATUS   STARTED   TOOK    ROWS  CHANGED  "
            "QUARANTINED  FILE\n"
            "01JDA1K3VQ7M8Z4T5X6Y7W8V9A  hubspot-eu  PARTIAL  1 h ago  9.2 s  88 140    1 506  "
            "         17  contacts.csv\n");
  EXPECT_EQ(RunsText({}, kNow, kPlain), "No runs yet.\n");
}

TEST(ProgressText, SaysHowFarAndHowLong) {
  idl::Run run = PartialRun();
  run.status = "running";
  EXPECT_EQ(ProgressText(run, 0), "hubspot-eu  checking the file");
  run.rows_expected = 88'140;
  run.counts.rows_read = 53'801;
  EXPECT_EQ(ProgressText(run, 9'412),
            "hubspot-eu  importing  61 %  53 801/88 140 rows  9 412 rows/s  17 quarantined  "
            "3.0 s left");
}

TEST(StatusText, ShowsDaemonStoreAndFeeds) {
  idl::ServerInfo info;
  info.version = "0.1.0";
  info.started_at = Before(std::chrono::hours(76));
  info.person_count = 1'284'311;
  info.event_count = 3'902'118;
  info.store_bytes = int64_t{2'254'857'830};
  info.rpc_listen = {"unix:/s", "127.0.0.1:7431"};
  info.accepts_writes = true;
  idl::Feed fresh;
  fresh.name = "cards";
  idl::Feed used;
  used.name = "hubspot-eu";
  used.last_run = PartialRun();
  EXPECT_EQ(
      StatusText(info, {{fresh, used}}, kNow, kPlain),
      "referrald 0.1.0  running 3 d 4 h   store 1 284 311 contacts, 0 organisations, 3 902 118 "
      "events, 2.1 GiB   rpc unix:/s, 127.0.0.1:7431\n"
      "referrals 0, introductions 0, opportunities 0\n"
      "FEED        STATE    LAST RUN   TOOK    ROWS  CHANGED  QUARANTINED  NEXT\n"
      "cards       new      -             -       -        -            -  waits for a file\n"
      "hubspot-eu  PARTIAL  1 h ago   9.2 s  88 140    1 506           17  17 rows need a fix: "
      "referralctl run rejects 01JDA1K3VQ7M8Z4T5X6Y7W8V9A\n");
  info.accepts_writes = false;
  info.not_accepting_reason = "the disk is full";
  EXPECT_THAT(StatusText(info, {}, kNow, kPlain), HasSubstr("NOT ACCEPTING WRITES  the disk is"));
}

idl::Contact HotContact() {
  idl::Contact contact;
  contact.id = "c_42";
  contact.kind = idl::EntityKind::PERSON;
  contact.display_name = "Ana\x1b[2J Lopez";
  contact.temperature = idl::Temperature::HOT;
  idl::FieldValue email;
  email.name = "email";
  email.value = "ana@example.com";
  contact.fields = {email};
  idl::Claim claim;
  claim.category = "customer_referral";
  claim.text = "Referral";
  claim.event = "e_42";
  contact.claims = {claim};
  idl::Honesty honesty;
  honesty.rep = "c_7";
  honesty.temperature = idl::Temperature::HOT;
  honesty.kind = "REFERRAL";
  honesty.basis = "INTRODUCTION";
  honesty.because = {"e_50"};
  honesty.explanation = "HOT because somebody introduced them (e_50)";
  contact.honesty = {honesty};
  contact.referrals_as_contact = {"r_49"};
  return contact;
}

TEST(ContactText, ShowsClaimsApartFromEvidence) {
  EXPECT_EQ(ContactText(HotContact(), kPlain),
            R"(c_42  Ana?[2J Lopez  person  HOT
  email  ana@example.com
Claims (somebody wrote it; no evidence)
  customer_referral  "Referral"  e_42
HOT or COLD, and why
  rep c_7  HOT  REFERRAL/INTRODUCTION  e_50
    HOT because somebody introduced them (e_50)
Was brought by  r_49
)");
}

TEST(WhyText, NamesFeedRunRowAndEvent) {
  idl::FieldProvenance field;
  field.name = "phone";
  field.value = "+34";
  field.winner.value = "+34";
  field.winner.external_ref.system = "hubspot";
  field.winner.external_ref.object = "Contact";
  field.winner.external_ref.id = "7";
  field.winner.feed = "hubspot-eu";
  field.winner.run = "01JD";
  field.winner.row = 77;
  field.winner.event = "e_45";
  field.winner.occurred_at = ToMicros(kNow);
  EXPECT_EQ(WhyText(nullptr, {{field}}, kPlain),
            "FIELD  VALUE        ROW OF             FEED        RUN   ROW  EVENT  AS OF\n"
            "phone  +34    from  hubspot:Contact:7  hubspot-eu  01JD   77  e_45   "
            "2001-09-09T01:46:40Z\n");
  const idl::Contact contact = HotContact();
  EXPECT_THAT(WhyText(&contact, {}, kPlain), HasSubstr("REFERRAL/INTRODUCTION  e_50"));
}

TEST(ReferralText, NamesTheEventsItStandsOn) {
  idl::Referral referral;
  referral.id = "r_49";
  referral.state = "INTRODUCED";
  referral.source = "c_1";
  referral.source_name = "Ben";
  referral.contact = "c_42";
  referral.rep = "c_7";
  referral.honesty = HotContact().honesty.front();
  idl::ReferralStep step;
  step.state = "INTRODUCED";
  step.event = "e_50";
  referral.steps = {step};
  EXPECT_EQ(ReferralText(referral, kPlain),
            R"(r_49  INTRODUCED  HOT  REFERRAL/INTRODUCTION
  source   c_1 Ben
  contact  c_42
  rep      c_7
Why HOT: HOT because somebody introduced them (e_50)  [e_50]
Path INTRODUCED (e_50)
)");
}

idl::ChainNode Node(std::string id, std::string parent, int32_t depth) {
  idl::ChainNode node;
  node.person = std::move(id);
  node.parent = std::move(parent);
  node.depth = depth;
  node.temperature = idl::Temperature::HOT;
  if (node.parent.empty()) return node;
  node.state = "MET";
  node.referral = "r_9";
  node.event = "e_10";
  return node;
}

idl::Chain SmallChain() {
  idl::Chain chain;
  chain.person = "c_1";
  chain.descendants = {Node("c_1", "", 0),    Node("c_2", "c_1", 1), Node("c_3", "c_2", 2),
                       Node("c_4", "c_2", 2), Node("c_5", "c_1", 1), Node("c_6", "c_5", 2)};
  chain.descendants[0].child_count = 2;
  chain.descendants[0].reach = 5;
  return chain;
}

TEST(ChainText, DrawsATree) {
  EXPECT_EQ(ChainText(SmallChain(), {.up = false}, kPlain),
            "c_1  HOT  brought 2, 5 in all\n"
            "├─ c_2  HOT  MET  r_9 e_10\n"
            "│  ├─ c_3  HOT  MET  r_9 e_10\n"
            "│  └─ c_4  HOT  MET  r_9 e_10\n"
            "└─ c_5  HOT  MET  r_9 e_10\n"
            "   └─ c_6  HOT  MET  r_9 e_10\n");
}

TEST(ChainText, ShowsTheWayFromTheRoot) {
  idl::Chain chain;
  chain.ancestors = {Node("c_2", "c_1", 1), Node("c_1", "", 0)};
  EXPECT_EQ(ChainText(chain, {.down = false}, kPlain),
            "Came by\n  c_1  HOT\n  c_2  HOT  MET  r_9 e_10\n");
}

TEST(ChainDot, QuotesNames) {
  idl::Chain chain;
  chain.descendants = {Node("c_1", "", 0)};
  chain.descendants[0].display_name = "A \"B\"";
  EXPECT_EQ(ChainDot(chain, {}),
            "digraph chain {\n  node [shape=box];\n"
            "  \"c_1\" [label=\"c_1 A \\\"B\\\"\", style=bold];\n}\n");
}

TEST(CheckText, PutsTheNumberBeforeWhatIsWrong) {
  idl::FeedCheck good, bad;
  good.name = "inbox";
  good.ok = true;
  good.message = "3 files wait";
  bad.name = "archive";
  bad.code = 2001;
  bad.message = "cannot be written";
  EXPECT_EQ(CheckText({{good, bad}}, kPlain),
            "ok    inbox    3 files wait\nFAIL  archive  RFD2001 cannot be written\n");
}

TEST(VerifyText, SaysWhatItCompared) {
  idl::VerifyReport report;
  report.event_count = 1'203;
  report.projection_count = 1;
  EXPECT_EQ(VerifyText(report, kPlain),
            "1 203 events, 1 derived record compared: all as they should be\n");
  report.problems = {"event e_17: checksum mismatch"};
  EXPECT_THAT(VerifyText(report, kPlain), HasSubstr("1 problem\n  event e_17"));
}

}  // namespace
}  // namespace referrald::ctl
