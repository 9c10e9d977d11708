#include "connectors/sync/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "connectors/sync/digest.h"
#include "connectors/sync/drop_folder.h"
#include "connectors/sync/files.h"
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

void NoteChange(const ledger::Row& row, CheckReport& report) {
  report.newest_change = std::max(report.newest_change, row.occurred_at);
}

void Count(RowSorter::Sorted sorted, CheckReport& report) {
  ++report.rows;
  if (std::holds_alternative<RowSorter::Duplicate>(sorted)) ++report.duplicates;
  if (const auto* row = std::get_if<ledger::Row>(&sorted)) NoteChange(*row, report);
  if (const auto* merge = std::get_if<RowSorter::Merge>(&sorted)) {
    NoteChange(merge->row, report);
    report.survivors.Add(merge->row);
  }
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
  report.file_time = source.file_time();
}

bool WroteRows(const ledger::RunRecord& run, std::string_view object) {
  const bool good =
      run.status == ledger::RunStatus::kOk || run.status == ledger::RunStatus::kPartial;
  return good && !run.dry_run && run.object == object;
}

bool IsWholeFile(const ledger::RunRecord& run) {
  return run.reverts.empty() && !IsRejectsFileName(run.file);
}

// Of a row that people share an address in, when that is what the system made of it.
class Addresses {
 public:
  void Add(const RowSorter::Sorted& sorted, CheckReport& report) {
    const auto* row = std::get_if<ledger::Row>(&sorted);
    const std::string_view email =
        row == nullptr ? std::string_view() : Find(row->fields, referral::field::kEmail);
    if (email.empty()) return;
    ++report.with_email;
    digest_.Add(email);
    seen_.See(digest_.FinishShort(), 0);
    report.unique_emails = seen_.size();
  }

 private:
  SeenRows seen_;
  Sha256 digest_;
};

// What makes the same file say the same: which column is what, whose word counts, and what stages
// mean.
std::string MappingOf(const CheckReport& report, const FeedConfig& feed) {
  std::string text =
      fmt::format("{}\n{}\n{}\n", feed.mapping.system, feed.priority, feed.absent_is_gone);
  for (const auto& [column, field] : report.mapped) text += fmt::format("{}={}\n", column, field);
  for (const StageRule& rule : feed.stages) {
    text += fmt::format("{}>{}\n", rule.stage, MomentName(rule.moment));
  }
  return Sha256Of(text);
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

// The file as such.
Status StopOfForm(const StopQuestion& question) {
  const auto& [feed, report, former, file, absence] = question;
  if (report.rows == 0) {
    return Held(2033, feed.name, file, "the file has a header and no rows");
  }
  if (feed.encoding.empty() && report.encoding.contains("guessed")) {
    return Held(2034, feed.name, file,
                fmt::format("the file is not UTF-8 and does not say what it is; read as {}, names "
                            "may be wrong. Export it as UTF-8, or set encoding of the feed",
                            report.encoding));
  }
  const bool dated = former.measure && former.measure->file_time != Timestamp{} &&
                     report.newest_change == Timestamp{};
  if (dated && !report.mended && report.file_time < former.measure->file_time) {
    return Held(
        2036, feed.name, file,
        fmt::format("the file is of {}, older than the one before ({}), and its rows have "
                    "no time of change that would tell which is right",
                    FormatTimestamp(report.file_time), FormatTimestamp(former.measure->file_time)));
  }
  return Status::Ok();
}

Status StopOfBadRows(const StopQuestion& question) {
  const FeedConfig& feed = question.feed;
  const CheckReport& report = question.report;
  if (feed.stop_on_bad_row && report.bad > 0) {
    return Held(2032, feed.name, question.file,
                fmt::format("{} of {} rows are bad and on_bad_row is \"stop\" (the first: row {}, "
                            "RFD{:04})",
                            report.bad, report.rows, report.rejects.front().record,
                            report.rejects.front().number));
  }
  const double bad = static_cast<double>(report.bad) / static_cast<double>(report.rows);
  if (report.mended || bad <= feed.max_bad_ratio) return Status::Ok();
  return Held(2030, feed.name, question.file,
              fmt::format("{} of {} rows are bad ({}, limit max_bad = {})", report.bad, report.rows,
                          Percent(bad), Percent(feed.max_bad_ratio)));
}

// Fewer different addresses than this share of those before: a column was filled with one value.
constexpr double kLeastUnique = 0.5;
constexpr uint64_t kAddressesToJudge = 20;

// What is no longer as it was in the file before.
Status StopOfChange(const StopQuestion& question) {
  const auto& [feed, report, former, file, absence] = question;
  if (report.mended) return Status::Ok();
  const double known = static_cast<double>(absence.known);
  const double gone = known == 0 ? 0 : static_cast<double>(absence.gone) / known;
  if (gone > feed.max_deletes_ratio) {
    return Held(2035, feed.name, file,
                fmt::format("{} of the {} rows of {} that are known are not in it and would be "
                            "deleted ({}, limit max_deletes = {})",
                            absence.gone, absence.known, report.object, Percent(gone),
                            Percent(feed.max_deletes_ratio)));
  }
  if (!former.measure) return Status::Ok();
  const ledger::RunRecord& before = *former.measure;
  const double least = feed.min_rows_ratio * static_cast<double>(before.counts.read);
  if (static_cast<double>(report.rows) < least) {
    return Held(
        2031, feed.name, file,
        fmt::format("{} rows, where the last good run of {} had {} (limit min_rows = {})",
                    report.rows, report.object, before.counts.read, Percent(feed.min_rows_ratio)));
  }
  const uint64_t unique = PerMilleUnique(report);
  const bool judged = report.with_email >= kAddressesToJudge && before.unique_emails > 0;
  if (judged &&
      static_cast<double>(unique) < kLeastUnique * static_cast<double>(before.unique_emails)) {
    return Held(2037, feed.name, file,
                fmt::format("only {} of the {} rows with an e-mail address have one of their own "
                            "({}; {} in the file before): has its column been overwritten",
                            report.unique_emails, report.with_email,
                            Percent(static_cast<double>(unique) / 1000),
                            Percent(static_cast<double>(before.unique_emails) / 1000)));
  }
  return Status::Ok();
}

}  // namespace

