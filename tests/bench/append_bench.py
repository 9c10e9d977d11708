#!/usr/bin/env python3
"""The durable append path alone against a synced RocksDB write of the event and four index keys:
sixteen threads, events of 200 bytes, a store of its own for each round."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import rounds

EVENT_COUNT = 80_000
TARGETS = ("bench_append",)


def events_a_second(program: Path, who: str, parent: Path) -> float:
    folder = Path(tempfile.mkdtemp(prefix=f"append-{who}-", dir=parent))
    try:
        out = subprocess.run([program, who, folder, str(EVENT_COUNT)], check=True,
                             capture_output=True, text=True)
    finally:
        shutil.rmtree(folder)
    result = json.loads(out.stdout)
    return result["events"] / result["seconds"]


def main() -> int:
    tree, count, as_json = rounds.options()
    program = tree / "tests/bench/bench_append"
    parent = tree / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    peers = {"RocksDB, event and 4 keys": (lambda: events_a_second(program, "naive", parent), 3.0)}
    rows = rounds.compare("durable append, 16 threads", "events/s",
                          lambda: events_a_second(program, "ours", parent), peers, count)
    rounds.report("append", rows, as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
