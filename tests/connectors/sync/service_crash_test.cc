// The machine is taken away at every stretch in turn; what comes out must be what an undisturbed
// run gives, to the event and to the count.
#include <gmock/gmock.h>

#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RunRecord;
using ledger::RunStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Every outcome in every stretch: new, repeated, contradicting, bad, deleted and merged rows.
std::string MixedFile() {
  std::string file(kCrmHeader);
  for (int block = 0; block < 6; ++block) {
    const int first = 1 + block * 200;
    file += CrmRows(first, 200);
    file += CrmRows(first, 3);                                         // Repeated.
    file += std::to_string(first + 5) + ",Other,o@example.org,,0,\n";  // Contradicting.
    file += ",No id,n@example.org,,0,\n";
    file += std::to_string(first + 9000) + ",Gone,g@example.org,Web,1,\n";
    file += std::to_string(first + 20000) + ",Loser,l" + std::to_string(first) +
            "@example.org,Web,0," + std::to_string(first + 199) + "\n";
  }
  // A merge whose winner comes last of all.
  file += "7777,Early,e@example.org,Web,0,7778\n7778,Late,late@example.org,Referral,0,\n";
  return file;
}

struct Undisturbed {
  RunRecord run;
  std::string world, rejects;
  ledger::Totals totals;
  std::vector<ledger::Reject> stored;
  int stretches = 0;
};

class ServiceCrashTest : public SyncTest {
 protected:
  Undisturbed See(const RunRecord& run) {
    return {.run = run,
            .world = World(),
            .rejects = support::ReadFile(RejectsFileOf(feeds_[0], run)),
            .totals = Totals(),
            .stored = RejectsOf(run.id),
            .stretches = faulty_->stretches()};
  }
  void ExpectSame(const Undisturbed& expected, const Undisturbed& actual) {
    EXPECT_EQ(actual.run.counts, expected.run.counts);
    EXPECT_EQ(actual.run.status, expected.run.status);
    EXPECT_EQ(actual.run.sequence_from, expected.run.sequence_from);
    EXPECT_EQ(actual.run.sequence_to, expected.run.sequence_to);
    EXPECT_EQ(actual.run.claims_found, expected.run.claims_found);
    EXPECT_EQ(actual.run.matched_external_id, expected.run.matched_external_id);
    EXPECT_EQ(actual.totals.events, expected.totals.events);
    EXPECT_EQ(actual.totals.persons, expected.totals.persons);
    EXPECT_EQ(actual.world, expected.world);
    EXPECT_EQ(actual.rejects, expected.rejects);
    EXPECT_EQ(actual.stored, expected.stored);
  }
  // Everything anew, as a fresh machine.
  void Wipe() {
    Down();
    faulty_.reset();
    real_.reset();
    engine_ = engine::OpenMemory();
    std::filesystem::remove_all(dir_ / "crm");
    OpenLedger();
  }
  void CrashAt(int stretch, FaultyLedger::Fault fault) {
    Wipe();
    Open();
    Drop("crm", "mixed.csv", MixedFile());
    faulty_->FailAt(stretch, fault);
    const size_t postponed = sink_.All("run.postponed").size();
    Up();
    ASSERT_TRUE(sink_.WaitFor("run.postponed", postponed + 1));
    EXPECT_THAT(FilesIn("crm", "processing"), SizeIs(1));
  }
  Undisturbed FinishAfterRestart() {
    const size_t finished = sink_.All("run.finished").size();
    Restart();
    return See(WaitForRun(finished + 1));
  }
};

