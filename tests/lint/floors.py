#!/usr/bin/env python3
"""Who may include whom. A folder sees every lower floor, and on its own floor only what stands in
its row. Outside libraries are seen by the folders that own them, and stay out of headers that other
folders include.

usage: floors.py [ROOT]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import tree
from tree import Problem

CRMS = tuple(f"connectors/{crm}" for crm in (
    "dynamics", "espocrm", "generic_csv", "google", "hubspot", "odoo", "outlook", "pipedrive",
    "salesforce", "suitecrm", "vcard", "zoho"))

# Lowest first. A row: the folder, and what it sees on its own floor.
FLOORS: tuple[dict[str, tuple[str, ...]], ...] = (
    {"storage/base": ()},
    {"storage/referral": (), "storage/practice": ("storage/referral",), "storage/engine": (),
     "storage/vault": ()},
    {"storage/ledger": ()},
    {"storage/upkeep": ()},
    {"connectors/api": (), "connectors/format": (),
     **{crm: ("connectors/api", "connectors/format") for crm in CRMS},
     "connectors/registry": ("connectors/api", "connectors/format", *CRMS),
     "connectors/sync": ("connectors/api", "connectors/format", "connectors/registry")},
    {"thrift/idl": (), "thrift/rpc": ("thrift/idl",), "thrift/client": ("thrift/idl",)},
    {"plugin/ops": (), "plugin/daemon": ("plugin/ops",), "plugin/ctl": ()},
)

# Outside library: the include's beginning, and the folders that see it. None: everybody.
LIBRARIES: dict[str, tuple[str, ...] | None] = {
    "fmt/": None,  # Stands in for <format>, which gcc 12 does not have.
    "rocksdb/": ("storage/engine",),
    "openssl/": ("storage/vault", "connectors/sync", "thrift/rpc"),
    "utf8proc.h": ("storage/base",),
    "xxhash.h": ("storage/base",),
    "unicode/": ("connectors/format",),
    "expat.h": ("connectors/format",),
    "zip.h": ("connectors/format",),
    "zlib.h": ("connectors/format",),
    "thrift/": ("thrift/idl", "thrift/rpc", "thrift/client"),
    "boost/beast": ("plugin/ops",),
    "boost/": ("thrift/rpc", "plugin/ops", "plugin/daemon"),
    "toml++/": ("plugin/daemon",),
    "systemd/": ("plugin/daemon",),
    "nlohmann/": ("plugin/ops", "plugin/daemon", "plugin/ctl"),
    "CLI/": ("plugin/ctl",),
}
# Everybody may ask the kernel, but for the pure domain.
POSIX = re.compile(
    r"^(sys/|linux/|netinet/|arpa/)|^(dirent|fcntl|grp|netdb|poll|pthread|pwd|sched|signal|syslog"
    r"|termios|time|unistd|emmintrin|immintrin)\.h$")
# The pure domain has no I/O, no clock and no thread.
IMPURE = re.compile(r"^(atomic|condition_variable|filesystem|fstream|future|iostream|mutex|random"
                    r"|semaphore|shared_mutex|stop_token|thread)$")
PURE = ("storage/referral", "storage/practice")

# "path: include" -> why. May only shrink; a row that nothing needs any more is an error.
EXCEPTIONS: dict[str, str] = {}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
OURS = ("storage", "connectors", "thrift", "plugin")


def folder_of(path: str) -> str:
    """"storage/base/text.h" -> "storage/base"."""
    return "/".join(path.split("/")[:2])


def visible_from(folder: str) -> set[str]:
    visible = {folder}
    for floor in FLOORS:
        if folder in floor:
            return visible | set(floor[folder])
        visible |= set(floor)
    return visible


def inside_problem(folder: str, included: str) -> str:
    other = folder_of(included)
    if included.split("/")[0] not in OURS or included.count("/") < 2:
        return f'"{included}" is no full path from the root'
    if not any(other in floor for floor in FLOORS):
        return f"{other} has no row in tests/lint/floors.py"
    if other not in visible_from(folder):
        return f"{folder} does not see {other}"
    return ""


def outside_library(included: str) -> str | None:
    return next((name for name in LIBRARIES if included.startswith(name)), None)


def outside_problem(folder: str, included: str) -> str:
    name = outside_library(included)
    if name is None:
        if "/" not in included and "." not in included:
            impure = folder in PURE and IMPURE.match(included)
            return f"{folder} is pure and does not see <{included}>" if impure else ""
        if POSIX.match(included):
            return f"{folder} is pure and does not see <{included}>" if folder in PURE else ""
        return f"<{included}> belongs to no library in tests/lint/floors.py"
    owners = LIBRARIES[name]
    if owners is not None and folder not in owners:
        return f"{folder} does not see <{included}>; its owners are {', '.join(owners)}"
    return ""


def includes_of(text: str) -> list[tuple[int, str | None, str | None]]:
    """(line, ours, outside) of each include. Generated code is ours, in whatever brackets."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if m := INCLUDE.match(line):
            inside = m[1] or (m[2] if m[2].startswith("thrift/idl/") else None)
            found.append((number, inside, None if inside else m[2]))
    return found


def check_file(path: str, text: str) -> list[Problem]:
    folder, problems = folder_of(path), []
    for number, inside, outside in includes_of(text):
        wrong = inside_problem(folder, inside) if inside else outside_problem(folder, outside)
        if wrong:
            problems.append(Problem(path, number, wrong))
    return problems


def leaks(texts: dict[str, str]) -> list[Problem]:
    """Outside libraries in headers that another folder includes, at any depth."""
    def outside_in(path: str, seen: frozenset[str]) -> str | None:
        for _, inside, outside in includes_of(texts.get(path, "")):
            if outside and LIBRARIES.get(outside_library(outside) or ""):
                return outside
            if inside and inside not in seen and (found := outside_in(inside, seen | {inside})):
                return found
        return None

    public = {inside for path, text in texts.items() for _, inside, _ in includes_of(text)
              if inside and folder_of(inside) != folder_of(path)}
    return [Problem(path, 0, f"other folders include this header, and it shows them <{outside}>")
            for path in sorted(public) if path in texts and folder_of(path) != "thrift/idl"
            and (outside := outside_in(path, frozenset({path})))]


def check(root: Path) -> list[Problem]:
    texts = {str(path): (root / path).read_text(encoding="utf-8", errors="replace")
             for path in tree.files(root, OURS) if path.suffix in (".h", ".cc")}
    problems = [Problem(path, 0, f"{folder_of(path)} has no row in tests/lint/floors.py")
                for path in texts if not any(folder_of(path) in floor for floor in FLOORS)]
    for path, text in texts.items():
        problems += check_file(path, text)
    problems += leaks(texts)
    excused = {problem for problem in problems if f"{problem.path}: {problem.text}" in EXCEPTIONS}
    used = {f"{problem.path}: {problem.text}" for problem in excused}
    stale = [Problem("tests/lint/floors.py", 0, f"exception no longer needed: {row}")
             for row in EXCEPTIONS if row not in used]
    return [problem for problem in problems if problem not in excused] + stale


if __name__ == "__main__":
    sys.exit(tree.run(check))
