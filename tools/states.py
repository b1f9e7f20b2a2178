#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares the diagrams of docs/states.md with the tables of steps that the program goes by.

Prints each step that stands in one of them only, and exits 1 if there is one. A step from [*] is a
beginning, one to [*] an end: a state from which no step leads on, and those alone may end (or, like
a missed campaign, be extended).
"""
import os
import re
import sys

import sources

DIAGRAM = re.compile(r"^## (.+?)\n.*?```mermaid\n(.*?)```", re.M | re.S)
EDGE = re.compile(r"^ *(\S+) --> (\S+?)(?::.*)?$", re.M)
TABLES = {
    "Campaign": ("src/features/campaigns/campaigns.c", "campaign_steps", "CAMPAIGN"),
    "Sign-up": ("src/features/signups/signups.c", "sign_up_steps", "SIGN_UP"),
}


def edges_of_diagrams(text):
    """Title of each diagram to its edges."""
    return {title: set(EDGE.findall(body)) for title, body in DIAGRAM.findall(text)}


def edges_of_table(text, table, prefix):
    """The steps of a table in C, in the words of the diagram; None where there is no such table."""
    found = re.search(table + r"\[\] = \{\n(.*?)\n\};", text, re.S)
    step = re.compile(rf"\{{{prefix}_(\w+), {prefix}_(\w+)\}}")
    return {(a.lower(), b.lower()) for a, b in step.findall(found[1])} if found else None


def differences(drawn, steps):
    """One sentence for each."""
    inner = {edge for edge in drawn if "[*]" not in edge}
    ends = {a for a, b in drawn if b == "[*]"}
    goes_on = {a for a, _ in steps}
    return (
        [f"{a} --> {b} is drawn, and no step of the program" for a, b in sorted(inner - steps)]
        + [f"{a} --> {b} is a step of the program, and not drawn" for a, b in sorted(steps - inner)]
        + [f"{b} is an end, and not drawn as one"
           for b in sorted({b for _, b in steps} - goes_on - ends) if ends]
    )


def read(path):
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        return file.read()


def main():
    diagrams = edges_of_diagrams(read("docs/states.md"))
    wrong = []
    for title, (path, table, prefix) in TABLES.items():
        steps = edges_of_table(read(path), table, prefix)
        if not steps or title not in diagrams:
            wrong.append(f"{title}: no diagram, or no table {table} in {path}")
            continue
        wrong += [f"{title}: {words}" for words in differences(diagrams[title], steps)]
    for words in wrong:
        print(f"docs/states.md: {words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
