// Encoding of runs and rejects.
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

std::string Encode(const RowCounts& counts) {
  TaggedWriter out;
  out.Unsigned(1, counts.read);
  out.Unsigned(2, counts.created);
  out.Unsigned(3, counts.updated);
  out.Unsigned(4, counts.unchanged);
  out.Unsigned(5, counts.duplicate);
  out.Unsigned(6, counts.deleted);
  out.Unsigned(7, counts.merged);
  out.Unsigned(8, counts.suppressed);
  out.Unsigned(9, counts.quarantined);
  out.Unsigned(10, counts.held);
  return out.Take();
}

Status Decode(std::string_view bytes, RowCounts& counts) {
  uint64_t* const members[] = {
      &counts.read,    &counts.created, &counts.updated,    &counts.unchanged,   &counts.duplicate,
      &counts.deleted, &counts.merged,  &counts.suppressed, &counts.quarantined, &counts.held};
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() >= 1 && reader.tag() <= std::size(members)) {
      *members[reader.tag() - 1] = reader.Unsigned();
    }
  }
  return reader.status();
}

void DecodeText(const TaggedReader& reader, RunRecord& run) {
  switch (reader.tag()) {
    case 1: run.feed = reader.Text(); break;
    case 2: run.connector = reader.Text(); break;
    case 3: run.object = reader.Text(); break;
    case 4: run.file = reader.Text(); break;
    case 5: run.sha256 = reader.Text(); break;
    case 7: run.encoding = reader.Text(); break;
    case 8: run.delimiter = reader.Text(); break;
    case 11: run.reason = reader.Text(); break;
    case 12: run.started_by = reader.Text(); break;
    case 34: run.mapping = reader.Text(); break;
    case 35: run.reverts = ParseRunId(reader.Text()).value_or(RunId{}); break;
    default: break;
  }
}

Status DecodeField(TaggedReader& reader, RunRecord& run) {
  switch (reader.tag()) {
    case 6: run.bytes = reader.Unsigned(); break;
    case 9: run.status = static_cast<RunStatus>(reader.Unsigned()); break;
    case 10: run.number = static_cast<int>(reader.Unsigned()); break;
    case 13: run.dry_run = reader.Unsigned() != 0; break;
    case 14: run.attempts = static_cast<uint32_t>(reader.Unsigned()); break;
    case 15: run.started_at = FromMicros(reader.Signed()); break;
    case 16: run.finished_at = FromMicros(reader.Signed()); break;
    case 17: run.rows_expected = reader.Unsigned(); break;
    case 18: run.pass = static_cast<uint32_t>(reader.Unsigned()); break;
    case 19: run.cursor_record = reader.Unsigned(); break;
    case 20: return Decode(reader.value(), run.counts);
    case 21: run.matched_external_id = reader.Unsigned(); break;
    case 22: run.matched_email = reader.Unsigned(); break;
    case 23: run.sequence_from.value = reader.Unsigned(); break;
    case 24: run.sequence_to.value = reader.Unsigned(); break;
    case 25: run.claims_found = reader.Unsigned(); break;
    case 26: run.accepted = reader.Unsigned() != 0; break;
    case 27: run.rows_short = reader.Unsigned(); break;
    case 28: run.stale = reader.Unsigned(); break;
    case 29: run.gone = reader.Unsigned(); break;
    case 30: run.moments = reader.Unsigned(); break;
    case 31: run.identical = reader.Unsigned() != 0; break;
    case 32: run.newest_change = FromMicros(reader.Signed()); break;
    case 36: run.unique_emails = reader.Unsigned(); break;
    case 33: run.file_time = FromMicros(reader.Signed()); break;
    default: DecodeText(reader, run); break;
  }
  return Status::Ok();
}

}  // namespace

std::string Encode(const RunRecord& run) {
  TaggedWriter out;
  out.Bytes(1, run.feed);
  out.Bytes(2, run.connector);
  out.Bytes(3, run.object);
  out.Bytes(4, run.file);
  out.Bytes(5, run.sha256);
  out.Unsigned(6, run.bytes);
  out.Bytes(7, run.encoding);
  out.Bytes(8, run.delimiter);
  out.Unsigned(9, static_cast<uint64_t>(run.status));
  out.Unsigned(10, static_cast<uint64_t>(run.number));
  out.Bytes(11, run.reason);
  out.Bytes(12, run.started_by);
  out.Unsigned(13, run.dry_run ? 1 : 0);
  out.Unsigned(14, run.attempts);
  out.Signed(15, ToMicros(run.started_at));
  out.Signed(16, ToMicros(run.finished_at));
  out.Unsigned(17, run.rows_expected);
  out.Unsigned(18, run.pass);
  out.Unsigned(19, run.cursor_record);
  out.Bytes(20, Encode(run.counts));
  out.Unsigned(21, run.matched_external_id);
  out.Unsigned(22, run.matched_email);
  out.Unsigned(23, run.sequence_from.value);
  out.Unsigned(24, run.sequence_to.value);
  out.Unsigned(25, run.claims_found);
  out.Unsigned(26, run.accepted ? 1 : 0);
  out.Unsigned(27, run.rows_short);
  out.Unsigned(28, run.stale);
  out.Unsigned(29, run.gone);
  out.Unsigned(30, run.moments);
  out.Unsigned(31, run.identical ? 1 : 0);
  out.Signed(32, ToMicros(run.newest_change));
  out.Signed(33, ToMicros(run.file_time));
  out.Bytes(34, run.mapping);
  out.Unsigned(36, run.unique_emails);
  if (!run.reverts.empty()) out.Bytes(35, ToText(run.reverts));
  return out.Take();
}

Result<RunRecord> DecodeRun(const RunId& id, std::string_view bytes) {
  RunRecord run;
  run.id = id;
  run.pass = 0;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (!DecodeField(reader, run).ok()) return Damaged("run record");
  }
  if (!reader.status().ok()) return Damaged("run record");
  return run;
}

std::string Encode(const Reject& reject) {
  TaggedWriter out;
  out.Unsigned(1, reject.line);
  out.Unsigned(2, static_cast<uint64_t>(reject.outcome));
  out.Unsigned(3, static_cast<uint64_t>(reject.number));
  out.Bytes(4, reject.code);
  out.Bytes(5, reject.column);
  out.Bytes(6, reject.reason);
  return out.Take();
}

Result<Reject> DecodeReject(uint64_t record, std::string_view bytes) {
  Reject reject;
  reject.record = record;
  TaggedReader reader(bytes);
  while (reader.Next()) {
    switch (reader.tag()) {
      case 1: reject.line = reader.Unsigned(); break;
      case 2: reject.outcome = static_cast<RowOutcome>(reader.Unsigned()); break;
      case 3: reject.number = static_cast<int>(reader.Unsigned()); break;
      case 4: reject.code = reader.Text(); break;
      case 5: reject.column = reader.Text(); break;
      case 6: reject.reason = reader.Text(); break;
      default: break;
    }
  }
  if (!reader.status().ok()) return Damaged("reject");
  return reject;
}

}  // namespace referrald::ledger
