"""Kills the daemon with SIGKILL in the middle of an import, again and again.

    kill_import_test.py <referrald> <referralctl> [--rows 20000] [--kills 5]

The same file is imported twice: once undisturbed, once with the process killed at random moments
and started again. Afterwards both stores must say the same: contacts, events, every outcome of the
run; and `verify` must find nothing. REFERRALD_SEED repeats a run of it.
"""

import argparse
import os
import pathlib
import random
import sys
import tempfile
import time

from running_store import Store, make_file


def undisturbed(arguments, folder, file):
    store = Store(arguments, folder)
    store.start()
    begun = time.monotonic()
    store.drop(file)
    store.wait()
    seconds = time.monotonic() - begun
    world = store.world()
    store.stop()
    return world, seconds


def disturbed(arguments, folder, file, seconds, random_moments):
    store = Store(arguments, folder)
    store.start()
    store.drop(file)
    hits = 0
    read = -1
    for _ in range(arguments.kills):
        # A file whose reading kills the process without progress is poison by design: so let it get
        # a little further than the last time, and then die anywhere.
        read = store.wait_beyond(read)
        time.sleep(random_moments.uniform(0.0, 0.5 * seconds / (arguments.kills + 1)))
        run = store.run()
        hits += bool(run and run["status"] == "running")
        store.kill()
        store.start()
    world = store.world()
    store.stop()
    return world, hits


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("referrald")
    parser.add_argument("referralctl")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=5)
    arguments = parser.parse_args()
    seed = int(os.environ.get("REFERRALD_SEED", random.randrange(1 << 32)))
    print(f"seed {seed} (repeat with REFERRALD_SEED={seed})")
    with tempfile.TemporaryDirectory(prefix="referrald-kill-") as root:
        folder = pathlib.Path(root)
        file = folder / "large.csv"
        make_file(file, arguments.rows)
        for name in ("calm", "killed"):
            (folder / name / "crm" / "inbox").mkdir(parents=True)
        calm, seconds = undisturbed(arguments, folder / "calm", file)
        killed, hits = disturbed(arguments, folder / "killed", file, seconds,
                                 random.Random(seed))
        print(f"{arguments.kills} kills, {hits} of them while rows were written")
        print(f"undisturbed {calm}\nkilled      {killed}")
        if calm != killed:
            sys.exit("the two stores differ")
        if hits == 0:
            sys.exit("no kill hit the import: nothing was tested; use more rows")


if __name__ == "__main__":
    main()
