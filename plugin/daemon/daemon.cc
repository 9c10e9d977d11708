#include "plugin/daemon/daemon.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <boost/asio.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "connectors/registry/registry.h"
#include "plugin/daemon/disk_log.h"
#include "plugin/daemon/sealed.h"
#include "plugin/daemon/service_manager.h"
#include "plugin/daemon/watcher.h"

namespace referrald::daemon {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

constexpr int kStoreInUse = 4001;
constexpr int kStorageFull = 4002;
constexpr int kStoreStopped = 4006;
constexpr int kNoFolder = 4018;
constexpr int kFirstConfigNumber = 1000;
constexpr int kLastConfigNumber = 1999;
constexpr std::chrono::seconds kHealthInterval{1};
constexpr std::chrono::hours kKeyCopiesInterval{1};
// A long log is read at start; systemd must not take that for a hang.
constexpr std::chrono::seconds kStartLongest{600};

// A store that has never been written to may have its key made; any other must bring its own.
bool IsNewStore(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return true;
  // A file system of its own comes with lost+found.
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().filename() != "lost+found") return false;
  }
  return !error;
}

// systemd hands a credential over as a file; without systemd there is no such file, and the store
// stays sealed.
std::string KeyFileOf(const StoreConfig& store) {
  if (store.key_credential.empty()) return store.key_file;
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return fmt::format("{}/{}", folder != nullptr ? folder : "/run/credentials/referrald.service",
                     store.key_credential);
}

vault::Places PlacesOf(const StoreConfig& store) {
  return {.key_file = KeyFileOf(store), .key_store = store.path + ".keys"};
}

upkeep::UpkeepOptions UpkeepOptionsOf(const Config& config) {
  return {.folder = config.backup.folder,
          .keep = static_cast<size_t>(config.backup.keep),
          .key_folder = config.backup.key_folder,
          .key_age = config.backup.key_age,
          .key_is_credential = !config.store.key_credential.empty()};
}

std::vector<Watcher::Inbox> InboxesOf(const std::vector<sync::FeedConfig>& feeds) {
  std::vector<Watcher::Inbox> inboxes;
  for (const sync::FeedConfig& feed : feeds) {
    inboxes.push_back({.feed = feed.name, .path = feed.folder + "/inbox", .settle = feed.settle});
  }
  return inboxes;
}

}  // namespace

// What happens on the main thread while the daemon serves.
class Daemon::Loop {
 public:
  explicit Loop(Daemon& daemon)
      : daemon_(daemon),
        signals_(io_, SIGTERM, SIGINT, SIGHUP),
        watchdog_(io_),
        health_(io_),
        key_copies_(io_),
        disk_log_(daemon.parts_.logger),
        watcher_(io_, InboxesOf(daemon.parts_.config.feeds),
                 [&daemon](std::string_view feed, std::string_view renamed_in) {
                   daemon.sync_->Rescan(feed, renamed_in);
                 },
                 daemon.parts_.logger, {}) {}

  void Run() {
    AwaitSignal();
    if (const auto interval = WatchdogInterval()) Watch(*interval);
    LookAfterStore();
    RenewKeyCopies();
    io_.run();
  }

 private:
  void AwaitSignal() {
    signals_.async_wait([this](const ErrorCode& error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        daemon_.CheckConfigAgain();
        AwaitSignal();
        return;
      }
      watchdog_.cancel();
      health_.cancel();
      key_copies_.cancel();
      watcher_.Stop();
    });
  }

  // After a failed sync nobody knows what the disk holds; a new process reads it and does. Not by
  // way of Stop, which would write.
  void LookAfterStore() {
    const engine::Condition now = daemon_.engine_->Now();
    disk_log_.Look(now);
    if (now.needs_restart) daemon_.EndAtOnce();
    health_.expires_after(kHealthInterval);
    health_.async_wait([this](const ErrorCode& error) {
      if (!error) LookAfterStore();
    });
  }

  // A copy of the keys opens what was erased after it was made, so it must not live for long.
  void RenewKeyCopies() {
    const Status renewed = StatusOf(daemon_.upkeep_->RenewKeyCopies());
    if (!renewed.ok()) {
      daemon_.parts_.logger.Write({.level = LogLevel::kWarning,
                                   .event = "key.copies_stay",
                                   .message = renewed.message(),
                                   .number = renewed.number(),
                                   .fields = {}});
    }
    key_copies_.expires_after(kKeyCopiesInterval);
    key_copies_.async_wait([this](const ErrorCode& error) {
      if (!error) RenewKeyCopies();
    });
  }

  // Says that we are alive only where the ledger answers: a timer alone would hide a hang.
  void Watch(std::chrono::microseconds interval) {
    if (daemon_.ledger_->Read()) TellAlive();
    watchdog_.expires_after(interval);
    watchdog_.async_wait([this, interval](const ErrorCode& error) {
      if (!error) Watch(interval);
    });
  }

  Daemon& daemon_;
  asio::io_context io_;
  asio::signal_set signals_;
  asio::steady_timer watchdog_;
  asio::steady_timer health_;
  asio::steady_timer key_copies_;
  DiskLog disk_log_;
  Watcher watcher_;
};

