"""A daemon of the tests, on a store of its own, that is asked with referralctl."""

import atexit
import json
import pathlib
import subprocess
import sys
import time

START_SECONDS = 30
RUN_SECONDS = 300
FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"

CONFIGURATION = """config_version = 1
[server]
rpc_listen = ["unix:{root}/rpc.sock"]
[store]
path = "{disk}/db"
reserve = "{reserve}"
[log]
format = "logfmt"
[[feed]]
name = "crm"
connector = "salesforce"
inbox = "{root}/crm/inbox"
settle = "0 s"
"""


class Store:
    """One daemon on a store of its own, which can be killed and started again.

    The store lies in `disk`, everything else in `root`.
    """

    def __init__(self, programs, root, disk=None, reserve="192 MiB"):
        self.programs = programs
        self.root = root
        self.config = root / "referrald.toml"
        self.config.write_text(
            CONFIGURATION.format(root=root, disk=disk or root, reserve=reserve))
        (root / "crm" / "inbox").mkdir(parents=True, exist_ok=True)
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
