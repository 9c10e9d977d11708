#include "storage/engine/head_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/support/mutate.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::engine {
namespace {

constexpr size_t kSlotBytes = 4096;
constexpr size_t kUsedBytes = 80;

HeadMark MarkOf(uint64_t sequence) {
  HeadMark mark{.identity = {}, .sequence = sequence, .chain = {}};
  mark.identity.fill(7);
  mark.chain.fill(static_cast<uint8_t>(sequence * 31 + 1));
  return mark;
}

// A disk in memory that does what disks do when the power or the disk itself fails.
struct Platter {
  std::string cached;  // What every reader sees.
  std::string stable;  // What a power cut leaves.
  std::array<bool, 2> dirty{};
  std::vector<std::pair<uint64_t, std::string>> unsynced;
  int syncs = 0;
  bool is_full = false;
  bool fails_writes = false;
  bool fails_syncs = false;

  explicit Platter(std::string bytes) : cached(bytes), stable(std::move(bytes)) {}

  // Each block becomes any of what it was since the last sync, or is torn on the way there. What a
  // failed sync gave up, and nobody wrote since, is lost.
  void CutPower(std::mt19937_64& random) {
    for (const auto& [offset, bytes] : unsynced) {
      const size_t from = random() % 2 == 0 ? 0 : random() % kUsedBytes;
      const size_t to = random() % 2 == 0 ? bytes.size() : random() % kUsedBytes;
      for (size_t i = from; i < to; ++i) stable[offset + i] = bytes[i];
    }
    unsynced.clear();
    cached = stable;
  }
};

class PlatterDisk final : public HeadDisk {
 public:
  explicit PlatterDisk(Platter& platter) : platter_(platter) {}

  Result<std::string> Read(size_t size_max) override { return platter_.cached.substr(0, size_max); }

  Status Write(uint64_t offset, std::string_view bytes) override {
    if (platter_.fails_writes) return Status::IoError("write", 4013);
    if (platter_.is_full) {
      platter_.cached.replace(offset, bytes.size() / 2, bytes.substr(0, bytes.size() / 2));
      return Status::Unavailable("full", 4002);
    }
    platter_.cached.replace(offset, bytes.size(), bytes);
    const size_t block = offset / kSlotBytes;
    platter_.dirty[block] = true;
    // The disk is given whole blocks.
    platter_.unsynced.emplace_back(block * kSlotBytes,
                                   platter_.cached.substr(block * kSlotBytes, kSlotBytes));
    return Status::Ok();
  }

  Status Sync() override {
    ++platter_.syncs;
    if (platter_.fails_syncs) {
      // As Linux does: the pages count as clean from now on.
      platter_.dirty = {};
      platter_.unsynced.clear();
      return Status::IoError("sync", 4013);
    }
    for (size_t block = 0; block < 2; ++block) {
      if (!platter_.dirty[block]) continue;
      const std::string bytes = platter_.cached.substr(block * kSlotBytes, kSlotBytes);
      platter_.stable.replace(block * kSlotBytes, kSlotBytes, bytes);
    }
    platter_.dirty = {};
    platter_.unsynced.clear();
    return Status::Ok();
  }

