#include "plugin/daemon/log_journal.h"

#include <fmt/format.h>
#include <sys/uio.h>
// The place in the source is of no use to the reader of a log.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>

namespace referrald::daemon {
namespace {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

// As in syslog(3).
int PriorityOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return 7;
    case LogLevel::kInfo: return 6;
    case LogLevel::kWarning: return 4;
    case LogLevel::kError: return 3;
  }
  return 5;
}

// The journal takes A-Z, 0-9 and '_' only.
std::string JournalName(std::string_view key) {
  std::string name = "REFERRALD_";
  for (const char c : key) {
    if (c >= 'a' && c <= 'z') {
      name += static_cast<char>(c - 'a' + 'A');
    } else {
      name += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    }
  }
  return name;
}

class JournalSink final : public LogSink {
 public:
  void Write(const LogRecord& record) override {
    const std::vector<std::string> fields = JournalFields(record);
    std::vector<iovec> parts;
    for (const std::string& field : fields) {
      parts.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
    }
    if (sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) < 0) {
      fallback_->Write(record);
    }
  }

 private:
  const std::unique_ptr<LogSink> fallback_ = MakeStderrSink(LogFormat::kLogfmt);
};

}  // namespace

std::vector<std::string> JournalFields(const LogRecord& record) {
  std::vector<std::string> fields = {
      "MESSAGE=" + record.message,
      fmt::format("PRIORITY={}", PriorityOf(record.level)),
      "SYSLOG_IDENTIFIER=referrald",
      "REFERRALD_EVENT=" + record.event,
  };
  if (record.number != 0) fields.push_back(fmt::format("REFERRALD_CODE=RFD{}", record.number));
  for (const LogField& field : record.fields) {
    const auto* number = std::get_if<int64_t>(&field.value);
    fields.push_back(fmt::format(
        "{}={}", JournalName(field.key),
        number != nullptr ? std::to_string(*number) : std::get<std::string>(field.value)));
  }
  return fields;
}

std::unique_ptr<LogSink> MakeJournalSink() {
  if (access(kJournalSocket, W_OK) != 0) return nullptr;
  return std::make_unique<JournalSink>();
}

}  // namespace referrald::daemon
