// referrald RPC, version 1. Wire: framed, strict binary; unix socket and loopback TCP.
//
// Conventions: nothing is required; ids are strings ("c_42", "r_44", "e_45"); enumerators start at
// UNKNOWN = 0 and readers accept unknown numbers; ids of fields are never reused (retired ids: none);
// times are microseconds since 1970-01-01T00:00:00Z, 0 = not set; every i64 stays below 2^53.
// A breaking change is a new namespace (referrald.v2) beside this one.

namespace * referrald.v1
namespace cpp referrald.idl
namespace d referrald.v1
namespace dart referrald_v1
namespace delphi Referrald.V1
namespace erl referrald_v1
namespace go referrald.v1
namespace haxe referrald.v1
namespace java referrald.v1
namespace js referrald.v1
namespace kotlin referrald.v1
namespace lua referrald.v1
namespace netstd Referrald.V1
namespace ocaml referrald.v1
namespace perl Referrald.V1
namespace php Referrald.V1
namespace py referrald.v1
namespace rb Referrald.V1
namespace rs referrald_v1
namespace swift referrald_v1

typedef i64 TimeMicros

const string API_VERSION = "1.0.0"
const i32 API_MAJOR = 1
const i32 API_MINOR = 0

enum EntityKind { UNKNOWN = 0, PERSON = 1, ORGANISATION = 2, OPPORTUNITY = 3 }

enum Temperature { UNKNOWN = 0, COLD = 1, HOT = 2 }

// The order of interfaces.md; rows_read is the sum of the others. (A field "read" would hide the
// method of that name in C++ and Python.)
struct RowCounts {
  1: i64 rows_read
  2: i64 created
  3: i64 updated
  4: i64 unchanged
  5: i64 duplicate
  6: i64 deleted
  7: i64 merged
  8: i64 suppressed
  9: i64 quarantined
  10: i64 held
}

// Who must act: the caller must change the request.
exception InvalidRequest {
  1: i32 code        // RFDnnnn
  2: string message
  3: string field    // Path of the offending member: "events[3].evidence"
  4: string hint
}
// The thing named does not exist.
exception NotFound {
  1: i32 code
  2: string message
}
// The rules refuse it now; the message says what is missing and how to get there.
exception Refused {
  1: i32 code
  2: string message
}
// The same idempotency key was used for something else.
exception Conflict {
  1: i32 code
  2: string message
}
// The caller may not do this here (files and administration: unix socket only).
exception PermissionDenied {
  1: i32 code
  2: string message
}
// Try again: overloaded, storage full, starting, stopping.
exception Unavailable {
  1: i32 code
  2: string message
  3: i32 retry_after_ms
}
// The server failed: damage or a bug; the operator must act.
exception ServerError {
  1: i32 code
  2: string message
}

struct ServerInfo {
  1: string version           // Of the product.
  2: string api_version
  3: i32 api_major
  4: i32 api_minor
  5: TimeMicros started_at
  6: i64 sequence             // Last event.
  7: i64 event_count
  8: i64 person_count
  9: i64 organisation_count
  10: i64 opportunity_count
  11: i64 referral_count
  12: i64 introduction_count
  13: i64 store_bytes
  14: i64 free_disk_bytes
  15: bool accepts_writes
  16: string not_accepting_reason
  17: list<string> rpc_listen
  18: string store_path       // Unix socket callers only.
}

// A row's name in a system: salesforce, Contact, 003...
struct ExternalRef {
  1: optional string system
  2: optional string object
  3: optional string id
}

// How to name a party: exactly one of these.
struct PartyRef {
  1: optional string id       // "c_42"
  2: optional ExternalRef external_ref
  3: optional string email    // Must have exactly one holder.
}

struct FieldValue {
  1: string name
  2: string value
}

struct Evidence {
  1: optional string reference        // Where the artefact is: message id, calendar entry, document.
  2: optional string sha256           // Of the artefact, 64 hexadecimal digits.
  3: optional bool contact_expects    // The new contact knows that the rep will call.
}

// Minor units (cents) of an ISO 4217 currency; never a double.
struct Money {
  1: optional i64 minor_units
  2: optional string currency
}

// A party as a service knows it (type PartySeen).
struct PartyInput {
  1: optional EntityKind kind
  2: optional ExternalRef external_ref
  3: optional list<FieldValue> fields
}

