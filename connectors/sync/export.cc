#include "connectors/sync/export.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/format/csv_writer.h"
#include "connectors/sync/digest.h"
#include "connectors/sync/files.h"
#include "connectors/sync/fresh_reader.h"
#include "storage/base/text.h"
#include "storage/referral/chain.h"
#include "storage/referral/claim.h"

namespace referrald::sync {
namespace {

using ledger::Reader;
using referral::Entity;
using referral::Referral;

constexpr size_t kReferralsPerPage = 500;

// One line of an export file.
struct ExportRow {
  EntityId party;
  std::string external_id;
  bool claimed = false;
};

// A referral in which somebody is the contact.
struct Brought {
  ReferralId by;
  EntityId source;
  referral::State state = referral::State::kNone;
  Sequence introduction;  // None: only named.
};

// Everybody who is in a referral, and those that brought them, oldest first.
using Involved = std::vector<Brought>;
using InvolvedById = std::unordered_map<EntityId, Involved>;

Status Note(FreshReader& source, const Referral& referral, InvolvedById& involved) {
  for (const EntityId id : {referral.source, referral.contact}) {
    if (!id) continue;
    const auto entity = source.Ask([id](const Reader& reader) { return reader.GetEntity(id); });
    if (!entity) return entity.error();
    Involved& party = involved[entity->id];
    // Outreach without a source is no way in which anybody was brought.
    if (id != referral.contact || !referral.source) continue;
    party.push_back({.by = referral.id,
                     .source = referral.source,
                     .state = referral.state,
                     .introduction = referral.introduction});
  }
  return Status::Ok();
}

Result<InvolvedById> FindInvolved(FreshReader& source) {
  InvolvedById involved;
  std::string cursor;
  do {
    const auto page = source.Ask([&cursor](const Reader& reader) {
      return reader.ListReferrals({}, cursor, kReferralsPerPage);
    });
    if (!page) return page.error();
    for (const Referral& referral : page->items) {
      if (Status noted = Note(source, referral, involved); !noted.ok()) return noted;
    }
    cursor = page->next;
  } while (!cursor.empty());
  return involved;
}

// The live rows of (system, object) with something to say, by external id.
Result<std::vector<ExportRow>> FindRows(FreshReader& source, std::string_view system,
                                        std::string_view object, const InvolvedById& involved) {
  std::vector<ExportRow> rows;
  EntityId last;
  const auto take = [&](const Entity& entity) {
    last = entity.id;
    const bool claimed = !referral::ClaimsOf(entity).empty();
    if (entity.merged_into || (!claimed && !involved.contains(entity.id))) return true;
    for (const referral::Link& link : entity.links) {
      if (link.deleted || link.ref.system != system || link.ref.object != object) continue;
      rows.push_back({.party = entity.id, .external_id = link.ref.id, .claimed = claimed});
    }
    return true;
  };
  Status scanned = source.reader().ScanEntities(last, take);
  while (scanned.code() == Code::kAborted) {
    if (Status renewed = source.Renew(); !renewed.ok()) return renewed;
    scanned = source.reader().ScanEntities(last, take);
  }
  if (!scanned.ok()) return scanned;
  std::ranges::sort(rows, {}, &ExportRow::external_id);
  return rows;
}

// The hottest of what holds for a contact; of equals the first rep's.
referral::Honesty Hottest(const std::vector<ledger::ContactHonesty>& all) {
  const auto hottest = std::ranges::max_element(all, {}, [](const ledger::ContactHonesty& one) {
    return std::pair(one.honesty.temperature,
                     one.honesty.kind == referral::ReferralKind::kReferral);
  });
  return hottest == all.end() ? referral::Honesty{} : hottest->honesty;
}

// Their id in the same system: as the same kind of row if they have one, else any.
std::string IdInSystem(const Entity& entity, std::string_view system, std::string_view object) {
  std::string other;
  for (const referral::Link& link : entity.links) {
    if (link.deleted || link.ref.system != system) continue;
    if (link.ref.object == object) return link.ref.id;
    if (other.empty()) other = link.ref.id;
  }
  return other;
}

using Values = std::map<std::string_view, std::string>;

// Whose rows are written.
struct ExportTarget {
  std::string_view system;
  std::string_view object;
};

Status AddChain(FreshReader& source, EntityId party, Values& values) {
  const auto chain = source.Ask(
      [party](const Reader& reader) { return reader.GetChain(party, {.levels_max = 0}); });
  if (!chain) return chain.error();
  values["chain_depth"] = fmt::format("{}", chain->ancestors.size());
  values["chain_reach"] = fmt::format("{}", chain->descendants.front().node.reach);
  return Status::Ok();
}

// The one whose introduction `honesty` stands on; else the newest, which is then no more than a
// name.
const Brought* Deciding(const Involved& involved, const referral::Honesty& honesty) {
  for (const Brought& one : involved) {
    const bool decides =
        std::ranges::find(honesty.because, one.introduction) != honesty.because.end();
    if (one.introduction && decides) return &one;
  }
  const auto newest = std::ranges::max_element(involved, {}, &Brought::by);
  return newest == involved.end() ? nullptr : &*newest;
}

// "Referred by" is said of introductions only: a name that somebody dropped refers nobody.
Status AddReferral(FreshReader& source, const Involved& involved, const referral::Honesty& honesty,
                   const ExportTarget& target, Values& values) {
  const Brought* const deciding = Deciding(involved, honesty);
  if (deciding == nullptr) return Status::Ok();
  values["state"] = StateName(deciding->state);
  if (!deciding->introduction) return Status::Ok();
  const auto entity =
      source.Ask([deciding](const Reader& reader) { return reader.GetEntity(deciding->source); });
  if (!entity) return entity.error();
  values["referred_by_id"] = IdInSystem(*entity, target.system, target.object);
  return Status::Ok();
}

Result<Values> ValuesOf(FreshReader& source, const ExportRow& row, const InvolvedById& involved,
                        const ExportTarget& target) {
  const auto honesty =
      source.Ask([&row](const Reader& reader) { return reader.HonestyOf(row.party); });
  if (!honesty) return honesty.error();
  const referral::Honesty hottest = Hottest(*honesty);
  Values values = {{"external_id", row.external_id},
                   {"temperature", std::string(TemperatureName(hottest.temperature))},
                   {"kind", std::string(ReferralKindName(hottest.kind))},
                   {"basis", std::string(hottest.basis)},
                   {"claimed", row.claimed ? "true" : "false"}};
  if (!hottest.because.empty()) values["event"] = ToText(hottest.because.back());
  if (Status chain = AddChain(source, row.party, values); !chain.ok()) return chain;
  const auto found = involved.find(row.party);
  if (found == involved.end()) return values;
  const Status added = AddReferral(source, found->second, hottest, target, values);
  if (!added.ok()) return added;
  return values;
}

// Writes lines to a file and knows their sum.
class Output {
 public:
  static Result<Output> Create(const std::string& path, const connectors::ExportDescription& what) {
    auto writer = format::CsvWriter::Make(
        {.line_end = std::string(what.line_end), .byte_order_mark = what.byte_order_mark});
    if (!writer) return writer.error();
    Result<AtomicFile> file = AtomicFile::Create(path, 0640);
    if (!file) return file.error();
    Output output(std::move(*writer), std::move(*file));
    std::string preamble;
    output.writer_->AppendPreamble(preamble);
    if (Status written = output.Append(preamble); !written.ok()) return written;
    return output;
  }

