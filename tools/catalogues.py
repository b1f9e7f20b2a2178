#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the catalogues po/*.po with msgfmt and makes the table of sys/lang_local.h.

    tools/catalogues.py OUT.c OUT.bin

The order is the one in which languages appear on pages: French, English, then the others.
"""
import os
import subprocess
import sys

import embed
import sources

ORDER = ["fr", "en"]


def compiled(path):
    """The .mo form of a catalogue; a broken one fails the build with msgfmt's own words."""
    command = ["msgfmt", "--check", "--no-hash", "--output-file=-", os.path.join(sources.ROOT, path)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def rank(code):
    return (ORDER.index(code) if code in ORDER else len(ORDER), code)


def main():
    out_c, out_bin = sys.argv[1:]
    paths = {os.path.basename(p).removesuffix(".po"): p for p in sources.KINDS["catalogues"]()}
    blob = embed.Blob("catalogues_bytes")
    rows = []
    for code in sorted(paths, key=rank):
        mo = compiled(paths[code])
        rows.append(f"    {{{embed.c_string(code)}, {blob.add(mo)}, {len(mo)}}},")
    lines = ["#include <stddef.h>", '#include "sys/lang_local.h"', blob.write(out_bin)]
    lines += ["const struct lang_catalogue lang_catalogues[] = {"] + rows
    with open(out_c, "w", encoding="utf-8") as file:
        file.write(embed.generated("catalogues.py", lines + ["    {.code = NULL},", "};"]))


if __name__ == "__main__":
    main()