// A fact to record. `type` is a name of the event vocabulary: PartySeen, NameReceived,
// SourceContacted, AcquaintanceConfirmed, IntroductionMade, ...
struct EventInput {
  1: optional string idempotency_key  // At most 128 bytes, kept for ever.
  2: optional string type
  3: optional TimeMicros occurred_at  // Never guessed: a fact without a time is refused.
  4: optional string referral         // "r_44"; else found by source, contact and rep.
  5: optional PartyRef source         // Who introduces.
  6: optional PartyRef contact        // Who is introduced.
  7: optional PartyRef rep
  8: optional PartyRef opportunity
  9: optional string channel          // in_person, phone, video, email, message, platform_request
  10: optional string reason
  11: optional string provenance
  12: optional Evidence evidence
  13: optional Money amount
  14: optional PartyInput party       // PartySeen only.
  // The newest event of the referral that the caller has read ("e_45"). Where the referral has a
  // later one, or does not have this one, nothing is recorded: STALE.
  15: optional string base_event
  // Which of the source's five groups: external_peer, internal_peer, neighbour, supplier, customer.
  16: optional string source_slot
  17: optional string because         // The ask that a name or an introduction came of ("e_45").
  18: optional string survivor        // DuplicateOf: the referral that is kept ("r_44").
  19: optional PartyRef reviewer      // DuplicateOf, Voided and what takes them back.
  // Acts (getActTable says which type takes what): OrderPlaced, AskMade, TouchMade, ...
  20: optional PartyRef subject       // Whom it is about: the customer, the beneficiary.
  21: optional PartyRef other         // A second party: the prospect who wants a reference.
  22: optional string about           // The event that it answers, follows or undoes ("e_45").
  23: optional string code            // A word of the type's own: "full", "names_given", ...
  24: optional list<string> slots     // Of the five groups above.
  25: optional list<i64> numbers
  26: optional TimeMicros until_at
  27: optional string name            // A word of the firm's own: plan, version, metric. Not personal.
  28: optional string text            // Free text; sealed.
  29: optional bool decision_maker    // MeetingHeld: it was with who decides (M19).
  // Of a system that delivers late or out of order: a fact that does not follow in the state that the
  // referral is in is kept, counted and shown as unapplied, not refused; once what was missing is
  // told, it applies. What must be refused on every path still is.
  30: optional bool keep_out_of_order
  // MeetingHeld and Qualified: nobody saw it, but the event `because` could not be without it (a deal
  // was won). At the same instant as that; left out wherever times are measured.
  31: optional bool implied
}

struct RecordEventsRequest {
  1: optional list<EventInput> events // At most 1,000; each has its own result.
  2: optional string client_name      // Becomes part of the actor in the log.
}

enum RecordStatus { UNKNOWN = 0, RECORDED = 1, REPLAYED = 2, REFUSED = 3, INVALID = 4, NOT_FOUND = 5, CONFLICT = 6, UNAVAILABLE = 7, FAILED = 8,
  STALE = 9  // Somebody else was faster: read the referral again, then decide again.
}

// What became of one event. RECORDED and REPLAYED are durable.
struct RecordResult {
  1: RecordStatus status
  2: string event     // "e_45"
  3: string referral  // "r_44"
  4: string entity    // "c_42", of PartySeen
  5: i32 code         // RFDnnnn where it was not recorded
  6: string message
  // The log that has the event: its size, and the root of its Merkle tree (64 hexadecimal digits).
  // Keep them to hold the log to it: getProof and getGrowthProof.
  7: i64 tree_size
  8: string tree_root
}

struct RecordEventsResult {
  1: list<RecordResult> results
}

// Where a field came from.
struct FieldSource {
  1: string value
  2: ExternalRef external_ref
  3: string feed
  4: string run
  5: i64 row
  6: string event
  7: TimeMicros occurred_at
  8: TimeMicros recorded_at
  9: i32 priority
}

struct FieldProvenance {
  1: string name
  2: string value
  3: FieldSource winner
  4: list<FieldSource> others  // Rows that say something else, or the same with less right.
}

struct LinkInfo {
  1: ExternalRef external_ref
  2: string feed
  3: string run
  4: i64 row
  5: string first_event
  6: string event
  7: TimeMicros occurred_at
  8: TimeMicros recorded_at
  9: bool deleted
  10: i32 priority
}

// Somebody wrote that there was a referral. Never evidence.
struct Claim {
  1: string category        // customer_referral, employee_referral, partner_referral, word_of_mouth,
                            // named_referrer
  2: string text            // As it stands in the row.
  3: ExternalRef external_ref
  4: string event
  5: string resolved_to     // The one person that the text names; "" where there is none or several.
}

