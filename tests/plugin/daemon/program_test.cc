// The programs as an admin meets them: started, asked, refused, stopped.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

#include "tests/support/temp_dir.h"

namespace referrald {
namespace {

using support::ReadFile;
using support::TempDir;
using testing::HasSubstr;

constexpr int kPatienceMs = 60'000;  // Nothing takes long; a loaded machine may.

// Where a program says that it is ready (sd_notify).
class NotifySocket {
 public:
  explicit NotifySocket(std::string path)
      : path_(std::move(path)), socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    REFERRALD_CHECK(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~NotifySocket() { close(socket_); }
  const std::string& path() const { return path_; }

  // Reads messages until one holds `word`.
  bool Awaits(std::string_view word) const {
    for (;;) {
      pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
      if (poll(&waiting, 1, kPatienceMs) <= 0) return false;
      std::array<char, 4096> buffer{};
      const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
      if (size <= 0) return false;
      const std::string_view message(buffer.data(), static_cast<size_t>(size));
      if (message.find(word) != std::string_view::npos) return true;
    }
  }

 private:
  std::string path_;
  int socket_;
};

// A program that runs, its output going to files.
class Process {
 public:
  struct Files {
    std::string out, error;
  };
  Process(std::vector<std::string> words, Files files, std::vector<std::string> environment = {})
      : files_(std::move(files)), pid_(fork()) {
    if (pid_ != 0) return;
    for (std::string& each : environment) putenv(each.data());
    Redirect(files_.out, STDOUT_FILENO);
    Redirect(files_.error, STDERR_FILENO);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (exit_code_ != kRunning) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  void Signal(int signal) const { kill(pid_, signal); }
  int AwaitExit() {
    int status = 0;
    waitpid(pid_, &status, 0);
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return exit_code_;
  }
  std::string out() const { return ReadFile(files_.out); }
  std::string error() const { return ReadFile(files_.error); }

 private:
  static constexpr int kRunning = -1;
  static void Redirect(const std::string& path, int to) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file >= 0) dup2(file, to);
  }

  Files files_;
  pid_t pid_;
  int exit_code_ = kRunning;
};

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() { WriteConfig(""); }

  void WriteConfig(const std::string& more) {
    dir_.Write("r.toml", "config_version = 1\n" + more + "[server]\nrpc_listen = [\"unix:" +
                             (dir_ / "s") + "\"]\n[store]\npath = \"" + (dir_ / "db") +
                             "\"\nreserve = \"1 MiB\"\n[log]\nformat = \"logfmt\"\n");
  }
  std::unique_ptr<Process> StartDaemon(std::string_view name) {
    return std::make_unique<Process>(
        std::vector<std::string>{REFERRALD_PROGRAM, "--config", dir_ / "r.toml"}, FilesOf(name),
        std::vector<std::string>{"NOTIFY_SOCKET=" + notify_.path(), "WATCHDOG_USEC=200000"});
  }
  // Runs referralctl to its end.
  int Ctl(std::vector<std::string> words) {
    words.insert(words.begin(), {REFERRALCTL_PROGRAM, "--socket", dir_ / "s"});
    ctl_ = std::make_unique<Process>(std::move(words), FilesOf("ctl"));
    return ctl_->AwaitExit();
  }
  Process::Files FilesOf(std::string_view name) const {
    return {.out = dir_ / std::string(name) + ".out", .error = dir_ / std::string(name) + ".err"};
  }

  const TempDir dir_;
  const NotifySocket notify_{dir_ / "n"};
  std::unique_ptr<Process> ctl_;
};

TEST_F(ProgramTest, ServesUntilItIsToldToStop) {
  const auto daemon = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
  EXPECT_TRUE(notify_.Awaits("WATCHDOG=1"));
  EXPECT_EQ(Ctl({"status"}), 0) << ctl_->error();
  EXPECT_THAT(ctl_->out(), HasSubstr("referrald 0.1.0  running"));
  EXPECT_EQ(Ctl({"rpc", "ping", "--json"}), 0);
  EXPECT_THAT(ctl_->out(), HasSubstr("\"api_version\""));
  EXPECT_EQ(Ctl({"contact", "show", "c_7"}), 4) << ctl_->error();
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->AwaitExit(), 0) << daemon->error();
  EXPECT_THAT(daemon->error(), HasSubstr("event=daemon.started"));
  EXPECT_THAT(daemon->error(), HasSubstr("event=daemon.stopped"));
  EXPECT_EQ(Ctl({"status"}), 69);
}

TEST_F(ProgramTest, StartsAgainOnItsStore) {
  for (int i = 0; i < 2; ++i) {
    const auto daemon = StartDaemon("d");
    ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
    daemon->Signal(SIGINT);
    ASSERT_EQ(daemon->AwaitExit(), 0) << daemon->error();
  }
}

TEST_F(ProgramTest, ASecondDaemonOnTheStoreIsRefused) {
  const auto first = StartDaemon("d1");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << first->error();
  const auto second = StartDaemon("d2");
  EXPECT_EQ(second->AwaitExit(), 73);
  EXPECT_THAT(second->error(), HasSubstr("\nreferrald: RFD4001 "));
  EXPECT_EQ(Ctl({"rpc", "ping"}), 0) << ctl_->error();
}

