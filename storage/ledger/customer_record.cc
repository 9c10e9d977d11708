// Encoding of folded customers. What a value consists of is said once, in Fields, and walked by
// whoever writes and by whoever reads, so that neither can know a field that the other does not.
#include "storage/ledger/customer_record.h"

#include <array>
#include <optional>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

using practice::Ask;
using practice::Customer;
using practice::Moment;
using practice::PlannedAsk;
using practice::Prompt;
using practice::PromptMark;
using practice::Reference;
using practice::SourceSlot;
using practice::Touch;
using practice::UnappliedAct;

// A key of a map and its value, as an element of a list.
struct NumberPair {
  uint64_t first = 0, second = 0;
};
struct TextPair {
  std::string first;
  uint64_t second = 0;
};

class Writing {
 public:
  template <typename Number>
  void Num(uint32_t tag, const Number& number) {
    out_.Unsigned(tag, static_cast<uint64_t>(number));
  }
  template <typename Id>
  void Ident(uint32_t tag, const Id& id) {
    out_.Unsigned(tag, id.value);
  }
  void At(uint32_t tag, const Timestamp& at) { out_.Signed(tag, ToMicros(at)); }
  void Text(uint32_t tag, const std::string& text) { out_.Bytes(tag, text); }
  template <typename Enum>
  void Maybe(uint32_t tag, const std::optional<Enum>& value) {
    out_.Unsigned(tag, value ? static_cast<uint64_t>(*value) : 0);
  }
  template <typename Items>
  void List(uint32_t tag, Items& items) {
    for (auto& item : items) {
      Writing element;
      Fields(element, item);
      out_.Element(tag, element.out_.text());
    }
  }
  std::string Take() { return out_.Take(); }

 private:
  TaggedWriter out_;
};

// Walks the fields in the order in which they were written: no copy, one pass.
class Reading {
 public:
  explicit Reading(std::string_view bytes) : reader_(bytes) { Advance(); }
  bool ok() const { return ok_ && reader_.status().ok(); }

  template <typename Number>
  void Num(uint32_t tag, Number& number) {
    // What is not there is 0, whatever the member begins with.
    const bool is_there = At(tag);
    number = static_cast<Number>(is_there ? reader_.Unsigned() : 0);
    if (is_there) Advance();
  }
  template <typename Id>
  void Ident(uint32_t tag, Id& id) {
    Num(tag, id.value);
  }
  void At(uint32_t tag, Timestamp& at) {
    if (!At(tag)) return;
    at = FromMicros(reader_.Signed());
    Advance();
  }
  void Text(uint32_t tag, std::string& text) {
    if (!At(tag)) return;
    text = reader_.Text();
    Advance();
  }
  template <typename Enum>
  void Maybe(uint32_t tag, std::optional<Enum>& value) {
    uint64_t number = 0;
    Num(tag, number);
    if (number != 0) value = static_cast<Enum>(number);
  }
  template <typename Item, size_t kCount>
  void List(uint32_t tag, std::array<Item, kCount>& items) {
    for (Item& item : items) {
      if (!Take(tag, item)) ok_ = false;
    }
  }
  template <typename Item>
  void List(uint32_t tag, std::vector<Item>& items) {
    while (At(tag)) (void)Take(tag, items.emplace_back());
  }

 private:
  void Advance() { has_field_ = reader_.Next(); }
  bool At(uint32_t tag) {
    while (has_field_ && reader_.tag() < tag) Advance();  // Of a later version.
    return has_field_ && reader_.tag() == tag;
  }
  template <typename Item>
  bool Take(uint32_t tag, Item& item) {
    if (!At(tag)) return false;
    Reading element(reader_.value());
    Fields(element, item);
    ok_ = ok_ && element.ok();
    Advance();
    return true;
  }

  TaggedReader reader_;
  bool has_field_ = false;
  bool ok_ = true;
};

