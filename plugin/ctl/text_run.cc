#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

constexpr size_t kReasonsShownMax = 20;

struct OutcomeCount {
  std::string_view name;
  int64_t count;
  bool always;
};

std::vector<OutcomeCount> OutcomesOf(const idl::RowCounts& counts) {
  return {{"created", counts.created, true},
          {"updated", counts.updated, true},
          {"unchanged", counts.unchanged, true},
          {"duplicate", counts.duplicate, false},
          {"deleted", counts.deleted, false},
          {"merged", counts.merged, false},
          {"suppressed", counts.suppressed, false},
          {"quarantined", counts.quarantined, true},
          {"held", counts.held, true}};
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string DurationOf(const idl::Run& run) {
  if (run.finished_at == 0) return "-";
  return DurationText(std::chrono::microseconds{run.finished_at - run.started_at});
}

int64_t ChangedBy(const idl::Run& run) {
  const idl::RowCounts& counts = run.counts;
  return counts.created + counts.updated + counts.deleted + counts.merged;
}

// Rows that failed alike, and the first of them.
struct Group {
  int64_t count = 0;
  const idl::Reject* first = nullptr;
};

std::vector<Group> GroupRejects(std::span<const idl::Reject> rejects) {
  // Not by the reason: it may name the id or the number that is wrong.
  std::map<std::tuple<int32_t, std::string, std::string>, Group> groups;
  for (const idl::Reject& reject : rejects) {
    Group& group = groups[{reject.code, reject.column, reject.outcome}];
    if (group.first == nullptr) group.first = &reject;
    ++group.count;
  }
  std::vector<Group> sorted;
  for (const auto& [key, group] : groups) sorted.push_back(group);
  std::ranges::sort(
      sorted, {}, [](const Group& group) { return std::pair(-group.count, group.first->record); });
  return sorted;
}

std::string WhyRejected(std::span<const idl::Reject> rejects, const Style& style) {
  if (rejects.empty()) return {};
  const std::vector<Group> groups = GroupRejects(rejects);
  Table table({{"", Table::Align::kRight}, {""}, {""}, {""}});
  for (const Group& group : std::span(groups).first(std::min(groups.size(), kReasonsShownMax))) {
    const idl::Reject& first = *group.first;
    std::string example = fmt::format("e.g. row {}, line {}", first.record, first.line);
    if (!first.column.empty()) example += fmt::format(", column \"{}\"", Clean(first.column));
    table.Add({Grouped(group.count), fmt::format("RFD{}", first.code), Clean(first.reason),
               style.Dim(example)});
  }
  std::string text = "Why rows were quarantined or held\n";
  text += table.Text(style, {.indent = 2, .with_titles = false});
  if (groups.size() > kReasonsShownMax) {
    text += fmt::format("  and {} more reasons\n", groups.size() - kReasonsShownMax);
  }
  return text;
}

// What is known of the file; a run that failed early knows little.
std::string ReadText(const idl::Run& run) {
  std::vector<std::string> known;
  if (!run.object.empty()) known.push_back(fmt::format("{} {}", run.connector, run.object));
  if (run.object.empty() && !run.connector.empty()) known.push_back(run.connector);
  if (run.bytes > 0) known.push_back(ByteText(run.bytes));
  if (!run.encoding.empty()) known.push_back(run.encoding);
  if (!run.delimiter.empty()) known.push_back("delimiter " + Clean(run.delimiter));
  if (!run.sha256.empty()) known.push_back("sha256 " + run.sha256.substr(0, 12));
  return known.empty() ? std::string() : fmt::format("Read    {}\n", fmt::join(known, ", "));
}

std::string ShortText(const idl::Run& run) {
  if (run.rows_short == 0) return {};
  return fmt::format(
      "Short   {} lack cells at their end; what those would say was left as it was\n",
      Count(run.rows_short, "row"));
}

std::string MatchText(const idl::Run& run) {
  if (run.counts.rows_read == 0) return {};
  return fmt::format("Match   external_id {}   email {}   claims found {}\n",
                     Grouped(run.matched_external_id), Grouped(run.matched_email),
                     Grouped(run.claims_found));
}

std::string EventsText(const idl::Run& run) {
  if (!run.sequence_from.empty()) {
    return fmt::format("Events  {} to {}\n", run.sequence_from, run.sequence_to);
  }
  const bool is_whole = run.status == "ok" || run.status == "partial";
  return is_whole ? "Events  none: nothing was new\n" : "Events  none\n";
}

}  // namespace

