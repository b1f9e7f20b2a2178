#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaves features out of the program: their lines in src/main/features.c, and their routes in the
table of src/main/routes_test.c. Their folders stay.

    tools/without.py NAME...

Only those of OPTIONAL, and what script/new-feature made; docs/add-a-feature.md says why the others
are needed. Nothing is changed when one of them cannot be left out.
"""
import os
import re
import sys

import sources

# A feature, and who is of no use without it.
OPTIONAL = {"mailbox": [], "team": [], "messages": [], "factors": [], "reports": ["factors"],
            "flags": []}
CORE = {"account", "administration", "campaigns", "mails", "privacy", "signups"}


def without(path, pattern, count):
    """Takes away what matches, which must be there that often."""
    whole = os.path.join(sources.ROOT, path)
    with open(whole, encoding="utf-8") as file:
        text, found = re.subn(pattern, "", file.read(), flags=re.M)
    if found != count:
        sys.exit(f"without: {path} has {found} places that match {pattern}")
    with open(whole, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    names = sys.argv[1:]
    there = set(os.listdir(os.path.join(sources.ROOT, "src/features")))
    for name in names:
        if name not in there or name in CORE:
            sys.exit(f"without: {name} is no feature that can be left out")
        for other in OPTIONAL.get(name, []):
            if other not in names:
                sys.exit(f"without: {other} is of no use without {name}: leave it out too")
    for name in names:
        without("src/main/features.c", rf'^    &{name}_feature,\n|^#include "features/{name}/.*\n', 2)
        without("src/main/routes_test.c", rf"^    /\* {name}\b.*\*/\n(?:    +(?!/\*).*\n)+", 1)


if __name__ == "__main__":
    main()
