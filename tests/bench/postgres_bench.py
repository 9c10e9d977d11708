#!/usr/bin/env python3
"""A Salesforce contact export, imported twice, against PostgreSQL 15 in the same run.

usage: postgres_bench.py TREE [--rows N] [--rounds N] [--json]      (N rows: 1,000,000)

The second file differs from the first in one row of a hundred. Ours: the daemon on an empty
store, `referralctl sync`: rows recognised, normalised, matched by id and e-mail address, sealed
under a key of each person, every fact an event in a signed log; peak memory is the daemon's.
PostgreSQL: the file copied into a staging table, normalised in SQL, people found or made by
e-mail address, rows upserted by their id where they differ; everything durable, nothing
encrypted, no history; peak memory is that of its backend and what it shares. Both on the same
disk.
"""

from __future__ import annotations

import csv
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import import_bench
import rounds

TARGETS = ("referrald", "referralctl")
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
CHANGED_EVERY = 100

SCHEMA = """
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE);
CREATE TABLE contact (id text PRIMARY KEY, person bigint NOT NULL REFERENCES person, {typed},
                      changed_at timestamptz, deleted boolean NOT NULL);
CREATE INDEX ON contact (person);
CREATE INDEX ON contact (phone);
CREATE INDEX ON contact (lower(first_name || ' ' || last_name));
CREATE UNLOGGED TABLE staging ({columns});
"""
TEXTS = {"FIRSTNAME": "first_name", "LASTNAME": "last_name", "TITLE": "title",
         "ACCOUNTID": "account", "OWNERID": "owner", "LEADSOURCE": "lead_source"}
NORMALISED = """
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
  SELECT DISTINCT ON (id) trim(id) AS id, nullif(lower(trim(email)), '') AS email,
         {texts}, nullif(regexp_replace(phone, '[^0-9+]', '', 'g'), '') AS phone,
         nullif(systemmodstamp, '')::timestamptz AS changed_at,
         isdeleted IN ('1', 'true') AS deleted FROM staging WHERE length(trim(id)) = 18;
INSERT INTO person (email) SELECT DISTINCT email FROM fresh WHERE email IS NOT NULL
  ON CONFLICT (email) DO NOTHING;
INSERT INTO contact (id, person, {names}, phone, changed_at, deleted)
  SELECT fresh.id, person.id, {fresh}, fresh.phone, fresh.changed_at, fresh.deleted
  FROM fresh JOIN person USING (email)
  ON CONFLICT (id) DO UPDATE SET {updates}
  WHERE (contact.phone, contact.changed_at, contact.deleted, {old})
        IS DISTINCT FROM (excluded.phone, excluded.changed_at, excluded.deleted, {new});
"""