Result<std::unique_ptr<Daemon>> Daemon::Open(Parts parts) {
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(parts)));
  TellStarting("opening the store", kStartLongest);
  Status opened = daemon->OpenStore({});
  if (IsSealed(opened)) {
    opened = AwaitKey(opened, [&daemon] { return daemon->OpenStore({}); },
                      {.server = daemon->ServerOptions(),
                       .logger = daemon->parts_.logger,
                       .clock = daemon->parts_.clock});
  }
  if (!opened.ok()) return opened;
  if (Status status = daemon->OpenServices(); !status.ok()) return status;
  return daemon;
}

Daemon::~Daemon() = default;

Result<Sequence> Daemon::AcceptHead(Parts parts, const std::string& reason) {
  Daemon daemon(std::move(parts));
  if (Status status = daemon.OpenStore(reason); !status.ok()) return status;
  const auto reader = daemon.ledger_->Read();
  if (!reader) return reader.error();
  return (*reader)->head();
}

Result<Daemon::Restored> Daemon::Restore(Parts parts, uint32_t id, const std::string& reason) {
  Daemon daemon(std::move(parts));
  const Config& config = daemon.parts_.config;
  if (config.backup.folder.empty()) {
    return Status::FailedPrecondition("no folder is configured: set [backup] folder", kNoFolder);
  }
  auto files = engine::RestoreBackup(config.backup.folder, id, config.store.path);
  if (!files) return files.error();
  const std::string head = files->note;
  if (Status status = daemon.OpenStore(reason); !status.ok()) {
    return status.Prefixed("the files are restored, but the store does not open");
  }
  const auto reader = daemon.ledger_->Read();
  if (!reader) return reader.error();
  auto report = daemon.ledger_->Verify({}, {.heads = {head}});
  if (!report) return report.error();
  return Restored{.backup = upkeep::Described(*std::move(files)),
                  .end = (*reader)->head(),
                  .report = *std::move(report)};
}

Result<ledger::VerifyReport> Daemon::Verify(Parts parts) {
  Daemon daemon(std::move(parts));
  if (Status status = daemon.OpenStore({}); !status.ok()) return status;
  return daemon.ledger_->Verify({});
}

Status Daemon::OpenStore(const std::optional<std::string>& accept_head) {
  const StoreConfig& store = parts_.config.store;
  auto vault = vault::Vault::Open(PlacesOf(store), /*create=*/IsNewStore(store.path));
  if (!vault) return vault.error();
  vault_ = *std::move(vault);

  auto engine = engine::OpenRocksDb({.path = store.path, .reserve_bytes = store.reserve_bytes});
  if (!engine) return engine.error();
  engine_ = *std::move(engine);

  auto ledger = ledger::Ledger::Open(*engine_, *vault_, parts_.clock, parts_.logger,
                                     {.store_path = store.path,
                                      .head_file = store.path + ".head",
                                      .accept_head = accept_head,
                                      .accept_actor = fmt::format("uid:{}", ::getuid())});
  if (!ledger) return ledger.error();
  ledger_ = *std::move(ledger);
  return Status::Ok();
}

rpc::ServerOptions Daemon::ServerOptions() const {
  const Config& config = parts_.config;
  return {.front = {.listen = config.server.rpc_listen,
                    .frame_bytes_max = config.server.frame_bytes_max},
          .version = REFERRALD_VERSION,
          .store_path = config.store.path,
          .store_statistics = [this] { return engine_->Stats(); }};
}

