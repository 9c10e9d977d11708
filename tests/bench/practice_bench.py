#!/usr/bin/env python3
"""A generated company: how long a sales leader waits for coverage, the next asks, a way in and the
report. Goals are those of 100,000 customers; --rounds is how often each question is asked."""

from __future__ import annotations

import os
import sys

import rounds

TARGETS = ("bench_practice",)
GOALS = {"coverage of all, one RPC": 1000, "next 50 asks of a rep, one RPC": 20,
         "the report, over the RPC": 2000}


def main() -> int:
    return rounds.ask("bench_practice", os.environ.get("REFERRALD_BENCH_CUSTOMERS", "100000"),
                      "customers", GOALS)


if __name__ == "__main__":
    sys.exit(main())
