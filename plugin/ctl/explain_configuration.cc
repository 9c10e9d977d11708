#include "plugin/ctl/explain_texts.h"

namespace referrald::ctl {
namespace {

// Configuration. Data, not code: one entry a number, in order.
constexpr Explanation kExplanations[] = {
    {1001, "the configuration cannot be read",
     "The configuration file does not exist, or this user may not read it.",
     "Check the path given to --config and the file's permissions; the package installs "
     "/etc/referrald/referrald.toml, readable for group referrald."},
    {1002, "not TOML",
     "The file breaks the grammar of TOML at the place shown; nothing behind it has been read.",
     "Mend that place: text stands in double quotes, lists in square brackets, and every "
     "[section] on a line of its own."},
    {1003, "config_version missing or unknown",
     "config_version says for which form of the file it was written, so that later versions can "
     "read it.",
     "Write config_version = 1 at the top; where the file has a higher number, install the "
     "version of referrald that it was written for."},
    {1004, "a value of the wrong type",
     "The setting expects another type than what it is given: text, a number, a list or a table.",
     "Write the value as the message shows it; sizes, durations and shares are text with their "
     "unit."},
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
     "Two feeds, or two exports, have the same name, perhaps in two files of conf.d; runs could "
     "not be told apart.",
     "Rename one of them; the message says where the first one stands."},
    {1010, "unknown connector", "There is no connector of this name in this version.",
     "Take one of the names in the message; generic_csv reads any CSV file with a [feed.map]."},
    {1011, "not an address",
     "rpc_listen takes unix sockets and numeric loopback addresses; names are not looked up.",
     "Write \"unix:/run/referrald/rpc.sock\", \"127.0.0.1:7431\" or \"[::1]:7431\"."},
    {1012, "an address beyond loopback",
     "Whoever reaches the port could read and change the store, and this version has no TLS to "
     "keep them out.",
     "Listen on 127.0.0.1 or [::1]; reach it from other machines through an SSH tunnel."},
    {1013, "a path that cannot be used",
     "Paths start at the root and hold no \".\" or \"..\"; an inbox is a folder called inbox and "
     "an outbox one called outbox, since their neighbours are made beside them.",
     "Write the path as the message shows, such as /srv/referrald/NAME/inbox."},
    {1014, "a folder used twice",
     "Two feeds or exports name the same folder; each would take the other's files.",
     "Give each a folder of its own."},
    {1015, "not for this connector",
     "The connector recognises its files by itself, or cannot do what is asked.",
     "Remove the setting, or take another connector; generic_csv is the one with object, kind "
     "and [feed.map]."},
    {1016, "a name that cannot be used",
     "Names become folders and arguments of commands: letters, digits, '-' and '_', at most 64; a "
     "credential's name is one of a file, without a slash.",
     "Choose a name of these characters."},
    {1017, "too much configuration",
     "A file is larger than 1 MiB, or there are more than 1024 feeds, exports or files in conf.d.",
     "Split or remove some; nothing beyond the limit has been read."},
    {1018, "unknown field", "[feed.map] maps columns to fields, and this field does not exist.",
     "Take a field from the message, or call it \"attr.NAME\" to keep it as it is."},
    {1019, "two keys for one store",
     "[store] names a key_file and a key_credential; only one of them can be the key.",
     "Remove the one that does not hold the key of this store."},
    {1020, "a form of files that cannot be used",
     "No file could be read so: the encoding or the delimiter does not exist, or a template "
     "lacks a brace.",
     "Correct it as the message says; most feeds need none of them."},
    {1042, "unknown setting",
     "The configuration holds a setting or section that this version does not know; often a "
     "typing mistake.",
     "Take the suggestion in the message, or remove the line; every setting is explained in "
     "/etc/referrald/referrald.toml."},
    {1070, "an inbox cannot be watched",
     "The kernel refuses to watch the folder; new files are still found, by looking every 30 s.",
     "Check that the folder exists; raise fs.inotify.max_user_watches or max_user_instances "
     "where these are used up."},
};

}  // namespace

std::span<const Explanation> ConfigurationExplanations() { return kExplanations; }

}  // namespace referrald::ctl
