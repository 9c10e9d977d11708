#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

constexpr size_t kFieldsShownMax = 8;

// What stands behind a feed in the overview: what it waits for, or what a person should do.
std::string NextText(const idl::Feed& feed) {
  const idl::Run& run = feed.last_run;
  if (run.status == "running") return ProgressText(run, 0);
  if (run.status == "partial") {
    return fmt::format("{} a fix: referralctl run rejects {}",
                       Count(run.counts.quarantined + run.counts.held, "row") +
                           (run.counts.quarantined + run.counts.held == 1 ? " needs" : " need"),
                       run.id);
  }
  if (run.status == "held" || run.status == "failed") {
    return fmt::format("look: referralctl run show {}", run.id);
  }
  if (feed.files_waiting > 0) return Count(feed.files_waiting, "file") + " waiting";
  return "waits for a file";
}

std::string TookText(const idl::Run& run) {
  if (run.finished_at == 0) return "-";
  return DurationText(std::chrono::microseconds{run.finished_at - run.started_at});
}

std::string FieldsText(std::span<const idl::FieldValue> fields) {
  std::vector<std::string> shown;
  for (const idl::FieldValue& field : fields.first(std::min(fields.size(), kFieldsShownMax))) {
    shown.push_back(fmt::format("{}={}", Clean(field.name), Clean(field.value)));
  }
  if (fields.size() > kFieldsShownMax) shown.emplace_back("...");
  return fmt::format("{}", fmt::join(shown, "  "));
}

std::string FileText(const idl::FilePreview& preview) {
  const std::string delimiter =
      preview.delimiter.empty() ? "" : fmt::format(" delimiter {},", Clean(preview.delimiter));
  std::string text = fmt::format("Read    {}   {}, {},{} {} columns\n", Clean(preview.file),
                                 ByteText(preview.bytes), preview.encoding, delimiter,
                                 preview.mapped.size() + preview.ignored.size());
  text += fmt::format("Is      {} {}\n", preview.connector, preview.object);
  text += fmt::format("Mapped  {}", Count(static_cast<int64_t>(preview.mapped.size()), "column"));
  if (!preview.ignored.empty()) {
    const size_t shown = std::min(preview.ignored.size(), kFieldsShownMax);
    text += fmt::format(
        "   ignored {}: {}{}", preview.ignored.size(),
        Clean(fmt::format("{}", fmt::join(std::span(preview.ignored).first(shown), ", "))),
        shown < preview.ignored.size() ? ", ..." : "");
  }
  return text + "\n";
}

}  // namespace

std::string FeedsText(std::span<const idl::Feed> feeds, Timestamp now, const Style& style) {
  if (feeds.empty()) return "No feed is configured: see [[feed]] in the configuration.\n";
  Table table({{"FEED"},
               {"STATE"},
               {"LAST RUN"},
               {"TOOK", Table::Align::kRight},
               {"ROWS", Table::Align::kRight},
               {"CHANGED", Table::Align::kRight},
               {"QUARANTINED", Table::Align::kRight},
               {"NEXT"}});
  for (const idl::Feed& feed : feeds) {
    const idl::Run& run = feed.last_run;
    if (run.id.empty()) {
      table.Add({feed.name, "new", "-", "-", "-", "-", "-", NextText(feed)});
      continue;
    }
    const idl::RowCounts& counts = run.counts;
    table.Add({feed.name, RunStatusText(run.status, style), AgoText(run.started_at, now),
               TookText(run), Grouped(counts.rows_read),
               Grouped(counts.created + counts.updated + counts.deleted + counts.merged),
               Grouped(counts.quarantined), NextText(feed)});
  }
  return table.Text(style);
}

std::string CheckText(std::span<const idl::FeedCheck> checks, const Style& style) {
  Table table({{""}, {""}, {""}});
  for (const idl::FeedCheck& check : checks) {
    std::string message = Clean(check.message);
    if (check.code != 0) message = fmt::format("RFD{} {}", check.code, message);
    table.Add({check.ok ? style.Good("ok") : style.Bad("FAIL"), Clean(check.name), message});
  }
  return table.Text(style, {.indent = 0, .with_titles = false});
}

