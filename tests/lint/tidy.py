#!/usr/bin/env python3
"""Sizes, habits and words that a compiler does not check.

usage: tidy.py [ROOT]
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import tree
from tree import Problem

COLUMN_COUNT_MAX = 100
FUNCTION_LINES_MAX = 70
SOURCE_LINES_MAX = 500  # .cc: fewer than this.
HEADER_LINES_MAX = 250  # .h: fewer than this.

TOP_LEVEL = {"CMakeLists.txt", "README.md", "LICENSE", "plugin", "thrift", "storage", "connectors",
             "tests", "packaging"}
CODE = (".cc", ".h", ".py", ".thrift", ".cmake", ".toml")
LIBRARIES = ("storage/", "connectors/", "thrift/", "plugin/ops/")
# Apache's own <thrift/...> lies behind our thrift/ on the include path.
SHADOWS = {"async", "concurrency", "processor", "protocol", "server", "transport"}
# The one place that writes to a terminal: a broken invariant, just before the end.
LAST_WORDS = "storage/base/status.cc"
# Where the word is known in order to be refused, with an explanation.
REFUSE_WARM = {"storage/referral/temperature.cc", "thrift/rpc/convert_members.cc"}

# Searched in C++ without comments; strings are code here.
BANNED = (
    (re.compile(r"\busing namespace (?!std::(\w+::)*\w*literals;)"), "using namespace"),
    (re.compile(r"#\s*include\s*<thrift/.*T(Header|Zlib|Http|JSON|WebSocket|SSL)"),
     "this transport or protocol is never linked; framed strict binary only"),
)
BANNED_IN_LIBRARIES = (
    (re.compile(r"\bstd::(cout|cerr|clog)\b|(?<![\w.>:])(std::)?f?(printf|puts)\s*\("),
     "a library writes to nobody's terminal; use the logger"),
)
WARM = re.compile(r"(?i)(?<![a-z])k?warm(?![a-z])")
PROMISE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
VAGUE = re.compile(r"^\s*(?:class|struct)\s+(\w*(?:Manager|Helper|Utils?|Base|Impl))\b(?!.*;$)")

# "path: text" -> why. May only shrink; a row that nothing needs any more is an error.
EXCEPTIONS: dict[str, str] = {}


def is_text(path: Path, text: str) -> bool:
    return (path.suffix in CODE or path.name == "CMakeLists.txt" or text.startswith("#!")
            ) and "\0" not in text


def check_lines(path: str, text: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        # A method of the IDL with its exceptions reads best on one line.
        if len(line) > COLUMN_COUNT_MAX and not path.endswith(".thrift"):
            problems.append(Problem(path, number, f"{len(line)} columns, limit {COLUMN_COUNT_MAX}"))
        if "\t" in line:
            problems.append(Problem(path, number, "a tab"))
        if line != line.rstrip():
            problems.append(Problem(path, number, "white space at the end"))
        if PROMISE.search(line):
            problems.append(Problem(path, number, "a promise left open; do it or write an issue"))
    if text and not text.endswith("\n"):
        problems.append(Problem(path, 0, "no newline at the end"))
    return problems


def long_functions(path: str, text: str) -> list[Problem]:
    """Counts from the line of the opening brace to that of the closing one, outermost function."""
    code = tree.without_strings(text)
    problems, line, head, stack = [], 1, "", []  # stack: (is a function, line)
    for char in code:
        if char == "\n":
            line += 1
        if char == "{":
            inside = any(is_function for is_function, _ in stack)
            stack.append((not inside and opens_function(head), line))
        elif char == "}" and stack:
            is_function, start = stack.pop()
            if is_function and line - start + 1 > FUNCTION_LINES_MAX:
                problems.append(Problem(path, start, f"a function of {line - start + 1} lines, "
                                                     f"limit {FUNCTION_LINES_MAX}"))
        head = "" if char in "{};" else head + char
    return problems


def opens_function(head: str) -> bool:
    """Whether what stands before a brace, since the last statement, is a function's head."""
    head = " ".join(line for line in head.split("\n") if not line.lstrip().startswith("#")).strip()
    if re.search(r"\b(namespace|class|struct|enum|union)\b[^()]*$", head) or head.endswith("="):
        return False
    return ")" in head


def check_cpp(path: str, text: str) -> list[Problem]:
    problems = []
    lines = text.count("\n")
    limit = HEADER_LINES_MAX if path.endswith(".h") else SOURCE_LINES_MAX
    if lines >= limit:
        problems.append(Problem(path, 0, f"{lines} lines, limit {limit - 1}"))
    if path.endswith(".h") and not re.match(r"(//[^\n]*\n|\s*\n)*#pragma once\n", text):
        problems.append(Problem(path, 0, "does not begin with #pragma once"))
    code = tree.without_comments(text)
    in_library = path.startswith(LIBRARIES) and path != LAST_WORDS
    rules = BANNED + (BANNED_IN_LIBRARIES if in_library else ())
    for number, line in enumerate(code.split("\n"), 1):
        problems += [Problem(path, number, why) for pattern, why in rules if pattern.search(line)]
        if WARM.search(line) and path not in REFUSE_WARM and not path.startswith("tests/"):
            problems.append(Problem(path, number, "there is COLD and there is HOT, nothing else"))
        if path.endswith(".h") and (vague := VAGUE.match(line)):
            problems.append(Problem(path, number, f"{vague[1]} does not say what it is"))
    return problems + long_functions(path, text)


def check_python(path: str, text: str) -> list[Problem]:
    functions = [node for node in ast.walk(ast.parse(text, path))
                 if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [Problem(path, node.lineno, f"a function of {length} lines, limit {FUNCTION_LINES_MAX}")
            for node in functions
            if (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX]


def check_places(root: Path) -> list[Problem]:
    problems = [Problem(path.name, 0, "does not belong to the top level") for path in root.iterdir()
                if path.name not in TOP_LEVEL and not path.name.startswith(".")
                and not tree.SKIPPED.match(path.name)]
    for path in tree.files(root, ("thrift",)):
        folder = path.parts[1] if len(path.parts) > 2 else ""
        if folder in SHADOWS or (not folder and path.suffix in (".h", ".cc")):
            problems.append(Problem(str(path), 0, "hides Apache's <thrift/...>; see house rules"))
    return problems


def check_file(path: Path, text: str) -> list[Problem]:
    name, problems = str(path), []
    if is_text(path, text) and path.name != "rules":
        problems += check_lines(name, text)
    if path.suffix in (".h", ".cc"):
        problems += check_cpp(name, text)
    if path.suffix == ".py":
        problems += check_python(name, text)
    return problems


def check(root: Path) -> list[Problem]:
    problems = check_places(root)
    for path in tree.files(root):
        full = root / path
        if full.is_symlink() or not full.is_file() or full.suffix in (".csv", ".md"):
            continue
        try:
            text = full.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # Binary fixtures.
        problems += check_file(path, text)
    keys = {f"{problem.path}: {problem.text}" for problem in problems}
    stale = [Problem("tests/lint/tidy.py", 0, f"exception no longer needed: {row}")
             for row in EXCEPTIONS if row not in keys]
    return [problem for problem in problems
            if f"{problem.path}: {problem.text}" not in EXCEPTIONS] + stale


if __name__ == "__main__":
    sys.exit(tree.run(check))