Result<CheckReport> CheckFile(const std::string& path, const FeedConfig& feed,
                              const connectors::ConnectorInfo& connector, uint64_t row_count_max,
                              const std::stop_token& stop) {
  Result<std::unique_ptr<RowSource>> source = RowSource::Open(path, feed, connector);
  if (!source) return source.error();
  CheckReport report;
  Addresses addresses;
  while (row_count_max == 0 || report.rows < row_count_max) {
    if (stop.stop_requested()) return Status::Aborted("stopped while checking the file");
    Result<std::optional<SourceRow>> row = (*source)->Next();
    if (!row) return row.error();
    if (!*row) break;
    if ((*row)->looks_cut) return CutOff(**row);
    RowSorter::Sorted sorted = report.seen.Sort(std::move(**row));
    addresses.Add(sorted, report);
    Count(std::move(sorted), report);
  }
  Describe(**source, report);
  report.mapping = MappingOf(report, feed);
  report.file = WithoutRun(BaseName(path));
  Result<RowSource::Whole> whole = (*source)->Finish();
  if (!whole) return whole.error();
  report.bytes = whole->bytes;
  report.sha256 = std::move(whole->sha256);
  return report;
}

uint64_t PerMilleUnique(const CheckReport& report) {
  return report.with_email == 0 ? 0 : report.unique_emails * 1000 / report.with_email;
}

Result<FormerRuns> FindFormerRuns(const ledger::Reader& reader, std::string_view feed,
                                  std::string_view object) {
  FormerRuns former;
  std::string cursor;
  for (size_t seen = 0; seen < limits::kRunsLookedBackMax;) {
    const Result<ledger::Page<ledger::RunRecord>> page =
        reader.ListRuns(feed, cursor, kRunsPerPage);
    if (!page) return page.error();
    for (const ledger::RunRecord& run : page->items) {
      if (!WroteRows(run, object)) continue;
      if (!former.newest) former.newest = run;
      if (!IsWholeFile(run)) continue;
      former.measure = run;
      return former;
    }
    if (page->next.empty()) break;
    seen += page->items.size();
    cursor = page->next;
  }
  return former;
}

bool IsIdentical(const CheckReport& report, const FormerRuns& former) {
  if (!former.newest || report.bad > 0) return false;
  const ledger::RunRecord& run = *former.newest;
  const bool whole = run.status == ledger::RunStatus::kOk && run.reverts.empty();
  return whole && run.counts.suppressed == 0 && run.sha256 == report.sha256 &&
         run.mapping == report.mapping;
}

Status SafetyStop(const StopQuestion& question) {
  Status stop = StopOfForm(question);
  if (stop.ok()) stop = StopOfBadRows(question);
  if (stop.ok()) stop = StopOfChange(question);
  return stop;
}

}  // namespace referrald::sync
