"""Rounds of ours and its peers, one after the other, so that a slow moment hits all alike."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable

Contender = Callable[[], float]  # Does the work once; returns the figure in the row's unit.


@dataclass
class Row:
    work: str
    ours: float
    peer: float
    peer_name: str
    unit: str
    ratio: float  # Above 1: ours is better.
    goal: float
    reached: bool


def compare(work: str, unit: str, ours: Contender, peers: dict[str, tuple[Contender, float]],
            rounds: int) -> list[Row]:
    """One row a peer, of medians. A peer comes with its goal. Units ending in "/s" are better when
    larger, all others when smaller."""
    figures: dict[str, list[float]] = {"": [], **{name: [] for name in peers}}
    for _ in range(rounds):
        figures[""].append(ours())
        for name, (peer, _goal) in peers.items():
            figures[name].append(peer())
    mine = statistics.median(figures[""])
    rows = []
    for name, (_peer, goal) in peers.items():
        theirs = statistics.median(figures[name])
        ratio = mine / theirs if unit.endswith("/s") else theirs / mine
        rows.append(Row(work, round(mine, 3), round(theirs, 3), name, unit, round(ratio, 2), goal,
                        ratio >= goal))
    return rows


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in
                  Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                  if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def report(bench: str, rows: list[Row], as_json: bool) -> None:
    if as_json:
        rows_as_data = [asdict(row) for row in rows]
        print(json.dumps({"bench": bench, "machine": machine(), "rows": rows_as_data}, indent=1))
        return
    print(f"{bench} on {machine()}: medians; a ratio above 1 means ours is better\n")
    header = ("WORK", "OURS", "PEER", "", "UNIT", "RATIO", "GOAL", "")
    lines = [header] + [
        (row.work, f"{row.ours:,.4g}" if row.ours < 1000 else f"{row.ours:,.0f}",
         f"{row.peer:,.4g}" if row.peer < 1000 else f"{row.peer:,.0f}", row.peer_name, row.unit,
         f"{row.ratio:.2f}", f"{row.goal:g}", "reached" if row.reached else "MISSED")
        for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def options() -> tuple[Path, int, bool]:
    """(build tree, rounds, as JSON) of a bench's command line: TREE [--rounds N] [--json]"""
    arguments = sys.argv[1:]
    as_json = "--json" in arguments
    rounds = int(arguments[arguments.index("--rounds") + 1]) if "--rounds" in arguments else 5
    return Path(arguments[0]), rounds, as_json


def contacts_file(tree: Path, count: int) -> Path:
    """A Salesforce export of `count` contacts, made once."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fixtures"))
    import make_large
    path = tree / "bench" / f"contacts-{count}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".tmp")
        with open(unfinished, "wb") as out:
            make_large.write(count, out)
        unfinished.rename(path)
    return path


def ask(program: str, size: str, what: str, goals: dict[str, int]) -> int:
    """Runs a program that makes a store of `size` things and times questions about it."""
    tree, count, as_json = options()
    parent = tree / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=f"{program}-", dir=parent)
    try:
        out = subprocess.run([tree / "tests/bench" / program, folder, size, str(count)],
                             check=True, stdout=subprocess.PIPE, text=True)
    finally:
        shutil.rmtree(folder)
    result = json.loads(out.stdout)
    if as_json:
        print(json.dumps({what: int(size), **result}))
        return 0
    print(f"{size} {what}, made in {result['seconds_to_make']} s, on {machine()}")
    for question, median in result["milliseconds"].items():
        goal = f"   goal below {goals[question]} ms" if question in goals else ""
        print(f"  {question:<40} {median:>9} ms{goal}")
    if "log_verified_per_second" in result:
        print(f"  {'the log, verified':<40} {result['log_verified_per_second']:>9} events/s")
    return 0
