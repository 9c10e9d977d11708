#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

std::string KindText(idl::EntityKind::type kind) {
  switch (kind) {
    case idl::EntityKind::PERSON: return "person";
    case idl::EntityKind::ORGANISATION: return "organisation";
    case idl::EntityKind::OPPORTUNITY: return "opportunity";
    case idl::EntityKind::UNKNOWN: break;
  }
  return "unknown";
}

std::string NameOr(std::string_view name, std::string_view otherwise) {
  return Clean(name.empty() ? otherwise : name);
}

std::string LinksText(const idl::Contact& contact, const Style& style) {
  if (contact.links.empty()) return {};
  Table table({{"ROW OF"}, {"FEED"}, {"RUN"}, {"ROW", Table::Align::kRight}, {"EVENT"}, {""}});
  for (const idl::LinkInfo& link : contact.links) {
    table.Add({RefText(link.external_ref), link.feed.empty() ? "-" : Clean(link.feed),
               link.run.empty() ? "-" : link.run, link.row == 0 ? "-" : Grouped(link.row),
               link.event, link.deleted ? style.Warn("deleted there") : ""});
  }
  return table.Text(style, {.indent = 2});
}

std::string ClaimsText(const idl::Contact& contact, const Style& style) {
  if (contact.claims.empty()) return {};
  std::string text = "Claims (somebody wrote it; no evidence)\n";
  Table table({{""}, {""}, {""}, {""}});
  for (const idl::Claim& claim : contact.claims) {
    table.Add({Clean(claim.category), fmt::format("\"{}\"", Clean(claim.text)), claim.event,
               claim.resolved_to.empty() ? "" : "names " + claim.resolved_to});
  }
  return text + table.Text(style, {.indent = 2, .with_titles = false});
}

std::string HonestyText(const idl::Contact& contact, const Style& style) {
  std::string text;
  for (const idl::Honesty& honesty : contact.honesty) {
    std::string rep = honesty.rep.empty() ? "nobody yet" : "rep " + honesty.rep;
    if (!honesty.rep_name.empty()) rep += " " + Clean(honesty.rep_name);
    text += fmt::format("  {}  {}  {}/{}", rep, TemperatureText(honesty.temperature, style),
                        Clean(honesty.kind), Clean(honesty.basis));
    if (!honesty.because.empty()) text += fmt::format("  {}", fmt::join(honesty.because, ", "));
    text += "\n";
    if (!honesty.explanation.empty()) text += fmt::format("    {}\n", Clean(honesty.explanation));
  }
  return text.empty() ? text : "HOT or COLD, and why\n" + text;
}

std::string ReferralIds(std::string_view title, const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  return fmt::format("{}  {}\n", title, fmt::join(ids, ", "));
}

void AddSource(Table& table, const std::string& field, const idl::FieldSource& source,
               std::string_view mark) {
  table.Add({field, Clean(source.value), std::string(mark), RefText(source.external_ref),
             source.feed.empty() ? "-" : Clean(source.feed), source.run.empty() ? "-" : source.run,
             source.row == 0 ? "-" : Grouped(source.row), source.event,
             TimeText(source.occurred_at)});
}

}  // namespace

std::string TemperatureText(idl::Temperature::type temperature, const Style& style) {
  if (temperature == idl::Temperature::HOT) return style.Warn("HOT");
  return temperature == idl::Temperature::COLD ? "COLD" : "?";
}

std::string RefText(const idl::ExternalRef& ref) {
  return Clean(fmt::format("{}:{}:{}", ref.system, ref.object, ref.id));
}

std::string ContactsText(const idl::FindContactsResult& found, const Style& style) {
  if (found.contacts.empty()) return "Nobody found.\n";
  Table table({{"ID"}, {"NAME"}, {"KIND"}, {"ORGANISATION"}, {"TEMPERATURE"}, {"ROWS"}});
  for (const idl::ContactSummary& contact : found.contacts) {
    const bool is_person = contact.kind == idl::EntityKind::PERSON;
    table.Add({contact.id, NameOr(contact.display_name, "-"), KindText(contact.kind),
               NameOr(contact.organisation, "-"),
               is_person ? TemperatureText(contact.temperature, style) : "-",
               Grouped(contact.link_count)});
  }
  std::string text = table.Text(style);
  if (found.more) text += "There are more: ask for something narrower, or use --limit.\n";
  return text;
}

