"""The files of the tree, and what both lints need of them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

# Not ours: build trees, caches, history.
SKIPPED = re.compile(r"^(build.*|\.git|\.cache|__pycache__)$")


@dataclass(frozen=True)
class Problem:
    path: str
    line: int  # 0: the file as a whole.
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


def files(root: Path, folders: tuple[str, ...] = ("",)) -> Iterator[Path]:
    """Every file below `folders`, relative to `root`, in order. Knows nothing of git: what lies
    there is what is built."""
    for folder in folders:
        yield from sorted(path.relative_to(root) for path in walk(root / folder))


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if SKIPPED.match(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from walk(path)
        else:
            yield path


def without_comments(text: str) -> str:
    """C++ with comments blanked out; lines stay where they are, strings stay whole."""
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\''
                         r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
    return pattern.sub(lambda m: blanked(m[0]) if m[0].startswith("/") else m[0], text)


def without_strings(text: str) -> str:
    """`without_comments`, and with the inside of strings and characters blanked out as well."""
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
    return pattern.sub(lambda m: blanked(m[0]), without_comments(text))


def blanked(text: str) -> str:
    return "".join("\n" if char == "\n" else " " for char in text)


def run(check: Callable[[Path], list[Problem]]) -> int:
    """usage: CHECK [ROOT]; prints what is wrong and returns the exit code."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    problems = check(root)
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0