// The honesty gate's answer for one rep ("" where nobody has a referral or relationship).
struct Honesty {
  1: string rep
  2: Temperature temperature
  3: string kind            // LISTED, LEAD, REFERRAL, KNOWN
  4: string basis           // INTRODUCTION, ALREADY_KNOWN, NAME_ONLY, CLAIM_ONLY, ...
  5: list<string> because   // Event ids.
  6: string explanation     // One sentence.
  7: string rep_name        // "" where the rep has none.
}

struct Contact {
  1: string id
  2: EntityKind kind
  3: string display_name
  4: list<FieldValue> fields       // Merged.
  5: list<LinkInfo> links
  6: list<Claim> claims
  7: list<Honesty> honesty
  8: Temperature temperature       // HOT where any rep's is.
  9: list<string> referrals_as_contact
  10: list<string> referrals_as_source
  11: bool deleted
  12: string asked_for             // The id asked for, where it was merged into this one.
}

struct ContactSummary {
  1: string id
  2: EntityKind kind
  3: string display_name
  4: string organisation
  5: Temperature temperature
  6: i32 link_count
}

struct FindContactsResult {
  1: list<ContactSummary> contacts
  2: bool more
}

struct ReferralStep {
  1: string state
  2: string event
  3: TimeMicros occurred_at
}

struct UnappliedEvent {
  1: string event
  2: string reason
}

struct ReferralEvent {
  1: string event
  2: string type
  3: TimeMicros occurred_at
  4: TimeMicros recorded_at
  5: string actor
  6: string channel
  7: string reason
  8: Evidence evidence
  9: Money amount
  10: string provenance
}

struct Referral {
  1: string id
  2: string state
  3: string source
  4: string source_name
  5: string contact
  6: string contact_name
  7: string rep
  8: string rep_name
  9: string opportunity
  10: Honesty honesty
  11: list<ReferralStep> steps
  12: list<UnappliedEvent> unapplied
  13: list<ReferralEvent> events      // getReferral only.
  14: bool late_evidence
  15: bool rescued_by_introduction
  16: Money amount
}

struct ListReferralsRequest {
  1: optional string state
  2: optional string source
  3: optional string contact
  4: optional string cursor
  5: optional i32 max
}

struct ReferralPage {
  1: list<Referral> referrals
  2: string next_cursor
}

// One line of the transition table: what `event` does to a referral.
struct Transition {
  1: string id           // "T08"; stays the same when lines are added.
  2: list<string> states // In which it is possible; "NONE" is before the first fact.
  3: string event        // As EventInput.type.
  4: string to           // A state.
  5: string needs        // In words; empty: nothing more.
}

// One type of act: what EventInput has to hold besides type and occurred_at, and what it may.
struct ActRule {
  1: string type         // As EventInput.type.
  2: list<string> needs  // Members of EventInput.
  3: list<string> takes
  4: list<string> codes  // Words for `code`; empty: it takes none.
  5: string says         // What it is, in words.
}

// One of the five groups of people that a customer may know.
struct SourceSlot {
  1: string slot
  2: string state        // UNASKED, ASKED, YIELDED, NONE_EXISTS, DECLINED
  3: string because      // The event that led to it.
  4: i32 ask_count
  5: i32 introduction_count
}

struct Ask {
  1: string event
  2: TimeMicros occurred_at
  3: string kind         // prime, soft, full, loyal, lost_deal, not_a_fit, referred_customer, lean
  4: list<string> slots
  5: string rep
  6: string occasion     // The event that gave it; "": none, driven by the pipeline.
  7: bool with_incentive
  8: string outcome      // "": not answered yet.
  9: string answer       // The event of the answer.
  10: TimeMicros answered_at
  11: TimeMicros again_at
  12: i32 name_count
}

// A moment of the customer's purchase, or a signal.
struct Moment {
  1: string event
  2: string type
  3: TimeMicros occurred_at
}

// A prospect's wish to speak with this customer: never a referral.
struct Reference {
  1: string event
  2: TimeMicros occurred_at
  3: string prospect
  4: string rep
  5: string insistence   // prospect, seller
  6: string state        // REQUESTED, GIVEN, REFUSED, CALLED, NOT_CALLED
  7: string because
  8: string result       // good, faint_praise, negative, overshared, delayed_deal
}

// Something to do, and the events that say so.
struct Prompt {
  1: string id           // "P03:e_12:7"; the same log gives the same.
  2: string rule         // "P03"
  3: string action       // ask, tell, check_in, touch, review
  4: string party
  5: string party_name
  6: string rep
  7: string rep_name
  8: string referral     // "" where it is about none.
  9: string about        // The event it stands on: EventInput.about of what answers it.
  10: TimeMicros due
  11: string kind        // Of an ask.
  12: list<string> slots // To ask about.
  13: list<string> because
  14: string reason      // Why, in words.
  15: string advice      // What to do.
  16: string script      // What to say; "" nothing is suggested.
  17: TimeMicros snoozed_until
}

