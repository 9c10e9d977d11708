#include "storage/base/log.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <iterator>

namespace referrald {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

// The length of the valid UTF-8 character at the front of `text`; 0 where there is none.
size_t CharacterSize(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto follows = [&](size_t i, uint8_t low, uint8_t high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1, 0x80, 0xbf) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const uint8_t low = first == 0xe0 ? 0xa0 : 0x80;   // No overlong forms,
    const uint8_t high = first == 0xed ? 0x9f : 0xbf;  // no surrogates.
    return follows(1, low, high) && follows(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const uint8_t low = first == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xf4 ? 0x8f : 0xbf;
    const bool complete = follows(1, low, high) && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf);
    return complete ? 4 : 0;
  }
  return 0;
}

// A bare word stays bare; anything with a space, a quote, '=' or a control character is quoted.
void AppendLogfmtValue(std::string& out, std::string_view value) {
  bool bare = !value.empty();
  for (const char c : value) bare = bare && c > ' ' && c != '"' && c != '=' && c != '\x7f';
  out += bare ? std::string(value) : JsonQuote(value);
}

void AppendLogfmt(std::string& out, const LogField& field) {
  out += ' ';
  out += field.key;
  out += '=';
  if (const auto* number = std::get_if<int64_t>(&field.value)) {
    out += fmt::to_string(*number);
  } else {
    AppendLogfmtValue(out, std::get<std::string>(field.value));
  }
}

void AppendJson(std::string& out, const LogField& field) {
  out += ',';
  out += JsonQuote(field.key);
  out += ':';
  if (const auto* number = std::get_if<int64_t>(&field.value)) {
    out += fmt::to_string(*number);
  } else {
    out += JsonQuote(std::get<std::string>(field.value));
  }
}

class StderrSink final : public LogSink {
 public:
  explicit StderrSink(LogFormat format) : format_(format) {}

  void Write(const LogRecord& record) override {
    std::string line = format_ == LogFormat::kJson ? FormatJson(record) : FormatLogfmt(record);
    line += '\n';
    // One write a line: records of several threads do not mix.
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  const LogFormat format_;
};

}  // namespace

std::string_view LogLevelName(LogLevel level) { return kLevelNames[static_cast<size_t>(level)]; }

Result<LogLevel> ParseLogLevel(std::string_view name) {
  for (size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == name) return static_cast<LogLevel>(i);
  }
  return Status::InvalidArgument("not a log level: write debug, info, warning or error");
}

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    const char c = text.front();
    if (size == 0) {
      out += "\xef\xbf\xbd";
    } else if (size > 1) {
      out += text.substr(0, size);
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<uint8_t>(c) < 0x20 || c == '\x7f') {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out += '"';
  return out;
}

std::string FormatLogfmt(const LogRecord& record) {
  std::string line = fmt::format("ts={} level={} event={}", FormatTimestamp(record.at),
                                 LogLevelName(record.level), record.event);
  if (record.number != 0) line += fmt::format(" code=RFD{:04}", record.number);
  line += " msg=";
  AppendLogfmtValue(line, record.message);
  for (const LogField& field : record.fields) AppendLogfmt(line, field);
  return line;
}

std::string FormatJson(const LogRecord& record) {
  std::string line =
      fmt::format(R"({{"ts":"{}","level":"{}","event":{})", FormatTimestamp(record.at),
                  LogLevelName(record.level), JsonQuote(record.event));
  if (record.number != 0) line += fmt::format(R"(,"code":"RFD{:04}")", record.number);
  line += ",\"msg\":" + JsonQuote(record.message);
  for (const LogField& field : record.fields) AppendJson(line, field);
  line += '}';
  return line;
}

std::unique_ptr<LogSink> MakeStderrSink(LogFormat format) {
  return std::make_unique<StderrSink>(format);
}

void Logger::Write(LogRecord record) const {
  if (record.level < least_) return;
  record.at = clock_.Now();
  sink_.Write(record);
}

}  // namespace referrald
