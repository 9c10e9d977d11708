#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald {

// error: the daemon cannot go on; warning: an operator must act; info: rare and expected;
// debug: by area.
enum class LogLevel : unsigned char { kDebug, kInfo, kWarning, kError };

std::string_view LogLevelName(LogLevel level);  // "debug" ... "error"
Result<LogLevel> ParseLogLevel(std::string_view name);

// One fact about a record. Keys are lower snake case and come from the stable list in
// interfaces.md; values never hold personal data: contact ids and row numbers only.
struct LogField {
  std::string key;
  std::variant<std::string, int64_t> value;
};

// One event = one record. `event` is a name of the stable list ("run.finished").
struct LogRecord {
  LogLevel level = LogLevel::kInfo;
  std::string event;
  std::string message;  // One sentence.
  int number = 0;       // RFDnnnn, 0: none.
  std::vector<LogField> fields;
  Timestamp at{};  // Set by Logger.
};

// Where records go. Write may be called by any thread.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void Write(const LogRecord& record) = 0;
};

// ts=... level=info event=run.finished msg="..." feed=...
std::string FormatLogfmt(const LogRecord& record);
// {"ts":"...","level":"info","event":"run.finished","msg":"...","feed":"..."}
std::string FormatJson(const LogRecord& record);
// `text` as a JSON string literal with its quotes; invalid UTF-8 becomes U+FFFD.
std::string JsonQuote(std::string_view text);

enum class LogFormat : unsigned char { kLogfmt, kJson };

// One line a record to standard error.
std::unique_ptr<LogSink> MakeStderrSink(LogFormat format);

// Gives records their time and drops those below the level. Any thread; the sink and clock must
// outlive it.
class Logger {
 public:
  Logger(LogSink& sink, const Clock& clock, LogLevel least)
      : sink_(sink), clock_(clock), least_(least) {}

  void Write(LogRecord record) const;

 private:
  LogSink& sink_;
  const Clock& clock_;
  const LogLevel least_;
};

}  // namespace referrald
