#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_sync.h"
#include "tests/support/log_capture.h"
#include "tests/support/temp_dir.h"
#include "thrift/client/client.h"
#include "thrift/idl/ReferraldAdmin.h"
#include "thrift/rpc/server.h"

namespace referrald::support {

// A real server on a real ledger in memory, on a unix socket and a TCP port of its own; only the
// edges (clock, disk, feeds) are fakes.
class RpcFixture : public testing::Test {
 protected:
  static constexpr std::chrono::milliseconds kTimeout{60'000};
  static constexpr int64_t kThen = ToMicros(FakeClock::kStart) - 86'400'000'000;  // A day before.

  void SetUp() override { ASSERT_NO_FATAL_FAILURE(Start({})); }

  void Start(rpc::FrontOptions front) {
    server_.reset();
    ledger_.reset();
    engine_ = engine::OpenMemory();
    auto ledger = ledger::Ledger::Open(*engine_, *vault_, clock_, logger_, {});
    ASSERT_TRUE(ledger) << ledger.error().ToString();
    ledger_ = std::move(*ledger);
    front.listen = {"unix:" + dir_ / "rpc.sock", "127.0.0.1:0"};
    upkeep_ = std::make_unique<upkeep::Upkeep>(upkeep::Upkeep::Parts{.engine = *engine_,
                                                                     .vault = *vault_,
                                                                     .ledger = *ledger_,
                                                                     .clock = clock_,
                                                                     .logger = logger_},
                                               upkeep::UpkeepOptions{.folder = dir_ / "backups"});
    auto server =
        rpc::Server::Start({.ledger = *ledger_, .sync = sync_, .upkeep = *upkeep_}, logger_, clock_,
                           {.front = front,
                            .version = "0.0.0-test",
                            .store_path = dir_.path(),
                            .store_statistics = [this] { return engine_->Stats(); }});
    ASSERT_TRUE(server) << server.error().ToString();
    server_ = std::move(*server);
  }

  std::string unix_address() const { return server_->ListenAddresses()[0]; }
  std::string tcp_address() const { return server_->ListenAddresses()[1]; }
  client::Client Connect(const std::string& address) const {
    auto connected = client::Connect(address, kTimeout);
    REFERRALD_CHECK(connected.has_value());
    return std::move(*connected);
  }

  TempDir dir_;
  FakeClock clock_;
  LogCapture log_;
  const Logger logger_{log_, clock_, LogLevel::kDebug};
  const std::unique_ptr<vault::Vault> vault_ =
      vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<upkeep::Upkeep> upkeep_;
  FakeSync sync_;
  std::unique_ptr<rpc::Server> server_;
};

// "test:Contact:ana".
inline idl::ExternalRef RefOf(const std::string& id) {
  idl::ExternalRef ref;
  ref.__set_system("test");
  ref.__set_object("Contact");
  ref.__set_id(id);
  return ref;
}

inline idl::PartyRef PartyOf(const std::string& id) {
  idl::PartyRef party;
  party.__set_external_ref(RefOf(id));
  return party;
}

inline idl::EventInput EventOf(const std::string& type, int64_t occurred_at) {
  idl::EventInput event;
  event.__set_type(type);
  event.__set_occurred_at(occurred_at);
  return event;
}

inline idl::EventInput PersonSeen(const std::string& id, int64_t occurred_at) {
  idl::EventInput event = EventOf("PartySeen", occurred_at);
  idl::PartyInput party;
  party.__set_kind(idl::EntityKind::PERSON);
  party.__set_external_ref(RefOf(id));
  idl::FieldValue name;
  name.name = "display_name";
  name.value = id;
  party.__set_fields({name});
  event.__set_party(party);
  return event;
}

// `source` introduces `contact` to the rep "rep", with evidence.
inline idl::EventInput Introduced(const std::string& source, const std::string& contact,
                                  int64_t occurred_at) {
  idl::EventInput event = EventOf("IntroductionMade", occurred_at);
  event.__set_source(PartyOf(source));
  event.__set_contact(PartyOf(contact));
  event.__set_rep(PartyOf("rep"));
  event.__set_channel("email");
  event.__set_reason("both sell to bakeries");
  idl::Evidence evidence;
  evidence.__set_reference("message-id:1@example.org");
  evidence.__set_contact_expects(true);
  event.__set_evidence(evidence);
  return event;
}

}  // namespace referrald::support