class Postgres:
    """A server on an empty cluster of its own, on a unix socket, until the end of the with."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.chown(folder, "postgres")
        folder.chmod(0o755)

    def as_postgres(self, *command: object, **rest: object) -> subprocess.CompletedProcess:
        user = pwd.getpwnam("postgres")
        return subprocess.run([str(part) for part in command], check=True, user=user.pw_uid,
                              group=user.pw_gid, extra_groups=[], stdout=subprocess.DEVNULL,
                              cwd="/", env={**os.environ, "HOME": "/"}, **rest)

    def __enter__(self) -> "Postgres":
        data = self.folder / "data"
        self.as_postgres(PROGRAMS / "initdb", "-D", data, "--encoding=UTF8", "--locale=C")
        (data / "postgresql.auto.conf").write_text(
            f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
            "shared_buffers = '512MB'\nwork_mem = '64MB'\nmaintenance_work_mem = '256MB'\n"
            "max_wal_size = '4GB'\n", encoding="utf-8")
        self.as_postgres(PROGRAMS / "pg_ctl", "-D", data, "-w", "-l", self.folder / "log",
                         "start")
        return self

    def __exit__(self, *_: object) -> None:
        self.as_postgres(PROGRAMS / "pg_ctl", "-D", self.folder / "data", "-w", "-m", "fast",
                         "stop")

    def run(self, sql: str) -> None:
        self.as_postgres(PROGRAMS / "psql", "-h", self.folder, "-d", "postgres", "-q", "-v",
                         "ON_ERROR_STOP=1", "-f", "-", input=sql.encode())

    def load(self, file: Path, columns: list[str]) -> float:
        names = list(TEXTS.values())
        sql = NORMALISED.format(
            texts=", ".join(f"nullif(trim({c.lower()}), '') AS {n}" for c, n in TEXTS.items()),
            names=", ".join(names), fresh=", ".join(f"fresh.{n}" for n in names),
            updates=", ".join(f"{n} = excluded.{n}" for n in
                              [*names, "person", "phone", "changed_at", "deleted"]),
            old=", ".join(f"contact.{n}" for n in names),
            new=", ".join(f"excluded.{n}" for n in names))
        start = time.perf_counter()
        self.run(f"TRUNCATE staging;\n\\copy staging ({', '.join(columns)}) FROM '{file}' "
                 f"WITH (FORMAT csv, HEADER true)\nBEGIN;\n{sql}\nCOMMIT;\n")
        return time.perf_counter() - start

    def peak_mib(self) -> float:
        """Of its largest process, which holds what all of them share."""
        peaks = [status_kib(int(entry.name), "VmHWM") for entry in Path("/proc").iterdir()
                 if entry.name.isdigit() and self.owns(entry)]
        return max(peaks, default=0) / 1024

    def owns(self, process: Path) -> bool:
        try:
            first, *_ = (self.folder / "data/postmaster.pid").read_text().splitlines()
            status = (process / "status").read_text(encoding="utf-8")
        except OSError:
            return False
        return process.name == first or f"\nPPid:\t{first}\n" in status


def status_kib(pid: int, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found.group(1)) if found else 0


def changed_file(file: Path) -> Path:
    """The same export a week later: one row of a hundred has another title, and a later stamp."""
    path = file.with_suffix(".changed.csv")
    if path.exists():
        return path
    unfinished = path.with_suffix(".tmp")
    with open(file, newline="", encoding="utf-8") as old, \
            open(unfinished, "w", newline="", encoding="utf-8") as new:
        reader, writer = csv.reader(old), csv.writer(new, quoting=csv.QUOTE_ALL)
        header = next(reader)
        writer.writerow(header)
        title, stamp = header.index("TITLE"), header.index("SYSTEMMODSTAMP")
        for number, row in enumerate(reader):
            if number % CHANGED_EVERY == 0:
                row[title] = "Managing " + row[title]
                row[stamp] = "2026-11-01T00:00:00.000Z"
            writer.writerow(row)
    unfinished.rename(path)
    return path


Figures = dict[str, float]


def ours(tree: Path, files: list[Path], count: int) -> Figures:
    with tempfile.TemporaryDirectory(dir=tree / "bench") as folder:
        with import_bench.Daemon(tree, Path(folder)) as daemon:
            taken = []
            for file in files:
                start = time.perf_counter()
                subprocess.run([*daemon.tool, "--quiet", "sync", "bench", file], check=True,
                               stdout=subprocess.DEVNULL)
                taken.append(count / (time.perf_counter() - start))
            return {"first": taken[0], "again": taken[1],
                    "memory": status_kib(daemon.process.pid, "VmHWM") / 1024}


def postgres(tree: Path, files: list[Path], count: int) -> Figures:
    with open(files[0], newline="", encoding="utf-8") as text:
        columns = [name.lower() for name in next(csv.reader(text))]
    # Where its user can reach it, on the disk of the build tree.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        with Postgres(Path(folder)) as server:
            server.run(SCHEMA.format(
                typed=", ".join(f"{name} text" for name in [*TEXTS.values(), "phone"]),
                columns=", ".join(f"{name} text" for name in columns)))
            first, again = (server.load(file, columns) for file in files)
            return {"first": count / first, "again": count / again, "memory": server.peak_mib()}


def main() -> int:
    tree, count, as_json = rounds.options()
    rows = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else 1_000_000
    if not PROGRAMS.exists():
        print("postgres_bench: no PostgreSQL 15: packaging/install-dependencies bench",
              file=sys.stderr)
        return 1
    first = rounds.contacts_file(tree, rows)
    files = [first, changed_file(first)]
    mine, theirs = [], []
    for _ in range(count):
        mine.append(ours(tree, files, rows))
        theirs.append(postgres(tree, files, rows))
    table = []
    for key, work, unit in (("first", f"import {rows:,} contacts", "rows/s"),
                            ("again", "the same, 1 % changed", "rows/s"),
                            ("memory", "peak memory", "MiB")):
        figures = [iter([f[key] for f in side]) for side in (mine, theirs)]
        table += rounds.compare(work, unit, lambda it=figures[0]: next(it),
                                {"PostgreSQL": (lambda it=figures[1]: next(it), 1.0)}, count)
    rounds.report("postgres", table, as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
