#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/practice/prompt.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::scenarios {

// A firm with a rep and some customers, told through the real ledger: every wish passes it, and
// every answer is read from what it made of them.
class PracticeStory : public testing::Test, public support::LedgerFixture {
 protected:
  PracticeStory() {
    clock().Advance(std::chrono::days(1000));
    anna_ = Person("anna");
    ben_ = Person("ben");
    carl_ = Person("carl");
    rita_ = Person("rita");  // The rep.
  }

  EntityId Person(const std::string& name) {
    return Add({"crm", "Contact", name}, name, name + "son", name + "@example.org");
  }
  void DaysPass(int days) { clock().Advance(std::chrono::days(days)); }

  ledger::RecordAct Wish(referral::EventType type, EntityId party) {
    ledger::RecordAct wish = Act(type, party, rita_);
    wish.occurred_at = clock().Now();
    return wish;
  }
  ledger::RecordAct AskWish(EntityId party, practice::AskKind kind, practice::Slots slots = 0) {
    ledger::RecordAct wish = Wish(referral::EventType::kAskMade, party);
    wish.act.code = static_cast<uint32_t>(kind);
    wish.act.slots = slots;
    wish.act.channel = referral::Channel::kPhone;
    return wish;
  }
  ledger::RecordAct AnswerWish(EntityId party, Sequence ask, practice::AskOutcome outcome) {
    ledger::RecordAct wish = Wish(referral::EventType::kAskAnswered, party);
    wish.act.about = ask;
    wish.act.code = static_cast<uint32_t>(outcome);
    return wish;
  }
  // What has to be accepted: the event.
  Sequence Happens(ledger::RecordAct wish) {
    const auto receipt = Record(std::move(wish));
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt ? receipt->sequence : Sequence{};
  }
  Sequence Happens(referral::EventType type, EntityId party) { return Happens(Wish(type, party)); }
  // What has to be refused: the number.
  int Refused(ledger::RecordAct wish) { return StatusOf(Record(std::move(wish))).number(); }
  ledger::Receipt Tells(referral::EventType type, EntityId source, EntityId contact) {
    ledger::RecordFact wish = Fact(type, source, contact, rita_);
    wish.occurred_at = clock().Now();
    const auto receipt = Record(std::move(wish));
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt ? *receipt : ledger::Receipt{};
  }

  practice::Customer Customer(EntityId party) { return Read()->GetCustomer(party)->customer; }
  // The rules of the prompts that are due for the rep, most urgent first.
  std::vector<std::string> Due() {
    std::vector<std::string> rules;
    for (const practice::Prompt& prompt : Prompts()) rules.emplace_back(prompt.rule);
    return rules;
  }
  std::vector<practice::Prompt> Prompts() {
    const auto page = Read()->ListPrompts(rita_, clock().Now(), "", 100);
    EXPECT_TRUE(page) << StatusOf(page).ToString();
    return page ? page->items : std::vector<practice::Prompt>{};
  }

  EntityId anna_, ben_, carl_, rita_;
};

}  // namespace referrald::scenarios