 private:
  Platter& platter_;
};

Result<HeadFile> OpenOn(Platter& platter) {
  return HeadFile::Open(std::make_unique<PlatterDisk>(platter), "head");
}

// The bytes of a file in which `older` was synced and `newer` was written after it.
std::string FileOf(uint64_t older, uint64_t newer) {
  Platter platter(HeadFile::NewFile(MarkOf(older)));
  Result<HeadFile> file = OpenOn(platter);
  EXPECT_TRUE(file->Write(MarkOf(newer)).ok());
  return platter.cached;
}

Result<HeadMark> Found(const std::string& bytes) {
  Platter platter(bytes);
  const Result<HeadFile> file = OpenOn(platter);
  if (!file) return file.error();
  return file->mark();
}

TEST(HeadFile, KeepsTheLastMark) {
  const support::TempDir dir;
  const std::string path = dir / "head";
  {
    Result<HeadFile> file = HeadFile::Create(path, MarkOf(0));
    ASSERT_TRUE(file) << file.error().ToString();
    EXPECT_EQ(file->mark(), MarkOf(0));
    EXPECT_EQ(file->damaged_slots(), 0);
  }
  for (uint64_t sequence = 1; sequence <= 20; ++sequence) {
    Result<HeadFile> file = HeadFile::Open(path);
    ASSERT_TRUE(file) << file.error().ToString();
    ASSERT_EQ(file->mark(), MarkOf(10 * (sequence - 1)));
    ASSERT_EQ(file->damaged_slots(), 0);
    for (uint64_t i = 9; i-- > 0;) {
      ASSERT_TRUE(file->Write(MarkOf(10 * sequence - i)).ok());
      ASSERT_TRUE(sequence % 3 != i % 3 || file->Sync().ok());
    }
    ASSERT_EQ(file->mark(), MarkOf(10 * sequence));
  }
}

TEST(HeadFile, IsStoredAsDocumented) {
  HeadMark mark = MarkOf(0x0102);
  const std::string bytes = HeadFile::NewFile(mark);
  ASSERT_EQ(bytes.size(), 8192u);
  const std::string counter_and_mark = "0000000000000001" + ToHex(AsBytes(mark.identity)) +
                                       "0000000000000102" + ToHex(AsBytes(mark.chain));
  EXPECT_EQ(bytes.substr(0, 8), "RFDHEAD1");
  EXPECT_EQ(ToHex(bytes.substr(8, 64)), counter_and_mark);
  EXPECT_EQ(ReadBigEndian64(bytes.substr(72)), Checksum64(bytes.substr(0, 72)));
  EXPECT_EQ(ReadBigEndian64(bytes.substr(kSlotBytes + 8)), 2u);
  EXPECT_EQ(bytes.find_first_not_of('\0', kUsedBytes), kSlotBytes);
  EXPECT_EQ(bytes.find_first_not_of('\0', kSlotBytes + kUsedBytes), std::string::npos);
}

TEST(HeadFile, SaysThatThereIsNone) {
  const support::TempDir dir;
  EXPECT_EQ(HeadFile::Open(dir / "head").error().number(), 4011);
}

TEST(HeadFile, IsMadeOnce) {
  const support::TempDir dir;
  ASSERT_TRUE(HeadFile::Create(dir / "head", MarkOf(5)));
  EXPECT_EQ(HeadFile::Create(dir / "head", MarkOf(6)).error().code(), Code::kAlreadyExists);
  EXPECT_EQ(HeadFile::Open(dir / "head")->mark(), MarkOf(5));
}

TEST(HeadFile, RefusesAnotherFile) {
  const std::string good = FileOf(1, 2);
  for (const std::string& bytes :
       {std::string(), std::string("OWNER"), std::string(8192, '\0'), good.substr(0, 4096),
        good.substr(0, 8191), good + '\0', std::string(1 << 20, 'x')}) {
    const Result<HeadMark> found = Found(bytes);
    ASSERT_FALSE(found) << bytes.size();
    EXPECT_EQ(found.error().code(), Code::kCorruption);
    EXPECT_EQ(found.error().number(), 4012);
    EXPECT_THAT(found.error().message(), ::testing::HasSubstr("head file head: "));
  }
}

TEST(HeadFile, WritesToTheSlotThatTheLastSyncDoesNotHold) {
  Platter platter(HeadFile::NewFile(MarkOf(1)));
  Result<HeadFile> file = OpenOn(platter);
  const auto slot_of = [&](uint64_t sequence) {
    for (const size_t slot : {size_t{0}, size_t{1}}) {
      if (ReadBigEndian64(std::string_view(platter.cached).substr(slot * kSlotBytes + 32)) ==
          sequence) {
        return slot;
      }
    }
    return size_t{2};
  };
  ASSERT_TRUE(file->Write(MarkOf(2)).ok());
  const size_t first = slot_of(2);
  ASSERT_TRUE(file->Write(MarkOf(3)).ok());
  EXPECT_EQ(slot_of(3), first);
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Write(MarkOf(4)).ok());
  EXPECT_EQ(slot_of(4), 1 - first);
  EXPECT_EQ(slot_of(3), first);
}