template <typename Codec>
void Fields(Codec& codec, NumberPair& pair) {
  codec.Num(1, pair.first);
  codec.Num(2, pair.second);
}
template <typename Codec>
void Fields(Codec& codec, TextPair& pair) {
  codec.Text(1, pair.first);
  codec.Num(2, pair.second);
}
template <typename Codec>
void Fields(Codec& codec, SourceSlot& slot) {
  codec.Num(1, slot.state);
  codec.Ident(2, slot.because);
  codec.Num(3, slot.asks);
  codec.Num(4, slot.introductions);
}
template <typename Codec>
void Fields(Codec& codec, Moment& moment) {
  codec.Num(1, moment.type);
  codec.Ident(2, moment.sequence);
  codec.At(3, moment.at);
}
template <typename Codec>
void Fields(Codec& codec, Ask& ask) {
  codec.Ident(1, ask.sequence);
  codec.At(2, ask.at);
  codec.Num(3, ask.kind);
  codec.Num(4, ask.slots);
  codec.Ident(5, ask.rep);
  codec.Ident(6, ask.occasion);
  codec.Num(7, ask.with_incentive);
  codec.Maybe(8, ask.outcome);
  codec.Ident(9, ask.answer);
  codec.At(10, ask.answered_at);
  codec.At(11, ask.again_at);
  codec.Num(12, ask.names);
}
template <typename Codec>
void Fields(Codec& codec, PlannedAsk& plan) {
  codec.Ident(1, plan.sequence);
  codec.Num(2, plan.kind);
  codec.Num(3, plan.slots);
  codec.At(4, plan.due);
  codec.At(5, plan.at);
}
template <typename Codec>
void Fields(Codec& codec, Touch& touch) {
  codec.Ident(1, touch.sequence);
  codec.At(2, touch.at);
  codec.Num(3, touch.counts);
}
template <typename Codec>
void Fields(Codec& codec, PromptMark& mark) {
  codec.Text(1, mark.rule);
  codec.Ident(2, mark.about);
  codec.Ident(3, mark.because);
  codec.At(4, mark.until);
  codec.At(5, mark.at);
}
template <typename Codec>
void Fields(Codec& codec, Reference& reference) {
  codec.Ident(1, reference.sequence);
  codec.At(2, reference.at);
  codec.Ident(3, reference.prospect);
  codec.Ident(4, reference.rep);
  codec.Ident(5, reference.opportunity);
  codec.Num(6, reference.insistence);
  codec.Num(7, reference.state);
  codec.Ident(8, reference.because);
  codec.Maybe(9, reference.result);
}
template <typename Codec>
void Fields(Codec& codec, UnappliedAct& unapplied) {
  codec.Ident(1, unapplied.sequence);
  codec.Text(2, unapplied.reason);
}

// A prompt with its rule as a number: 3 for P03.
struct StoredPrompt {
  uint64_t rule = 0;
  Prompt prompt;
  std::vector<NumberPair> because;
};
template <typename Codec>
void Fields(Codec& codec, StoredPrompt& stored) {
  codec.Num(1, stored.rule);
  codec.Ident(2, stored.prompt.rep);
  codec.Ident(3, stored.prompt.referral);
  codec.Ident(4, stored.prompt.about);
  codec.At(5, stored.prompt.due);
  codec.Num(6, stored.prompt.kind);
  codec.Num(7, stored.prompt.slots);
  codec.List(8, stored.because);
  codec.At(9, stored.prompt.snoozed_until);
}

// A customer with its maps as lists.
struct StoredCustomer {
  Customer customer;
  std::vector<NumberPair> roles{}, thanked{};
  std::vector<TextPair> consents{};
  std::vector<PlannedAsk> planned{};
  std::vector<StoredPrompt> prompts{};
};
template <typename Codec>
void Fields(Codec& codec, StoredCustomer& stored) {
  Customer& customer = stored.customer;
  codec.List(1, stored.roles);
  codec.Ident(2, customer.rep);
  codec.Ident(3, customer.first);
  codec.At(4, customer.first_at);
  codec.List(5, customer.moments);
  codec.List(6, customer.slots);
  codec.List(7, customer.asks);
  codec.List(8, stored.planned);
  codec.List(9, customer.touches);
  codec.Text(10, customer.cadence);
  codec.Ident(11, customer.cadence_because);
  codec.List(12, customer.marks);
  codec.List(13, customer.references);
  codec.List(14, stored.thanked);
  codec.Ident(15, customer.complaint);
  codec.Ident(16, customer.suppressed);
  codec.List(17, stored.consents);
  codec.List(18, customer.unapplied);
  codec.List(19, stored.prompts);
  codec.Text(20, customer.group);
  codec.At(21, customer.cadence_at);
}

