#include "thrift/client/client.h"

#include <gtest/gtest.h>

#include "tests/support/rpc_fixture.h"

namespace referrald::client {
namespace {

using Admin = idl::ReferraldAdminClient;

class ClientTest : public support::RpcFixture {};

TEST_F(ClientTest, SaysWhatToDoWhereNobodyAnswers) {
  const auto nobody = client::Connect("unix:" + dir_ / "none.sock", kTimeout);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code(), Code::kUnavailable);
  EXPECT_EQ(nobody.error().number(), 5010);
  EXPECT_NE(nobody.error().message().find("is it running?"), std::string::npos);
}

TEST_F(ClientTest, RefusesWhatIsNoAddress) {
  for (const char* address : {"", "unix:", "127.0.0.1", "127.0.0.1:x"}) {
    const auto connected = client::Connect(address, kTimeout);
    ASSERT_FALSE(connected) << address;
    EXPECT_EQ(connected.error().number(), 5002);
  }
}

TEST_F(ClientTest, ConnectsAnewAfterTheServerWasRestarted) {
  client::Client client = Connect(unix_address());
  ASSERT_TRUE(client.Ask(&Admin::listFeeds));
  Start({});
  const auto lost = client.Ask(&Admin::listFeeds);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Code::kUnavailable);
  EXPECT_EQ(lost.error().number(), 5011);
  EXPECT_TRUE(client.Ask(&Admin::listFeeds));
}

TEST_F(ClientTest, TurnsExceptionsIntoCodes) {
  client::Client client = Connect(unix_address());
  idl::PartyRef party;
  party.__set_id("c_999");
  EXPECT_EQ(client.Ask(&Admin::getContact, party).error().code(), Code::kNotFound);
  party.__set_id("nonsense");
  EXPECT_EQ(client.Ask(&Admin::getContact, party).error().code(), Code::kInvalidArgument);
}

TEST_F(ClientTest, ReadsMoreThanTheLibraryAllowsOneConnectionInAll) {
  client::Client client = Connect(unix_address());
  idl::RecordEventsRequest request;
  std::vector<idl::EventInput> events(1000);
  request.__set_events(events);
  // Each answer repeats a message a thousand times; together they pass the size of one message.
  for (int i = 0; i < 200; ++i) {
    const auto answer = client.Ask(&Admin::recordEvents, request);
    ASSERT_TRUE(answer) << "after " << i << " calls: " << answer.error().ToString();
    ASSERT_EQ(answer->results.size(), events.size());
  }
}

}  // namespace
}  // namespace referrald::client