TEST_F(ServiceCrashTest, AnyStretchLostOrUnansweredIsMadeUpFor) {
  Up();
  const Undisturbed expected = See(Import("crm", "mixed.csv", MixedFile()));
  EXPECT_EQ(expected.run.status, RunStatus::kPartial) << expected.run.reason;
  EXPECT_EQ(expected.run.counts.merged, 7u);
  ASSERT_GE(expected.stretches, 6);
  for (int stretch = 0; stretch < expected.stretches; ++stretch) {
    for (const auto fault : {FaultyLedger::Fault::kBefore, FaultyLedger::Fault::kAfter}) {
      SCOPED_TRACE(testing::Message()
                   << "stretch " << stretch << " fault "
                   << (fault == FaultyLedger::Fault::kAfter ? "after" : "before"));
      CrashAt(stretch, fault);
      ExpectSame(expected, FinishAfterRestart());
    }
  }
}

TEST_F(ServiceCrashTest, ManyCrashesInOneRunAreNoPoisonWhileItGetsOn) {
  Up();
  const Undisturbed expected = See(Import("crm", "mixed.csv", MixedFile()));
  CrashAt(0, FaultyLedger::Fault::kAfter);
  for (int crash = 1; crash + 1 < expected.stretches; ++crash) {
    const size_t postponed = sink_.All("run.postponed").size();
    Down();
    faulty_.reset();
    real_.reset();
    OpenLedger();
    Open();
    faulty_->FailAt(0, FaultyLedger::Fault::kAfter);
    Up();
    ASSERT_TRUE(sink_.WaitFor("run.postponed", postponed + 1));
  }
  ExpectSame(expected, FinishAfterRestart());
}

TEST_F(ServiceCrashTest, AStoreThatComesBackFinishesTheRunAtTheNextRescan) {
  Up();
  const Undisturbed expected = See(Import("crm", "mixed.csv", MixedFile()));
  for (const auto fault : {FaultyLedger::Fault::kBefore, FaultyLedger::Fault::kAfter}) {
    CrashAt(2, fault);
    const size_t finished = sink_.All("run.finished").size();
    faulty_->Heal();
    service_->Rescan("", "");
    ExpectSame(expected, See(WaitForRun(finished + 1)));
  }
}

TEST_F(ServiceCrashTest, AnAnswerThatIsLostIsFoundInTheStore) {
  Up();
  const Undisturbed expected = See(Import("crm", "mixed.csv", MixedFile()));
  for (int stretch = 0; stretch < expected.stretches; ++stretch) {
    SCOPED_TRACE(stretch);
    Wipe();
    Open();
    faulty_->FailAt(stretch, FaultyLedger::Fault::kLost);
    Up();
    ExpectSame(expected, See(Import("crm", "mixed.csv", MixedFile())));
  }
}

TEST_F(ServiceCrashTest, AnOrderlyStopGoesOnLater) {
  Up();
  const Undisturbed expected = See(Import("crm", "mixed.csv", MixedFile()));
  Wipe();
  Open();
  Drop("crm", "mixed.csv", MixedFile());
  size_t finished = sink_.All("run.finished").size();
  // Stopped again and again, wherever it happens to be.
  for (int i = 0; i < 20 && sink_.All("run.finished").size() == finished; ++i) {
    service_->Start();
    service_->Rescan("", "");
    service_->Stop();
  }
  service_->Start();
  ExpectSame(expected, See(WaitForRun(finished + 1)));
}

TEST_F(ServiceCrashTest, AResumedRunTellsItsEndOnce) {
  CrashAt(3, FaultyLedger::Fault::kAfter);
  EXPECT_THAT(sink_.All("run.finished"), IsEmpty());
  FinishAfterRestart();
  EXPECT_THAT(sink_.All("run.finished"), SizeIs(1));
  EXPECT_THAT(sink_.All("file.archived"), SizeIs(1));
}