uint64_t RuleNumber(std::string_view rule) {
  return static_cast<uint64_t>(rule[1] - '0') * 10 + static_cast<uint64_t>(rule[2] - '0');
}

std::string_view RuleOf(uint64_t number) {
  for (const practice::PromptRule& rule : practice::PromptRules()) {
    if (RuleNumber(rule.id) == number) return rule.id;
  }
  return {};
}

StoredCustomer ToStored(const CustomerRecord& record) {
  const Customer& customer = record.customer;
  StoredCustomer stored{.customer = customer};
  for (const auto& [role, because] : customer.roles) {
    stored.roles.push_back({std::to_underlying(role), because.value});
  }
  for (const auto& [referral, told] : customer.thanked) {
    stored.thanked.push_back({referral.value, told.value});
  }
  for (const auto& [purpose, because] : customer.consents) {
    stored.consents.push_back({purpose, because.value});
  }
  if (customer.planned_ask) stored.planned.push_back(*customer.planned_ask);
  for (const Prompt& prompt : record.prompts) {
    StoredPrompt& one = stored.prompts.emplace_back();
    one.rule = RuleNumber(prompt.rule);
    one.prompt = prompt;
    for (const Sequence because : prompt.because) one.because.push_back({because.value, 0});
  }
  return stored;
}

// False: a prompt of a rule that there is not.
bool FromStored(StoredCustomer&& stored, EntityId party, CustomerRecord& record) {
  record.customer = std::move(stored.customer);
  Customer& customer = record.customer;
  customer.party = party;
  for (const NumberPair& role : stored.roles) {
    customer.roles[static_cast<practice::Role>(role.first)] = {role.second};
  }
  for (const NumberPair& told : stored.thanked) customer.thanked[{told.first}] = {told.second};
  for (const TextPair& consent : stored.consents) {
    customer.consents[consent.first] = {consent.second};
  }
  if (!stored.planned.empty()) customer.planned_ask = stored.planned.front();
  for (StoredPrompt& one : stored.prompts) {
    one.prompt.party = party;
    one.prompt.rule = RuleOf(one.rule);
    if (one.prompt.rule.empty()) return false;
    for (const NumberPair& because : one.because) one.prompt.because.push_back({because.first});
    record.prompts.push_back(std::move(one.prompt));
  }
  return true;
}

}  // namespace

std::string Encode(const CustomerRecord& record) {
  StoredCustomer stored = ToStored(record);
  Writing out;
  Fields(out, stored);
  return out.Take();
}

Result<CustomerRecord> DecodeCustomer(EntityId party, std::string_view bytes) {
  StoredCustomer stored;
  Reading in(bytes);
  Fields(in, stored);
  CustomerRecord record;
  if (!in.ok() || !FromStored(std::move(stored), party, record)) {
    return Damaged("customer " + std::to_string(party.value));
  }
  return record;
}

CoverageRecord CoverageOf(const practice::Customer& customer) {
  CoverageRecord record;
  for (size_t i = 0; i < practice::kSlotCount; ++i) record.slots[i] = customer.slots[i].state;
  record.is_customer = customer.IsCustomer();
  record.was_asked = !customer.asks.empty();
  return record;
}

std::string Encode(const CoverageRecord& record) {
  std::string bytes;
  for (const practice::SlotState state : record.slots) {
    bytes.push_back(static_cast<char>(state));
  }
  bytes.push_back(static_cast<char>((record.is_customer ? 1 : 0) | (record.was_asked ? 2 : 0)));
  return bytes;
}

Result<CoverageRecord> DecodeCoverage(std::string_view bytes) {
  if (bytes.size() != practice::kSlotCount + 1) return Damaged("coverage");
  CoverageRecord record;
  for (size_t i = 0; i < practice::kSlotCount; ++i) {
    record.slots[i] = static_cast<practice::SlotState>(bytes[i]);
  }
  record.is_customer = (bytes[practice::kSlotCount] & 1) != 0;
  record.was_asked = (bytes[practice::kSlotCount] & 2) != 0;
  return record;
}

}  // namespace referrald::ledger