TEST(HeadFile, DoesNotSyncWhatIsSynced) {
  Platter platter(HeadFile::NewFile(MarkOf(1)));
  Result<HeadFile> file = OpenOn(platter);
  const int before = platter.syncs;
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(platter.syncs, before);
  ASSERT_TRUE(file->Write(MarkOf(2)).ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(platter.syncs, before + 1);
}

// A slot that was written as far as any of its bytes, with the old one behind or before it.
TEST(HeadFile, ATornWriteCostsNoMoreThanThatWrite) {
  Platter platter(FileOf(1, 2));
  Result<HeadFile> file = OpenOn(platter);
  const std::string before = platter.cached;
  ASSERT_TRUE(file->Write(MarkOf(3)).ok());
  const std::string after = platter.cached;
  int seen_new = 0;
  for (size_t slot = 0; slot < 2; ++slot) {
    for (size_t torn = 0; torn <= kUsedBytes; ++torn) {
      for (const auto& [front, back] : {std::pair{after, before}, {before, after}}) {
        const size_t at = slot * kSlotBytes + torn;
        const Result<HeadMark> found = Found(front.substr(0, at) + back.substr(at));
        ASSERT_TRUE(found) << found.error().ToString();
        ASSERT_TRUE(*found == MarkOf(2) || *found == MarkOf(3)) << found->sequence;
        seen_new += *found == MarkOf(3) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(seen_new, 0);
}

TEST(HeadFile, AFlippedBitIsHarmlessOrCostsTheLastWrite) {
  const std::string good = FileOf(1, 2);
  int older = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(static_cast<uint8_t>(bytes[at]) ^ 1U << bit);
      const Result<HeadMark> found = Found(bytes);
      ASSERT_TRUE(found) << at << " " << found.error().ToString();
      ASSERT_TRUE(*found == MarkOf(2) || *found == MarkOf(1)) << at;
      older += *found == MarkOf(1) ? 1 : 0;
    }
  }
  EXPECT_EQ(older, static_cast<int>(kUsedBytes * 8));  // Those of the newer slot.
}

TEST(HeadFile, SaysThatASlotIsDamagedAndMendsIt) {
  Platter platter(FileOf(1, 2));
  platter.cached[20] = platter.stable[20] = '?';
  Result<HeadFile> file = OpenOn(platter);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->damaged_slots(), 1);
  EXPECT_EQ(OpenOn(platter)->damaged_slots(), 0);
}

TEST(HeadFile, RefusesWhenBothSlotsAreDamaged) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = FileOf(1, 2);
    for (const size_t slot : {size_t{0}, size_t{1}}) {
      const size_t bit = random() % (kUsedBytes * 8);
      char& byte = bytes[slot * kSlotBytes + bit / 8];
      byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << bit % 8);
    }
    const Result<HeadMark> found = Found(bytes);
    ASSERT_FALSE(found);
    ASSERT_EQ(found.error().number(), 4012);
  }
}

TEST(HeadFile, TamperingLeavesAMarkThatWasWrittenOrNone) {
  std::mt19937_64 random(support::TestSeed());
  const std::string good = FileOf(1, 2);
  for (int i = 0; i < 5'000; ++i) {
    support::Mutation mutation = support::Mutate(good, random);
    for (uint64_t more = random() % 3; more > 0 && mutation.bytes.size() > 1; --more) {
      mutation = support::Mutate(mutation.bytes, random);
    }
    const Result<HeadMark> found = Found(mutation.bytes);
    if (!found) continue;
    ASSERT_TRUE(*found == MarkOf(1) || *found == MarkOf(2)) << mutation.what;
  }
}

TEST(HeadFile, AFailedSyncIsFinal) {
  Platter platter(HeadFile::NewFile(MarkOf(1)));
  Result<HeadFile> file = OpenOn(platter);
  ASSERT_TRUE(file->Write(MarkOf(2)).ok());
  platter.fails_syncs = true;
  EXPECT_EQ(file->Sync().code(), Code::kIoError);
  platter.fails_syncs = false;
  const int before = platter.syncs;
  EXPECT_EQ(file->Write(MarkOf(3)), Status::IoError("sync", 4013));
  EXPECT_EQ(file->Sync(), Status::IoError("sync", 4013));
  EXPECT_EQ(platter.syncs, before);  // Never asked again.
  EXPECT_EQ(file->mark(), MarkOf(2));
}

TEST(HeadFile, AFailedWriteIsFinal) {
  Platter platter(HeadFile::NewFile(MarkOf(1)));
  Result<HeadFile> file = OpenOn(platter);
  platter.fails_writes = true;
  EXPECT_EQ(file->Write(MarkOf(2)).code(), Code::kIoError);
  platter.fails_writes = false;
  EXPECT_EQ(file->Write(MarkOf(3)), Status::IoError("write", 4013));
  EXPECT_EQ(file->Sync(), Status::IoError("write", 4013));
  EXPECT_EQ(file->mark(), MarkOf(1));
}

