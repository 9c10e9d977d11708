#pragma once

#include <memory>
#include <string>

#include "connectors/sync/sync.h"
#include "plugin/daemon/config.h"
#include "storage/base/log.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/upkeep/upkeep.h"
#include "storage/vault/vault.h"
#include "thrift/rpc/server.h"

namespace referrald::daemon {

// The composition root: builds every part in order, runs until told to stop, and takes them down in
// the opposite order (plugin/README.md has both).
//
// Belongs to the main thread. Clock and logger must outlive it.
class Daemon {
 public:
  struct Parts {
    Config config;
    std::string config_path;  // Checked again at SIGHUP.
    const Clock& clock;
    const Logger& logger;
  };

  // Opens the store (a new one gets a key of its own) and listens; sync does not run yet. Where the
  // key of an old one is missing, waits for it, sealed (sealed.h). Aborted: asked to stop
  // meanwhile. Fails as Vault::Open, OpenRocksDb, Ledger::Open, SyncService::Open and Server::Start
  // do.
  static Result<std::unique_ptr<Daemon>> Open(Parts parts);
  // Opens the store once, taking its log even where the head file knows of later events, records
  // that (HeadAccepted, with `reason`) and closes it. Returns where the log now ends.
  static Result<Sequence> AcceptHead(Parts parts, const std::string& reason);
  // Makes the store anew from backup `id`: restores the files, takes the log as it is (recorded as
  // by AcceptHead, with `reason`), erases again who was erased since, and reads all of it. The path
  // of the store must be free. Failures as engine::RestoreBackup and Open; RFD4018: no folder.
  struct Restored {
    upkeep::Backup backup;
    Sequence end;
    ledger::VerifyReport report;
  };
  static Result<Restored> Restore(Parts parts, uint32_t id, const std::string& reason);
  // Reads all of the store that no daemon serves now.
  static Result<ledger::VerifyReport> Verify(Parts parts);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Serves until SIGTERM or SIGINT, then closes everything: what was accepted is finished and
  // durable when it returns.
  void Run();

 private:
  class Loop;

  explicit Daemon(Parts parts) : parts_(std::move(parts)) {}
  Status OpenStore(const std::optional<std::string>& accept_head);
  Status OpenServices();
  rpc::ServerOptions ServerOptions() const;
  void Stop();
  void LogStarted() const;
  std::string Serving() const;  // For the service manager.
  void CheckConfigAgain() const;
  [[noreturn]] void EndAtOnce() const;

  const Parts parts_;
  // In the order in which they are built; each needs those above it.
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<sync::SyncService> sync_;
  std::unique_ptr<upkeep::Upkeep> upkeep_;
  std::unique_ptr<rpc::Server> server_;
};

// What the process says with its exit code (sysexits.h where it has a word for it).
enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kDamaged = 70,        // The store or its key is not what was written.
  kStoreInUse = 73,     // RFD4001: another daemon holds the store.
  kTemporary = 75,      // RFD4002: the disk is full.
  kConfiguration = 78,  // systemd does not start it again.
};
ExitCode ExitCodeOf(const Status& failure);

}  // namespace referrald::daemon
