#!/usr/bin/env python3
"""Every rule of the domain, R01 to R43, has a scenario, and the table in tests/scenarios/README.md
names exactly the cases that there are.

usage: scenario_rules.py [ROOT]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

RULES = tuple(f"R{number:02}" for number in range(1, 44))
# Rules without a case yet. May only shrink; one that has a case is an error.
WITHOUT_CASE: tuple[str, ...] = ()

CASE = re.compile(r"TEST(?:_F)?\(\w+, (\w+)\)")
RULE = re.compile(r"R\d\d(?=_)")
ROW = re.compile(r"^\| (R\d\d) \| .+ \| (.+) \|$", re.MULTILINE)


def cases_of(sources: list[str]) -> dict[str, set[str]]:
    cases: dict[str, set[str]] = {}
    for source in sources:
        for case in CASE.findall(source):
            for rule in RULE.findall(case):
                cases.setdefault(rule, set()).add(case)
    return cases


def problems_of(cases: dict[str, set[str]], readme: str) -> list[str]:
    rows = {rule: set(re.findall(r"`(\w+)`", named)) for rule, named in ROW.findall(readme)}
    problems = []
    for rule in RULES:
        has = rule in cases
        if not has and rule not in WITHOUT_CASE:
            problems.append(f"{rule} has no scenario")
        if has and rule in WITHOUT_CASE:
            problems.append(f"{rule} has a scenario now: take it out of WITHOUT_CASE")
        if rows.get(rule, set()) != cases.get(rule, set()):
            problems.append(f"{rule}: the table and the cases differ: "
                            f"{sorted(rows.get(rule, set()) ^ cases.get(rule, set()))}")
    problems += [f"{rule} is no rule" for rule in sorted(set(cases) - set(RULES))]
    return problems


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder = root / "tests" / "scenarios"
    sources = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*_test.cc"))]
    problems = problems_of(cases_of(sources), (folder / "README.md").read_text(encoding="utf-8"))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