std::string PreviewText(const idl::FilePreview& preview, const Style& style) {
  std::string text = FileText(preview);
  Table mapped({{"COLUMN"}, {"FIELD"}});
  for (const idl::FieldValue& column : preview.mapped) {
    mapped.Add({Clean(column.name), Clean(column.value)});
  }
  if (!mapped.empty()) text += mapped.Text(style, {.indent = 2});
  Table rows({{"ROW", Table::Align::kRight}, {"LINE", Table::Align::kRight}, {"ID"}, {"SAYS"}});
  for (const idl::PreviewRow& row : preview.rows) {
    if (row.reject.code != 0) {
      rows.Add({Grouped(row.record), Grouped(row.line), style.Bad("bad"),
                fmt::format("RFD{} {}", row.reject.code, Clean(row.reject.reason))});
      continue;
    }
    rows.Add({Grouped(row.record), Grouped(row.line), Clean(row.external_ref.id),
              FieldsText(row.fields)});
  }
  if (!rows.empty()) text += rows.Text(style);
  return text + "Nothing was written.\n";
}

std::string PlanText(const idl::SyncPlan& plan, const Style& style) {
  const idl::Run& run = plan.run;
  std::string text = FileText(plan.preview);
  text += fmt::format("Match   external_id {}   email {}\n", Grouped(run.matched_external_id),
                      Grouped(run.matched_email));
  text += "Plan    " + RowsText(run.counts);
  std::vector<std::string> fields;
  for (const idl::FieldCount& field : plan.fields_changed) {
    fields.push_back(fmt::format("{} {}", Clean(field.name), Grouped(field.count)));
  }
  if (!fields.empty()) text += fmt::format("Fields  {}\n", fmt::join(fields, "   "));
  text += AsideText(run);
  if (!run.reason.empty()) {
    text += fmt::format("{}  RFD{} {}\n", RunStatusText(run.status, style), run.code,
                        Clean(run.reason));
  }
  if (!plan.rejects.empty()) text += RejectsText(plan.rejects, style);
  return text + "Nothing was written.\n";
}

std::string StatusText(const idl::ServerInfo& info, std::span<const idl::Feed> feeds, Timestamp now,
                       const Style& style) {
  const std::chrono::microseconds up{ToMicros(now) - info.started_at};
  std::string text = fmt::format(
      "{} {}  running {}   store {} contacts, {} organisations, {} events, {}   rpc {}\n",
      style.Bold("referrald"), info.version, DurationText(up), Grouped(info.person_count),
      Grouped(info.organisation_count), Grouped(info.event_count), ByteText(info.store_bytes),
      fmt::join(info.rpc_listen, ", "));
  text += fmt::format("referrals {}, introductions {}, opportunities {}\n",
                      Grouped(info.referral_count), Grouped(info.introduction_count),
                      Grouped(info.opportunity_count));
  if (!info.accepts_writes) {
    text += fmt::format("{}  {}\n", style.Bad("NOT ACCEPTING WRITES"),
                        Clean(info.not_accepting_reason));
  }
  return text + FeedsText(feeds, now, style);
}

std::string VerifyText(const idl::VerifyReport& report, const Style& style) {
  std::string text = Count(report.event_count, "event");
  if (report.projection_count > 0) {
    text += fmt::format(", {} compared", Count(report.projection_count, "derived record"));
  }
  text += ": ";
  if (report.problems.empty()) return text + style.Good("all as they should be") + "\n";
  text += style.Bad(Count(static_cast<int64_t>(report.problems.size()), "problem")) + "\n";
  for (const std::string& problem : report.problems) text += "  " + Clean(problem) + "\n";
  return text;
}

std::string ExportText(const idl::ExportResult& result, const Style& style) {
  if (result.files.empty()) return fmt::format("{}: nothing to export.\n", Clean(result.name));
  Table table({{"OBJECT"}, {"ROWS", Table::Align::kRight}, {"FILE"}});
  for (const idl::ExportFile& file : result.files) {
    table.Add({Clean(file.object), Grouped(file.rows), Clean(file.path)});
  }
  return table.Text(style);
}

std::string ExportsText(std::span<const idl::ExportInfo> exports, const Style& style) {
  if (exports.empty()) return "No export is configured: see [[export]] in the configuration.\n";
  Table table({{"EXPORT"}, {"CONNECTOR"}, {"FOLDER"}});
  for (const idl::ExportInfo& each : exports) {
    table.Add({each.name, each.connector, Clean(each.folder)});
  }
  return table.Text(style);
}

}  // namespace referrald::ctl