TEST(HeadFile, GoesOnWhenThereIsSpaceAgain) {
  Platter platter(HeadFile::NewFile(MarkOf(1)));
  Result<HeadFile> file = OpenOn(platter);
  ASSERT_TRUE(file->Write(MarkOf(2)).ok());
  platter.is_full = true;
  EXPECT_EQ(file->Write(MarkOf(3)).code(), Code::kUnavailable);
  EXPECT_EQ(file->Sync().code(), Code::kUnavailable);
  EXPECT_EQ(file->mark(), MarkOf(2));
  EXPECT_EQ(Found(platter.cached).value(), MarkOf(1));  // The last sync's.
  platter.is_full = false;
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(Found(platter.stable).value(), MarkOf(2));
  ASSERT_TRUE(file->Write(MarkOf(3)).ok());
  EXPECT_EQ(Found(platter.cached).value(), MarkOf(3));
}

TEST(HeadFile, OpensOnAFullDisk) {
  Platter platter(FileOf(1, 2));
  platter.is_full = true;
  Result<HeadFile> file = OpenOn(platter);
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->mark(), MarkOf(2));
  EXPECT_EQ(file->Write(MarkOf(3)).code(), Code::kUnavailable);
  platter.is_full = false;
  ASSERT_TRUE(file->Write(MarkOf(3)).ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(Found(platter.stable).value(), MarkOf(3));
}

TEST(HeadFile, DoesNotOpenOnADiskThatDoesNotSync) {
  Platter platter(FileOf(1, 2));
  platter.fails_syncs = true;
  EXPECT_EQ(OpenOn(platter).error(), Status::IoError("sync", 4013));
}

// Writes, syncs, dies and loses power at random. After each, the mark is one that was written, and
// none older than the last sync; where only the process died, it is the last.
class Life {
 public:
  explicit Life(uint64_t seed) : random_(seed), platter_(HeadFile::NewFile(MarkOf(0))) {}

  void Run(int steps) {
    for (int step = 0; step < steps; ++step) {
      if (!file_) Start();
      if (!file_) return;
      switch (random_() % 20) {
        case 0: Die(/*power=*/true); break;
        case 1: Die(/*power=*/false); break;
        case 2: FailSync(); break;
        case 3:
        case 4:
        case 5: Sync(); break;
        case 6: BeFull(); break;
        default: Write(); break;
      }
    }
  }

 private:
  void Start() {
    // A full disk together with a sync that failed before is where the promise ends.
    platter_.is_full = !failed_sync_ && random_() % 4 == 0;
    Result<HeadFile> file = OpenOn(platter_);
    platter_.is_full = failed_sync_ = false;
    ASSERT_TRUE(file) << file.error().ToString();
    ASSERT_GE(file->mark().sequence, synced_);
    ASSERT_LE(file->mark().sequence, tried_);
    ASSERT_TRUE(lost_power_ || was_full_ || file->mark().sequence == written_);
    ASSERT_EQ(file->mark(), MarkOf(file->mark().sequence));
    written_ = synced_ = file->mark().sequence;
    was_full_ = false;
    file_ = std::make_unique<HeadFile>(std::move(*file));
  }
  void Die(bool power) {
    file_.reset();
    lost_power_ = power;
    if (power) platter_.CutPower(random_);
  }
  void Write() {
    ASSERT_TRUE(file_->Write(MarkOf(++tried_)).ok());
    written_ = tried_;
    was_full_ = false;
  }
  void Sync() {
    ASSERT_TRUE(file_->Sync().ok());
    synced_ = written_;
    was_full_ = false;
  }
  // Nothing is promised for what the sync was to save; what was synced before stays.
  void FailSync() {
    platter_.fails_syncs = true;
    const Status failed = file_->Sync();
    platter_.fails_syncs = false;
    if (failed.ok()) return;  // There was nothing to sync.
    failed_sync_ = true;
    ASSERT_FALSE(file_->Write(MarkOf(++tried_)).ok());
    Die(random_() % 2 == 0);
  }
  void BeFull() {
    platter_.is_full = true;
    ASSERT_EQ(file_->Write(MarkOf(++tried_)).code(), Code::kUnavailable);
    platter_.is_full = false;
    was_full_ = true;
  }

  std::mt19937_64 random_;
  Platter platter_;
  std::unique_ptr<HeadFile> file_;
  uint64_t tried_ = 0;
  uint64_t written_ = 0;
  uint64_t synced_ = 0;
  bool lost_power_ = false;
  bool was_full_ = false;
  bool failed_sync_ = false;
};

TEST(HeadFile, SurvivesARandomLife) {
  std::mt19937_64 random(support::TestSeed());
  for (int life = 0; life < 400 && !HasFatalFailure(); ++life) Life(random()).Run(200);
}

}  // namespace
}  // namespace referrald::engine
