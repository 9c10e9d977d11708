#include "thrift/rpc/story_views.h"

#include "thrift/rpc/convert.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

// Puts people into a sentence by the name they bear now.
class Teller {
 public:
  Teller(const ledger::Reader& reader, idl::EventStory& story) : reader_(reader), story_(story) {
    story_.sentence = referral::Spoken(referral::ParseEventType(story.type));
  }

  void Who(std::string_view role, EntityId id) {
    if (!id) return;
    const Result<std::string> name = NameOf(reader_, id);
    Say(role, name && !name->empty() ? *name : PersonText(id));
  }
  void Say(std::string_view what, const std::string& text) {
    if (text.empty()) return;
    story_.sentence += (is_first_ ? ": " : "; ") + std::string(what) + " " + text;
    is_first_ = false;
  }
  void Because(Sequence sequence) {
    if (sequence) story_.because.push_back(ToText(sequence));
  }

 private:
  const ledger::Reader& reader_;
  idl::EventStory& story_;
  bool is_first_ = true;
};

void Tell(Teller& teller, const practice::Act& act) {
  teller.Who("about", act.party);
  teller.Who("by", act.rep);
  teller.Who("with", act.other);
  if (act.code != 0) teller.Say("as", std::string(practice::CodeName(act.type, act.code)));
  std::string slots;
  for (const std::string& slot : SlotNames(act.slots)) slots += (slots.empty() ? "" : ", ") + slot;
  teller.Say("groups", slots);
  teller.Say("name", act.name);
  teller.Say("text", act.text);
  teller.Because(act.about);
}

void Tell(Teller& teller, const referral::Fact& fact) {
  teller.Who("source", fact.source);
  teller.Who("contact", fact.contact);
  teller.Who("rep", fact.rep);
  if (fact.channel != referral::Channel::kUnknown) {
    teller.Say("over", std::string(referral::ChannelName(fact.channel)));
  }
  teller.Say("reason", fact.reason);
  teller.Say("from", fact.provenance);
  teller.Say("evidence", fact.evidence.reference);
  teller.Because(fact.because);
}

void Tell(Teller& teller, const ledger::RowSeen& row) {
  teller.Who("row of", row.entity);
  teller.Say("system", row.ref.system);
  teller.Say("feed", row.feed);
}

void Tell(Teller& teller, const ledger::PartyMerged& merged) { teller.Who("into", merged.winner); }

template <typename Body>
void Tell(Teller&, const Body&) {}  // What is about the log itself says all by its name.

}  // namespace

Result<idl::EventStory> StoryView(const ledger::Reader& reader, Sequence sequence) {
  const Result<ledger::Event> event = reader.GetEvent(sequence);
  if (!event) return event.error();
  idl::EventStory story;
  story.event = ToText(sequence);
  story.type = referral::EventTypeName(event->type());
  story.occurred_at = Micros(event->occurred_at);
  story.recorded_at = Micros(event->recorded_at);
  story.actor = event->actor;
  Teller teller(reader, story);
  std::visit([&teller](const auto& body) { Tell(teller, body); }, event->body);
  return story;
}

}  // namespace referrald::rpc