// What is known of a party as somebody to ask and to look after.
struct Customer {
  1: string id
  2: string display_name
  3: string rep
  4: bool is_customer
  5: bool is_active      // May be asked.
  6: list<string> roles
  7: list<SourceSlot> slots
  8: list<Ask> asks
  9: list<Moment> moments
  10: list<Reference> references
  11: list<Prompt> prompts  // Whenever they are due.
  12: TimeMicros last_touch_at
  13: string cadence
  14: string suppressed     // The event that says so; "": not.
  15: list<UnappliedEvent> unapplied
}

struct PromptsRequest {
  1: optional PartyRef rep      // Without: of everybody.
  2: optional TimeMicros due_by // Without: now.
  3: optional string cursor
  4: optional i32 max
}

struct PromptPage {
  1: list<Prompt> prompts       // By priority, then by due time.
  2: string next_cursor
}

struct CoverageRequest {
  1: optional bool customers_only  // Without prospects.
  2: optional string cursor
  3: optional i32 max              // Of gaps; 0: 100.
}

struct SlotCoverage {
  1: string slot
  2: i64 unasked
  3: i64 asked
  4: i64 yielded
  5: i64 none_exists
  6: i64 declined
}

struct CoverageGap {
  1: string party
  2: list<string> uncovered
  3: bool was_asked
}

// All active parties at one instant: who was asked about what.
struct Coverage {
  1: i64 sequence            // As of this event.
  2: i64 party_count
  3: i64 asked_count         // Asked at least once; the target is all.
  4: i64 full_count          // All five groups covered.
  5: i64 mean_thousandths    // Groups covered of five, on average; 1000 is all.
  6: list<SlotCoverage> slots
  7: list<CoverageGap> gaps  // Parties with an uncovered group, by id.
  8: string next_cursor
}

// Whether a name may be used in an outreach (P11).
struct OutreachCheck {
  1: bool allowed
  2: string temperature        // COLD, HOT
  3: string reason             // Why, in a sentence.
  4: list<string> steps        // What to do first, in this order.
  5: list<string> because
}

// Somebody to ask a customer about. Likeness is no acquaintance: `reason` says what is known of that.
struct Suggestion {
  1: string slot               // As in SourceSlot.
  2: string person
  3: string name
  4: string reason
  5: bool confirmed_acquaintance  // A person's newest word says that they know each other.
  6: list<string> because         // Events; none: what the CRM says of both.
}
// Whose introduction a deal is put down to.
struct Credit {
  1: string referral
  2: string source
  3: string source_name
  4: string introduction       // The event.
  5: TimeMicros introduced_at
  6: string why
  7: list<string> because
}
struct NoCredit {
  1: string referral           // "" a reference, which is never credited.
  2: string source
  3: string source_name
  4: string reason             // no_introduction, after_outreach, outside_window, not_the_one, ...
  5: string why
  6: list<string> because
}
struct Attribution {
  1: string opportunity
  2: string rule               // Its version.
  3: optional Credit credit    // Not set: no introduction led to the deal.
  4: list<NoCredit> others     // Everything else that was looked at.
}
struct AttributionsRequest {
  1: optional PartyRef opportunity // Only this one.
  2: optional string rule          // A version; none: the newest.
  3: optional string compare_with  // Another version: only deals on which the two differ.
  4: optional string cursor
  5: optional i32 max
}
struct AttributionPage {
  1: i64 sequence                  // As of this event.
  2: list<Attribution> attributions
  3: list<Attribution> compared    // By the other version, deal by deal.
  4: string next_cursor
}
// Introductions that a reviewer should look at: rewards for them wait until then. Nothing is deleted.
struct Hold {
  1: string rule               // velocity, ring, or the name that ReferralHeld gave.
  2: list<string> referrals
  3: string why
  4: string about              // EventInput.about of the HoldReleased that lets it go.
  5: list<string> because
}
struct HoldsRequest {
  1: optional bool released    // With those that a reviewer let go.
}
// Somebody with whom we are losing touch.
struct CatchUp {
  1: string party
  2: string party_name
  3: string rep
  4: string plan
  5: TimeMicros last_touch_at
  6: TimeMicros due
  7: i64 overdue               // In thousandths of the plan's interval.
  8: list<string> because
}
struct CatchUpRequest {
  1: optional PartyRef rep     // Only theirs.
  2: optional i32 max          // 0: 100.
}
// What was known at some time, of what had happened at some time.
struct AsOf {
  1: optional string event     // Nothing that was recorded after it.
  2: optional TimeMicros at    // Nothing that happened after it.
}
// A figure of referral selling. A ratio is numerator / denominator.
struct Figure {
  1: string metric           // "M07"
  2: string name
  3: string formula          // In words.
  4: string benchmark        // What the authors of the method claim; "" they claim nothing.
  5: string part             // Of what: a slot, a currency, "referral"; "" the whole.
  6: string unit             // ratio, days, count, money, minutes, rank
  7: i64 numerator
  8: i64 denominator         // Of a median: the number of values.
  9: i64 excluded            // Left out,
  10: string excluded_why    // and why.
  // Ratios and days in thousandths, money in minor units. Not set below the least count: of so few
  // nothing is said.
  11: optional i64 value
  12: optional i64 low       // 95 % interval of a ratio, in thousandths.
  13: optional i64 high
  14: list<string> because   // Some of the events it stands on.
}

