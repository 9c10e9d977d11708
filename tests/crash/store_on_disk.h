#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "storage/engine/rocksdb_internal.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/log_capture.h"

namespace referrald::crash {

// A whole store as the daemon has it: key file, key store, database, head file, in one folder that
// can be copied while it is closed.
class StoreOnDisk {
 public:
  explicit StoreOnDisk(std::string folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    edges_.memtable_bytes = 64 << 10;  // So that there are tables, and not the log alone.
  }

  engine::RocksDbEdges& edges() { return edges_; }
  // The mutation: nothing outside of the database knows how far the log was.
  void ForgetHeadFile() { has_head_file_ = false; }

  std::string operator/(std::string_view name) const { return folder_ + "/" + std::string(name); }
  ledger::Ledger& ledger() { return *ledger_; }
  engine::Engine& engine() { return *engine_; }
  vault::Vault& vault() { return *vault_; }
  support::LogCapture& log() { return log_; }
  const Logger& logger() const { return logger_; }

  Status Open(const std::string& accept_head = {}) {
    Close();
    const std::string database = *this / "db";
    auto vault = vault::Vault::Open({.key_file = *this / "db.key", .key_store = *this / "db.keys"},
                                    /*create=*/!std::filesystem::exists(database));
    if (!vault) return vault.error();
    vault_ = *std::move(vault);
    auto engine = engine::OpenRocksDb({.path = database, .reserve_bytes = 1 << 20}, edges_);
    if (!engine) return engine.error();
    engine_ = *std::move(engine);
    ledger::LedgerOptions options;
    options.store_path = database;
    if (has_head_file_) options.head_file = *this / "db.head";
    if (!accept_head.empty()) options.accept_head = accept_head;
    options.accept_actor = "test";
    auto ledger = ledger::Ledger::Open(*engine_, *vault_, clock_, logger_, options);
    if (!ledger) return ledger.error();
    ledger_ = *std::move(ledger);
    return Status::Ok();
  }
  void Close() {
    ledger_.reset();
    engine_.reset();
    vault_.reset();
  }

  // Makes `folder` the same as this one, which is closed.
  void CopyTo(const std::string& folder) const {
    std::filesystem::remove_all(folder);
    std::filesystem::copy(folder_, folder, std::filesystem::copy_options::recursive);
  }

  // A person of a service, with an idempotency key of the same number.
  Result<ledger::Receipt> Observe(uint64_t number) {
    const std::string id = std::to_string(number);
    ledger::ObserveParty wish;
    wish.row = support::LedgerFixture::Person({"crm", "Contact", id}, "First" + id, "Last" + id,
                                              "p" + id + "@example.org");
    wish.row.occurred_at = Timestamp{std::chrono::hours(1)};
    wish.feed = "rpc";
    wish.idempotency_key = "key-" + id;
    wish.actor = "test";
    return ledger_->Observe(std::move(wish), support::LedgerFixture::Soon());
  }

 private:
  const std::string folder_;
  engine::RocksDbEdges edges_;
  bool has_head_file_ = true;
  support::FakeClock clock_;
  support::LogCapture log_;
  Logger logger_{log_, clock_, LogLevel::kDebug};
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

// Everything that a reader can be asked for, as text; the first failure where there is one.
inline Result<std::string> Everything(ledger::Ledger& ledger) {
  const auto reader = ledger.Read();
  if (!reader) return reader.error();
  std::string all = "head " + ToText((*reader)->head()) + "\n";
  const auto totals = (*reader)->GetTotals();
  if (!totals) return totals.error();
  all += "persons " + std::to_string(totals->persons) + "\n";
  for (uint64_t number = 1; number <= (*reader)->head().value; ++number) {
    const auto event = (*reader)->GetEvent({number});
    if (!event) return event.error();
    all += ToText(event->sequence) + " " + event->actor + " " + ToHex(AsBytes(event->chain));
    if (const auto* row = std::get_if<ledger::RowSeen>(&event->body)) {
      for (const auto& [name, value] : row->fields) all += " " + name + "=" + value;
    }
    all += "\n";
  }
  Status failed;
  const Status scanned = (*reader)->ScanEntities({}, [&](const referral::Entity& entity) {
    all += std::to_string(entity.id.value);
    for (const referral::Link& link : entity.links) {
      for (const auto& [name, value] : link.fields) {
        all += " " + name + "=" + value;
        if (name != referral::field::kEmail) continue;
        const auto found = (*reader)->FindByEmail(value, 9);
        if (!found) failed = found.error();
        all += " found " + std::to_string(found ? found->size() : 0);
      }
    }
    all += "\n";
    return failed.ok();
  });
  if (!failed.ok()) return failed;
  if (!scanned.ok()) return scanned;
  return all;
}

}  // namespace referrald::crash