Status Daemon::OpenServices() {
  const Config& config = parts_.config;
  auto sync = sync::SyncService::Open(*ledger_, parts_.clock, parts_.logger, config.feeds,
                                      config.exports, {});
  if (!sync) return sync.error();
  sync_ = *std::move(sync);

  upkeep_ = std::make_unique<upkeep::Upkeep>(upkeep::Upkeep::Parts{.engine = *engine_,
                                                                   .vault = *vault_,
                                                                   .ledger = *ledger_,
                                                                   .clock = parts_.clock,
                                                                   .logger = parts_.logger},
                                             UpkeepOptionsOf(config));
  auto server = rpc::Server::Start({.ledger = *ledger_, .sync = *sync_, .upkeep = *upkeep_},
                                   parts_.logger, parts_.clock, ServerOptions());
  if (!server) return server.error();
  server_ = *std::move(server);
  return Status::Ok();
}

void Daemon::Run() {
  {
    Loop loop(*this);
    sync_->Start();
    LogStarted();
    TellReady(Serving());
    loop.Run();
  }
  Stop();
}

void Daemon::Stop() {
  TellStopping();
  parts_.logger.Write({.level = LogLevel::kInfo,
                       .event = "daemon.stopping",
                       .message = "Finishing what was accepted.",
                       .fields = {}});
  ledger_->Interrupt();
  sync_->Stop();
  server_->Stop();
  server_.reset();
  upkeep_.reset();
  sync_.reset();
  ledger_.reset();
  engine_.reset();
  vault_.reset();
  parts_.logger.Write({.level = LogLevel::kInfo,
                       .event = "daemon.stopped",
                       .message = "Everything is written and closed.",
                       .fields = {}});
}

std::string Daemon::Serving() const {
  return fmt::format("serving {} feeds", parts_.config.feeds.size());
}

void Daemon::EndAtOnce() const {
  parts_.logger.Write(
      {.level = LogLevel::kError,
       .event = "store.failed",
       .message = engine_->Now().reason + " This process ends, to be started again.",
       .number = kStoreStopped,
       .fields = {}});
  ::_exit(static_cast<int>(ExitCode::kFailed));
}

void Daemon::LogStarted() const {
  const Config& config = parts_.config;
  const std::string why_read_only = engine_->Now().reason;
  parts_.logger.Write(
      {.level = why_read_only.empty() ? LogLevel::kInfo : LogLevel::kWarning,
       .event = "daemon.started",
       .message = why_read_only.empty() ? "Serving." : "Serving reads only: " + why_read_only,
       .fields = {{"version", REFERRALD_VERSION},
                  {"store", config.store.path},
                  {"listen", fmt::format("{}", fmt::join(server_->ListenAddresses(), " "))},
                  {"feeds", static_cast<int64_t>(config.feeds.size())},
                  {"exports", static_cast<int64_t>(config.exports.size())}}});
}

// In this version a change takes effect by a restart; until then a reload at least says whether
// that restart would succeed.
void Daemon::CheckConfigAgain() const {
  const CheckedConfig checked = LoadConfig(parts_.config_path, registry::Connectors());
  if (checked.ok()) {
    parts_.logger.Write({.level = LogLevel::kInfo,
                         .event = "config.reloaded",
                         .message = "The configuration is valid; changes take effect at the next "
                                    "start (systemctl restart referrald).",
                         .fields = {{"file", parts_.config_path}}});
    TellReady(Serving() + "; a changed configuration waits for a restart");
    return;
  }
  TellReady(Serving() + "; the changed configuration is refused");
  const Diagnostic& first = checked.diagnostics.front();
  parts_.logger.Write(
      {.level = LogLevel::kWarning,
       .event = "config.refused",
       .message = fmt::format("The configuration has {} ({}); the old one stays. "
                              "See: referralctl config check",
                              CountText(checked.diagnostics), first.message),
       .number = first.number,
       .fields = {{"file", first.place.file}, {"line", static_cast<int64_t>(first.place.line)}}});
}

ExitCode ExitCodeOf(const Status& failure) {
  if (failure.ok()) return ExitCode::kOk;
  const int number = failure.number();
  if (number == kStoreInUse) return ExitCode::kStoreInUse;
  if (number == kStorageFull) return ExitCode::kTemporary;
  if (number >= kFirstConfigNumber && number <= kLastConfigNumber) return ExitCode::kConfiguration;
  if (failure.code() == Code::kCorruption) return ExitCode::kDamaged;
  if (failure.code() == Code::kInvalidArgument) return ExitCode::kConfiguration;
  return ExitCode::kFailed;
}

}  // namespace referrald::daemon
