#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the catalogues po/*.po with msgfmt and makes the table of sys/lang_local.h.

    tools/catalogues.py OUT.c OUT.bin

The order is the one in which languages appear on pages: French, English, then the others. English
is what the sources are written in, with the hyphen of a keyboard: those of its messages in which a
line could break after the "e-" of "e-mail" are given one at which none does.
"""
import json
import os
import re
import subprocess
import sys

import embed
import messages
import sources

ORDER = ["fr", "en"]
# After a letter that stands alone, as in sys/typeset.c.
HYPHEN = re.compile(r"(?<![\w-])([^\W\d_])-(?=\w)")
NO_BREAK_HYPHEN = "\u2011"


def held(text):
    return HYPHEN.sub(r"\1" + NO_BREAK_HYPHEN, text)


def english():
    """What is added to po/en.po: the messages that are shown otherwise than they are written."""
    with open(messages.FRENCH, encoding="utf-8") as file:
        entries = [m.texts for m in messages.parsed(file.read()) if not m.obsolete]
    added = ""
    for texts in entries:
        one, many = texts["msgid"], texts.get("msgid_plural")
        if held(one) == one and held(many or "") == (many or ""):
            continue
        lines = {"msgid": one, "msgstr": held(one)}
        if many:
            lines = {"msgid": one, "msgid_plural": many}
            lines |= {"msgstr[0]": held(one), "msgstr[1]": held(many)}
        quoted = [f"{key} {json.dumps(text, ensure_ascii=False)}" for key, text in lines.items()]
        added += "\n" + "\n".join(quoted) + "\n"
    return added


def compiled(path, added=""):
    """The .mo form of a catalogue; a broken one fails the build with msgfmt's own words."""
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        text = file.read() + added
    command = ["msgfmt", "--check", "--no-hash", "--output-file=-", "-"]
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def rank(code):
    return (ORDER.index(code) if code in ORDER else len(ORDER), code)


def main():
    out_c, out_bin = sys.argv[1:]
    paths = {os.path.basename(p).removesuffix(".po"): p for p in sources.KINDS["catalogues"]()}
    blob = embed.Blob("catalogues_bytes")
    rows = []
    for code in sorted(paths, key=rank):
        mo = compiled(paths[code], english() if code == "en" else "")
        rows.append(f"    {{{embed.c_string(code)}, {blob.add(mo)}, {len(mo)}}},")
    lines = ["#include <stddef.h>", '#include "sys/lang_local.h"', blob.write(out_bin)]
    lines += ["const struct lang_catalogue lang_catalogues[] = {"] + rows
    with open(out_c, "w", encoding="utf-8") as file:
        file.write(embed.generated("catalogues.py", lines + ["    {.code = NULL},", "};"]))


if __name__ == "__main__":
    main()
