#include "plugin/ctl/explain_texts.h"

#include <algorithm>

namespace referrald::ctl {
namespace {

// Data, not code: one entry a number, in order.
constexpr Explanation kExplanations[] = {
    {1001, "the configuration cannot be read",
     "The configuration file does not exist, or this user may not read it.",
     "Check the path given to --config and the file's permissions; the package "
     "installs /etc/referrald/referrald.toml, readable for group referrald."},
    {1002, "not TOML",
     "The file breaks the grammar of TOML at the place shown; nothing behind it has "
     "been read.",
     "Mend that place: text stands in double quotes, lists in square brackets, and "
     "every [section] on a line of its own."},
    {1003, "config_version missing or unknown",
     "config_version says for which form of the file it was written, so that later "
     "versions can read it.",
     "Write config_version = 1 at the top; where the file has a higher number, install "
     "the version of referrald that it was written for."},
    {1004, "a value of the wrong type",
     "The setting expects another type than what it is given: text, a number, a list "
     "or a table.",
     "Write the value as the message shows it; sizes, durations and shares are text "
     "with their unit."},
    {1005, "not one of the choices",
     "The setting takes one of a few words, and this is none of them.",
     "Take one of the words in the message."},
    {1006, "a value without its unit",
     "Sizes, durations and shares carry their unit, so that nobody has to guess it.",
     "Write \"1 MiB\", \"2 s\", \"5 %\"."},
    {1007, "a value out of range", "The number is smaller or larger than what the setting can use.",
     "Take a number inside the range in the message."},
    {1008, "a setting is missing",
     "This setting has no default, because no default could be right.",
     "Add it as the message shows."},
    {1009, "a name is taken",
     "Two feeds, or two exports, have the same name, perhaps in two files of conf.d; "
     "runs could not be told apart.",
     "Rename one of them; the message says where the first one stands."},
    {1010, "unknown connector", "There is no connector of this name in this version.",
     "Take one of the names in the message; generic_csv reads any CSV file with a "
     "[feed.map]."},
    {1011, "not an address",
     "rpc_listen takes unix sockets and numeric loopback addresses; names are not "
     "looked up.",
     "Write \"unix:/run/referrald/rpc.sock\", \"127.0.0.1:7431\" or \"[::1]:7431\"."},
    {1012, "an address beyond loopback",
     "Whoever reaches the port could read and change the store, and this version has "
     "no TLS to keep them out.",
     "Listen on 127.0.0.1 or [::1]; reach it from other machines through an SSH "
     "tunnel."},
    {1013, "a path that cannot be used",
     "Paths start at the root and hold no \".\" or \"..\"; an inbox is a folder called "
     "inbox and an outbox one called outbox, since their neighbours are made beside "
     "them.",
     "Write the path as the message shows, such as /srv/referrald/NAME/inbox."},
    {1014, "a folder used twice",
     "Two feeds or exports name the same folder; each would take the other's files.",
     "Give each a folder of its own."},
    {1015, "not for this connector",
     "The connector recognises its files by itself, or cannot do what is asked.",
     "Remove the setting, or take another connector; generic_csv is the one with "
     "object, kind and [feed.map]."},
    {1016, "a name that cannot be used",
     "Names become folders and arguments of commands: letters, digits, '-' and '_', at "
     "most 64.",
     "Choose a name of these characters."},
    {1017, "too much configuration",
     "A file is larger than 1 MiB, or there are more than 1024 feeds, exports or files "
     "in conf.d.",
     "Split or remove some; nothing beyond the limit has been read."},
    {1018, "unknown field", "[feed.map] maps columns to fields, and this field does not exist.",
     "Take a field from the message, or call it \"attr.NAME\" to keep it as it is."},
    {1042, "unknown setting",
     "The configuration holds a setting or section that this version does not know; "
     "often a typing mistake.",
     "Take the suggestion in the message, or remove the line; every setting is "
     "explained in /etc/referrald/referrald.toml."},
    {1070, "an inbox cannot be watched",
     "The kernel refuses to watch the folder; new files are still found, by looking "
     "every 30 s.",
     "Check that the folder exists; raise fs.inotify.max_user_watches or "
     "max_user_instances where these are used up."},
    {3001, "something is missing from the fact",
     "Each kind of fact needs certain members: a source, a contact, a rep, a time.",
     "Add what the message names; referralctl referral transitions lists what each "
     "needs."},
    {3002, "self-referral",
     "Nobody can introduce themselves, and a rep cannot be the source or contact of "
     "their own referral.",
     "Record the person who really made the introduction."},
    {3003, "introduction without evidence",
     "An introduction makes a contact HOT, so somebody else must be able to find it "
     "again.",
     "Add --evidence with a message id, calendar entry or document."},
    {3004, "not possible in this state",
     "The referral is not in a state from which this fact can follow.",
     "Record what happened in between first; the message and referralctl referral "
     "transitions say what that is."},
    {3005, "an automated platform request",
     "A network's automated request is neither contact with the source nor an "
     "introduction.",
     "Talk with the source, and record that."},
    {3006, "never implied",
     "Introductions and the steps before them count only where somebody recorded them.",
     "Record the fact itself."},
    {3007, "in the future", "A fact cannot have happened later than now.",
     "Check --at and the machine's clock."},
    {3010, "there is no such temperature",
     "Only COLD and HOT exist, nothing lies between, and both follow from what "
     "happened.",
     "Record the introduction that makes the contact HOT."},
    {3020, "the idempotency key was used for something else",
     "The same key came with another fact before; a key names one fact for ever.",
     "Use a new key for a new fact."},
    {4001, "the store is in use",
     "Another referrald holds the store; two at once would destroy it.",
     "Stop the other one (systemctl stop referrald), or give this one another [store] "
     "path."},
    {4002, "the disk is full",
     "Less space is free than [store] reserve; nothing is written, reads go on.",
     "Free some space on the store's disk; writing starts again by itself, nothing "
     "acknowledged is lost."},
    {4003, "the store is damaged",
     "The store's files are not what was written; nothing is repaired in silence.",
     "Stop the daemon, keep a copy of the store's folder, check the disk, and restore "
     "a backup."},
    {4101, "the store's key is missing",
     "The store exists but its key file does not; without it nothing personal can be "
     "read.",
     "Put the key file back in its place ([store] key_file), from where you keep its "
     "copy."},
    {4102, "others can read the store's key", "The key file's permissions let other users read it.",
     "chmod 0400 it, and make the user of the daemon its owner."},
    {4103, "the store's key is not a key",
     "The key file does not hold the 32 bytes that it should.",
     "Put the right file back from where you keep its copy."},
    {4104, "a sealed value cannot be opened", "It was sealed by another key, or altered.",
     "Check that key_file belongs to this store; then run referralctl verify."},
    {4201, "the log and its head disagree",
     "Events at the end of the log are missing or more than the head says.",
     "Stop, keep a copy of the store's folder, and restore a backup."},
    {4202, "written by another version or key",
     "The store was written by a later version of referrald, or with another key.",
     "Install that version, or put the right key file back."},
    {4203, "a stored record cannot be read", "A record is not what was written.",
     "Run referralctl verify; where only derived records are hit, referralctl rebuild "
     "makes them anew."},
    {5001, "an address beyond loopback", "As RFD1012: there is no TLS yet.",
     "Listen on 127.0.0.1 or [::1]."},
    {5002, "not an address", "The address is neither unix:/path nor a number with a port.",
     "Write \"unix:/run/referrald/rpc.sock\" or \"127.0.0.1:7431\"."},
    {5004, "the address is in use",
     "Another process listens there, or the socket's file is not a socket.",
     "Stop the other process, or listen elsewhere; a stale socket file is replaced by "
     "itself."},
    {5010, "referrald does not answer", "Nothing listens at the address.",
     "Start it (systemctl start referrald), or say where it listens: --socket PATH or "
     "REFERRALD_SOCKET."},
    {5011, "the two do not understand each other",
     "The other end closed the connection or does not speak framed binary Thrift.",
     "Check that the address is that of referrald; its log says under rpc.refused what "
     "it was sent."},
    {5012, "no answer in time",
     "The server did not answer before --timeout; what was asked for may still happen.",
     "Ask again with a longer --timeout; with the same --key a fact is recorded once."},
    {5013, "the socket does not let this user in",
     "The socket's permissions allow its owner and group only.",
     "Add the user to group referrald, and log in again."},
    {5101, "not an amount",
     "Money is a number and a currency of three letters; it is never guessed.",
     "Write --amount \"12000.00 EUR\"."},
    {5102, "not a party", "A party is named by its id, a row of a system or an e-mail address.",
     "Look for it: referralctl contact find NAME."},
    {5103, "not a kind of fact", "The vocabulary of facts is fixed.",
     "See: referralctl referral record --help."},
    {5104, "nothing to copy", "The run has no quarantined rows.", "See: referralctl run show RUN."},
    {5105, "the file cannot be copied",
     "The quarantined rows lie where this user cannot read, or the new file exists "
     "already.",
     "Join group referrald-drop, or choose another name."},
    {5106, "referrald is not installed here",
     "config check asks the daemon's own program, and it was found neither beside "
     "referralctl nor on PATH.",
     "Install package referrald on this machine, or check the file where it is."},
    {5107, "no such number", "No failure has this number.",
     "Numbers are written RFD and four digits, as in the message."},
};

}  // namespace

std::span<const Explanation> Explanations() { return kExplanations; }

const Explanation* FindExplanation(int number) {
  const auto found = std::ranges::lower_bound(kExplanations, number, {}, &Explanation::number);
  return found != std::end(kExplanations) && found->number == number ? found : nullptr;
}

}  // namespace referrald::ctl
