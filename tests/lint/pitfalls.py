#!/usr/bin/env python3
"""Every test that the table of pitfalls names must be there.

usage: pitfalls.py [ROOT]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

LEAST = 20  # Rows of the table.


def tests(root: Path) -> set[str]:
    named = set()
    for path in (root / "tests").rglob("*_test.cc"):
        text = path.read_text(encoding="utf-8")
        named |= {f"{suite}.{name}" for suite, name in
                  re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", text, re.MULTILINE)}
    return named


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    text = (root / "tests/corpus/README.md").read_text(encoding="utf-8")
    table = text.partition("## Pitfalls")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "`" in line]
    known = tests(root)
    missing = [name for line in rows for name in re.findall(r"`(\w+\.\w+)`", line)
               if name not in known]
    for name in missing:
        print(f"tests/corpus/README.md: there is no test {name}")
    if len(rows) < LEAST:
        print(f"tests/corpus/README.md: {len(rows)} pitfalls, {LEAST} at least")
    return 1 if missing or len(rows) < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
