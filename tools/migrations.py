#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns the migrations NNN_name.sql of each folder into tables of sys/migrate.h.

    tools/migrations.py OUT.c OUT.h

Folder campaigns/ gives `const struct db_migration campaigns_migrations[]`, ordered by number and
ended by a row whose sql is NULL. Which folder comes first is decided in main/features.c.
"""
import os
import re
import sys

import embed
import sources

NAME = re.compile(r"(\d{3})_[a-z0-9_]+\.sql")


def folders():
    """Folder's name to the paths of its migrations; two with one number fail the build."""
    found = {}
    for path in sources.KINDS["migrations"]():
        name = os.path.basename(path)
        if not NAME.fullmatch(name):
            sys.exit(f"{path}: a migration is called NNN_name.sql")
        paths = found.setdefault(os.path.basename(os.path.dirname(path)), [])
        if any(os.path.basename(other)[:3] == name[:3] for other in paths):
            sys.exit(f"{path}: its number is taken")
        paths.append(path)
    return found


def row(folder, path):
    name = os.path.basename(path)
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        text = "\n".join("     " + embed.c_string(line) for line in file)
    return f'    {{"{folder}", {int(name[:3])}, "{name}",\n{text}}},'


def main():
    out_c, out_h = sys.argv[1:]
    found = folders()
    declared = [f"extern const struct db_migration {folder}_migrations[];" for folder in found]
    # A migration may be longer than the 4095 bytes that C11 promises for a literal.
    lines = ['#include "migrations.h"', '#pragma GCC diagnostic ignored "-Woverlength-strings"']
    for folder, paths in found.items():
        lines.append(f"const struct db_migration {folder}_migrations[] = {{")
        lines += [row(folder, path) for path in paths] + ["    {.sql = NULL},", "};"]
    header = ["#pragma once", '#include "sys/migrate.h"'] + declared
    for path, text in ((out_c, lines), (out_h, header)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(embed.generated("migrations.py", text))


if __name__ == "__main__":
    main()
