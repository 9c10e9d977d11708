#include "plugin/ctl/daemon_program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

namespace referrald::ctl {
namespace {

namespace fs = std::filesystem;

constexpr int kNotThere = 127;  // As shells say it.

Status CannotRun(int error) {
  return Status::IoError("cannot run referrald: " + std::generic_category().message(error), 5106);
}

// Installed, both are in one folder; in a build tree each has its own.
std::optional<std::string> BesideUs() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  const fs::path folder = self.parent_path();
  for (const fs::path& path : {folder / "referrald", folder.parent_path() / "daemon/referrald"}) {
    if (access(path.c_str(), X_OK) == 0) return path.string();
  }
  return std::nullopt;
}

std::string ReadAll(int descriptor) {
  std::string text;
  std::array<char, 4096> chunk{};
  for (;;) {
    const ssize_t size = read(descriptor, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(chunk.data(), static_cast<size_t>(size));
  }
}

// In the child, where nothing but system calls is safe.
[[noreturn]] void BecomeDaemonProgram(const std::vector<char*>& argv,
                                      const std::array<int, 2>& ends) {
  dup2(ends[1], STDOUT_FILENO);
  close(ends[0]);
  close(ends[1]);
  execvp(argv.front(), argv.data());
  _exit(kNotThere);
}

int AwaitExit(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

Result<ProgramOutput> RunDaemonProgram(const std::vector<std::string>& arguments) {
  const std::string program = BesideUs().value_or("referrald");
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return CannotRun(errno);
  const pid_t child = fork();
  if (child == 0) BecomeDaemonProgram(argv, ends);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return CannotRun(errno);
  }
  ProgramOutput output{.exit_code = 0, .text = ReadAll(ends[0])};
  close(ends[0]);
  output.exit_code = AwaitExit(child);
  if (output.exit_code != kNotThere) return output;
  return Status::NotFound(
      "the program referrald is neither beside referralctl nor on PATH; install it here, or check "
      "the file on the machine that runs it",
      5106);
}

}  // namespace referrald::ctl