struct MetricsRequest {
  1: optional list<string> metrics    // "M07", ...; none: all.
  2: optional PartyRef rep            // Only theirs.
  3: optional TimeMicros from_at      // Of the denominator's events.
  4: optional TimeMicros to_at
  5: optional i64 count_min           // No ratio of fewer; 0: 5.
  6: optional string team             // Only of its reps: the name a RoleAsserted of theirs bears.
  7: optional string segment          // Only of its customers: likewise.
}

struct MetricsResult {
  1: i64 sequence                     // As of this event.
  2: list<Figure> figures
}

struct WayStep {
  1: string person_from
  2: string name_from
  3: string person_to
  4: string name_to
  5: string kind                      // introduced, confirmed
  6: string because                   // The event it rests on.
}

struct Way {
  1: list<WayStep> steps              // From a rep to the target.
}

struct WaysInRequest {
  1: optional list<PartyRef> targets  // At most 20.
  2: optional PartyRef rep            // Only ways that begin with them.
  3: optional i32 hops_max            // 1 to 5; 0: 3.
  4: optional i32 max                 // Ways to each; 0: 10.
}

// Ways to one target, best first; none where there is no evidence.
struct WaysIn {
  1: string target
  2: list<Way> ways
  3: bool truncated
}

struct Reward {
  1: string proposal                  // The event that proposed it.
  2: string plan
  3: string party
  4: string party_name
  5: string referral
  6: Money amount
  7: string state                     // PROPOSED, PENDING, HELD, CAPPED, EARNED, FULFILLED, ...
  8: string reason
  9: TimeMicros due                   // PENDING: when the hold ends.
  10: i64 clawed_back                 // Minor units.
  11: list<string> because
}

struct FirmRequest {
  1: optional string process        // The version to judge; none: no verdict.
  2: optional bool off_pace         // Sales are below what was planned,
  3: optional i32 off_pace_days     // for so long.
  4: optional i32 lean_below        // Fewer open referrals are lean times (P15); 0: 10.
}

struct QuizQuestion {
  1: string question
  2: i64 leader_yes                 // Share of yes in thousandths; -1: none of them took it.
  3: i64 rep_yes
}

struct ActivityRank {
  1: string activity
  2: i64 mean_rank                  // In thousandths, 1000 is first; -1: nobody was asked.
}

// Who answers for a metric.
struct Target {
  1: string metric
  2: string owner
  3: i64 target                     // In thousandths.
  4: i64 review_days
  5: TimeMicros reviewed_at
  6: bool on_time
  7: list<string> because
}

// Something for the firm to do, and the events that say so.
struct FirmPrompt {
  1: string rule                    // P15, P16, P18
  2: string reason
  3: string advice
  4: list<string> because
}
// Answers to the quiz in one quarter.
struct QuizQuarter {
  1: TimeMicros begins_at
  2: i64 respondent_count
  3: i64 score                      // As Firm.quiz_score.
  4: i64 gap
}
struct ProcessStep {
  1: string text
  2: bool needs_evidence
  3: i64 done
  4: i64 out_of_order
  5: i64 skipped
  6: i64 pending
}

