#!/usr/bin/env python3
"""Our CSV reader against Python's csv module and, where it is installed, libcsv: one file of
Salesforce contacts, every cell touched, start of the process not counted."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import rounds

ROW_COUNT = 200_000
TARGETS = ("bench_csv", "bench_csv_libcsv?")  # "?": where it can be built.


def program(path: Path, file: Path) -> dict:
    out = subprocess.run([path, file], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def python_csv(file: Path) -> dict:
    start = time.perf_counter()
    rows = cells = 0
    with open(file, newline="", encoding="utf-8") as text:
        reader = csv.reader(text)
        next(reader)
        for row in reader:
            rows += 1
            cells += sum(map(len, row))
    return {"rows": rows, "seconds": time.perf_counter() - start}


def megabytes_a_second(file: Path, result: dict) -> float:
    assert result["rows"] == ROW_COUNT, f"read {result['rows']} of {ROW_COUNT} rows"
    return file.stat().st_size / 1e6 / result["seconds"]


def main() -> int:
    tree, count, as_json = rounds.options()
    file = rounds.contacts_file(tree, ROW_COUNT)
    peers = {"Python csv": (lambda: megabytes_a_second(file, python_csv(file)), 5.0)}
    libcsv = tree / "tests/bench/bench_csv_libcsv"
    if libcsv.exists():
        peers["libcsv"] = (lambda: megabytes_a_second(file, program(libcsv, file)), 2.0)
    ours = tree / "tests/bench/bench_csv"
    rows = rounds.compare(f"read {ROW_COUNT:,} contacts", "MB/s",
                          lambda: megabytes_a_second(file, program(ours, file)), peers, count)
    rounds.report("csv", rows, as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