std::string ErasureText(const idl::ErasureReceipt& receipt, const Style& style) {
  std::string text = fmt::format("Erased {}  {}\n", style.Bold(receipt.contact), receipt.event);
  if (!receipt.merged.empty()) {
    text += fmt::format("  with what was merged into it: {}\n", fmt::join(receipt.merged, " "));
  }
  text += fmt::format("  later rows about them are suppressed by {}\n",
                      Count(receipt.tombstone_count, "mark"));
  for (const idl::ErasedRow& row : receipt.rows) {
    text += row.run.empty()
                ? fmt::format("  told by {} over the RPC\n", row.feed)
                : fmt::format("  read from {}  run {}  row {}\n", row.feed, row.run, row.row);
  }
  if (!receipt.files_searched) {
    text +=
        "Files were not looked through, since nothing is known to look for; see for yourself in "
        "inbox, archive and quarantine\n";
  }
  if (!receipt.files.empty()) {
    text += "These files hold them, and are not ours to change; clean or remove them:\n";
  }
  for (const std::string& file : receipt.files) text += fmt::format("  {}\n", file);
  if (receipt.more_files) text += "  and more\n";
  for (const std::string& file : receipt.unread_files) {
    text += fmt::format("  {}  could not be looked into\n", file);
  }
  return text + fmt::format("The log has it: {}, root {}\n", Count(receipt.tree_size, "event"),
                            receipt.tree_root);
}

std::string ContactText(const idl::Contact& contact, const Style& style) {
  std::string text =
      fmt::format("{}  {}  {}", contact.id, style.Bold(NameOr(contact.display_name, contact.id)),
                  KindText(contact.kind));
  if (contact.kind == idl::EntityKind::PERSON) {
    text += "  " + TemperatureText(contact.temperature, style);
  }
  if (contact.deleted) text += "  " + style.Warn("deleted in every system");
  text += "\n";
  if (!contact.asked_for.empty() && contact.asked_for != contact.id) {
    text += fmt::format("{} was merged into it.\n", contact.asked_for);
  }
  Table fields({{""}, {""}});
  for (const idl::FieldValue& field : contact.fields) {
    fields.Add({Clean(field.name), Clean(field.value)});
  }
  if (!fields.empty()) text += fields.Text(style, {.indent = 2, .with_titles = false});
  text += LinksText(contact, style);
  text += ClaimsText(contact, style);
  text += HonestyText(contact, style);
  text += ReferralIds("Was brought by", contact.referrals_as_contact);
  text += ReferralIds("Brought others", contact.referrals_as_source);
  return text;
}

std::string WhyText(const idl::Contact* contact, std::span<const idl::FieldProvenance> fields,
                    const Style& style) {
  std::string text;
  if (contact != nullptr) {
    text += fmt::format("{}  {}  {}\n", contact->id,
                        style.Bold(NameOr(contact->display_name, contact->id)),
                        TemperatureText(contact->temperature, style));
    text += HonestyText(*contact, style);
    text += ClaimsText(*contact, style);
  }
  if (fields.empty()) return contact != nullptr ? text : "No row says anything about it.\n";
  Table table({{"FIELD"},
               {"VALUE"},
               {""},
               {"ROW OF"},
               {"FEED"},
               {"RUN"},
               {"ROW", Table::Align::kRight},
               {"EVENT"},
               {"AS OF"}});
  for (const idl::FieldProvenance& field : fields) {
    AddSource(table, style.Bold(Clean(field.name)), field.winner, "from");
    for (const idl::FieldSource& other : field.others) {
      AddSource(table, "", other, other.value == field.value ? "also" : "not");
    }
  }
  return text + table.Text(style);
}

}  // namespace referrald::ctl
