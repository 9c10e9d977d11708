#include "plugin/ctl/explain_texts.h"

namespace referrald::ctl {
namespace {

// The store. Data, not code: one entry a number, in order.
constexpr Explanation kExplanations[] = {
    {4001, "the store is in use",
     "Another referrald holds the store; two at once would destroy it.",
     "Stop the other one (systemctl stop referrald), or give this one another [store] path."},
    {4002, "the disk is full",
     "Less space is free than [store] reserve; nothing is written, reads go on.",
     "Free some space on the store's disk; writing starts again by itself, nothing acknowledged "
     "is lost."},
    {4003, "the store is damaged",
     "The store's files are not what was written; nothing is repaired in silence.",
     "Stop the daemon, keep a copy of the store's folder, check the disk, and restore a backup."},
    {4004, "not this program's store",
     "The folder was written by a later version, or by another program.",
     "Start that version, or choose another folder."},
    {4005, "the store's folder cannot be used",
     "It, or a file in it, cannot be made, opened or read.",
     "Check path, owner, permissions and disk."},
    {4006, "the store has stopped",
     "A write or sync failed; nothing is taken any more, because what the disk holds is not "
     "known. The daemon ends and is started again by the service manager.",
     "Check the disk; what was acknowledged is safe."},
    {4011, "the head file is missing",
     "The file beside the store that remembers how far its log was is gone; without it nobody can "
     "tell whether the end of the log is missing.",
     "Put it back from where it was moved to; where it is lost, accept the log as it is by "
     "command."},
    {4012, "the head file is damaged", "Neither of its two slots is whole, or it is another file.",
     "Keep a copy of the store's folder and check the disk; then accept the log as it is by "
     "command."},
    {4013, "the head file cannot be used", "It cannot be made, opened, read, written or synced.",
     "Check path, owner, permissions and disk, and restart; what was acknowledged is safe."},
    {4014, "the folder of backups is in use",
     "Another backup, check or restore is at work in the folder; two at once could harm it.",
     "Try again when the other one has ended."},
    {4015, "a backup that cannot be used",
     "The backup was not finished, or its files are not what was written.",
     "Take an older one (referralctl backup list), check the disk it lies on, and make a new one."},
    {4016, "there is no such backup", "The folder of backups does not hold one with this number.",
     "Take a number from: referralctl backup list."},
    {4017, "a store is in the way",
     "A restore makes a new store; it never writes over one that is there.",
     "Stop the daemon and move the store's folder away; keep it until all is well."},
    {4018, "no folder for backups",
     "Backups, or copies of the key store, were asked for, and the configuration names no folder.",
     "Set [backup] folder and key_folder, best on other disks, and restart."},
    {4019, "the key is a credential",
     "The key comes from the service manager, so the daemon cannot put a new one in its place.",
     "Write 32 random bytes to a file, name it in referralctl key rotate, and make it the "
     "credential before the next start."},
    {4101, "the store's key is missing",
     "The store exists but its key file does not; without it nothing personal can be read.",
     "Put the key file back in its place ([store] key_file), from where you keep its copy."},
    {4102, "others can read the store's key",
     "The permissions of the key file or of the key store let other users read it.",
     "chmod 0400 it, and make the user of the daemon its owner."},
    {4103, "the store's key is not a key",
     "The key file does not hold the 32 bytes that it should.",
     "Put the right file back from where you keep its copy."},
    {4104, "a sealed value cannot be opened", "It was sealed by another key, or altered.",
     "Check that key_file belongs to this store; then run referralctl verify."},
    {4105, "the key file or the key store cannot be read or written",
     "The system refused it; nothing was changed.", "Check its folder, permissions and disk."},
    {4106, "the person was erased",
     "The key of the person is destroyed; what was sealed with it stays sealed for ever.",
     "Nothing: that is what an erasure is for."},
    {4107, "the key store cannot be used",
     "The file with the persons' keys, beside the store, is missing, damaged, replaced while the "
     "daemon ran, or under another key than the key file; the message says which.",
     "Missing or damaged: restore the last copy of the key store. Another key: put the key file of "
     "its epoch in its place. Replaced: restart to open what is there."},
    {4108, "the key store is full",
     "So many persons were erased that the key store would pass its limit; nothing was changed.",
     "Erase persons whose ids are close together in one go, or tell the makers: the limit is a "
     "choice."},
    {4109, "the key store takes no change any more",
     "A sync failed, and which of two files a power cut would leave is not known.",
     "Check the disk and restart; then erase or rotate again."},
    {4201, "the log and its head disagree",
     "Events at the end of the log are missing or more than the head says.",
     "Stop, keep a copy of the store's folder, and restore a backup."},
    {4202, "written by another version or key",
     "The store was written by a later version of referrald, or with another key.",
     "Install that version, or put the right key file back."},
    {4203, "a stored record cannot be read", "A record is not what was written.",
     "Run referralctl verify; where only derived records are hit, referralctl rebuild makes them "
     "anew."},
    {4204, "over a limit of the log", "A command or event is larger than the log takes.",
     "Send less at once."},
    {4205, "the run has gone on", "Somebody else moved this run's cursor in the meantime.",
     "Read the run and go on behind it; a restart does."},
    {4206, "the queue is full", "More commands wait for the disk than the limit.",
     "Try again a little later."},
    {4207, "closing", "The ledger is closing; nothing new is taken.",
     "Try again after the restart."},
    {4208, "stopped after damage",
     "The writer met stored bytes that are not what was written, and takes nothing more.",
     "Run referralctl verify, and restore a backup."},
    {4209, "another upkeep is under way",
     "A verify, a rebuild or an erasure works on the store; only one of them can at a time.",
     "Wait until it has ended, and ask again."},
    {4210, "the log was altered",
     "An event is not tied to the one before it: one of them was changed, put in or taken out, or "
     "written without the store's key.",
     "Stop, keep a copy of the store's folder and its head file, and restore a backup."},
    {4211, "a proof does not hold",
     "What it says about the log does not follow from its hashes, or the log has no such event.",
     "Get the proof again; if it still does not hold, the log is not the one it was made from."},
    {4212, "a signed text is refused",
     "It was not signed by this key, was altered, or is not in the one form that is accepted.",
     "Check that the public key is that of the log, and get the text again."},
    {4213, "the log is not the one that was acknowledged",
     "The head file beside the store knows of later events, or of another log: the end of the log "
     "was lost, or an old copy was put back.",
     "Restore the newest backup. To take the log as it is, and have that recorded: "
     "referrald --accept-head REASON."},
    {4214, "the log did not grow from that head",
     "The log as it is now does not begin with the one that the signed head was made of.",
     "Run referralctl verify --against that head; the log was cut or altered since."},
};

}  // namespace

std::span<const Explanation> StoreExplanations() { return kExplanations; }

}  // namespace referrald::ctl
