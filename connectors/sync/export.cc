#include "connectors/sync/export.h"

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "connectors/sync/export_file.h"
#include "connectors/sync/export_values.h"
#include "connectors/sync/files.h"
#include "storage/base/text.h"

namespace referrald::sync {
namespace {

using connectors::ExportColumn;
using connectors::ExportDescription;

// One file of an export, from its rows to its name.
class Writing {
 public:
  Writing(FreshReader& source, const ExportConfig& config, const ExportDescription& what)
      : source_(source),
        config_(config),
        what_(what),
        path_(fmt::format("{}/outbox/{}_{}_referrals.csv", config.folder, config.system,
                          LowerAscii(what.object))) {}

  Result<ExportResult::File> Write(const InvolvedById& involved) {
    const ExportTarget target{.system = config_.system, .object = what_.object};
    const Sequence through = source_.reader().head();
    const Result<std::vector<ExportRow>> rows = FindExportRows(source_, target, involved);
    if (!rows) return rows.error();
    const Result<ExportState> before = ExportState::Read(StatePath());
    if (!before) return before.error();
    ExportState after = before->Fresh();
    Result<ExportFile> file = Open();
    if (!file) return file.error();
    uint64_t written = 0;
    for (const ExportRow& row : *rows) {
      const Result<ExportValues> values = ExportValuesOf(source_, row, involved, target);
      if (!values) return values.error();
      const std::string_view line = file->Line(CellsOf(*values));
      const bool is_new = after.Note(row.external_id, line);
      if (config_.changes_only && !is_new) continue;
      if (Status done = file->Append(line); !done.ok()) return done;
      ++written;
    }
    const ExportNote note{.through = through, .changes_only = config_.changes_only};
    if (Status done = file->Commit(note, written); !done.ok()) return done;
    // Last: what a crash loses here is told once more by the next export.
    if (Status done = after.Write(StatePath()); !done.ok()) return done;
    return ExportResult::File{.path = path_, .object = std::string(what_.object), .rows = written};
  }

 private:
  std::string StatePath() const { return FolderOf(path_) + "/." + BaseName(path_) + ".state"; }

  Result<ExportFile> Open() const {
    Result<ExportFile> file =
        ExportFile::Create({.path = path_,
                            .line_end = std::string(what_.line_end),
                            .byte_order_mark = what_.byte_order_mark || config_.for_people,
                            .for_people = config_.for_people});
    if (!file) return file;
    std::vector<std::string_view> titles;
    for (const ExportColumn& column : what_.columns) titles.push_back(column.title);
    if (Status done = file->Append(file->Line(titles)); !done.ok()) return done;
    return file;
  }

  std::vector<std::string_view> CellsOf(const ExportValues& values) const {
    std::vector<std::string_view> cells;
    for (const ExportColumn& column : what_.columns) {
      const auto value = values.find(column.value);
      cells.push_back(value == values.end() ? std::string_view{} : value->second);
    }
    return cells;
  }

  FreshReader& source_;
  const ExportConfig& config_;
  const ExportDescription& what_;
  const std::string path_;
};

}  // namespace

Result<ExportResult> WriteExport(const ledger::Ledger& ledger, const ExportConfig& config,
                                 const connectors::ConnectorInfo& connector) {
  if (Status made = MakeFolder(config.folder + "/outbox", 0750); !made.ok()) return made;
  FreshReader source(ledger);
  if (Status opened = source.Renew(); !opened.ok()) return opened;
  const Result<InvolvedById> involved = FindInvolved(source);
  if (!involved) return involved.error();
  ExportResult result{.name = config.name, .files = {}};
  for (const connectors::ExportDescription& what : connector.exports) {
    Result<ExportResult::File> file = Writing(source, config, what).Write(*involved);
    if (!file) return file.error();
    result.files.push_back(std::move(*file));
  }
  return result;
}

}  // namespace referrald::sync