// What the firm says of itself: readiness, preferences, accountability and its process.
struct Firm {
  1: i64 sequence
  2: list<QuizQuestion> quiz
  3: i64 leader_count
  4: i64 rep_count
  5: i64 quiz_score                 // Yes of fourteen in thousandths; -1: nobody took it.
  6: i64 quiz_gap                   // Leaders' minus reps'.
  7: list<ActivityRank> poll
  8: list<Target> targets
  9: list<ProcessStep> steps
  10: i64 deal_count                // With a step of that version.
  11: optional i64 adherence        // Steps done in order, in thousandths.
  12: string verdict                // STOP, BACK_TO_BASICS, WATCH, REVISE_PROCESS, DRIFT, HOLD;
                                   // NOT_YET: no deal has gone through the process
  13: string advice
  14: list<FirmPrompt> prompts
  15: list<string> skipped_steps    // What was skipped or came out of order, most often first.
  16: list<QuizQuarter> quarters
}

// One event in a sentence, with the names of the people as they are known now.
struct EventStory {
  1: string event
  2: string type
  3: TimeMicros occurred_at
  4: TimeMicros recorded_at
  5: string actor
  6: string sentence
  7: list<string> because           // Events that it names itself.
}

struct ChainRequest {
  1: optional PartyRef person
  2: optional i32 depth_max     // Levels below the person; 0: all.
  3: optional i32 max           // People below; 0: 1,000.
  4: optional bool bare         // Without names, states and temperatures: several times faster.
}

struct ChainNode {
  1: string person
  2: string display_name
  3: string parent
  4: string referral
  5: string event
  6: i32 depth
  7: i32 child_count           // Whom they brought.
  8: i32 reach                 // Everybody below. Of these, reach - child_count were brought by
                               // one of the others: divided by reach, the reproduction number of
                               // this chain (M21 of one chain, without a window).
  9: string state              // Of the referral that brought them.
  10: Temperature temperature
  11: list<Money> won          // By referrals that brought them, one for each currency.
  12: list<Money> won_below    // By those of everybody below.
  13: i32 uncredited_count     // Introductions of them that came second, or would close a circle.
}

struct Chain {
  1: string person
  2: list<ChainNode> ancestors    // The person's parent first, the root last.
  3: list<ChainNode> descendants  // Depth first, the person first.
  4: i32 uncredited_count         // Of the people named here: circles and later introductions.
  5: bool truncated
}

struct Run {
  1: string id
  2: string feed
  3: string connector
  4: string object
  5: string file
  6: string sha256
  7: i64 bytes
  8: string encoding
  9: string delimiter
  10: string status             // running, ok, partial, held, failed
  11: i32 code
  12: string reason
  13: string started_by
  14: bool dry_run
  15: i32 attempts
  16: TimeMicros started_at
  17: TimeMicros finished_at
  18: i64 rows_expected
  19: RowCounts counts
  20: i64 matched_external_id
  21: i64 matched_email
  22: string sequence_from      // "e_45"; "" where the run appended nothing.
  23: string sequence_to
  24: i64 claims_found
  25: string rejects_file       // Unix socket callers only.
  26: i64 rows_short            // With fewer cells than the header: what they lack was left as it was.
  27: i64 stale                 // Of the unchanged: older than what is known, and left alone.
  28: i64 gone                  // Rows of earlier files that a whole snapshot lacks: deleted by absence.
  29: i64 moments               // Purchase moments, wins and losses that stages of deals told.
  30: bool identical            // The file of the last good run once more.
  31: TimeMicros newest_change  // Of its rows, by the system's own stamps; 0: it has none.
  32: string reverts            // The run that this one undid; "" it read a file.
}

struct RunPage {
  1: list<Run> runs
  2: string next_cursor
}

struct Reject {
  1: i64 record
  2: i64 line
  3: string outcome
  4: i32 code
  5: string name               // R-COLUMNS, ...
  6: string column
  7: string reason
}

struct RejectPage {
  1: list<Reject> rejects
  2: string next_cursor
}

struct StartSyncRequest {
  1: optional string feed
  2: optional string path      // Unix socket callers only. Without: the oldest file of the inbox.
  3: optional bool accept      // Pass the safety stops. Unix socket callers only.
}

struct FieldCount {
  1: string name
  2: i64 count
}

struct Feed {
  1: string name
  2: string connector
  3: string folder             // Unix socket callers only.
  4: i32 priority
  5: i32 files_waiting
  6: Run last_run              // Not set where there was none.
}

struct FeedCheck {
  1: string name
  2: bool ok
  3: i32 code
  4: string message
}

struct PreviewRow {
  1: i64 record
  2: i64 line
  3: ExternalRef external_ref
  4: list<FieldValue> fields
  5: Reject reject             // Not set where the row is fine.
}

