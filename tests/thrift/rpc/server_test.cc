#include "thrift/rpc/server.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/rpc_fixture.h"

namespace referrald::rpc {
namespace {

using support::EventOf;
using support::Introduced;
using support::PartyOf;
using support::PersonSeen;
using Admin = idl::ReferraldAdminClient;

class ServerTest : public support::RpcFixture {
 protected:
  // One result an event; a failed call fails the test.
  std::vector<idl::RecordResult> Record(std::vector<idl::EventInput> events) {
    client::Client client = Connect(tcp_address());
    idl::RecordEventsRequest request;
    request.__set_client_name("billing");
    request.__set_events(std::move(events));
    const auto answer = client.Ask(&Admin::recordEvents, request);
    EXPECT_TRUE(answer) << answer.error().ToString();
    return answer ? answer->results : std::vector<idl::RecordResult>{};
  }

  idl::RecordResult RecordOne(const idl::EventInput& event) {
    const auto results = Record({event});
    return results.empty() ? idl::RecordResult{} : results.front();
  }

  void RecordChain() {
    const auto results =
        Record({PersonSeen("ana", kThen), PersonSeen("ben", kThen), PersonSeen("cem", kThen),
                Introduced("ana", "ben", kThen), Introduced("ben", "cem", kThen + 1)});
    ASSERT_EQ(results.size(), 5U);
    for (const auto& result : results) {
      ASSERT_EQ(result.status, idl::RecordStatus::RECORDED) << result.message;
    }
  }
};

TEST_F(ServerTest, TellsWhoItIsAndItsPathToLocalCallersOnly) {
  const std::string name = "test";
  client::Client local = Connect(unix_address());
  const auto mine = local.Ask(&Admin::getServerInfo, name, 1, 0);
  ASSERT_TRUE(mine) << mine.error().ToString();
  EXPECT_EQ(mine->version, "0.0.0-test");
  EXPECT_EQ(mine->rpc_listen, server_->ListenAddresses());
  EXPECT_EQ(mine->store_path, dir_.path());
  EXPECT_TRUE(mine->accepts_writes);
  client::Client remote = Connect(tcp_address());
  const auto theirs = remote.Ask(&Admin::getServerInfo, name, 1, 99);
  ASSERT_TRUE(theirs) << theirs.error().ToString();
  EXPECT_EQ(theirs->store_path, "");
}

TEST_F(ServerTest, RefusesAClientOfAnotherMajorVersion) {
  client::Client client = Connect(tcp_address());
  const auto info = client.Ask(&Admin::getServerInfo, std::string("test"), 2, 0);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().number(), 5007);
  EXPECT_EQ(info.error().code(), Code::kInvalidArgument);
}

TEST_F(ServerTest, GivesEachEventItsOwnResult) {
  idl::EventInput typing_error = EventOf("IntroductionMad", kThen);
  idl::EventInput timeless = PersonSeen("ben", 0);
  const auto results =
      Record({PersonSeen("ana", kThen), typing_error, timeless, PersonSeen("cem", kThen)});
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0].status, idl::RecordStatus::RECORDED);
  EXPECT_TRUE(results[0].entity.starts_with("c_")) << results[0].entity;
  EXPECT_TRUE(results[0].event.starts_with("e_")) << results[0].event;
  EXPECT_EQ(results[1].status, idl::RecordStatus::INVALID);
  EXPECT_NE(results[1].message.find("did you mean IntroductionMade?"), std::string::npos);
  EXPECT_EQ(results[2].status, idl::RecordStatus::INVALID);
  EXPECT_NE(results[2].message.find("occurred_at"), std::string::npos);
  EXPECT_EQ(results[3].status, idl::RecordStatus::RECORDED);
}

