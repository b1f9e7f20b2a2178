#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Collects every SQL statement of the stores into a table, for tests/sql_check.c to prepare.

    tools/sql_statements.py OUT.h [COMPILER OPTION ...]

The compiler's own preprocessor is asked what tx_do, tx_one and tx_rows are called with, so that
columns may be named by a macro. Fails where SQL does not stand in a store, is not a literal, reads
`*`, or lists rows without a LIMIT.
"""
import os
import re
import shlex
import subprocess
import sys

import embed
import sources

OPTIONS = ["-E", "-std=c11", "-D_GNU_SOURCE", "-include", "base/banned.h", "-Isrc"]
CALL = re.compile(r"\btx_(do|one|rows)(_values)?\s*\(")
FUNCTION = re.compile(r"^[a-z][\w *]*?\b(\w+)\(", re.M)
MARKER = re.compile(r'# (\d+) "(.*?)"')
LITERALS = re.compile(r'\s*((?:"(?:[^"\\]|\\.)*"\s*)+),')
SKIPPED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)+\'|//[^\n]*|/\*.*?\*/', re.S)
# The interface itself, the migrations' own table, and what copies tables of whatever names.
MAY_CALL = re.compile(
    r"src/sys/(db\w*\.h|db_tx\.c|migrate\.c|move\w*\.c)|.*_(store|test)\.c|.*_fixture\.h")
READS_ALL = re.compile(r"\b(select|returning)\s+(distinct\s+)?(\w+\.)?\*|,\s*\w+\.\*", re.I)


class Wrong(Exception):
    """One sentence for whoever wrote the statement."""


def preprocess(path, options):
    """The lines of `path` itself, without those of its headers, as (number, text)."""
    command = shlex.split(os.environ.get("CC", "cc")) + OPTIONS + options + [path]
    ran = subprocess.run(command, cwd=sources.ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise Wrong(ran.stderr)
    number, inside = 0, False
    for line in ran.stdout.splitlines():
        marker = MARKER.match(line)
        if marker:
            number, inside = int(marker[1]), marker[2] == path
            continue
        if inside:
            yield number, line
        number += 1


def end_of(text, start):
    """Where the bracket that opens at `start` is closed, and the commas directly inside it."""
    depth, commas, i = 0, [], start
    while i < len(text):
        skipped = SKIPPED.match(text, i)
        if skipped:
            i = skipped.end()
            continue
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
        elif text[i] == "," and depth == 1:
            commas.append(i)
        if depth == 0:
            return i, commas
        i += 1
    raise Wrong("a call has no end")


def bare(sql):
    """The statement as SQLite reads it, and without what stands in its brackets."""
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', sql))
    outer = re.sub(r"'[^']*'", "''", text)
    while "(" in outer:
        shorter = re.sub(r"\([^()]*\)", "", outer)
        if shorter == outer:
            break
        outer = shorter
    return text, outer


def check(kind, sql):
    text, outer = bare(sql)
    if READS_ALL.search(text):
        raise Wrong("names no columns")
    is_list = kind == "rows" and re.match(r"\s*(select|with)\b", outer, re.I)
    if is_list and not re.search(r"\blimit\b", outer, re.I):
        raise Wrong("is a list without LIMIT")


def statements(path, options):
    """(line, function, literals, number of bound values) of each call in one store."""
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        source = file.readlines()
    text, starts = "", []
    for number, line in preprocess(path, options):
        starts.append((len(text), number))
        text += line + "\n"
    for call in CALL.finditer(text):
        line = max(number for start, number in starts if start <= call.start())
        try:
            _, commas = end_of(text, call.end() - 1)
            literals = LITERALS.match(text, commas[0] + 1)
            if not literals:
                raise Wrong("is not a literal")
            values = end_of(text, text.index("{", literals.end()))[1]
            check(call[1], literals[1])
        except Wrong as wrong:
            raise Wrong(f"{path}:{line}: the SQL {wrong}") from wrong
        function = FUNCTION.findall("".join(source[:line]))[-1]
        yield line, function, " ".join(literals[1].split("\n")).strip(), len(values)


def check_elsewhere(path):
    """No SQL is run outside of the stores."""
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        text = SKIPPED.sub(lambda m: "\n" * m[0].count("\n"), file.read())
    call = CALL.search(text)
    if call:
        line = text.count("\n", 0, call.start()) + 1
        raise Wrong(f"{path}:{line}: SQL is run in stores only (*_store.c)")


def collect(options):
    rows = []
    for path in sources.walk("src", r".*\.[ch]"):
        if not MAY_CALL.fullmatch(path):
            check_elsewhere(path)
        elif path.endswith("_store.c"):
            for line, function, sql, values in statements(path, options):
                rows.append(f'    {{"{path}", {line}, "{function}", {values},\n     {sql}}},')
    return rows


def main():
    try:
        rows = collect(sys.argv[2:])
    except Wrong as wrong:
        sys.exit(str(wrong))
    text = ["struct sql_statement {", "    const char *file;", "    int line;",
            "    const char *function;", "    int values; /* bound by the call */", "    const char *sql;", "};",
            "static const struct sql_statement sql_statements[] = {"]
    text += rows + ["    {.sql = 0},", "};"]
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(embed.generated("sql_statements.py", text))


if __name__ == "__main__":
    main()