// A run in the store, and its file in processing/, as a crash leaves them.
class ServiceRecoveryTest : public SyncTest {
 protected:
  RunRecord Leave(uint32_t attempts, std::string_view bytes) {
    RunRecord run;
    run.id = RunId::Make(clock_.Now(), {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    run.feed = "crm";
    run.connector = "generic_csv";
    run.file = "left.csv";
    run.started_by = "inbox";
    run.started_at = clock_.Now();
    run.attempts = attempts;
    Open();
    if (!bytes.empty()) dir_.Write("crm/processing/" + ToText(run.id) + "__left.csv", bytes);
    return run;
  }
  void Put(const RunRecord& run) {
    const Status put =
        real_->PutRun(run, {}, std::chrono::steady_clock::now() + std::chrono::minutes{1});
    ASSERT_TRUE(put.ok()) << put.ToString();
  }
};

TEST_F(ServiceRecoveryTest, AFileThatEndsTheProcessThreeTimesIsPoison) {
  const RunRecord left = Leave(/*attempts=*/3, CrmFile(5));
  Put(left);
  Up();
  const RunRecord run = WaitForRun(1);
  EXPECT_EQ(run.id, left.id);
  EXPECT_EQ(run.status, RunStatus::kFailed);
  EXPECT_EQ(run.number, 2026);
  EXPECT_EQ(Facts(), 0u);
  EXPECT_THAT(FilesIn("crm", "quarantine"), SizeIs(2));
}

TEST_F(ServiceRecoveryTest, TwoCrashesAreNotYetPoison) {
  Put(Leave(/*attempts=*/2, CrmFile(5)));
  Up();
  EXPECT_EQ(WaitForRun(1).status, RunStatus::kOk);
}

TEST_F(ServiceRecoveryTest, ARunWhoseFileIsGoneEndsWithTheReason) {
  Put(Leave(/*attempts=*/1, ""));
  Up();
  const RunRecord run = WaitForRun(1);
  EXPECT_EQ(run.status, RunStatus::kFailed);
  EXPECT_EQ(run.number, 2027);
}

TEST_F(ServiceRecoveryTest, AFileThatNoRunKnowsGoesBackToTheInbox) {
  Leave(/*attempts=*/0, CrmFile(5));
  Up();
  const RunRecord run = WaitForRun(1);
  EXPECT_EQ(run.file, "left.csv");
  EXPECT_EQ(run.counts.created, 5u);
  EXPECT_EQ(run.started_by, "inbox");
}

TEST_F(ServiceRecoveryTest, AFileThatIsNotTheOneBegunWithIsRefused) {
  RunRecord left = Leave(/*attempts=*/1, CrmFile(5));
  left.sha256 = std::string(64, 'a');
  left.rows_expected = 5;
  Put(left);
  Up();
  const RunRecord run = WaitForRun(1);
  EXPECT_EQ(run.status, RunStatus::kFailed);
  EXPECT_EQ(run.number, 2025);
}

TEST_F(ServiceRecoveryTest, AFinishedRunWhoseFileWasNotMovedYetIsTidiedUp) {
  RunRecord left = Leave(/*attempts=*/1, CrmFile(5));
  left.status = RunStatus::kOk;
  Put(left);
  Up();
  WaitForRun(1);
  EXPECT_THAT(FilesIn("crm", "archive"), ElementsAre(ToText(left.id) + "__left.csv"));
  EXPECT_EQ(Facts(), 0u);
}

TEST_F(ServiceRecoveryTest, WhatAPersonAcceptedStaysAcceptedAfterACrash) {
  RunRecord left = Leave(/*attempts=*/1, std::string(kCrmHeader) + ",x,,,0,\n1,A,,,0,\n,y,,,0,\n");
  left.accepted = true;
  Put(left);
  Up();
  const RunRecord run = WaitForRun(1);
  EXPECT_EQ(run.status, RunStatus::kPartial) << run.reason;
  EXPECT_EQ(run.counts.created, 1u);
}

TEST_F(ServiceRecoveryTest, LeftoversOfAnUnfinishedCopyAreRemoved) {
  Open();
  dir_.Write("crm/processing/.01JDA1K3VQ7M8Z4T5X6Y7W8V9A__x.csv.tmp", "half");
  Up();
  Import("crm", "next.csv", CrmFile(1));
  EXPECT_THAT(FilesIn("crm", "processing"), IsEmpty());
}

}  // namespace
}  // namespace referrald::sync