TEST_F(ServerTest, RefusesAnIntroductionWithoutEvidence) {
  Record({PersonSeen("ana", kThen), PersonSeen("ben", kThen)});
  idl::EventInput bare = Introduced("ana", "ben", kThen);
  bare.__isset.evidence = false;
  bare.evidence = {};
  const idl::RecordResult result = RecordOne(bare);
  EXPECT_EQ(result.status, idl::RecordStatus::REFUSED);
  EXPECT_EQ(result.code, 3003);
}

TEST_F(ServerTest, ReplaysAKeyAndRefusesItForSomethingElse) {
  Record({PersonSeen("ana", kThen), PersonSeen("ben", kThen), PersonSeen("cem", kThen)});
  idl::EventInput event = Introduced("ana", "ben", kThen);
  event.__set_idempotency_key("mail-1");
  const idl::RecordResult first = RecordOne(event);
  EXPECT_EQ(first.status, idl::RecordStatus::RECORDED) << first.message;
  const idl::RecordResult again = RecordOne(event);
  EXPECT_EQ(again.status, idl::RecordStatus::REPLAYED) << again.message;
  EXPECT_EQ(again.event, first.event);
  idl::EventInput other = Introduced("ana", "cem", kThen);
  other.__set_idempotency_key("mail-1");
  EXPECT_EQ(RecordOne(other).status, idl::RecordStatus::CONFLICT);
}

TEST_F(ServerTest, SaysThatSomebodyElseWasFaster) {
  Record({PersonSeen("ana", kThen), PersonSeen("ben", kThen)});
  const idl::RecordResult first = RecordOne(Introduced("ana", "ben", kThen));
  idl::EventInput second = EventOf("MeetingHeld", kThen + 1);
  second.__set_referral(first.referral);
  second.__set_base_event(first.event);
  EXPECT_EQ(RecordOne(second).status, idl::RecordStatus::RECORDED);
  idl::EventInput third = EventOf("NotAFit", kThen + 2);
  third.__set_referral(first.referral);
  third.__set_base_event(first.event);
  const idl::RecordResult stale = RecordOne(third);
  EXPECT_EQ(stale.status, idl::RecordStatus::STALE) << stale.message;
  EXPECT_EQ(stale.code, 3024);
  third.__set_base_event("yesterday");
  EXPECT_EQ(RecordOne(third).status, idl::RecordStatus::INVALID);
}

TEST_F(ServerTest, SaysWhatAnEventStandsOn) {
  RecordChain();
  client::Client client = Connect(tcp_address());
  const auto contact = client.Ask(&Admin::getContact, PartyOf("ben"));
  ASSERT_TRUE(contact) << contact.error().ToString();
  EXPECT_EQ(contact->temperature, idl::Temperature::HOT);
  ASSERT_EQ(contact->honesty.size(), 1U);
  EXPECT_EQ(contact->honesty[0].kind, "REFERRAL");
  ASSERT_EQ(contact->honesty[0].because.size(), 1U);
  ASSERT_EQ(contact->referrals_as_contact.size(), 1U);
  EXPECT_EQ(contact->referrals_as_source.size(), 1U);
  const auto referral = client.Ask(&Admin::getReferral, contact->referrals_as_contact[0]);
  ASSERT_TRUE(referral) << referral.error().ToString();
  EXPECT_EQ(referral->state, "INTRODUCED");
  EXPECT_EQ(referral->source_name, "ana");
  ASSERT_EQ(referral->events.size(), 1U);
  EXPECT_EQ(referral->events[0].event, contact->honesty[0].because[0]);
  EXPECT_EQ(referral->events[0].actor, "rpc:billing");
  EXPECT_EQ(referral->events[0].evidence.reference, "message-id:1@example.org");
}

