#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists the files of one kind, one path a line from the root of the project, in a fixed order.

The build asks here what there is to compile, so that adding a feature edits no build file.
    tools/sources.py KIND     the paths of that kind
    tools/sources.py          all of them, with their kinds: when this changes, configure again
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOORS = ["base", "sys", "web", "core", "features", "main"]
PROGRAM = "src/main/main.c"


def walk(folder, pattern):
    """The files below a folder whose name matches, sorted by floor and then by path."""
    found = []
    for directory, folders, names in os.walk(os.path.join(ROOT, folder)):
        folders[:] = [f for f in folders if not f.startswith(".")]
        for name in names:
            if re.fullmatch(pattern, name):
                found.append(os.path.relpath(os.path.join(directory, name), ROOT))
    return sorted(found, key=lambda path: (floor(path), path))


def floor(path):
    """The number of the floor of src/ on which a path lies; behind them all for other folders."""
    parts = path.split("/")
    known = len(parts) > 2 and parts[0] == "src" and parts[1] in FLOORS
    return FLOORS.index(parts[1]) if known else len(FLOORS)


def styles():
    """The sheets of app.css in the order of the cascade: tokens, base, the frame's, then features'."""
    frame = walk("src/web/assets", r".*\.css")
    first = {"tokens.css": 0, "base.css": 1}
    frame.sort(key=lambda path: (first.get(os.path.basename(path), 2), path))
    return frame + walk("src/core", r".*\.css") + walk("src/features", r".*\.css")


KINDS = {
    "program": lambda: [PROGRAM],
    "library": lambda: [p for p in walk("src", r".*(?<!_test)\.c") if p != PROGRAM],
    "headers": lambda: walk("src", r".*\.h"),
    "tests": lambda: walk("src", r".*_test\.c"),
    "compiler-tests": lambda: walk("tools", r"tplc.*_test\.c"),
    "stores": lambda: walk("src", r".*_store\.c"),
    "story": lambda: walk("tests/story", r".*\.c"),
    "fuzzed": lambda: [p for p in KINDS["library"]() if floor(p) <= FLOORS.index("web")],
    "fuzz": lambda: walk("tests/fuzz", r".*(?<!_fuzz)\.c"),
    "fuzz-targets": lambda: walk("tests/fuzz", r".*_fuzz\.c"),
    "walk": lambda: walk("tests/walk", r".*\.c"),
    "compiler": lambda: walk("tools", r"tplc.*(?<!_test)(?<!_main)\.c"),
    "templates": lambda: walk("src", r".*\.html"),
    "migrations": lambda: walk("src", r"\d{3}_.*\.sql"),
    "styles": styles,
    "assets": lambda: walk("src/web/assets", r".*\.(js|svg|png|ico)"),
    "catalogues": lambda: walk("po", r".*\.po"),
}


def main():
    if len(sys.argv) > 1:
        print("\n".join(KINDS[sys.argv[1]]()))
        return
    for kind, paths in KINDS.items():
        for path in paths():
            print(kind, path)


if __name__ == "__main__":
    main()
