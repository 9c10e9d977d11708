#!/usr/bin/env python3
"""A generated company: how long a sales leader waits for coverage, the next asks, a way in and the
metrics. Goals are those of 100,000 customers; --rounds is how often each question is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile

import rounds

TARGETS = ("bench_practice",)
GOALS = {"coverage of all": 1000, "next 50 asks of a rep": 20, "all metrics": 2000}


def main() -> int:
    tree, count, as_json = rounds.options()
    customers = os.environ.get("REFERRALD_BENCH_CUSTOMERS", "100000")
    parent = tree / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="practice-", dir=parent)
    try:
        out = subprocess.run([tree / "tests/bench/bench_practice", folder, customers, str(count)],
                             check=True, capture_output=True, text=True)
    finally:
        shutil.rmtree(folder)
    result = json.loads(out.stdout)
    if as_json:
        print(json.dumps({"customers": int(customers), **result}))
        return 0
    print(f"{customers} customers, {result['events']} events, made in "
          f"{result['seconds_to_make']} s")
    for question, median in result["milliseconds"].items():
        goal = f"   goal below {GOALS[question]} ms" if question in GOALS else ""
        print(f"  {question:<24} {median:>9} ms{goal}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