struct FilePreview {
  1: string file
  2: i64 bytes
  3: string connector
  4: string object
  5: string encoding
  6: string delimiter
  7: list<FieldValue> mapped   // name: column, value: field
  8: list<string> ignored
  9: list<PreviewRow> rows
}

struct SyncPlan {
  1: Run run
  2: list<FieldCount> fields_changed
  3: list<Reject> rejects
  4: FilePreview preview
}

struct ExportFile {
  1: string path
  2: string object
  3: i64 rows
}

struct ExportResult {
  1: string name
  2: list<ExportFile> files
}

struct ExportInfo {
  1: string name
  2: string connector
  3: string folder
}

struct VerifyReport {
  1: i64 event_count
  2: i64 projection_count
  3: list<string> problems
}

// Where an erased party was last read from.
struct ErasedRow {
  1: string feed
  2: string run
  3: i64 row
}

// What was forgotten; ids and counts only, so that it can be filed.
struct ErasureReceipt {
  1: string event             // "e_45", PartyErased
  2: string contact           // "c_42"
  3: list<string> merged      // Ids that were merged into it, erased with it.
  4: i64 tombstone_count      // By so many marks a later row is known and suppressed.
  5: list<ErasedRow> rows     // Every row that the party was ever read from.
  6: i64 tree_size
  7: string tree_root
  // Files of drop folders and outboxes that hold one of the party's ids, addresses or numbers: what
  // somebody else wrote is not ours to change, so clean or remove them.
  8: list<string> files
  9: list<string> unread_files  // Could not be looked into.
  10: bool more_files           // There are more than are named.
  // False: nobody looked, since there is nothing to look for: the party was erased before, or all
  // that is known of it is too short to mean anything. Look for yourself then, by `rows`.
  11: bool files_searched
}

// A backup of the log in the configured folder.
struct BackupInfo {
  1: i32 id
  2: TimeMicros made_at       // To the second.
  3: i64 size_bytes           // Tables that it shares with others included.
  4: string through           // "e_900": it holds the log at least up to this event.
  5: bool whole               // False: not finished or damaged; it cannot be restored.
  6: string key_copy          // The copy of the key store made with it (createBackup only).
}

struct KeyStatus {
  1: i32 epoch                // Of the key-encryption key; one more with each rotation.
  2: i64 erasure_count        // Erasures that the key store remembers.
  3: bool is_credential
  4: string copies_folder     // Where copies of the key store go; "" none are made.
}

// For any caller.
service Referrald {
  // First call: who is there, and what it speaks. A newer api_minor on either side is fine.
  ServerInfo getServerInfo(1: string client_name, 2: i32 api_major, 3: i32 api_minor)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed)

  // One result an event, in order; a bad event never fails the others. Recorded results are durable.
  RecordEventsResult recordEvents(1: RecordEventsRequest request)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed)

  Contact getContact(1: PartyRef contact)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // E-mail, phone, name, a word of a name, id or external ref; exact but for case and accents.
  FindContactsResult findContacts(1: string query, 2: i32 max)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed)

  // Which feed, run, row and event each field comes from. `field` "" means all.
  list<FieldProvenance> getProvenance(1: PartyRef contact, 2: string field)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  Referral getReferral(1: string id)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  ReferralPage listReferrals(1: ListReferralsRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  Chain getChain(1: ChainRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // Every step that a referral can take; what is not here is refused (RFD3004). The server decides by
  // this table, so a client need not know it by heart: ask once and show what is possible.
  list<Transition> getTransitionTable()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // Every type of act and what it takes; recordEvents judges by this table.
  list<ActRule> getActTable()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  Customer getCustomer(1: PartyRef party)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // As it was known at some time, of what had happened at some time; people as they are named now.
  Referral getReferralAsOf(1: string id, 2: AsOf as_of)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)
  // Likewise, without prompts.
  Customer getCustomerAsOf(1: PartyRef party, 2: AsOf as_of)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)
  // What is to be done, most urgent first: the ask queue and everything else that is due.
  PromptPage listPrompts(1: PromptsRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // The five source slots over the whole portfolio.
  Coverage getCoverage(1: CoverageRequest request)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed)

  // Before a name is dropped: whether the four steps were taken.
  OutreachCheck checkOutreach(1: PartyRef contact, 2: PartyRef rep)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // The figures of referral selling, each with numerator and denominator.
  MetricsResult getMetrics(1: MetricsRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // Who could introduce us to these people; one answer a target, in order.
  list<WaysIn> findWaysIn(1: WaysInRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // Every reward of a plan, in the order of proposal, with the reason for its state.
  list<Reward> listRewards(1: string plan)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed)

  // People to ask a customer about, at most `max` (0: 5) for each group that is not closed.
  list<Suggestion> suggestPeople(1: PartyRef customer, 2: i32 max)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)
  // Deals that referrals name, and whose introduction each is put down to, by a rule with a version.
  AttributionPage listAttributions(1: AttributionsRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)
  // What a reviewer should look at before it is paid: bursts, rings, and what was held by hand.
  list<Hold> listHolds(1: HoldsRequest request)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed)
  // With whom we are losing touch, most overdue first.
  list<CatchUp> listCatchUp(1: CatchUpRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)
  Firm getFirm(1: FirmRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // What `because` refers to, in sentences; at most 100.
  list<EventStory> explainEvents(1: list<string> events)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // Queues a run; ask getRun for its progress. Returns the run's id.
  string startSync(1: StartSyncRequest request)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: PermissionDenied denied, 4: Unavailable unavailable, 5: ServerError failed, 6: Refused refused)

  Run getRun(1: string id)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // Newest first. `feed` "" means all.
  RunPage listRuns(1: string feed, 2: string cursor, 3: i32 max)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  RejectPage listRejects(1: string run, 2: string cursor, 3: i32 max)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  list<Feed> listFeeds()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // The public half of the key that the log is signed with, as C2SP signed-note writes it. Get it
  // over a way you trust, once.
  string getPublicKey()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // The log as it is now, signed (C2SP tlog-checkpoint). Keep it on another machine.
  string getSignedHead()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // A proof file (JSON, storage/doc/proof.md) that the log as it is now holds the event "e_45";
  // packaging/check-proof checks it with the public key alone.
  string getProof(1: string event)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // The same, that it begins with all that the log of `older` had, a checkpoint got earlier.
  string getGrowthProof(1: string older)
    throws (1: InvalidRequest invalid, 2: Unavailable unavailable, 3: ServerError failed, 4: Refused refused)
}

