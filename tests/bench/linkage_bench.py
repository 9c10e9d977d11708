#!/usr/bin/env python3
"""Who is who: the public FEBRL sets linked by the matching of storage/referral, against floors that
must hold; the same weights and thresholds for all. Where the sets are not at hand, people made up
from a seed are linked instead, and that is said.

usage: packaging/bench linkage [DIR] [--rounds N] [--json]"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import rounds

TARGETS = ("bench_linkage",)
REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY.parent / "shared" / "crm-exports" / "record-linkage"


@dataclass(frozen=True)
class Floors:
    precision: float
    recall: float
    recall_with_review: float
    review_share: float = 0.02  # Not a floor: at most.


@dataclass
class Row:
    name: str
    rows: int
    true_pairs: int
    precision: float
    recall: float
    recall_with_review: float
    review_share: float
    compared: int
    seconds: float
    missed: list[str]


FEBRL = (
    ("dataset1", ("dataset1.csv",), Floors(0.999, 0.97, 0.99)),
    ("dataset2", ("dataset2.csv",), Floors(0.999, 0.97, 0.988)),
    ("dataset3", ("dataset3.csv",), Floors(0.999, 0.95, 0.985)),
    ("dataset4a x 4b", ("dataset4a.csv", "dataset4b.csv"), Floors(0.999, 0.97, 0.99)),
)
# A fifth of these people has a spouse in the list, one in a hundred an heir of the same name.
GENERATED = tuple((f"generated {seed}", ("--generated", str(seed)),
                   Floors(0.998, 0.93, 0.99, 0.045)) for seed in (1, 2, 3))


def missed(result: dict, floors: Floors) -> list[str]:
    below = [name for name in ("precision", "recall", "recall_with_review")
             if result[name] < getattr(floors, name)]
    return below + (["review_share"] if result["review_share"] > floors.review_share else [])


def link(program: Path, name: str, arguments: tuple[str, ...], floors: Floors, count: int) -> Row:
    results = [json.loads(subprocess.run([program, *arguments], check=True, text=True,
                                         stdout=subprocess.PIPE).stdout) for _ in range(count)]
    result = results[0]
    result["seconds"] = statistics.median(each["seconds"] for each in results)
    return Row(name=name, missed=missed(result, floors), **result)


def chosen(folder: Path) -> list[tuple[str, tuple[str, ...], Floors]]:
    """The sets to link. All of FEBRL's or none: a floor that is not looked at is not held."""
    found = {path.name: path for path in sorted(folder.rglob("dataset*.csv"))}
    absent = [file for _, files, _ in FEBRL for file in files if file not in found]
    if absent:
        print(f"SKIPPED: FEBRL: {folder} has no {', '.join(absent)}; linking people made up from "
              "a seed instead\n", file=sys.stderr)
        return list(GENERATED)
    return [(name, tuple(str(found[file]) for file in files), floors)
            for name, files, floors in FEBRL]


def report(rows: list[Row]) -> None:
    print(f"linkage on {rounds.machine()}: pairs of rows of one person\n")
    lines = [("SET", "ROWS", "PAIRS", "PRECISION", "RECALL", "WITH REVIEW", "REVIEW", "COMPARED",
              "SECONDS", "")]
    lines += [(row.name, f"{row.rows:,}", f"{row.true_pairs:,}", f"{row.precision:.4f}",
               f"{row.recall:.4f}", f"{row.recall_with_review:.4f}", f"{row.review_share:.2%}",
               f"{row.compared:,}", f"{row.seconds:.3f}",
               f"MISSED: {', '.join(row.missed)}" if row.missed else "reached") for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    print("\nPRECISION and RECALL of automatic matches; WITH REVIEW: or asked about; REVIEW: "
          "questions\nto a person, in relation to the rows")


def folder_of(arguments: list[str]) -> Path:
    at = 0
    while at < len(arguments):
        if arguments[at] == "--rounds":
            at += 1
        elif not arguments[at].startswith("--"):
            return Path(arguments[at])
        at += 1
    return FOLDER


def main() -> int:
    tree, count, as_json = rounds.options()
    program = tree / "tests/bench/bench_linkage"
    rows = [link(program, name, arguments, floors, count)
            for name, arguments, floors in chosen(folder_of(sys.argv[2:]))]
    if as_json:
        print(json.dumps({"bench": "linkage", "machine": rounds.machine(),
                          "rows": [asdict(row) for row in rows]}, indent=1))
    else:
        report(rows)
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
