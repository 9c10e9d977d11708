#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct ContactOptions {
  std::string query;
  std::string party;
  std::string field;
  int32_t limit = 20;
  std::string reason;
  bool yes = false;
};

ExitCode Find(Context& context, const ContactOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto found = client->Ask(&Client::findContacts, options.query, options.limit);
  if (!found) return context.Fail(found.error());
  return context.Show({{"contacts", ToJsonList(found->contacts)}, {"more", found->more}},
                      ContactsText(*found, context.style()),
                      found->contacts.empty() ? ExitCode::kNotFound : ExitCode::kOk);
}

ExitCode Show(Context& context, const ContactOptions& options) {
  const auto party = ParseParty(options.party);
  if (!party) return context.Fail(party.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto contact = client->Ask(&Client::getContact, *party);
  if (!contact) return context.Fail(contact.error());
  return context.Show(ToJson(*contact), ContactText(*contact, context.style()));
}

ExitCode Why(Context& context, const ContactOptions& options) {
  const auto party = ParseParty(options.party);
  if (!party) return context.Fail(party.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const bool is_gate = options.field == "temperature";
  std::vector<idl::FieldProvenance> fields;
  if (!is_gate) {
    auto found = client->Ask(&Client::getProvenance, *party, options.field);
    if (!found) return context.Fail(found.error());
    fields = *std::move(found);
  }
  if (!is_gate && !options.field.empty()) {
    return context.Show({{"contact", nullptr}, {"fields", ToJsonList(fields)}},
                        WhyText(nullptr, fields, context.style()));
  }
  const auto contact = client->Ask(&Client::getContact, *party);
  if (!contact) return context.Fail(contact.error());
  return context.Show({{"contact", ToJson(*contact)}, {"fields", ToJsonList(fields)}},
                      WhyText(&*contact, fields, context.style()));
}

ExitCode Erase(Context& context, const ContactOptions& options) {
  const auto party = ParseParty(options.party);
  if (!party) return context.Fail(party.error());
  if (!options.yes) {
    return context.Fail(Status::InvalidArgument(
        "this cannot be undone: look at `referralctl contact show`, then say --yes"));
  }
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto receipt = client->Ask(&Client::eraseContact, *party, options.reason);
  if (!receipt) return context.Fail(receipt.error());
  return context.Show(ToJson(*receipt), ErasureText(*receipt, context.style()));
}

}  // namespace

void AddContactCommands(CLI::App& app, Command& command) {
  CLI::App* contact = app.add_subcommand("contact", "People, organisations, deals");
  contact->require_subcommand(1);
  const auto options = std::make_shared<ContactOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };
  constexpr const char* kParty = "c_42, system:Object:id, or an e-mail address";

  CLI::App* find = contact->add_subcommand("find", "By name, a word of it, e-mail, phone, or id");
  find->add_option("QUERY", options->query, "What you know of them")->required();
  find->add_option("-n,--limit", options->limit, "At most so many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  find->callback(choose(Find));

  CLI::App* show = contact->add_subcommand("show", "All that is known, and HOT or COLD");
  show->add_option("PARTY", options->party, kParty)->required();
  show->callback(choose(Show));

  CLI::App* why = contact->add_subcommand("why", "Which feed, run, row and event said so");
  why->add_option("PARTY", options->party, kParty)->required();
  why->add_option("FIELD", options->field,
                  "One field, or \"temperature\" for the events behind HOT or COLD (default: all)");
  why->callback(choose(Why));

  CLI::App* erase = contact->add_subcommand("erase", "Forget somebody for ever, at their own wish");
  erase->add_option("PARTY", options->party, kParty)->required();
  erase->add_option("--reason", options->reason, "Why, in your words; kept sealed")->required();
  erase->add_flag("--yes", options->yes, "I know that this cannot be undone");
  erase->callback(choose(Erase));
}

}  // namespace referrald::ctl
