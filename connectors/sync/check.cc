#include "connectors/sync/check.h"

#include <fmt/core.h>

#include <memory>
#include <utility>
#include <variant>

#include "connectors/sync/rejects_file.h"
#include "connectors/sync/row_source.h"
#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

constexpr size_t kRunsPerPage = 100;

Status CutOff(const SourceRow& row) {
  return Status::InvalidArgument(
      fmt::format("the file ends in the middle of row {} (line {}): it was cut off. Export or copy "
                  "it again; if it is whole, add a line end to its last row",
                  row.record, row.line),
      2024);
}

void Count(RowSorter::Sorted sorted, CheckReport& report) {
  ++report.rows;
  if (std::holds_alternative<RowSorter::Duplicate>(sorted)) ++report.duplicates;
  if (const auto* merge = std::get_if<RowSorter::Merge>(&sorted)) report.survivors.Add(merge->row);
  auto* reject = std::get_if<ledger::Reject>(&sorted);
  if (reject == nullptr) return;
  ++report.bad;
  if (report.rejects.size() < limits::kPlanRejectsMax) report.rejects.push_back(std::move(*reject));
}

void Describe(RowSource& source, CheckReport& report) {
  report.object = source.mapping().object();
  report.encoding = source.format().encoding;
  report.delimiter = source.format().delimiter_name;
  report.mapped = source.mapping().Mapped();
  report.ignored = source.mapping().Ignored();
  report.mended = source.mended();
  report.rows_short = source.rows_short();
}

bool IsMeasure(const ledger::RunRecord& run, std::string_view object) {
  const bool good =
      run.status == ledger::RunStatus::kOk || run.status == ledger::RunStatus::kPartial;
  return good && !run.dry_run && run.object == object && !IsRejectsFileName(run.file);
}

std::string Percent(double ratio) { return fmt::format("{:.3g} %", ratio * 100); }

// As one word for a shell.
std::string Quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@";
  if (text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Status Held(int number, std::string_view feed, std::string_view file, std::string what) {
  return Status::FailedPrecondition(
      fmt::format("{}; nothing was written. If that is right: referralctl sync {} {} --accept",
                  what, feed, Quoted(std::string(file))),
      number);
}

}  // namespace

Result<CheckReport> CheckFile(const std::string& path, const FeedConfig& feed,
                              const connectors::ConnectorInfo& connector, uint64_t row_count_max,
                              const std::stop_token& stop) {
  Result<std::unique_ptr<RowSource>> source = RowSource::Open(path, feed, connector);
  if (!source) return source.error();
  CheckReport report;
  RowSorter sorter;
  while (row_count_max == 0 || report.rows < row_count_max) {
    if (stop.stop_requested()) return Status::Aborted("stopped while checking the file");
    Result<std::optional<SourceRow>> row = (*source)->Next();
    if (!row) return row.error();
    if (!*row) break;
    if ((*row)->looks_cut) return CutOff(**row);
    Count(sorter.Sort(std::move(**row)), report);
  }
  Describe(**source, report);
  report.bytes = (*source)->bytes();
  report.sha256 = (*source)->sha256();
  return report;
}

Result<uint64_t> RowsOfLastGoodRun(const ledger::Reader& reader, std::string_view feed,
                                   std::string_view object) {
  std::string cursor;
  for (size_t seen = 0; seen < limits::kRunsLookedBackMax;) {
    const Result<ledger::Page<ledger::RunRecord>> page =
        reader.ListRuns(feed, cursor, kRunsPerPage);
    if (!page) return page.error();
    for (const ledger::RunRecord& run : page->items) {
      if (IsMeasure(run, object)) return run.counts.read;
    }
    if (page->next.empty()) break;
    seen += page->items.size();
    cursor = page->next;
  }
  return uint64_t{0};
}

Status SafetyStop(const FeedConfig& feed, const CheckReport& report, std::string_view file,
                  uint64_t last_good_rows) {
  if (report.rows == 0) {
    return Held(2033, feed.name, file, "the file has a header and no rows");
  }
  if (feed.encoding.empty() && report.encoding.contains("guessed")) {
    return Held(2034, feed.name, file,
                fmt::format("the file is not UTF-8 and does not say what it is; read as {}, names "
                            "may be wrong. Export it as UTF-8, or set encoding of the feed",
                            report.encoding));
  }
  if (feed.stop_on_bad_row && report.bad > 0) {
    return Held(2032, feed.name, file,
                fmt::format("{} of {} rows are bad and on_bad_row is \"stop\" (the first: row {}, "
                            "RFD{:04})",
                            report.bad, report.rows, report.rejects.front().record,
                            report.rejects.front().number));
  }
  const double bad = static_cast<double>(report.bad) / static_cast<double>(report.rows);
  if (!report.mended && bad > feed.max_bad_ratio) {
    return Held(2030, feed.name, file,
                fmt::format("{} of {} rows are bad ({}, limit max_bad = {})", report.bad,
                            report.rows, Percent(bad), Percent(feed.max_bad_ratio)));
  }
  const double least = feed.min_rows_ratio * static_cast<double>(last_good_rows);
  if (!report.mended && static_cast<double>(report.rows) < least) {
    return Held(
        2031, feed.name, file,
        fmt::format("{} rows, where the last good run of {} had {} (limit min_rows = {})",
                    report.rows, report.object, last_good_rows, Percent(feed.min_rows_ratio)));
  }
  return Status::Ok();
}

}  // namespace referrald::sync