TEST_F(ServerTest, ShowsAChainUpAndDown) {
  RecordChain();
  client::Client client = Connect(tcp_address());
  idl::ChainRequest request;
  request.__set_person(PartyOf("ben"));
  const auto chain = client.Ask(&Admin::getChain, request);
  ASSERT_TRUE(chain) << chain.error().ToString();
  ASSERT_EQ(chain->ancestors.size(), 1U);
  EXPECT_EQ(chain->ancestors[0].display_name, "ana");
  EXPECT_EQ(chain->ancestors[0].reach, 2);
  ASSERT_EQ(chain->descendants.size(), 2U);
  EXPECT_EQ(chain->descendants[0].display_name, "ben");
  EXPECT_EQ(chain->descendants[1].display_name, "cem");
  EXPECT_EQ(chain->descendants[1].parent, chain->descendants[0].person);
  EXPECT_EQ(chain->descendants[1].temperature, idl::Temperature::HOT);
}

TEST_F(ServerTest, FindsContactsAndTellsWhereAFieldComesFrom) {
  RecordChain();
  client::Client client = Connect(tcp_address());
  const auto found = client.Ask(&Admin::findContacts, std::string("ANA"), 10);
  ASSERT_TRUE(found) << found.error().ToString();
  ASSERT_EQ(found->contacts.size(), 1U);
  EXPECT_EQ(found->contacts[0].display_name, "ana");
  const auto fields =
      client.Ask(&Admin::getProvenance, PartyOf("ana"), std::string("display_name"));
  ASSERT_TRUE(fields) << fields.error().ToString();
  ASSERT_EQ(fields->size(), 1U);
  EXPECT_EQ((*fields)[0].winner.feed, "rpc");
  const auto none = client.Ask(&Admin::getProvenance, PartyOf("ana"), std::string("phone"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), Code::kNotFound);
}

TEST_F(ServerTest, PagesThroughReferrals) {
  RecordChain();
  client::Client client = Connect(tcp_address());
  idl::ListReferralsRequest request;
  request.__set_max(1);
  const auto first = client.Ask(&Admin::listReferrals, request);
  ASSERT_TRUE(first) << first.error().ToString();
  ASSERT_EQ(first->referrals.size(), 1U);
  request.__set_cursor(first->next_cursor);
  const auto second = client.Ask(&Admin::listReferrals, request);
  ASSERT_TRUE(second) << second.error().ToString();
  ASSERT_EQ(second->referrals.size(), 1U);
  EXPECT_NE(second->referrals[0].id, first->referrals[0].id);
}

TEST_F(ServerTest, ExplainsThatWarmIsNoTemperature) {
  client::Client client = Connect(tcp_address());
  idl::ListReferralsRequest request;
  request.__set_state("WARM");
  const auto page = client.Ask(&Admin::listReferrals, request);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().number(), 3010);
}

TEST_F(ServerTest, RefusesAPartyNamedInTwoWays) {
  client::Client client = Connect(tcp_address());
  idl::PartyRef party = PartyOf("ana");
  party.__set_id("c_1");
  const auto contact = client.Ask(&Admin::getContact, party);
  ASSERT_FALSE(contact);
  EXPECT_EQ(contact.error().number(), 5025);
  EXPECT_EQ(client.Ask(&Admin::getContact, PartyOf("nobody")).error().code(), Code::kNotFound);
}

TEST_F(ServerTest, LetsOnlyLocalCallersNameFiles) {
  idl::StartSyncRequest request;
  request.__set_feed("crm");
  request.__set_path("/etc/passwd");
  client::Client remote = Connect(tcp_address());
  const auto refused = remote.Ask(&Admin::startSync, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kPermissionDenied);
  EXPECT_EQ(refused.error().number(), 5003);
  client::Client local = Connect(unix_address());
  const auto run = local.Ask(&Admin::startSync, request);
  ASSERT_TRUE(run) << run.error().ToString();
  EXPECT_EQ(*run, ToText(sync_.run().id));
  EXPECT_EQ(sync_.last_start().path, "/etc/passwd");
  EXPECT_EQ(sync_.last_start().started_by, "ctl");
}

