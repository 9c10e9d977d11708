#!/usr/bin/env python3
"""Chains over 1,000,000 introductions: a thousand people below one, to depth 10.
REFERRALD_BENCH_INTRODUCTIONS is another number; --rounds is how often each question is asked."""

from __future__ import annotations

import os
import sys

import rounds

TARGETS = ("bench_chain",)
GOALS = {"of the first, in process": 10, "of another, in process": 10,
         "of the first, one RPC": 10}


def main() -> int:
    return rounds.ask("bench_chain", os.environ.get("REFERRALD_BENCH_INTRODUCTIONS", "1000000"),
                      "introductions", GOALS)


if __name__ == "__main__":
    sys.exit(main())
