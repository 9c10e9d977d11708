#include "plugin/ctl/json.h"

#include "storage/base/time.h"

namespace referrald::ctl {
namespace {

Json NameOf(idl::EntityKind::type kind) {
  switch (kind) {
    case idl::EntityKind::PERSON: return "person";
    case idl::EntityKind::ORGANISATION: return "organisation";
    case idl::EntityKind::OPPORTUNITY: return "opportunity";
    case idl::EntityKind::UNKNOWN: break;
  }
  return "unknown";
}

Json NameOf(idl::Temperature::type temperature) {
  if (temperature == idl::Temperature::HOT) return "HOT";
  return temperature == idl::Temperature::COLD ? Json("COLD") : Json(nullptr);
}

Json NameOf(idl::RecordStatus::type status) {
  const auto name = idl::_RecordStatus_VALUES_TO_NAMES.find(status);
  return name == idl::_RecordStatus_VALUES_TO_NAMES.end() ? "UNKNOWN" : name->second;
}

Json FieldsOf(const std::vector<idl::FieldValue>& fields) {
  Json object = Json::object();
  for (const idl::FieldValue& field : fields) object[field.name] = field.value;
  return object;
}

// A column can be mapped to two fields, so these stay a list.
Json ColumnsOf(const std::vector<idl::FieldValue>& columns) {
  Json list = Json::array();
  for (const idl::FieldValue& each : columns) {
    list.push_back({{"column", each.name}, {"field", each.value}});
  }
  return list;
}

Json MoneyOf(const idl::Money& money) {
  if (money.currency.empty()) return nullptr;
  return {{"minor_units", money.minor_units}, {"currency", money.currency}};
}

Json CodeOf(int32_t code) { return code == 0 ? Json(nullptr) : Json("RFD" + std::to_string(code)); }

}  // namespace

Json TimeOf(int64_t micros) {
  return micros == 0 ? Json(nullptr) : Json(FormatTimestamp(FromMicros(micros)));
}

Json ToJson(const idl::ServerInfo& info) {
  return {{"version", info.version},
          {"api_version", info.api_version},
          {"started_at", TimeOf(info.started_at)},
          {"sequence", info.sequence},
          {"event_count", info.event_count},
          {"person_count", info.person_count},
          {"organisation_count", info.organisation_count},
          {"opportunity_count", info.opportunity_count},
          {"referral_count", info.referral_count},
          {"introduction_count", info.introduction_count},
          {"store_bytes", info.store_bytes},
          {"free_disk_bytes", info.free_disk_bytes},
          {"accepts_writes", info.accepts_writes},
          {"not_accepting_reason", info.not_accepting_reason},
          {"rpc_listen", info.rpc_listen},
          {"store_path", info.store_path}};
}

Json ToJson(const idl::ExternalRef& ref) {
  return {{"system", ref.system}, {"object", ref.object}, {"id", ref.id}};
}

Json ToJson(const idl::Feed& feed) {
  return {{"name", feed.name},
          {"connector", feed.connector},
          {"folder", feed.folder},
          {"priority", feed.priority},
          {"files_waiting", feed.files_waiting},
          {"last_run", feed.last_run.id.empty() ? Json(nullptr) : ToJson(feed.last_run)}};
}

Json ToJson(const idl::FeedCheck& check) {
  return {{"name", check.name},
          {"ok", check.ok},
          {"code", CodeOf(check.code)},
          {"message", check.message}};
}

Json ToJson(const idl::FilePreview& preview) {
  Json rows = Json::array();
  for (const idl::PreviewRow& row : preview.rows) {
    const bool is_bad = row.reject.code != 0;
    rows.push_back({{"record", row.record},
                    {"line", row.line},
                    {"external_ref", is_bad ? Json(nullptr) : ToJson(row.external_ref)},
                    {"fields", FieldsOf(row.fields)},
                    {"reject", is_bad ? ToJson(row.reject) : Json(nullptr)}});
  }
  return {{"file", preview.file},
          {"bytes", preview.bytes},
          {"connector", preview.connector},
          {"object", preview.object},
          {"encoding", preview.encoding},
          {"delimiter", preview.delimiter},
          {"mapped", ColumnsOf(preview.mapped)},
          {"ignored", preview.ignored},
          {"rows", std::move(rows)}};
}

Json ToJson(const idl::SyncPlan& plan) {
  Json changed = Json::object();
  for (const idl::FieldCount& field : plan.fields_changed) changed[field.name] = field.count;
  return {{"run", ToJson(plan.run)},
          {"fields_changed", std::move(changed)},
          {"rejects", ToJsonList(plan.rejects)},
          {"preview", ToJson(plan.preview)}};
}

Json ToJson(const idl::RowCounts& counts) {
  return {{"read", counts.rows_read},          {"created", counts.created},
          {"updated", counts.updated},         {"unchanged", counts.unchanged},
          {"duplicate", counts.duplicate},     {"deleted", counts.deleted},
          {"merged", counts.merged},           {"suppressed", counts.suppressed},
          {"quarantined", counts.quarantined}, {"held", counts.held}};
}

Json ToJson(const idl::Run& run) {
  return {{"id", run.id},
          {"feed", run.feed},
          {"connector", run.connector},
          {"object", run.object},
          {"file", run.file},
          {"sha256", run.sha256},
          {"bytes", run.bytes},
          {"encoding", run.encoding},
          {"delimiter", run.delimiter},
          {"status", run.status},
          {"code", CodeOf(run.code)},
          {"reason", run.reason},
          {"started_by", run.started_by},
          {"dry_run", run.dry_run},
          {"attempts", run.attempts},
          {"started_at", TimeOf(run.started_at)},
          {"finished_at", TimeOf(run.finished_at)},
          {"rows_expected", run.rows_expected},
          {"rows", ToJson(run.counts)},
          {"matched_external_id", run.matched_external_id},
          {"matched_email", run.matched_email},
          {"sequence_from", run.sequence_from},
          {"sequence_to", run.sequence_to},
          {"claims_found", run.claims_found},
          {"rows_short", run.rows_short},
          {"stale", run.stale},
          {"gone", run.gone},
          {"moments", run.moments},
          {"identical", run.identical},
          {"newest_change", TimeOf(run.newest_change)},
          {"reverts", run.reverts},
          {"rejects_file", run.rejects_file}};
}

Json ToJson(const idl::Reject& reject) {
  return {{"record", reject.record},     {"line", reject.line}, {"outcome", reject.outcome},
          {"code", CodeOf(reject.code)}, {"name", reject.name}, {"column", reject.column},
          {"reason", reject.reason}};
}

Json ToJson(const idl::ContactSummary& contact) {
  return {{"id", contact.id},
          {"kind", NameOf(contact.kind)},
          {"display_name", contact.display_name},
          {"organisation", contact.organisation},
          {"temperature", NameOf(contact.temperature)},
          {"link_count", contact.link_count}};
}

namespace {

Json LinkOf(const idl::LinkInfo& link) {
  return {{"external_ref", ToJson(link.external_ref)},
          {"feed", link.feed},
          {"run", link.run},
          {"row", link.row},
          {"first_event", link.first_event},
          {"event", link.event},
          {"occurred_at", TimeOf(link.occurred_at)},
          {"recorded_at", TimeOf(link.recorded_at)},
          {"deleted", link.deleted},
          {"priority", link.priority}};
}

Json ClaimOf(const idl::Claim& claim) {
  return {{"category", claim.category},
          {"text", claim.text},
          {"external_ref", ToJson(claim.external_ref)},
          {"event", claim.event},
          {"resolved_to", claim.resolved_to}};
}

Json HonestyOf(const idl::Honesty& honesty) {
  return {{"rep", honesty.rep},
          {"rep_name", honesty.rep_name},
          {"temperature", NameOf(honesty.temperature)},
          {"kind", honesty.kind},
          {"basis", honesty.basis},
          {"because", honesty.because},
          {"explanation", honesty.explanation}};
}

Json SourceOf(const idl::FieldSource& source) {
  return {{"value", source.value},
          {"external_ref", ToJson(source.external_ref)},
          {"feed", source.feed},
          {"run", source.run},
          {"row", source.row},
          {"event", source.event},
          {"occurred_at", TimeOf(source.occurred_at)},
          {"recorded_at", TimeOf(source.recorded_at)},
          {"priority", source.priority}};
}

Json EventOf(const idl::ReferralEvent& event) {
  return {{"event", event.event},
          {"type", event.type},
          {"occurred_at", TimeOf(event.occurred_at)},
          {"recorded_at", TimeOf(event.recorded_at)},
          {"actor", event.actor},
          {"channel", event.channel},
          {"reason", event.reason},
          {"provenance", event.provenance},
          {"evidence",
           {{"reference", event.evidence.reference},
            {"sha256", event.evidence.sha256},
            {"contact_expects", event.evidence.contact_expects}}},
          {"amount", MoneyOf(event.amount)}};
}

Json NodeOf(const idl::ChainNode& node) {
  return {{"person", node.person},
          {"display_name", node.display_name},
          {"parent", node.parent},
          {"referral", node.referral},
          {"event", node.event},
          {"depth", node.depth},
          {"child_count", node.child_count},
          {"reach", node.reach},
          {"state", node.state},
          {"temperature", NameOf(node.temperature)},
          {"won", ToJsonList(node.won)},
          {"won_below", ToJsonList(node.won_below)},
          {"uncredited_count", node.uncredited_count}};
}

template <typename T, typename F>
Json ListOf(const std::vector<T>& items, F convert) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(convert(item));
  return list;
}

}  // namespace

