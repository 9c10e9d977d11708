"""Kills the daemon with SIGKILL in the middle of an import, again and again.

    kill_import_test.py <referrald> <referralctl> [--rows 20000] [--kills 5]

The same file is imported twice: once undisturbed, once with the process killed at random moments
and started again. Afterwards both stores must say the same: contacts, events, every outcome of the
run; and `verify` must find nothing. REFERRALD_SEED repeats a run of it.
"""

import argparse
import atexit
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

START_SECONDS = 30
RUN_SECONDS = 300
FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"

CONFIGURATION = """config_version = 1
[server]
rpc_listen = ["unix:{root}/rpc.sock"]
[store]
path = "{root}/db"
[log]
format = "logfmt"
[[feed]]
name = "crm"
connector = "salesforce"
inbox = "{root}/crm/inbox"
settle = "0 s"
"""


class Store:
    """One daemon on a store of its own, which can be killed and started again."""

    def __init__(self, arguments, root):
        self.programs = arguments
        self.root = root
        self.config = root / "referrald.toml"
        self.config.write_text(CONFIGURATION.format(root=root))
        self.log = open(root / "log", "ab")
        self.process = None

    def start(self):
        self.process = subprocess.Popen([self.programs.referrald, "--config", self.config],
                                        stderr=self.log, stdout=self.log)
        atexit.register(self.process.kill)  # Whatever happens, nothing stays behind.
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if self.ask("rpc", "ping") is not None:
                return
            time.sleep(0.02)
        sys.exit("the daemon did not start:\n" + (self.root / "log").read_text()[-2000:])

    def ask(self, *words):
        """The answer as data; nothing where the daemon does not answer."""
        done = subprocess.run(
            [self.programs.referralctl, "--socket", self.root / "rpc.sock", "--json", *words],
            capture_output=True, check=False)
        return json.loads(done.stdout) if done.returncode in (0, 3) and done.stdout else None

    def drop(self, file):
        inbox = self.root / "crm" / "inbox"
        (inbox / ".large").write_bytes(file.read_bytes())
        (inbox / ".large").rename(inbox / "large.csv")

    def run(self):
        runs = (self.ask("run", "list") or {}).get("runs") or []
        return runs[0] if runs else None

    def wait(self):
        end = time.monotonic() + RUN_SECONDS
        while time.monotonic() < end:
            run = self.run()
            if run and run["status"] != "running":
                return run
            time.sleep(0.1)
        sys.exit("the run did not end")

    def wait_beyond(self, read):
        """Until the run has read more rows than that, or has ended."""
        end = time.monotonic() + RUN_SECONDS
        while time.monotonic() < end:
            run = self.run()
            if run and (run["status"] != "running" or run["rows"]["read"] > read):
                return run["rows"]["read"]
            time.sleep(0.005)
        sys.exit("the run does not get on")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        if self.process.wait(timeout=60) != 0:
            sys.exit("SIGTERM did not end the daemon cleanly")

    def world(self):
        """What must not depend on whether anybody was killed."""
        run = self.wait()
        status = self.ask("status")["server"]
        report = self.ask("verify")
        if report is None or report["problems"]:
            sys.exit(f"verify found: {report}")
        totals = {key: status[key] for key in ("event_count", "person_count", "sequence")}
        return {"status": run["status"], **totals, **run["rows"]}


def make_file(path, rows):
    subprocess.run([sys.executable, FIXTURES / "make_large.py", str(rows), path], check=True)


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
