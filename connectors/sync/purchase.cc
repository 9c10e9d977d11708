#include "connectors/sync/purchase.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "connectors/sync/fresh_reader.h"
#include "connectors/sync/stage.h"
#include "storage/base/limits.h"
#include "storage/referral/deal.h"

namespace referrald::sync {
namespace {

using ledger::Reader;
using referral::DealOutcome;
using referral::Entity;
using referral::EventType;
using referral::Link;

constexpr size_t kDealsPerView = 256;
// Wishes in flight: the ledger commits what waits together.
constexpr size_t kWorkers = 16;

using Wish = std::variant<ledger::RecordAct, ledger::RecordFact>;

// What one row of a deal says.
struct Telling {
  EntityId deal;
  Link row;
  Moment moment = Moment::kNone;
  referral::Deal facts;
};

bool IsMoment(EventType type) {
  constexpr std::array kTypes = {EventType::kFirstEngagement, EventType::kCustomerExcited,
                                 EventType::kOrderPlaced, EventType::kDealLost};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

// When it may have happened, the best known first.
std::vector<Timestamp> TimesOf(const Telling& telling, Timestamp now) {
  std::vector<Timestamp> times;
  const auto add = [&times, now](Timestamp time) {
    if (time != Timestamp{} && time <= now) times.push_back(time);
  };
  const Link& row = telling.row;
  if (telling.moment == Moment::kOrdered || telling.moment == Moment::kLost) {
    add(telling.facts.decided_at);
  }
  if (row.occurred_at != row.recorded_at) add(row.occurred_at);
  if (row.event != row.first_event) add(row.recorded_at);
  return times;
}

class Recorder {
 public:
  Recorder(const RunLedger& store, const FeedConfig& feed, Timestamp now,
           const std::stop_token& stop)
      : store_(store), feed_(feed), now_(now), stop_(stop), reader_(store.ledger()) {}

  Result<PurchaseCounts> Run() {
    if (Status taken = reader_.Renew(); !taken.ok()) return taken;
    const Result<std::unique_ptr<Reader>> scan = store_.Read();
    if (!scan) return scan.error();
    Status failed;
    const Status scanned = (*scan)->ScanDeals([this, &failed](const Entity& deal) {
      Hear(deal);
      if (heard_.size() >= kDealsPerView) failed = Tell();
      return failed.ok();
    });
    if (!scanned.ok()) return scanned;
    if (failed.ok()) failed = Tell();
    if (!failed.ok()) return failed;
    return counts_;
  }

 private:
  void Hear(const Entity& deal) {
    for (const Link& row : deal.links) {
      if (row.deleted || row.feed != feed_.name) continue;
      const Moment moment = MomentOf(feed_.stages, row.fields);
      if (moment == Moment::kNone) continue;
      heard_.push_back(
          {.deal = deal.id, .row = row, .moment = moment, .facts = referral::DealFrom(deal)});
      return;
    }
  }

  // Records what is new in what was heard.
  Status Tell() {
    if (stop_.stop_requested()) return Status::Aborted("stopped while recording purchases");
    if (Status renewed = reader_.Renew(); !renewed.ok()) return renewed;
    std::vector<Wish> wishes;
    for (const Telling& telling : heard_) {
      Status status = AddMoment(telling, wishes);
      if (status.ok()) status = AddReferrals(telling, wishes);
      if (!status.ok()) return status;
    }
    heard_.clear();
    return RecordAll(wishes);
  }

  Status AddMoment(const Telling& telling, std::vector<Wish>& wishes) {
    const Result<bool> known = IsKnown(telling);
    if (!known) return known.error();
    if (*known) return Status::Ok();
    const Result<std::optional<EntityId>> customer = CustomerOf(telling.row);
    if (!customer) return customer.error();
    const std::vector<Timestamp> times = TimesOf(telling, now_);
    if (!*customer || times.empty()) {
      ++(*customer ? counts_.undated : counts_.nobody);
      return Status::Ok();
    }
    ledger::RecordAct wish;
    wish.act.type = ActOf(telling.moment);
    wish.party = {.id = **customer, .ref = {}, .email = {}};
    wish.opportunity = {.id = telling.deal, .ref = {}, .email = {}};
    wish.occurred_at = times.front();
    wish.idempotency_key = KeyOf(telling, "moment");
    wish.actor = "feed:" + feed_.name;
    if (telling.moment == Moment::kOrdered) wish.act.amount = telling.facts.amount;
    wishes.emplace_back(std::move(wish));
    return Status::Ok();
  }

  // The last moment that the log has of this deal is the one its stage tells of.
  Result<bool> IsKnown(const Telling& telling) {
    const auto acts = reader_.Ask(
        [&telling](const Reader& reader) { return reader.ActsOfOpportunity(telling.deal); });
    if (!acts) return acts.error();
    EventType last = EventType::kUnknown;
    for (const practice::RecordedAct& act : *acts) {
      if (IsMoment(act.act.type)) last = act.act.type;
    }
    return last == ActOf(telling.moment);
  }

  Result<std::optional<EntityId>> CustomerOf(const Link& row) {
    std::vector<const referral::Association*> contacts;
    const referral::Association* organisation = nullptr;
    for (const referral::Association& link : row.associations) {
      if (link.role == "contact") contacts.push_back(&link);
      if (link.role == "organisation" && organisation == nullptr) organisation = &link;
    }
    // Of several contacts nobody knows whose purchase it is. One who is not known yet will be: the
    // order in which files come must not decide.
    const auto* const who = contacts.size() == 1 ? contacts.front() : organisation;
    if (who == nullptr) return std::optional<EntityId>{};
    const auto party =
        reader_.Ask([who](const Reader& reader) { return reader.FindByRef(who->ref); });
    if (party) return std::optional(*party);
    if (party.error().code() == Code::kNotFound) return std::optional<EntityId>{};
    return party.error();
  }

  // A deal that was won or lost is the end of the qualified referrals that name it (T14, T15).
  Status AddReferrals(const Telling& telling, std::vector<Wish>& wishes) {
    if (telling.facts.outcome == DealOutcome::kOpen) return Status::Ok();
    const auto page = reader_.Ask([&telling](const Reader& reader) {
      return reader.ListReferrals({.state = referral::State::kQualified,
                                   .source = {},
                                   .contact = {},
                                   .opportunity = telling.deal},
                                  {}, limits::kReferralsPerFoldMax);
    });
    if (!page) return page.error();
    for (const referral::Referral& referral : page->items) AddEnd(telling, referral, wishes);
    return Status::Ok();
  }

  void AddEnd(const Telling& telling, const referral::Referral& referral,
              std::vector<Wish>& wishes) {
    const bool won = telling.facts.outcome == DealOutcome::kWon;
    const bool worth_known = !telling.facts.amount.currency.empty();
    std::vector<Timestamp> times = TimesOf(telling, now_);
    // A date without a time of day can lie before the hour in which they were qualified.
    std::erase_if(times, [&referral](Timestamp time) {
      return !referral.steps.empty() && time < referral.steps.back().occurred_at;
    });
    if (times.empty() || (won && !worth_known)) {
      ++(times.empty() ? counts_.undated : counts_.refused);
      return;
    }
    ledger::RecordFact wish;
    wish.fact.type = won ? EventType::kOpportunityWon : EventType::kOpportunityLost;
    wish.fact.referral = referral.id;
    if (won) wish.fact.amount = telling.facts.amount;
    wish.opportunity = {.id = telling.deal, .ref = {}, .email = {}};
    wish.occurred_at = times.front();
    wish.idempotency_key = KeyOf(telling, ToText(referral.id));
    wish.actor = "feed:" + feed_.name;
    wishes.emplace_back(std::move(wish));
  }

  // One for each time that the row came to say something else.
  static std::string KeyOf(const Telling& telling, std::string_view what) {
    return fmt::format("stage:{}:{}:{}:{}",
                       ToText(referral::EntityKind::kOpportunity, telling.deal), what,
                       MomentName(telling.moment), ToText(telling.row.event));
  }

  Status RecordAll(const std::vector<Wish>& wishes) {
    if (wishes.empty()) return Status::Ok();
    std::array<Status, kWorkers> failures;
    std::array<PurchaseCounts, kWorkers> counts;
    {
      std::vector<std::jthread> workers;
      for (size_t worker = 0; worker < std::min(kWorkers, wishes.size()); ++worker) {
        workers.emplace_back([&, worker] {
          for (size_t i = worker; i < wishes.size() && failures[worker].ok(); i += kWorkers) {
            failures[worker] = RecordOne(wishes[i], counts[worker]);
          }
        });
      }
    }
    for (const PurchaseCounts& count : counts) {
      counts_.recorded += count.recorded;
      counts_.refused += count.refused;
    }
    for (const Status& failure : failures) {
      if (!failure.ok()) return failure;
    }
    return Status::Ok();
  }

  Status RecordOne(const Wish& wish, PurchaseCounts& counts) const {
    const Result<ledger::Receipt> receipt =
        std::visit([this](const auto& one) { return store_.Record(one); }, wish);
    if (receipt) {
      if (!receipt->replayed) ++counts.recorded;
      return Status::Ok();
    }
    const Code code = receipt.error().code();
    const bool has_reason = code == Code::kFailedPrecondition || code == Code::kInvalidArgument ||
                            code == Code::kNotFound || code == Code::kAlreadyExists;
    if (!has_reason) return receipt.error();
    ++counts.refused;
    return Status::Ok();
  }

  const RunLedger& store_;
  const FeedConfig& feed_;
  const Timestamp now_;
  const std::stop_token stop_;
  FreshReader reader_;
  std::vector<Telling> heard_;
  PurchaseCounts counts_;
};

}  // namespace

Result<PurchaseCounts> RecordPurchases(const RunLedger& store, const FeedConfig& feed,
                                       Timestamp now, const std::stop_token& stop) {
  return Recorder(store, feed, now, stop).Run();
}

}  // namespace referrald::sync
