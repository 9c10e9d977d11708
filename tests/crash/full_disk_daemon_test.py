"""Fills the disk under the running daemon, restarts it on the full disk, and makes room again.

    full_disk_daemon_test.py <referrald> <referralctl>

The disk is a small tmpfs. Where that may not be mounted the test says so and ends with 77, skipped.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

from running_store import Store, make_file

SKIPPED = 77
DISK_MIB = 96
RESERVE_MIB = 24
BACK_WITHIN_SECONDS = 10
ROWS = 300
NOT_NOW = 75
LOOKS_EVERY_SECONDS = 0.1  # While there seems to be room, the engine asks for it so often.


class SmallDisk:
    """A tmpfs with a file that takes its room."""

    def __init__(self, folder):
        self.folder = folder
        self.filler = folder / "filler"

    def __enter__(self):
        self.folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "none", self.folder],
            capture_output=True, check=False)
        if done.returncode != 0:
            print("skipped: no tmpfs may be mounted here:", done.stderr.decode().strip())
            sys.exit(SKIPPED)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.folder], check=True)

    def fill(self):
        """To the last byte, as somebody does who knows of no reserve."""
        with open(self.filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass
        time.sleep(2 * LOOKS_EVERY_SECONDS)

    def make_room(self):
        self.filler.unlink()


class Story:
    def __init__(self, store, disk):
        self.store = store
        self.disk = disk
        self.recorded = 0

    def tool(self, *words):
        return subprocess.run(
            [self.store.programs.referralctl, "--socket", self.store.root / "rpc.sock", *words],
            capture_output=True, text=True, check=False)

    def record(self):
        """Somebody named one more contact; what the tool said."""
        done = self.tool("referral", "record", "named", "--source", "c_1", "--rep", "c_2",
                         "--contact", f"c_{self.recorded + 3}", "--provenance", "asked")
        self.recorded += done.returncode == 0
        return done

    def check(self, holds, what):
        if not holds:
            log = (self.store.root / "log").read_text()[-3000:]
            sys.exit(f"not so: {what}\n{log}")

    def check_full(self, where):
        refused = self.record()
        self.check(refused.returncode == NOT_NOW and "RFD4002" in refused.stderr,
                   f"{where}: a write is refused with RFD4002: {refused}")
        contact = self.tool("contact", "show", "c_1")
        self.check(contact.returncode == 0, f"{where}: reads are served: {contact}")
        status = self.store.ask("status")["server"]
        self.check(not status["accepts_writes"], f"{where}: status says so: {status}")
        self.check(self.store.process.poll() is None, f"{where}: the daemon lives")

    def check_back(self, where):
        begun = time.monotonic()
        while (done := self.record()).returncode != 0:
            self.check(time.monotonic() < begun + BACK_WITHIN_SECONDS,
                       f"{where}: writing is back within {BACK_WITHIN_SECONDS} s: {done}")
            time.sleep(0.1)
        print(f"{where}: writing was back after {time.monotonic() - begun:.1f} s")


def tell(story, file):
    store, disk = story.store, story.disk
    store.start()
    store.drop(file)
    first = store.wait()
    story.check(first["rows"]["read"] == ROWS, f"the file was imported: {first}")
    story.check(story.record().returncode == 0, "a write is taken while there is room")

    disk.fill()
    story.check_full("running")
    disk.make_room()
    story.check_back("running")

    disk.fill()
    story.check_full("filled again")
    store.drop(file)  # It has to wait, and must not be lost.
    time.sleep(2)
    store.stop()
    store.start()
    story.check_full("started on a full disk")
    story.check("Serving reads only: storage full" in (store.root / "log").read_text(),
                "the log says what the daemon can do")
    disk.make_room()
    story.check_back("started on a full disk")

    end = time.monotonic() + 60
    while len(runs := store.ask("run", "list")["runs"]) < 2 or runs[0]["status"] == "running":
        story.check(time.monotonic() < end, f"the file that waited is imported: {runs}")
        time.sleep(0.1)
    story.check(runs[0]["rows"]["unchanged"] == ROWS, f"and was the same: {runs[0]}")
    report = store.ask("verify")
    story.check(report and not report["problems"], f"verify finds nothing: {report}")
    store.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("referrald")
    parser.add_argument("referralctl")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="referrald-full-") as root:
        folder = pathlib.Path(root)
        file = folder / "file"
        make_file(file, ROWS)
        with SmallDisk(folder / "disk") as disk:
            (folder / "rest").mkdir()
            store = Store(arguments, folder / "rest", disk.folder, f"{RESERVE_MIB} MiB")
            try:
                tell(Story(store, disk), file)
            finally:
                store.kill()


if __name__ == "__main__":
    main()
