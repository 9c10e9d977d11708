#include "thrift/rpc/convert.h"

// The part of convert.h that is about files: runs, feeds, exports.
namespace referrald::rpc {
namespace {

idl::PreviewRow ToIdl(const sync::Preview::Item& item) {
  idl::PreviewRow wire;
  wire.record = Count(item.record);
  wire.line = Count(item.line);
  if (item.draft) {
    wire.external_ref = rpc::ToIdl(item.draft->ref);
    wire.fields = rpc::ToIdl(item.draft->fields);
  }
  if (item.reject) wire.reject = rpc::ToIdl(*item.reject);
  return wire;
}

}  // namespace

idl::RowCounts ToIdl(const ledger::RowCounts& counts) {
  idl::RowCounts wire;
  wire.rows_read = Count(counts.read);
  wire.created = Count(counts.created);
  wire.updated = Count(counts.updated);
  wire.unchanged = Count(counts.unchanged);
  wire.duplicate = Count(counts.duplicate);
  wire.deleted = Count(counts.deleted);
  wire.merged = Count(counts.merged);
  wire.suppressed = Count(counts.suppressed);
  wire.quarantined = Count(counts.quarantined);
  wire.held = Count(counts.held);
  return wire;
}

idl::Run ToIdl(const ledger::RunRecord& run) {
  idl::Run wire;
  if (!run.id.empty()) wire.id = ToText(run.id);  // A plan has none.
  wire.feed = run.feed;
  wire.connector = run.connector;
  wire.object = run.object;
  wire.file = run.file;
  wire.sha256 = run.sha256;
  wire.bytes = Count(run.bytes);
  wire.encoding = run.encoding;
  wire.delimiter = run.delimiter;
  wire.status = ledger::RunStatusName(run.status);
  wire.code = run.number;
  wire.reason = run.reason;
  wire.started_by = run.started_by;
  wire.dry_run = run.dry_run;
  wire.attempts = static_cast<int32_t>(run.attempts);
  wire.started_at = Micros(run.started_at);
  wire.finished_at = Micros(run.finished_at);
  wire.rows_expected = Count(run.rows_expected);
  wire.counts = ToIdl(run.counts);
  wire.matched_external_id = Count(run.matched_external_id);
  wire.matched_email = Count(run.matched_email);
  if (run.sequence_from) wire.sequence_from = ToText(run.sequence_from);
  if (run.sequence_to) wire.sequence_to = ToText(run.sequence_to);
  wire.claims_found = Count(run.claims_found);
  wire.rows_short = Count(run.rows_short);
  wire.stale = Count(run.stale);
  wire.gone = Count(run.gone);
  wire.moments = Count(run.moments);
  wire.identical = run.identical;
  wire.newest_change = Micros(run.newest_change);
  if (!run.reverts.empty()) wire.reverts = ToText(run.reverts);
  return wire;
}

idl::Reject ToIdl(const ledger::Reject& reject) {
  idl::Reject wire;
  wire.record = Count(reject.record);
  wire.line = Count(reject.line);
  wire.outcome = ledger::RowOutcomeName(reject.outcome);
  wire.code = reject.number;
  wire.name = reject.code;
  wire.column = reject.column;
  wire.reason = reject.reason;
  return wire;
}

idl::Feed ToIdl(const sync::FeedState& feed, const Caller& caller) {
  idl::Feed wire;
  wire.name = feed.config.name;
  wire.connector = feed.config.connector;
  if (caller.local) wire.folder = feed.config.folder;
  wire.priority = static_cast<int32_t>(feed.config.priority);
  wire.files_waiting = static_cast<int32_t>(feed.files_waiting);
  if (feed.last_run) wire.last_run = ToIdl(*feed.last_run);
  return wire;
}

idl::FeedCheck ToIdl(const sync::Check& check) {
  idl::FeedCheck wire;
  wire.name = check.name;
  wire.ok = check.status.ok();
  wire.code = check.status.number();
  wire.message = check.status.ok() ? check.detail : check.status.message();
  return wire;
}

idl::FilePreview ToIdl(const sync::Preview& preview) {
  idl::FilePreview wire;
  wire.file = preview.file;
  wire.bytes = Count(preview.bytes);
  wire.connector = preview.connector;
  wire.object = preview.object;
  wire.encoding = preview.encoding;
  wire.delimiter = preview.delimiter;
  for (const auto& [column, field] : preview.mapped) {
    idl::FieldValue& made = wire.mapped.emplace_back();
    made.name = column;
    made.value = field;
  }
  wire.ignored = preview.ignored;
  for (const sync::Preview::Item& item : preview.rows) wire.rows.push_back(ToIdl(item));
  return wire;
}

idl::SyncPlan ToIdl(const sync::Plan& plan) {
  idl::SyncPlan wire;
  wire.run = ToIdl(plan.run);
  for (const auto& [name, rows] : plan.fields_changed) {
    idl::FieldCount& made = wire.fields_changed.emplace_back();
    made.name = name;
    made.count = Count(rows);
  }
  for (const ledger::Reject& reject : plan.rejects) wire.rejects.push_back(ToIdl(reject));
  wire.preview = ToIdl(plan.preview);
  return wire;
}

idl::ExportResult ToIdl(const sync::ExportResult& result) {
  idl::ExportResult wire;
  wire.name = result.name;
  for (const sync::ExportResult::File& file : result.files) {
    idl::ExportFile& made = wire.files.emplace_back();
    made.path = file.path;
    made.object = file.object;
    made.rows = Count(file.rows);
  }
  return wire;
}

idl::ExportInfo ToIdl(const sync::ExportConfig& config) {
  idl::ExportInfo wire;
  wire.name = config.name;
  wire.connector = config.connector;
  wire.folder = config.folder;
  return wire;
}

idl::VerifyReport ToIdl(const ledger::VerifyReport& report) {
  idl::VerifyReport wire;
  wire.event_count = Count(report.events);
  wire.projection_count = Count(report.projections);
  wire.problems = report.problems;
  return wire;
}

idl::BackupInfo ToIdl(const upkeep::Backup& backup) {
  idl::BackupInfo wire;
  wire.id = static_cast<int32_t>(backup.files.id);
  wire.made_at = Micros(backup.files.made_at);
  wire.size_bytes = Count(backup.files.size_bytes);
  if (backup.through) wire.through = ToText(backup.through);
  wire.whole = backup.files.whole;
  wire.key_copy = backup.key_copy;
  return wire;
}

idl::KeyStatus ToIdl(const upkeep::KeyStatus& keys) {
  idl::KeyStatus wire;
  wire.epoch = static_cast<int32_t>(keys.epoch);
  wire.erasure_count = Count(keys.erasures);
  wire.is_credential = keys.is_credential;
  wire.copies_folder = keys.folder;
  return wire;
}

idl::ErasureReceipt ToIdl(const ledger::ErasureReceipt& receipt) {
  idl::ErasureReceipt wire;
  wire.event = ToText(receipt.sequence);
  wire.contact = PersonText(receipt.entity);
  for (const EntityId member : receipt.members) wire.merged.push_back(PersonText(member));
  wire.tombstone_count = Count(receipt.tombstones);
  for (const ledger::ErasureReceipt::SeenAt& seen : receipt.rows) {
    idl::ErasedRow row;
    row.feed = seen.feed;
    if (!seen.run.empty()) row.run = ToText(seen.run);
    row.row = Count(seen.row);
    wire.rows.push_back(std::move(row));
  }
  wire.tree_size = Count(receipt.log.size);
  wire.tree_root = ToHex(AsBytes(receipt.log.root));
  return wire;
}

}  // namespace referrald::rpc
