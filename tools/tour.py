#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares docs/tour.md with the house that it leads through.

Prints each table that it leaves out or makes up, and each file and function that it names and that is
not there; exits 1 if there is one.
"""
import os
import re
import sys

import sources

CREATED = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")
GONE = re.compile(r"DROP TABLE (?:IF EXISTS )?(\w+)|ALTER TABLE (\w+) RENAME TO")
RENAMED = re.compile(r"RENAME TO (\w+)")
ROW = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \|", re.M)
FILE = re.compile(r"`([\w/.-]+\.(?:[ch]|html|py|sh|md|mjs))\b[^`]*`")
CHAIN = re.compile(r"^    .*$", re.M)
CALLED = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def tables(scripts):
    """What is there once these scripts of SQL have run, in their order."""
    there = set()
    for script in scripts:
        there |= set(CREATED.findall(script))
        there -= {name for pair in GONE.findall(script) for name in pair}
        there |= set(RENAMED.findall(script))
    return there


def told_tables(tour):
    section = tour.split("\n## By the floors")[0]
    return {name for row in ROW.findall(section) for name in re.findall(r"\w+", row)}


def told_functions(tour):
    """Of the chain of calls, which stands as code does."""
    return {name for line in CHAIN.findall(tour) for name in CALLED.findall(line)}


def told_files(tour):
    return set(FILE.findall(tour))


def read(path):
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        return file.read()


def main():
    tour = read("docs/tour.md")
    code = {path: read(path) for path in sources.walk("src", r".*\.[ch]")}
    paths = [p for top in ("src", "docs", "tests", "tools", "script") for p in sources.walk(top, r".*")]
    there = tables(map(read, sources.KINDS["migrations"]())) | {"migration"}
    wrong = [f"table {name} is left out" for name in there - told_tables(tour)]
    wrong += [f"there is no table {name}" for name in told_tables(tour) - there]
    wrong += [
        f"there is no function {name}"
        for name in told_functions(tour)
        if not any(re.search(rf"\b{name}\(", text) for text in code.values())
    ]
    wrong += [
        f"there is no file {name}"
        for name in told_files(tour)
        if not name.startswith(("X", "_")) and not any(("/" + p).endswith("/" + name) for p in paths)
    ]
    for words in sorted(wrong):
        print(f"docs/tour.md: {words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
