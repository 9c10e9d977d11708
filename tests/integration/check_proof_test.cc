// packaging/check-proof, as whoever got a proof from us runs it: without us.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <random>
#include <sstream>

#include "storage/ledger/checkpoint.h"
#include "storage/ledger/proof_file.h"
#include "storage/vault/hash.h"
#include "tests/support/grown_tree.h"
#include "tests/support/mutate.h"
#include "tests/support/seed.h"
#include "tests/support/signing_key.h"
#include "tests/support/temp_dir.h"

namespace referrald::ledger {
namespace {

using support::LargeTree;
using support::SignerOf;
using support::TestRecord;
using support::TestSigningKey;
using testing::HasSubstr;

// What the script said about each proof.
struct Verdicts {
  int exit_code = -1;
  std::string output;
  std::vector<std::string> lines;

  bool Holds(size_t proof) const { return lines[proof].find(": holds: ") != std::string::npos; }
  bool IsRefused(size_t proof) const {
    return lines[proof].find(": REFUSED: ") != std::string::npos;
  }
};

class CheckProofTest : public ::testing::Test {
 protected:
  CheckProofTest() { database_.fill(0x5a); }

  static Verdicts Run(const std::string& arguments) {
    Verdicts verdicts;
    const std::string command =
        std::string(REFERRALD_PYTHON " -B " REFERRALD_CHECK_PROOF " ") + arguments + " 2>&1";
    FILE* const pipe = ::popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    std::array<char, 4096> buffer{};
    while (const size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
      verdicts.output.append(buffer.data(), size);
    }
    verdicts.exit_code = WEXITSTATUS(::pclose(pipe));
    std::istringstream lines(verdicts.output);
    for (std::string line; std::getline(lines, line);) verdicts.lines.push_back(line);
    return verdicts;
  }

  std::string KeyFile() const {
    return dir_.Write("key", EncodeNoteKey(LogKey(database_, secret_.public_key())) + "\n");
  }

  Verdicts Check(const std::vector<std::string>& proofs) const {
    std::string arguments = KeyFile();
    for (size_t i = 0; i < proofs.size(); ++i) {
      arguments += " " + dir_.Write(std::to_string(i) + ".json", proofs[i]);
    }
    Verdicts verdicts = Run(arguments);
    EXPECT_EQ(verdicts.lines.size(), proofs.size()) << verdicts.output;
    verdicts.lines.resize(proofs.size());
    return verdicts;
  }

  void ExpectAllRefused(const std::vector<std::string>& proofs,
                        const std::vector<std::string>& names) const {
    const Verdicts verdicts = Check(proofs);
    EXPECT_EQ(verdicts.exit_code, 1);
    for (size_t i = 0; i < proofs.size(); ++i) {
      EXPECT_TRUE(verdicts.IsRefused(i)) << names[i] << "\n" << verdicts.lines[i];
    }
  }