TEST_F(ServerTest, HidesFoldersFromCallersOnTcp) {
  client::Client remote = Connect(tcp_address());
  const auto theirs = remote.Ask(&Admin::listFeeds);
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->at(0).folder, "");
  client::Client local = Connect(unix_address());
  EXPECT_EQ(local.Ask(&Admin::listFeeds)->at(0).folder, "/srv/crm");
}

TEST_F(ServerTest, AnswersAdministrationOnTheUnixSocketOnly) {
  client::Client remote = Connect(tcp_address());
  const auto refused = remote.Ask(&Admin::verify, std::vector<std::string>{}, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), 5003);
  EXPECT_NE(refused.error().message().find("unix socket only"), std::string::npos);
  client::Client local = Connect(unix_address());
  const auto report = local.Ask(&Admin::verify, std::vector<std::string>{}, false);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_TRUE(report->problems.empty());
  const auto head = local.Ask(&Admin::getSignedHead);
  ASSERT_TRUE(head) << head.error().ToString();
  EXPECT_TRUE(local.Ask(&Admin::verify, std::vector{*head}, true)->problems.empty());
  EXPECT_EQ(local.Ask(&Admin::verify, std::vector{*head + "x"}, true)->problems.size(), 1u);
  int64_t events = -1;
  ASSERT_TRUE(local.Call([&] { events = local.raw().rebuild(); }).ok());
  EXPECT_EQ(events, report->event_count);
}

TEST_F(ServerTest, AnswersEveryMethodAboutFiles) {
  client::Client client = Connect(unix_address());
  const std::string run = ToText(sync_.run().id);
  EXPECT_EQ(client.Ask(&Admin::getRun, run)->counts.rows_read, 3);
  EXPECT_EQ(client.Ask(&Admin::listRuns, std::string("crm"), std::string(), 0)->runs.size(), 0U);
  EXPECT_EQ(client.Ask(&Admin::listRuns, std::string("crn"), std::string(), 0).error().number(),
            2046);
  EXPECT_FALSE(client.Ask(&Admin::listRejects, std::string("x"), std::string(), 0));
  EXPECT_FALSE(client.Ask(&Admin::checkFeed, std::string("crm"))->at(1).ok);
  const auto preview =
      client.Ask(&Admin::previewFile, std::string("crm"), std::string("/tmp/x.csv"), 1);
  EXPECT_EQ(preview->mapped.at(0).value, "email");
  idl::StartSyncRequest request;
  request.__set_feed("crm");
  EXPECT_TRUE(client.Ask(&Admin::planSync, request, int64_t{10})->run.dry_run);
  EXPECT_EQ(client.Ask(&Admin::listExports)->at(0).name, "crm-back");
  EXPECT_EQ(client.Ask(&Admin::runExport, std::string("crm-back"))->files.size(), 1U);
  EXPECT_EQ(client.Ask(&Admin::runExport, std::string("no")).error().code(), Code::kNotFound);
}

TEST_F(ServerTest, SaysUnavailableWhenTooManyCallsAreInFlight) {
  Start({.requests_in_flight_max = 0});
  client::Client client = Connect(tcp_address());
  const auto info = client.Ask(&Admin::getServerInfo, std::string("test"), 1, 0);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code(), Code::kUnavailable);
  EXPECT_EQ(info.error().number(), 5006);
  EXPECT_FALSE(client.Ask(&Admin::listFeeds));
  EXPECT_FALSE(client.Ask(&Admin::startSync, idl::StartSyncRequest()));
}

TEST_F(ServerTest, ServesALongLivedConnection) {
  // The library's own transports end a connection after so many bytes in all, not in one message.
  client::Client client = Connect(tcp_address());
  const std::string query(200'000, 'x');
  for (int i = 0; i < 120; ++i) {
    const auto found = client.Ask(&Admin::findContacts, query, 1);
    ASSERT_FALSE(found);
    ASSERT_EQ(found.error().number(), 5023)
        << "after " << i << " calls: " << found.error().ToString();
  }
}

}  // namespace
}  // namespace referrald::rpc