  Status AppendRow(const std::vector<std::string_view>& cells) {
    std::string line;
    writer_->AppendRow(cells, line);
    return Append(line);
  }

  // Whoever sees .done sees three files that belong together.
  Status Commit(const std::string& path) {
    std::error_code ignored;
    std::filesystem::remove(path + ".done", ignored);
    if (Status done = file_.Commit(); !done.ok()) return done;
    const std::string sum = digest_.Finish() + "  " + BaseName(path) + "\n";
    if (Status done = WriteFileAtomically(path + ".sha256", sum, 0640); !done.ok()) return done;
    return WriteFileAtomically(path + ".done", "", 0640);
  }

 private:
  Output(std::unique_ptr<format::CsvWriter> writer, AtomicFile file)
      : writer_(std::move(writer)), file_(std::move(file)) {}

  Status Append(const std::string& text) {
    digest_.Add(text);
    return file_.Append(text);
  }

  std::unique_ptr<format::CsvWriter> writer_;
  AtomicFile file_;
  Sha256 digest_;
};

Result<ExportResult::File> WriteOne(FreshReader& source, const ExportConfig& config,
                                    const connectors::ExportDescription& what,
                                    const InvolvedById& involved) {
  const std::string path = fmt::format("{}/outbox/{}_{}_referrals.csv", config.folder,
                                       config.system, LowerAscii(what.object));
  const Result<std::vector<ExportRow>> rows =
      FindRows(source, config.system, what.object, involved);
  if (!rows) return rows.error();
  Result<Output> output = Output::Create(path, what);
  if (!output) return output.error();
  std::vector<std::string_view> cells;
  for (const connectors::ExportColumn& column : what.columns) cells.push_back(column.title);
  if (Status written = output->AppendRow(cells); !written.ok()) return written;
  for (const ExportRow& row : *rows) {
    const Result<Values> values =
        ValuesOf(source, row, involved, {.system = config.system, .object = what.object});
    if (!values) return values.error();
    cells.clear();
    for (const connectors::ExportColumn& column : what.columns) {
      const auto value = values->find(column.value);
      cells.push_back(value == values->end() ? std::string_view{} : value->second);
    }
    if (Status written = output->AppendRow(cells); !written.ok()) return written;
  }
  if (Status done = output->Commit(path); !done.ok()) return done;
  return ExportResult::File{.path = path, .object = std::string(what.object), .rows = rows->size()};
}

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
    Result<ExportResult::File> file = WriteOne(source, config, what, *involved);
    if (!file) return file.error();
    result.files.push_back(std::move(*file));
  }
  return result;
}

}  // namespace referrald::sync