  std::string Signed(const TreeHead& tree) const {
    Checkpoint checkpoint{.database = database_, .tree = tree, .chain = {}, .at = {}};
    checkpoint.at = FromMicros(1'795'000'000'000'000 + static_cast<int64_t>(tree.size));
    return EncodeCheckpoint(checkpoint, secret_.public_key(), SignerOf(secret_));
  }
  InclusionProof Inclusion(uint64_t index, uint64_t size) const {
    return {.checkpoint = Signed(LargeTree().head(size)),
            .index = index,
            .record = TestRecord(index),
            .path = LargeTree().Inclusion(index, size)};
  }
  ConsistencyProof Consistency(uint64_t old_size, uint64_t new_size) const {
    return {.old_checkpoint = Signed(LargeTree().head(old_size)),
            .new_checkpoint = Signed(LargeTree().head(new_size)),
            .path = LargeTree().Consistency(old_size, new_size)};
  }

  Hash128 database_;
  const vault::Signer secret_ = TestSigningKey();
  const support::TempDir dir_;
};

TEST_F(CheckProofTest, IsShortEnoughToBeRead) {
  const std::string script = support::ReadFile(REFERRALD_CHECK_PROOF);
  EXPECT_LE(std::ranges::count(script, '\n'), 100);
}

TEST_F(CheckProofTest, AcceptsEveryGoodProof) {
  std::vector<std::string> proofs;
  for (uint64_t size = 1; size <= 8; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      proofs.push_back(EncodeProofFile(Inclusion(index, size)));
      proofs.push_back(EncodeProofFile(Consistency(index + 1, size)));
    }
  }
  for (const uint64_t size : {64U, 65U, 100U, 129U}) {
    proofs.push_back(EncodeProofFile(Inclusion(size / 3, size)));
    proofs.push_back(EncodeProofFile(Inclusion(size - 1, size)));
    proofs.push_back(EncodeProofFile(Consistency(size / 3, size)));
    proofs.push_back(EncodeProofFile(Consistency(32, size)));
  }
  const Verdicts verdicts = Check(proofs);
  EXPECT_EQ(verdicts.exit_code, 0);
  for (size_t i = 0; i < proofs.size(); ++i) {
    EXPECT_TRUE(verdicts.Holds(i)) << verdicts.lines[i] << "\n" << proofs[i];
  }
}

TEST_F(CheckProofTest, SaysWhatAProofShows) {
  const Verdicts verdicts =
      Check({EncodeProofFile(Inclusion(41, 100)), EncodeProofFile(Consistency(70, 100))});
  const std::string log = "referrald/" + ToHex(AsBytes(database_));
  EXPECT_THAT(verdicts.lines[0], HasSubstr("0.json: holds: event e_42 is in " + log +
                                           " (100 events, 2026-11-18T11:06:40.000100Z)"));
  EXPECT_THAT(verdicts.lines[1],
              HasSubstr("1.json: holds: " + log +
                        " (100 events, 2026-11-18T11:06:40.000100Z) begins with what it was "
                        "(70 events, 2026-11-18T11:06:40.000070Z)"));
}

TEST_F(CheckProofTest, NoticesTampering) {
  std::mt19937_64 random(support::TestSeed());
  std::vector<std::string> proofs;
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    const uint64_t size = 1 + random() % 130;
    const std::string good = random() % 2 == 0
                                 ? EncodeProofFile(Inclusion(random() % size, size))
                                 : EncodeProofFile(Consistency(1 + random() % size, size));
    support::Mutation mutation = support::Mutate(good, random);
    proofs.push_back(mutation.bytes);
    names.push_back(mutation.what + " in\n" + good);
  }
  ExpectAllRefused(proofs, names);
}

// Edits of the text that leave it JSON, and mean much the same to a careless reader.
TEST_F(CheckProofTest, ReadsOneFormOnly) {
  const std::string good = EncodeProofFile(Inclusion(5, 7));
  std::vector<std::string> proofs;
  std::vector<std::string> names;
  const auto edit = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    proofs.push_back(text.replace(at, from.size(), to));
    names.push_back(std::string(from) + " -> " + std::string(to));
  };
  edit("\"index\": 5", "\"index\": 5.0");
  edit("\"index\": 5", "\"index\": true");
  edit("\"index\": 5", "\"index\": -2");
  edit("\"index\": 5", "\"index\": 4");
  edit("\"index\": 5", "\"index\": 6");
  edit("\"index\": 5", "\"index\": 7");
  edit("\"index\": 5", "\"index\": 0005");
  edit("\"index\": 5", "\"index\": \"5\"");
  edit("\"index\": 5", "\"index\": null");
  edit("\"index\": 5", "\"index\": 4,\n \"index\": 5");
  edit("\"index\": 5", "\"index\": 5,\n \"more\": 1");
  edit("\"index\": 5,\n", "");
  edit("\"referrald_proof\": 1", "\"referrald_proof\": 2");
  edit("\"referrald_proof\": 1", "\"referrald_proof\": true");
  edit("\"inclusion\"", "\"consistency\"");
  edit("\"inclusion\"", "\"no such\"");
  edit("\"inclusion\"", "[]");
  edit("\"record\": \"72", "\"record\": \" 72");
  edit("\"record\": \"7265636f7264", "\"record\": \"7265636F7264");
  edit("\"record\": \"72", "\"record\": \"");
  edit("\"record\": \"", "\"record\": \"0");
  edit("\"path\": [", "\"path\": {");
  edit("\"path\": [\n  \"", "\"path\": [\n  \" ");
  edit("\"path\": [\n", "\"path\": [\n  7,\n");
  edit("{\n", "{\r\n");
  edit("{\n", "{ \n");
  edit("{\n", "[{\n");
  edit("—", "\\u2014");
  edit("—", "-");
  edit("\\n7\\n", "\\n8\\n");
  edit("\\n7\\n", "\\n07\\n");
  proofs.insert(proofs.end(), {"", "null", "[]", "{}", "7", "\xff\xfe", std::string(20'000, '['),
                               good + "\n", good + good, " " + good});
  names.resize(proofs.size(), "not a proof");
  ExpectAllRefused(proofs, names);
}

TEST_F(CheckProofTest, RefusesWhatAnotherKeyOrLogSigned) {
  const InclusionProof good = Inclusion(5, 7);
  const vault::Signer stranger = TestSigningKey(100);
  const Checkpoint head{
      .database = database_, .tree = LargeTree().head(7), .chain = {}, .at = Timestamp{}};
  Checkpoint other_log = head;
  other_log.database.fill(1);
  InclusionProof by_stranger = good;
  by_stranger.checkpoint = EncodeCheckpoint(head, stranger.public_key(), SignerOf(stranger));
  // The stranger bears our key's name and id.
  InclusionProof by_forger = good;
  by_forger.checkpoint = EncodeCheckpoint(head, secret_.public_key(), SignerOf(stranger));
  InclusionProof of_another_log = good;
  of_another_log.checkpoint = EncodeCheckpoint(other_log, secret_.public_key(), SignerOf(secret_));
  // One signature below another body.
  InclusionProof moved = good;
  const std::string line = good.checkpoint.substr(good.checkpoint.rfind("\n\n"));
  const std::string other = Signed(LargeTree().head(8));
  moved.checkpoint = other.substr(0, other.rfind("\n\n")) + line;
  ExpectAllRefused({EncodeProofFile(by_stranger), EncodeProofFile(by_forger),
                    EncodeProofFile(of_another_log), EncodeProofFile(moved)},
                   {"by a stranger", "by a forger", "of another log", "moved"});
}

// s + L is the same number to a careless verifier: a second signature for the same text.
TEST_F(CheckProofTest, RefusesTheOtherFormOfASignature) {
  const std::string order =
      FromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  const Signer add_order = [&](std::string_view message) {
    vault::Signature signature = secret_.Sign(message);
    unsigned carry = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      carry += signature[32 + i] + static_cast<unsigned>(static_cast<uint8_t>(order[i]));
      signature[32 + i] = static_cast<uint8_t>(carry);
      carry >>= 8;
    }
    return signature;
  };
  InclusionProof proof = Inclusion(5, 7);
  proof.checkpoint =
      EncodeCheckpoint({.database = database_, .tree = LargeTree().head(7), .chain = {}, .at = {}},
                       secret_.public_key(), add_order);
  ExpectAllRefused({EncodeProofFile(proof)}, {"s + L"});
}

MerklePath Forged(MerklePath path, std::mt19937_64& random) {
  switch (random() % 6) {
    case 0:
      if (!path.empty()) path.pop_back();
      break;
    case 1:
      if (!path.empty()) path.erase(path.begin());
      break;
    case 2: path.push_back(LargeTree().head(1 + random() % 8).root); break;
    case 3: path.insert(path.begin(), LargeTree().head(1 + random() % 8).root); break;
    case 4:
      if (path.size() > 1) std::swap(path[random() % path.size()], path[random() % path.size()]);
      break;
    default: break;
  }
  return path;
}

// A log that lies signs whatever it likes. The script and our own verifiers must agree on every
// such proof, the few good ones among them included.
TEST_F(CheckProofTest, AgreesWithOurVerifiers) {
  std::mt19937_64 random(support::TestSeed());
  std::vector<std::string> proofs;
  std::vector<bool> expected;
  for (int i = 0; i < 150; ++i) {
    const uint64_t size = 1 + random() % 12;
    const uint64_t old_size = 1 + random() % size;
    // Size and root of the heads need not belong together.
    TreeHead head = LargeTree().head(size);
    TreeHead old_head = LargeTree().head(old_size);
    if (random() % 3 == 0) head.size = random() % 14;
    if (random() % 3 == 0) old_head.size = random() % 14;
    if (random() % 8 == 0) old_head = head;
    if (random() % 2 == 0) {
      const uint64_t index = random() % 4 == 0 ? random() % 14 : old_size - 1;
      const MerklePath path = Forged(LargeTree().Inclusion(old_size - 1, size), random);
      expected.push_back(
          VerifyInclusion(MerkleLeaf(TestRecord(old_size - 1)), index, head, path).ok());
      proofs.push_back(EncodeProofFile(InclusionProof{.checkpoint = Signed(head),
                                                      .index = index,
                                                      .record = TestRecord(old_size - 1),
                                                      .path = path}));
    } else {
      const MerklePath path = Forged(LargeTree().Consistency(old_size, size), random);
      expected.push_back(VerifyConsistency(old_head, head, path).ok());
      proofs.push_back(EncodeProofFile(ConsistencyProof{
          .old_checkpoint = Signed(old_head), .new_checkpoint = Signed(head), .path = path}));
    }
  }
  const Verdicts verdicts = Check(proofs);
  for (size_t i = 0; i < proofs.size(); ++i) {
    EXPECT_EQ(verdicts.Holds(i), expected[i]) << verdicts.lines[i] << "\n" << proofs[i];
    EXPECT_NE(verdicts.IsRefused(i), expected[i]);
  }
  EXPECT_GT(std::ranges::count(expected, true), 5);
  EXPECT_GT(std::ranges::count(expected, false), 50);
}

// The roots fit, because the log that lies made them fit; what does not is the length.
TEST_F(CheckProofTest, RefusesHashesThatHaveNoPlace) {
  const Hash256 extra = MerkleLeaf("extra");
  const auto with_extra = [&](TreeHead head) {
    head.root = MerkleParent(extra, head.root);
    return Signed(head);
  };
  InclusionProof inclusion = Inclusion(5, 7);
  inclusion.checkpoint = with_extra(LargeTree().head(7));
  inclusion.path.push_back(extra);
  ConsistencyProof consistency = Consistency(5, 7);
  consistency.old_checkpoint = with_extra(LargeTree().head(5));
  consistency.new_checkpoint = with_extra(LargeTree().head(7));
  consistency.path.push_back(extra);
  // A sibling of 33 bytes.
  const std::string wide = std::string(AsBytes(extra)) + "x";
  InclusionProof of_two = Inclusion(0, 2);
  const Hash256 leaf = MerkleLeaf(of_two.record);
  of_two.checkpoint = Signed({.size = 2, .root = vault::Sha256("\1", AsBytes(leaf), wide)});
  of_two.path = {extra};
  std::string text = EncodeProofFile(of_two);
  text.insert(text.find(ToHex(AsBytes(extra))) + 64, ToHex("x"));
  ExpectAllRefused({EncodeProofFile(inclusion), EncodeProofFile(consistency), text},
                   {"longer inclusion path", "longer consistency path", "wide sibling"});
}

TEST_F(CheckProofTest, ExitCodeSaysWhatHappened) {
  const std::string good = dir_.Write("good", EncodeProofFile(Inclusion(5, 7)));
  const std::string bad = dir_.Write("bad", "{}");
  EXPECT_EQ(Run(KeyFile() + " " + good).exit_code, 0);
  EXPECT_EQ(Run(KeyFile() + " " + good + " " + bad + " " + good).exit_code, 1);
  for (const std::string& arguments :
       {std::string(), KeyFile(), KeyFile() + " " + dir_ / "none", dir_ / "none " + good,
        bad + " " + good, KeyFile() + " " + dir_.path()}) {
    const Verdicts verdicts = Run(arguments);
    EXPECT_EQ(verdicts.exit_code, 2) << arguments;
    EXPECT_THAT(verdicts.output, HasSubstr("check-proof: ")) << arguments;
  }
}

TEST_F(CheckProofTest, NoticesATamperedKey) {
  std::mt19937_64 random(support::TestSeed());
  const std::string good = dir_.Write("good", EncodeProofFile(Inclusion(5, 7)));
  const std::string key = support::ReadFile(KeyFile());
  for (int i = 0; i < 10; ++i) {
    support::Mutation mutation = support::Mutate(key, random);
    if (mutation.bytes + "\n" == key) continue;  // One line, ended or not.
    const Verdicts verdicts = Run(dir_.Write("tampered", mutation.bytes) + " " + good);
    EXPECT_EQ(verdicts.exit_code, 2) << mutation.what << "\n" << verdicts.output;
  }
}

}  // namespace
}  // namespace referrald::ledger