TEST_F(ProgramTest, AStoreWithoutItsKeyIsSealedUntilTheKeyIsThere) {
  const auto daemon = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->AwaitExit(), 0);
  std::filesystem::rename(dir_ / "db.key", dir_ / "elsewhere");
  const auto again = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("STATUS=sealed: ")) << again->error();
  EXPECT_EQ(Ctl({"status"}), 75);
  EXPECT_THAT(ctl_->error(), HasSubstr("RFD4101 sealed: "));
  EXPECT_EQ(Ctl({"contact", "show", "c_7"}), 75);
  EXPECT_THAT(ctl_->error(), HasSubstr("RFD4101 sealed: "));
  std::filesystem::rename(dir_ / "elsewhere", dir_ / "db.key");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << again->error();
  EXPECT_EQ(Ctl({"status"}), 0) << ctl_->error();
  again->Signal(SIGTERM);
  EXPECT_EQ(again->AwaitExit(), 0);
  EXPECT_THAT(again->error(), HasSubstr("event=daemon.sealed"));
  EXPECT_THAT(again->error(), HasSubstr("event=daemon.unsealed"));
}

TEST_F(ProgramTest, ASealedDaemonStopsWhenToldTo) {
  const auto daemon = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->AwaitExit(), 0);
  ASSERT_EQ(unlink((dir_ / "db.key").c_str()), 0);
  const auto again = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("STATUS=sealed: ")) << again->error();
  again->Signal(SIGTERM);
  EXPECT_EQ(again->AwaitExit(), 0) << again->error();
}

TEST_F(ProgramTest, AStoreWithoutItsKeyStoreIsNotOpened) {
  const auto daemon = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->AwaitExit(), 0);
  ASSERT_EQ(unlink((dir_ / "db.keys").c_str()), 0);
  const auto again = StartDaemon("d");
  EXPECT_EQ(again->AwaitExit(), 1);
  EXPECT_THAT(again->error(), HasSubstr("RFD4107"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "db.keys"));
}

TEST_F(ProgramTest, AMistakeInTheConfigurationIsShownInItsPlace) {
  WriteConfig("sever = 1\n");
  const auto daemon = StartDaemon("d");
  EXPECT_EQ(daemon->AwaitExit(), 78);
  EXPECT_THAT(daemon->error(), HasSubstr("error RFD1042: unknown setting `sever`"));
  EXPECT_THAT(daemon->error(), HasSubstr(" 2 | sever = 1\n   | ^^^^^ "));
  EXPECT_EQ(Ctl({"config", "check", dir_ / "r.toml"}), 78);
  EXPECT_THAT(ctl_->out(), HasSubstr("1 error. A running daemon keeps its old configuration."));
}

TEST_F(ProgramTest, TheRowsToMendCanBePiped) {
  WriteConfig("[[feed]]\nname = \"crm\"\nconnector = \"salesforce\"\ninbox = \"" +
              (dir_ / "crm/inbox") + "\"\n");
  const auto daemon = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
  const std::string file = dir_.Write("Contact.csv",
                                      "Id,LastName,Email\n003000000000001AAA,Adler,a@example.org\n"
                                      "003000000000002AAA,Brandt,no address\n");
  EXPECT_EQ(Ctl({"sync", "crm", file, "--accept", "--quiet"}), 3) << ctl_->error();
  ASSERT_EQ(Ctl({"run", "list", "crm"}), 0) << ctl_->error();
  const std::string runs = ctl_->out();
  const std::string run = runs.substr(runs.find("\n0") + 1, 26);
  ASSERT_EQ(Ctl({"run", "rejects", run, "-o", "-"}), 0) << ctl_->error();
  EXPECT_THAT(ctl_->out(), testing::StartsWith("Id,LastName,Email,_"));
  EXPECT_THAT(ctl_->out(), HasSubstr("\n003000000000002AAA,Brandt,no address,"));
}

TEST_F(ProgramTest, AStoreComesBackFromItsBackup) {
  WriteConfig("[backup]\nfolder = \"" + (dir_ / "backups") + "\"\n");
  const std::string config = dir_ / "r.toml";
  {
    const auto daemon = StartDaemon("d");
    ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
    ASSERT_EQ(Ctl({"backup", "create"}), 0) << ctl_->error();
    EXPECT_EQ(Ctl({"backup", "verify", "1"}), 0) << ctl_->error();
    EXPECT_EQ(Ctl({"backup", "restore", "1", "--reason", "a try", "--config", config}), 1);
    EXPECT_THAT(ctl_->error(), HasSubstr("RFD4017"));  // A store is in the way.
    daemon->Signal(SIGTERM);
    ASSERT_EQ(daemon->AwaitExit(), 0);
  }
  std::filesystem::rename(dir_ / "db", dir_ / "lost");
  ASSERT_EQ(Ctl({"backup", "restore", "1", "--reason", "the disk was lost", "--config", config}), 0)
      << ctl_->error();
  EXPECT_THAT(ctl_->out(), HasSubstr("is the store again"));
  EXPECT_THAT(ctl_->out(), HasSubstr("all as they should be"));
  EXPECT_EQ(Ctl({"verify", "--offline", "--config", config}), 0) << ctl_->error();
  const auto again = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << again->error();
  EXPECT_EQ(Ctl({"verify", "--offline", "--config", config}), 1);
  EXPECT_THAT(ctl_->error(), HasSubstr("RFD4001"));  // In use.
  EXPECT_EQ(Ctl({"key", "status"}), 0);
  EXPECT_THAT(ctl_->out(), HasSubstr("epoch     1"));
  again->Signal(SIGTERM);
  EXPECT_EQ(again->AwaitExit(), 0);
}

TEST_F(ProgramTest, AReloadSaysWhetherTheNextStartWouldSucceed) {
  const auto daemon = StartDaemon("d");
  ASSERT_TRUE(notify_.Awaits("READY=1")) << daemon->error();
  WriteConfig("sever = 1\n");
  daemon->Signal(SIGHUP);
  EXPECT_TRUE(notify_.Awaits("configuration is refused"));
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->AwaitExit(), 0);
  EXPECT_THAT(daemon->error(), HasSubstr("event=config.refused"));
}

}  // namespace
}  // namespace referrald
