#include "thrift/rpc/firm_views.h"

#include <algorithm>
#include <map>

#include "storage/practice/process.h"
#include "storage/practice/survey.h"
#include "thrift/rpc/convert.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

using practice::EventType;
using practice::RecordedAct;
using practice::StepState;
using Acts = std::vector<RecordedAct>;

Result<Acts> ActsOf(const ledger::Reader& reader, std::initializer_list<EventType> types) {
  Acts all;
  for (const EventType type : types) {
    Result<Acts> acts = reader.ActsOfType(type);
    if (!acts) return acts.error();
    all.insert(all.end(), acts->begin(), acts->end());
  }
  return all;
}

Status AddSurveys(const ledger::Reader& reader, idl::Firm& firm) {
  const Result<Acts> quizzes = reader.ActsOfType(EventType::kQuizTaken);
  if (!quizzes) return quizzes.error();
  const practice::QuizResult quiz = practice::FoldQuiz(*quizzes);
  firm.leader_count = Count(quiz.leaders);
  firm.rep_count = Count(quiz.reps);
  firm.quiz_score = quiz.score;
  firm.quiz_gap = quiz.gap;
  for (size_t i = 0; i < practice::kQuizQuestions; ++i) {
    idl::QuizQuestion& question = firm.quiz.emplace_back();
    question.question = practice::QuizQuestions()[i];
    question.leader_yes = quiz.leader_yes[i];
    question.rep_yes = quiz.rep_yes[i];
  }
  const Result<Acts> polls = reader.ActsOfType(EventType::kPollTaken);
  if (!polls) return polls.error();
  const auto means = practice::FoldPoll(*polls);
  for (size_t i = 0; i < practice::kPollActivities; ++i) {
    idl::ActivityRank& rank = firm.poll.emplace_back();
    rank.activity = practice::PollActivities()[i];
    rank.mean_rank = means[i];
  }
  return Status::Ok();
}

Status AddTargets(const ledger::Reader& reader, Timestamp now, idl::Firm& firm) {
  const Result<Acts> acts = ActsOf(reader, {EventType::kTargetSet, EventType::kReviewHeld});
  if (!acts) return acts.error();
  for (const practice::Accountability& one : practice::FoldTargets(*acts, now)) {
    idl::Target& target = firm.targets.emplace_back();
    target.metric = one.metric;
    target.owner = PersonText(one.owner);
    target.target = one.target;
    target.review_days = one.days;
    target.reviewed_at = Micros(one.reviewed_at);
    target.on_time = one.on_time;
    for (const Sequence because : one.because) target.because.push_back(ToText(because));
  }
  return Status::Ok();
}

void CountStep(StepState state, idl::ProcessStep& step) {
  switch (state) {
    case StepState::kDone: ++step.done; break;
    case StepState::kDoneOutOfOrder: ++step.out_of_order; break;
    case StepState::kSkipped: ++step.skipped; break;
    case StepState::kPending: ++step.pending; break;
  }
}

void AddRuns(const practice::Process& process, const Acts& acts, idl::Firm& firm,
             int64_t& adherence) {
  for (const practice::ProcessStep& step : process.steps) {
    idl::ProcessStep& made = firm.steps.emplace_back();
    made.text = step.text;
    made.needs_evidence = step.needs_evidence;
  }
  std::map<EntityId, Acts> by_deal;
  for (const RecordedAct& act : acts) {
    if (act.act.name.starts_with(process.name + ":")) by_deal[act.act.opportunity].push_back(act);
  }
  std::vector<std::vector<practice::StepRun>> runs;
  for (const auto& [deal, steps] : by_deal) {
    runs.push_back(practice::FoldSteps(process, steps));
    for (size_t i = 0; i < runs.back().size(); ++i) {
      CountStep(runs.back()[i].state, firm.steps[i]);
    }
  }
  firm.deal_count = Count(runs.size());
  const std::optional<int64_t> found = practice::AdherenceOf(runs);
  if (found) firm.__set_adherence(*found);
  adherence = found.value_or(0);
}

Status AddProcess(const ledger::Reader& reader, const idl::FirmRequest& request, idl::Firm& firm) {
  practice::VerdictFacts facts{.on_pace = !request.off_pace,
                               .off_pace_for = std::chrono::days(request.off_pace_days)};
  if (!request.process.empty()) {
    const auto process = reader.FindProcess(request.process);
    if (!process) return process.error();
    if (!*process) return Status::NotFound("there is no process " + request.process, 3021);
    const Result<Acts> acts = ActsOf(reader, {EventType::kStepDone, EventType::kStepSkipped});
    if (!acts) return acts.error();
    facts.defined = true;
    AddRuns(**process, *acts, firm, facts.adherence);
  }
  const practice::Verdict verdict = practice::VerdictOf(facts, {});
  firm.verdict = practice::VerdictName(verdict);
  firm.advice = practice::VerdictAdvice(verdict);
  return Status::Ok();
}

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

Result<idl::Firm> FirmView(const ledger::Reader& reader, const idl::FirmRequest& request,
                           Timestamp now) {
  idl::Firm firm;
  firm.sequence = Count(reader.head().value);
  Status status = AddSurveys(reader, firm);
  if (status.ok()) status = AddTargets(reader, now, firm);
  if (status.ok()) status = AddProcess(reader, request, firm);
  if (!status.ok()) return status;
  return firm;
}

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
