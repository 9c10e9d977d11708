#include "storage/ledger/proof_file.h"

#include <gtest/gtest.h>

// What a checker makes of them: tests/integration/check_proof_test.cc.
namespace referrald::ledger {
namespace {

TEST(EncodeProofFile, IsStoredAsDocumented) {
  Hash256 first;
  first.fill(0xaa);
  Hash256 second;
  second.fill(0xbb);
  const std::string a = ToHex(AsBytes(first));
  const std::string b = ToHex(AsBytes(second));
  EXPECT_EQ(EncodeProofFile(InclusionProof{.checkpoint = "log\n2\n\n— log x\n",
                                           .index = 41,
                                           .record = std::string("\x01\xd3", 2),
                                           .path = {first, second}}),
            "{\n"
            " \"referrald_proof\": 1,\n"
            " \"kind\": \"inclusion\",\n"
            " \"checkpoint\": \"log\\n2\\n\\n— log x\\n\",\n"
            " \"index\": 41,\n"
            " \"record\": \"01d3\",\n"
            " \"path\": [\n"
            "  \"" +
                a +
                "\",\n"
                "  \"" +
                b +
                "\"\n"
                " ]\n"
                "}\n");
  EXPECT_EQ(EncodeProofFile(ConsistencyProof{
                .old_checkpoint = "old\n", .new_checkpoint = "new\n", .path = {first}}),
            "{\n"
            " \"referrald_proof\": 1,\n"
            " \"kind\": \"consistency\",\n"
            " \"old\": \"old\\n\",\n"
            " \"new\": \"new\\n\",\n"
            " \"path\": [\n"
            "  \"" +
                a +
                "\"\n"
                " ]\n"
                "}\n");
}

TEST(EncodeProofFile, WritesAnEmptyPath) {
  EXPECT_EQ(
      EncodeProofFile(ConsistencyProof{.old_checkpoint = "a", .new_checkpoint = "a", .path = {}}),
      "{\n \"referrald_proof\": 1,\n \"kind\": \"consistency\",\n \"old\": \"a\",\n"
      " \"new\": \"a\",\n \"path\": []\n}\n");
}

}  // namespace
}  // namespace referrald::ledger
