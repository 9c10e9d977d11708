#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace referrald::crash {

// A test case of this program, run as a program of its own that is killed. What it does it reports
// as numbers, through a pipe whose other end the journal's keeper holds, so that a report outlives
// it.
class KilledChild {
 public:
  // For the child: a variable of its environment; empty where it is not one.
  static std::string Given(const std::string& name) {
    const char* const value = std::getenv(("REFERRALD_CHILD_" + name).c_str());
    return value == nullptr ? "" : value;
  }
  static void Report(uint64_t number) {
    (void)!::write(std::atoi(Given("OUT").c_str()), &number, sizeof number);
  }

  // Runs `test` with `given` until it has reported `count` numbers and for `more` after that; or
  // until it ends. Returns all that it reported.
  static std::vector<uint64_t> RunAndKill(const std::string& test,
                                          std::map<std::string, std::string> given, size_t count,
                                          std::chrono::microseconds more) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    given["OUT"] = std::to_string(ends[1]);
    const std::string filter = "--gtest_filter=" + test;
    const pid_t child = ::fork();
    if (child == 0) {
      for (const auto& [name, value] : given) {
        ::setenv(("REFERRALD_CHILD_" + name).c_str(), value.c_str(), 1);
      }
      ::close(ends[0]);
      const int nowhere = ::open("/dev/null", O_WRONLY);
      ::dup2(nowhere, STDOUT_FILENO);
      ::execl("/proc/self/exe", "child", filter.c_str(), nullptr);
      ::_exit(99);
    }
    ::close(ends[1]);
    std::vector<uint64_t> journal;
    uint64_t number = 0;
    const auto read = [&] { return ::read(ends[0], &number, sizeof number) == sizeof number; };
    while (journal.size() < count && read()) journal.push_back(number);
    std::this_thread::sleep_for(more);  // The point itself is random.
    ::kill(child, SIGKILL);
    while (read()) journal.push_back(number);
    ::close(ends[0]);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << status;
    return journal;
  }
};

}  // namespace referrald::crash
