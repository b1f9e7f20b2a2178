#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the table of web/assets.h: files under hashed names, with their gzip and brotli forms.

    tools/assets.py OUT.c OUT.bin

app.css is all style sheets in the order of tools/sources.py. In a sheet or script, "./NAME" stands
for another asset and becomes its hashed address; a name that is not there fails the build. A
compressed form is kept only when it is smaller.
"""
import gzip
import hashlib
import os
import re
import subprocess
import sys

import embed
import sources

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
REFERENCE = re.compile(rb"""(?<=["'(])\./([A-Za-z0-9._-]+)(?=["')])""")


def read(path):
    with open(os.path.join(sources.ROOT, path), "rb") as file:
        return file.read()


def collect():
    """The plain assets: name to bytes."""
    files = {}
    for path in sources.KINDS["assets"]():
        files[os.path.basename(path)] = read(path)
    sheets = sources.KINDS["styles"]()
    if sheets:
        files["app.css"] = b"\n".join(read(path) for path in sheets)
    return files


def resolve(files):
    """Fills in references, dependencies first; returns name to (address, bytes)."""
    done = {}

    def finish(name, asked_by):
        if name in done:
            return done[name][0]
        if name not in files or name in asked_by:
            sys.exit(f"assets: {' -> '.join(asked_by + [name])}: no such asset, or a circle")
        text = files[name]
        if name.endswith((".css", ".js")):
            address = lambda m: finish(m.group(1).decode(), asked_by + [name]).encode()
            text = REFERENCE.sub(address, text)
        stem, ending = os.path.splitext(name)
        url = f"/assets/{stem}.{hashlib.sha256(text).hexdigest()[:12]}{ending}"
        done[name] = (url, text)
        return url

    for name in sorted(files):
        finish(name, [])
    return done


def compressed(text):
    """The gzip and the brotli form, the same bytes on every machine."""
    brotli = subprocess.run(
        ["brotli", "--best", "--stdout", "-"], input=text, stdout=subprocess.PIPE, check=True
    )
    return gzip.compress(text, compresslevel=9, mtime=0), brotli.stdout


def row(blob, name, url, text):
    fields = [embed.c_string(name), embed.c_string(url)]
    fields.append(embed.c_string(TYPES[os.path.splitext(name)[1]]))
    fields.append(f"{blob.add(text)}, {len(text)}")
    for form in compressed(text):
        fields.append(f"{blob.add(form)}, {len(form)}" if len(form) < len(text) else "NULL, 0")
    return "    {" + ", ".join(fields) + "},"


def main():
    out_c, out_bin = sys.argv[1:]
    blob = embed.Blob("assets_bytes")
    rows = [row(blob, name, *found) for name, found in sorted(resolve(collect()).items())]
    lines = ['#include "web/assets.h"', blob.write(out_bin), "const struct asset assets[] = {"]
    with open(out_c, "w", encoding="utf-8") as file:
        file.write(embed.generated("assets.py", lines + rows + ["    {.name = NULL},", "};"]))


if __name__ == "__main__":
    main()