Json ToJson(const idl::Contact& contact) {
  return {{"id", contact.id},
          {"kind", NameOf(contact.kind)},
          {"display_name", contact.display_name},
          {"fields", FieldsOf(contact.fields)},
          {"links", ListOf(contact.links, LinkOf)},
          {"claims", ListOf(contact.claims, ClaimOf)},
          {"honesty", ListOf(contact.honesty, HonestyOf)},
          {"temperature", NameOf(contact.temperature)},
          {"referrals_as_contact", contact.referrals_as_contact},
          {"referrals_as_source", contact.referrals_as_source},
          {"deleted", contact.deleted},
          {"asked_for", contact.asked_for}};
}

Json ToJson(const idl::FieldProvenance& field) {
  return {{"name", field.name},
          {"value", field.value},
          {"winner", SourceOf(field.winner)},
          {"others", ListOf(field.others, SourceOf)}};
}

Json ToJson(const idl::RecordResult& result) {
  return {{"status", NameOf(result.status)}, {"event", result.event},
          {"referral", result.referral},     {"entity", result.entity},
          {"code", CodeOf(result.code)},     {"message", result.message},
          {"tree_size", result.tree_size},   {"tree_root", result.tree_root}};
}

Json ToJson(const idl::Referral& referral) {
  Json steps = Json::array();
  for (const idl::ReferralStep& step : referral.steps) {
    steps.push_back(
        {{"state", step.state}, {"event", step.event}, {"occurred_at", TimeOf(step.occurred_at)}});
  }
  Json unapplied = Json::array();
  for (const idl::UnappliedEvent& event : referral.unapplied) {
    unapplied.push_back({{"event", event.event}, {"reason", event.reason}});
  }
  return {{"id", referral.id},
          {"state", referral.state},
          {"source", referral.source},
          {"source_name", referral.source_name},
          {"contact", referral.contact},
          {"contact_name", referral.contact_name},
          {"rep", referral.rep},
          {"rep_name", referral.rep_name},
          {"opportunity", referral.opportunity},
          {"honesty", HonestyOf(referral.honesty)},
          {"steps", std::move(steps)},
          {"unapplied", std::move(unapplied)},
          {"events", ListOf(referral.events, EventOf)},
          {"late_evidence", referral.late_evidence},
          {"rescued_by_introduction", referral.rescued_by_introduction},
          {"amount", MoneyOf(referral.amount)}};
}

