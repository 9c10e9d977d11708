#include "plugin/ctl/explain_texts.h"

namespace referrald::ctl {
namespace {

// Calls. Data, not code: one entry a number, in order.
constexpr Explanation kExplanations[] = {
    {5001, "an address beyond loopback", "As RFD1012: there is no TLS yet.",
     "Listen on 127.0.0.1 or [::1]."},
    {5002, "not an address", "The address is neither unix:/path nor a number with a port.",
     "Write \"unix:/run/referrald/rpc.sock\" or \"127.0.0.1:7431\"."},
    {5003, "for callers on this machine",
     "Files, safety stops and administration are for callers on the unix socket.",
     "Use that socket, or put the file into the inbox."},
    {5004, "the address is in use",
     "Another process listens there, or the socket's file is not a socket.",
     "Stop the other process, or listen elsewhere; a stale socket file is replaced by itself."},
    {5005, "the connection was closed",
     "It sent something that is no framed binary Thrift, or too slowly; the log says what it "
     "looked like.",
     "Use the framed transport with the strict binary protocol, and smaller batches."},
    {5006, "overloaded", "Too many calls are in flight, or this one waited past its deadline.",
     "Try again after retry_after_ms."},
    {5007, "another major version", "The client speaks an API version that this server does not.",
     "Install the client of this version."},
    {5010, "referrald does not answer", "Nothing listens at the address.",
     "Start it (systemctl start referrald), or say where it listens: --socket PATH or "
     "REFERRALD_SOCKET."},
    {5011, "the two do not understand each other",
     "The other end closed the connection or does not speak framed binary Thrift.",
     "Check that the address is that of referrald; its log says under rpc.refused what it was "
     "sent."},
    {5012, "no answer in time",
     "The server did not answer before --timeout; what was asked for may still happen.",
     "Ask again with a longer --timeout; with the same --key a fact is recorded once."},
    {5013, "the socket does not let this user in",
     "The socket's permissions allow its owner and group only.",
     "Add the user to group referrald, and log in again."},
    {5020, "malformed request", "A member is missing or not in its form; the message names it.",
     "Correct the request."},
    {5021, "no such word", "There is no such type, channel, state or field.",
     "Use the word that the message suggests."},
    {5022, "no time", "occurred_at is missing or not in microseconds; a time is never invented.",
     "Send when it happened."},
    {5023, "a text or list that cannot be taken", "It is over its limit, or not UTF-8.",
     "Shorten or re-encode it."},
    {5024, "too many events", "One call takes at most 1,000 events.", "Send several calls."},
    {5025, "not one party", "A party is named in no way, or in several.",
     "Give exactly one of id, external_ref and email."},
    {5026, "the address has several holders", "Several contacts have this e-mail address.",
     "Name one by its id."},
    {5027, "there is no such contact or field",
     "No contact has the address, or no row has the field.",
     "Check with referralctl contact find or contact show."},
    {5101, "not an amount",
     "Money is a number and a currency of three letters; it is never guessed.",
     "Write --amount \"12000.00 EUR\"."},
    {5102, "not a party", "A party is named by its id, a row of a system or an e-mail address.",
     "Look for it: referralctl contact find NAME."},
    {5103, "not a kind of fact", "The vocabulary of facts is fixed.",
     "See: referralctl referral record --help."},
    {5104, "nothing to copy", "The run has no quarantined rows.", "See: referralctl run show RUN."},
    {5105, "the file cannot be copied",
     "The quarantined rows lie where this user cannot read, or the new file exists already.",
     "Join group referrald-drop, or choose another name."},
    {5106, "referrald is not installed here",
     "config check asks the daemon's own program, and it was found neither beside referralctl "
     "nor on PATH.",
     "Install package referrald on this machine, or check the file where it is."},
    {5107, "no such number", "No failure has this number.",
     "Numbers are written RFD and four digits, as in the message."},
    {5108, "no usable plan", "The file is no plan that sync --dry-run --plan-out wrote.",
     "Make one: referralctl sync FEED FILE --dry-run --plan-out PLAN."},
    {5109, "not what was planned",
     "The file, or what is known, has changed since the plan was made, so that something else "
     "would happen. Nothing was written.",
     "Make a new plan, and look at it."},
};

}  // namespace

std::span<const Explanation> RpcExplanations() { return kExplanations; }

}  // namespace referrald::ctl