// On the unix socket only: the file system's permissions are the authorisation.
service ReferraldAdmin extends Referrald {
  list<FeedCheck> checkFeed(1: string feed)
    throws (1: NotFound missing, 2: Unavailable unavailable, 3: ServerError failed)

  FilePreview previewFile(1: string feed, 2: string path, 3: i32 max)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed, 5: Refused refused)

  SyncPlan planSync(1: StartSyncRequest request, 2: i64 row_count_max)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed, 5: Refused refused)

  list<ExportInfo> listExports()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // Takes back what a run wrote, as a run of its own, and returns its id at once: rows that it
  // created are deleted, rows that it changed say again what they said before. What a later run
  // changed again is left alone and counted as held.
  string revertRun(1: string run)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  // What that would do; nothing is written.
  Run planRevert(1: string run)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed)

  ExportResult runExport(1: string name)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed, 5: Refused refused)

  // `heads`: checkpoints that were kept elsewhere; the log must still be what they say.
  // `log_only`: what is derived from the log is not compared; many times faster.
  VerifyReport verify(1: list<string> heads, 2: bool log_only)
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // Forgets a party for ever: everything sealed for it can never be read again, and later rows about
  // it are suppressed. Asking again gives the same receipt, without the rows.
  ErasureReceipt eraseContact(1: PartyRef contact, 2: string reason)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed, 5: Refused refused)

  // Number of events projected.
  i64 rebuild()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // Makes a backup and a copy of the key store, reads both back, and drops old ones.
  BackupInfo createBackup()
    throws (1: Unavailable unavailable, 2: ServerError failed, 3: Refused refused)

  // Oldest first.
  list<BackupInfo> listBackups()
    throws (1: Unavailable unavailable, 2: ServerError failed, 3: Refused refused)

  // Reads every byte of it; ServerError where it is not what was written.
  BackupInfo verifyBackup(1: i32 id)
    throws (1: NotFound missing, 2: Unavailable unavailable, 3: ServerError failed, 4: Refused refused)

  KeyStatus getKeyStatus()
    throws (1: Unavailable unavailable, 2: ServerError failed)

  // Puts the key store under a new key; `new_key_file` "": one is made, in place of the key file.
  KeyStatus rotateKey(1: string new_key_file)
    throws (1: InvalidRequest invalid, 2: NotFound missing, 3: Unavailable unavailable, 4: ServerError failed, 5: Refused refused, 6: PermissionDenied denied)

  // Path of a new copy of the key store.
  string copyKeys()
    throws (1: Unavailable unavailable, 2: ServerError failed, 3: Refused refused)
}
