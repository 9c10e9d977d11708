#include "plugin/ctl/explain_texts.h"

namespace referrald::ctl {
namespace {

// What the rules refuse. Data, not code: one entry a number, in order.
constexpr Explanation kExplanations[] = {
    {3001, "something is missing from the fact",
     "Each kind of fact needs certain members: a source, a contact, a rep, a time.",
     "Add what the message names; referralctl referral transitions lists what each needs."},
    {3002, "self-referral",
     "Nobody can introduce themselves, and a rep cannot be the source or contact of their own "
     "referral.",
     "Record the person who really made the introduction."},
    {3003, "introduction without evidence",
     "An introduction makes a contact HOT, so somebody else must be able to find it again.",
     "Add --evidence with a message id, calendar entry or document."},
    {3004, "not possible in this state",
     "The referral is not in a state from which this fact can follow.",
     "Record what happened in between first; the message and referralctl referral transitions "
     "say what that is."},
    {3005, "an automated platform request",
     "A network's automated request is neither contact with the source nor an introduction.",
     "Talk with the source, and record that."},
    {3006, "never implied",
     "Introductions and the steps before them count only where somebody recorded them.",
     "Record the fact itself."},
    {3007, "in the future", "A fact cannot have happened later than now.",
     "Check --at and the machine's clock."},
    {3008, "another party",
     "A party named is not the referral's own: evidence about one person must not make another "
     "HOT.",
     "Leave --referral out, or name its own source, contact and rep."},
    {3009, "not a fact about a referral",
     "The type is none that belongs to a referral or relationship.",
     "See referralctl referral record --help."},
    {3010, "there is no such temperature",
     "Only COLD and HOT exist, nothing lies between, and both follow from what happened.",
     "Record the introduction that makes the contact HOT."},
    {3011, "malformed",
     "A member is too long or not in its form: free text, a SHA-256, a currency, an amount.",
     "Correct what the message names."},
    {3012, "not an id", "It is neither an id nor a row of a system.",
     "Write c_42 or system:object:id."},
    {3013, "too many facts", "The referral holds as many facts as one may.",
     "Look for a caller that repeats itself."},
    {3014, "it does not follow",
     "What the act answers is not there, or is over already: an ask that was answered, a reference "
     "that was called, a step that was done. The message says which.",
     "Look at it with `referralctl ask show PARTY`, and name the event that is open."},
    {3015, "the reviewer is a party to it", "Who may gain by a referral does not judge its record.",
     "Have somebody else void it, or call it a duplicate."},
    {3016, "the reward is refused",
     "Rewards are for introductions, never for names; each is given once, approved by somebody "
     "else where that is needed, and never beyond the plan's caps. The message says what is "
     "missing.",
     "See the rewards of the plan and why they are so: `referralctl reward list PLAN`."},
    {3017, "no process",
     "A process is one to forty steps, a line each, from the first contact to the closed sale; "
     "those that need evidence end in '!'.",
     "Record ProcessDefined with its steps in --text."},
    {3018, "the answers are not complete",
     "The quiz takes fourteen answers of 1 or 0, the poll each rank from 1 to 5 once. Half a "
     "ranking would favour what was ranked.",
     "See the questions and activities with `referralctl firm`, and answer all."},
    {3019, "no target on that",
     "A target is set on a metric of referral selling. Measuring calls and mails alone is what "
     "causes cold calling.",
     "Choose one of `referralctl metric list`."},
    {3020, "the idempotency key was used for something else",
     "The same key came with another fact before; a key names one fact for ever.",
     "Use a new key for a new fact."},
    {3021, "there is no such thing", "Nothing has this id, row or address.",
     "Look for it: referralctl contact find, referral list, run list."},
    {3022, "the address has several holders",
     "Several contacts have this e-mail address, so it names none of them.", "Name one by its id."},
    {3023, "malformed", "A member of the request is missing, too long or not in its form.",
     "Correct what the message names."},
    {3024, "somebody else was faster",
     "The request named the newest event of the referral that its sender had seen, and the "
     "referral "
     "has a later one.",
     "Read the referral again (referralctl referral show), and decide again."},
    {3031, "somebody who was erased",
     "The person asked to be forgotten: what was known is gone for good, and nothing more is "
     "recorded about them.",
     "Nothing. If they have come back of their own accord, ask your administrator: a new row needs "
     "a new external id and another e-mail address."},
};

}  // namespace

std::span<const Explanation> DomainExplanations() { return kExplanations; }

}  // namespace referrald::ctl