Json ToJson(const idl::Chain& chain) {
  return {{"person", chain.person},
          {"ancestors", ListOf(chain.ancestors, NodeOf)},
          {"descendants", ListOf(chain.descendants, NodeOf)},
          {"uncredited_count", chain.uncredited_count},
          {"truncated", chain.truncated}};
}

Json ToJson(const idl::ErasedRow& row) {
  return {{"feed", row.feed}, {"run", row.run}, {"row", row.row}};
}

Json ToJson(const idl::ErasureReceipt& receipt) {
  return {{"event", receipt.event},
          {"contact", receipt.contact},
          {"merged", receipt.merged},
          {"tombstone_count", receipt.tombstone_count},
          {"rows", ToJsonList(receipt.rows)},
          {"tree_size", receipt.tree_size},
          {"tree_root", receipt.tree_root},
          {"files", receipt.files},
          {"unread_files", receipt.unread_files},
          {"more_files", receipt.more_files},
          {"files_searched", receipt.files_searched}};
}

Json ToJson(const idl::BackupInfo& backup) {
  return {{"id", backup.id},
          {"made_at", TimeOf(backup.made_at)},
          {"size_bytes", backup.size_bytes},
          {"through", backup.through},
          {"whole", backup.whole},
          {"key_copy", backup.key_copy}};
}

Json ToJson(const idl::KeyStatus& keys) {
  return {{"epoch", keys.epoch},
          {"erasure_count", keys.erasure_count},
          {"is_credential", keys.is_credential},
          {"copies_folder", keys.copies_folder}};
}

Json ToJson(const idl::VerifyReport& report) {
  return {{"event_count", report.event_count},
          {"projection_count", report.projection_count},
          {"problems", report.problems}};
}

Json ToJson(const idl::ExportInfo& info) {
  return {{"name", info.name}, {"connector", info.connector}, {"folder", info.folder}};
}

Json ToJson(const idl::ExportResult& result) {
  Json files = Json::array();
  for (const idl::ExportFile& file : result.files) {
    files.push_back({{"path", file.path}, {"object", file.object}, {"rows", file.rows}});
  }
  return {{"name", result.name}, {"files", std::move(files)}};
}

std::string Print(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace referrald::ctl
