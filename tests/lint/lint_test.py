#!/usr/bin/env python3
"""Tiny bad trees; each must be refused, and the good one accepted."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import floors
import tidy
from tree import Problem

HEADER = "#pragma once\n\n"


def problems(check, files: dict[str, str]) -> list[Problem]:
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in files.items():
            path = Path(scratch) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check(Path(scratch))


class Floors(unittest.TestCase):
    def refuses(self, why: str, path: str, include: str, **more: str) -> None:
        files = {path: f"{HEADER}#include {include}\n"}
        files |= {name.replace("__", "/") + ".h": text for name, text in more.items()}
        found = [str(problem) for problem in problems(floors.check, files)]
        self.assertTrue(any(why in line for line in found), f"{why!r} not in {found}")

    def accepts(self, path: str, include: str) -> None:
        self.assertEqual(problems(floors.check, {path: f"{HEADER}#include {include}\n"}), [])

    def test_accepts_a_lower_floor(self):
        self.accepts("storage/ledger/ledger.h", '"storage/referral/fact.h"')
        self.accepts("connectors/sync/sync.h", '"connectors/registry/registry.h"')
        self.accepts("plugin/daemon/main.cc", '"thrift/rpc/server.h"')

    def test_refuses_a_higher_floor(self):
        self.refuses("does not see storage/ledger", "storage/base/text.h",
                     '"storage/ledger/ledger.h"')
        self.refuses("does not see plugin/daemon", "thrift/rpc/front.cc",
                     '"plugin/daemon/config.h"')

    def test_refuses_a_sibling(self):
        self.refuses("does not see storage/vault", "storage/engine/a.cc", '"storage/vault/vault.h"')
        self.refuses("does not see connectors/hubspot", "connectors/salesforce/a.cc",
                     '"connectors/hubspot/hubspot.h"')
        self.refuses("does not see connectors/hubspot", "connectors/sync/a.cc",
                     '"connectors/hubspot/hubspot.h"')

    def test_refuses_a_library_of_another_folder(self):
        self.refuses("does not see <rocksdb/db.h>", "storage/ledger/a.cc", "<rocksdb/db.h>")
        self.refuses("does not see <CLI/CLI.hpp>", "plugin/daemon/a.cc", "<CLI/CLI.hpp>")

    def test_refuses_an_unknown_library_and_folder(self):
        self.refuses("belongs to no library", "storage/base/a.cc", "<curl/curl.h>")
        self.refuses("has no row", "storage/cache/a.cc", "<vector>")

    def test_takes_generated_code_for_ours(self):
        self.accepts("plugin/ctl/text.h", "<thrift/idl/referrald_types.h>")
        self.refuses("does not see thrift/idl", "storage/ledger/a.cc",
                     "<thrift/idl/referrald_types.h>")

    def test_refuses_a_bare_name(self):
        self.refuses("no full path", "storage/base/a.cc", '"text.h"')

    def test_keeps_the_domain_pure(self):
        self.refuses("is pure", "storage/referral/a.cc", "<thread>")
        self.refuses("is pure", "storage/referral/a.cc", "<unistd.h>")

    def test_keeps_libraries_out_of_public_headers(self):
        self.refuses("shows them <rocksdb/db.h>", "storage/ledger/a.cc", '"storage/engine/open.h"',
                     storage__engine__open='#pragma once\n#include "storage/engine/inner.h"\n',
                     storage__engine__inner="#pragma once\n#include <rocksdb/db.h>\n")


class Tidy(unittest.TestCase):
    def refuses(self, why: str, path: str, text: str) -> None:
        found = [str(problem) for problem in problems(tidy.check, {path: text})]
        self.assertTrue(any(why in line for line in found), f"{why!r} not in {found}")

    def accepts(self, path: str, text: str) -> None:
        self.assertEqual(problems(tidy.check, {path: text}), [])

    def test_accepts_ordinary_code(self):
        self.accepts("storage/base/text.h", f"{HEADER}namespace referrald {{\nint One();\n}}\n")
        self.accepts("storage/base/text.cc", "// A comment may say WARM.\nint One();\n")

    def test_refuses_long_lines_files_and_functions(self):
        self.refuses("101 columns", "storage/base/a.cc", "/" * 101 + "\n")
        self.refuses("500 lines", "storage/base/a.cc", "int a;\n" * 500)
        self.refuses("250 lines", "storage/base/a.h", HEADER + "int a;\n" * 248)
        body = "  ++i;\n" * 70
        self.refuses("72 lines", "storage/base/a.cc",
                     f"namespace {{\nvoid F(int i) const noexcept {{\n{body}}}\n}}\n")
        self.refuses("72 lines", "tests/a.py", "def f():\n" + "    pass\n" * 71)

    def test_does_not_take_a_class_for_a_function(self):
        functions = "  int F() { return 1; }\n" * 80
        self.accepts("storage/base/a.cc", f"struct A {{\n{functions}}};\n")

    def test_refuses_untidy_text(self):
        self.refuses("a tab", "storage/base/a.cc", "int\ta;\n")
        self.refuses("at the end", "storage/base/a.cc", "int a; \n")
        self.refuses("no newline", "storage/base/a.cc", "int a;")
        self.refuses("promise", "storage/base/a.cc", "// TO" "DO: later\n")
        self.refuses("#pragma once", "storage/base/a.h", "int a;\n")

    def test_refuses_banned_words(self):
        self.refuses("using namespace", "storage/base/a.cc", "using namespace std;\n")
        self.refuses("terminal", "storage/base/a.cc", "void F() { std::cout << 1; }\n")
        self.refuses("terminal", "connectors/sync/a.cc", 'void F() { printf("x"); }\n')
        self.refuses("framed strict binary", "thrift/rpc/a.cc",
                     "#include <thrift/transport/THeaderTransport.h>\n")
        self.refuses("nothing else", "storage/referral/a.cc", 'auto a = "WARM";\n')
        self.refuses("nothing else", "storage/referral/a.cc", "auto a = kWarm;\n")
        self.refuses("does not say", "storage/base/a.h", f"{HEADER}class EventManager {{\n}};\n")

    def test_accepts_literals_and_snprintf(self):
        self.accepts("storage/base/a.cc", "using namespace std::string_view_literals;\n")
        self.accepts("storage/base/a.cc", "void F() { std::snprintf(b, 1, f); }\n")

    def test_refuses_misplaced_files(self):
        self.refuses("top level", "notes.txt", "x\n")
        self.refuses("hides Apache", "thrift/config.h", HEADER)
        self.refuses("hides Apache", "thrift/transport/a.h", HEADER)


class Exceptions(unittest.TestCase):
    def test_may_only_shrink(self):
        self.assertEqual(len(floors.EXCEPTIONS) + len(tidy.EXCEPTIONS), 0)


if __name__ == "__main__":
    unittest.main()
