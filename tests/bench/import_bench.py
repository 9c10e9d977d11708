#!/usr/bin/env python3
"""A first import from end to end, against SQLite: from the command to the last row durable.

Ours: the daemon on an empty store, `referralctl sync`: rows recognised, matched, claims
kept, every fact an event in a chain. SQLite: Python's csv into one table in one transaction,
durable at its end, with a unique id and a unique e-mail address. SQLite does far less; it is what
people would write.
"""

from __future__ import annotations

import csv
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import rounds

ROW_COUNT = 100_000
TARGETS = ("referrald", "referralctl")
START_SECONDS_MAX = 20


def configuration(folder: Path) -> str:
    return f"""config_version = 1
[server]
rpc_listen = ["unix:{folder}/rpc.sock"]
[store]
path = "{folder}/db"
[log]
format = "logfmt"
[[feed]]
name = "bench"
connector = "salesforce"
inbox = "{folder}/drop/bench/inbox"
"""


class Daemon:
    """The daemon on an empty store of its own, until the end of the with statement."""

    def __init__(self, tree: Path, folder: Path):
        self.tool = [tree / "plugin/ctl/referralctl", "--socket", str(folder / "rpc.sock")]
        (folder / "drop").mkdir()
        (folder / "referrald.toml").write_text(configuration(folder), encoding="utf-8")
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(
            [tree / "plugin/daemon/referrald", "--config", folder / "referrald.toml"],
            stdout=self.log, stderr=self.log)

    def __enter__(self) -> "Daemon":
        end = time.monotonic() + START_SECONDS_MAX
        while subprocess.run([*self.tool, "rpc", "ping"], capture_output=True).returncode:
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise RuntimeError("the daemon did not start: " +
                                   Path(self.log.name).read_text(encoding="utf-8"))
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


def ours(tree: Path, file: Path) -> float:
    with tempfile.TemporaryDirectory(dir=tree / "bench") as folder:
        with Daemon(tree, Path(folder)) as daemon:
            start = time.perf_counter()
            subprocess.run([*daemon.tool, "--quiet", "sync", "bench", file], check=True,
                           stdout=subprocess.DEVNULL)
            return ROW_COUNT / (time.perf_counter() - start)


def sqlite(tree: Path, file: Path) -> float:
    with tempfile.TemporaryDirectory(dir=tree / "bench") as folder:
        start = time.perf_counter()
        store = sqlite3.connect(f"{folder}/contacts.db", isolation_level=None)
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        with open(file, newline="", encoding="utf-8") as text:
            reader = csv.reader(text)
            columns = next(reader)
            names = ", ".join(f'"{name}"' for name in columns)
            store.execute(f"CREATE TABLE contact ({names}, UNIQUE (ID), UNIQUE (EMAIL))")
            marks = ", ".join("?" * len(columns))
            store.execute("BEGIN")
            store.executemany(f"INSERT INTO contact VALUES ({marks})", reader)
            store.execute("COMMIT")
        taken = time.perf_counter() - start
        (stored,) = store.execute("SELECT count(*) FROM contact").fetchone()
        store.close()
        assert stored == ROW_COUNT, f"stored {stored} of {ROW_COUNT} rows"
        return ROW_COUNT / taken


def main() -> int:
    tree, count, as_json = rounds.options()
    file = rounds.contacts_file(tree, ROW_COUNT)
    rows = rounds.compare(f"import {ROW_COUNT:,} contacts", "rows/s", lambda: ours(tree, file),
                          {"SQLite": (lambda: sqlite(tree, file), 1.0)}, count)
    rounds.report("import", rows, as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