std::string AsideText(const idl::Run& run) {
  std::string text;
  if (!run.reverts.empty()) text += fmt::format("Reverts {}\n", run.reverts);
  if (run.identical) text += "Same    the file of the last run once more; nothing was to be done\n";
  if (run.stale > 0) {
    text += fmt::format("Stale   {} older than what the system said before; left as they were\n",
                        Count(run.stale, "row"));
  }
  if (run.gone > 0) {
    text += fmt::format("Gone    {} that the file no longer has; deleted by their absence\n",
                        Count(run.gone, "row"));
  }
  if (run.moments > 0) {
    text += fmt::format("Stages  {} of purchases, told by stages of deals\n",
                        Count(run.moments, "moment"));
  }
  return text;
}

std::string RunStatusText(std::string_view status, const Style& style) {
  if (status == "ok") return style.Good("ok");
  if (status == "running") return "running";
  const std::string upper = Upper(Clean(status));
  return status == "partial" ? style.Warn(upper) : style.Bad(upper);
}

std::string RowsText(const idl::RowCounts& counts) {
  std::string sum;
  for (const OutcomeCount& outcome : OutcomesOf(counts)) {
    if (outcome.count == 0 && !outcome.always) continue;
    if (!sum.empty()) sum += " + ";
    sum += fmt::format("{} {}", outcome.name, Grouped(outcome.count));
  }
  return fmt::format("rows {} = {}\n", Grouped(counts.rows_read), sum);
}

std::string RunsText(std::span<const idl::Run> runs, Timestamp now, const Style& style) {
  if (runs.empty()) return "No runs yet.\n";
  Table table({{"RUN"},
               {"FEED"},
               {"STATUS"},
               {"STARTED"},
               {"TOOK", Table::Align::kRight},
               {"ROWS", Table::Align::kRight},
               {"CHANGED", Table::Align::kRight},
               {"QUARANTINED", Table::Align::kRight},
               {"FILE"}});
  for (const idl::Run& run : runs) {
    table.Add({run.id, run.feed, RunStatusText(run.status, style), AgoText(run.started_at, now),
               DurationOf(run), Grouped(run.counts.rows_read), Grouped(ChangedBy(run)),
               Grouped(run.counts.quarantined), Clean(run.file)});
  }
  return table.Text(style);
}

std::string RunText(const idl::Run& run, std::span<const idl::Reject> rejects, const Style& style) {
  std::string text =
      fmt::format("Run {}  {}  {}  {}  {}\n", run.id, style.Bold(run.feed), Clean(run.file),
                  RunStatusText(run.status, style), DurationOf(run));
  if (!run.reason.empty()) {
    const std::string number = run.code != 0 ? fmt::format("RFD{} ", run.code) : "";
    text += fmt::format("{}{}\n", number, Clean(run.reason));
  }
  text += RowsText(run.counts);
  text += ReadText(run);
  text += AsideText(run);
  text += ShortText(run);
  text += MatchText(run);
  text += EventsText(run);
  text += WhyRejected(rejects, style);
  if (!run.rejects_file.empty()) {
    text += fmt::format("Fix:    {}   (your columns + reason)\n", Clean(run.rejects_file));
    text += "Then:   drop the fixed file in the inbox\n";
  }
  return text;
}

std::string RejectsText(std::span<const idl::Reject> rejects, const Style& style) {
  if (rejects.empty()) return "No row was quarantined or held.\n";
  Table table({{"ROW", Table::Align::kRight},
               {"LINE", Table::Align::kRight},
               {"OUTCOME"},
               {"CODE"},
               {"NAME"},
               {"COLUMN"},
               {"REASON"}});
  for (const idl::Reject& reject : rejects) {
    table.Add({Grouped(reject.record), Grouped(reject.line), reject.outcome,
               fmt::format("RFD{}", reject.code), reject.name,
               reject.column.empty() ? "-" : Clean(reject.column), Clean(reject.reason)});
  }
  return table.Text(style);
}

std::string ProgressText(const idl::Run& run, double rows_per_second) {
  const int64_t done = run.counts.rows_read;
  const int64_t all = run.rows_expected;
  if (run.status != "running") return fmt::format("{}  {}", run.feed, run.status);
  if (all == 0) return fmt::format("{}  checking the file", run.feed);
  std::string text =
      fmt::format("{}  importing  {} %  {}/{} rows", run.feed,
                  std::min<int64_t>(100, done * 100 / all), Grouped(done), Grouped(all));
  if (rows_per_second >= 1) {
    text += fmt::format("  {} rows/s", Grouped(static_cast<int64_t>(rows_per_second)));
  }
  text += fmt::format("  {} quarantined", Grouped(run.counts.quarantined));
  if (rows_per_second >= 1 && done < all) {
    const auto seconds = static_cast<int64_t>(static_cast<double>(all - done) / rows_per_second);
    text +=
        fmt::format("  {} left", DurationText(std::chrono::seconds{std::max<int64_t>(seconds, 1)}));
  }
  return text;
}

}  // namespace referrald::ctl
