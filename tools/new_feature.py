#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the folder of a new feature out of tools/new-feature/, and adds it where features are listed.

    tools/new_feature.py NAME [NOUN]      ideas; idea, where NAME is not just that with an s

In the templates NAME is the feature, NOUN one of its rows, UPPER_NAME and UPPER_NOUN the same in
capitals. What it did is printed; docs/add-a-feature.md says what comes next.
"""
import glob
import os
import re
import subprocess
import sys

import messages
import sources

TEMPLATES = os.path.join(sources.ROOT, "tools/new-feature")
WORD = re.compile(r"[a-z]{3,24}")
RESERVED = {"group", "order", "table", "index", "values", "check", "case", "default", "union", "line"}


def fail(sentence):
    sys.exit("new-feature: " + sentence)


def read(path):
    with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(os.path.join(sources.ROOT, path), "w", encoding="utf-8") as file:
        file.write(text)
    print(path)


def check_words(name, noun):
    """Ends where the folder, the table or the structs would meet others."""
    if not WORD.fullmatch(name) or not WORD.fullmatch(noun) or name == noun:
        fail("NAME and NOUN are two words of small letters: ideas idea")
    if RESERVED & {name, noun}:
        fail(f"{name} and {noun} mean something in SQL or C: choose another word")
    if os.path.exists(os.path.join(sources.ROOT, "src/features", name)):
        fail(f"src/features/{name} is there already")
    taken = re.compile(rf"CREATE TABLE {noun} |^(struct|enum) ({noun}|{name}) |\b{name}_feature\b", re.M)
    for path in sources.KINDS["migrations"]() + sources.KINDS["headers"]():
        if taken.search(read(path)):
            fail(f"{path} has a {noun} or {name} already: choose another word")


def filled(text, name, noun):
    words = {"UPPER_NAME": name.upper(), "UPPER_NOUN": noun.upper(), "NAME": name, "NOUN": noun}
    return re.sub("UPPER_NAME|UPPER_NOUN|NAME|NOUN", lambda match: words[match.group(0)], text)


def insert(path, before, text):
    """Puts `text` before the last place that matches."""
    whole = read(path)
    places = list(re.finditer(before, whole, re.M))
    if not places:
        fail(f"{path} has no place that matches {before}")
    at = places[-1].start()
    write(path, whole[:at] + text + whole[at:])


def add_include(path, header):
    """Among the includes of its floor, in their order."""
    line = f'#include "{header}"\n'
    whole = read(path)
    later = [m for m in re.finditer(r'#include ".*"\n', whole) if m.group(0) > line]
    at = later[0].start()
    write(path, whole[:at] + line + whole[at:])


def add_french(template):
    """What is not in French yet; the next tools/messages.py puts it in its place."""
    there = {message.texts["msgid"] for message in messages.parsed(read("po/fr.po"))}
    new = [
        block
        for block in read(template).strip().split("\n\n")
        for message in messages.parsed(block)
        if message.texts["msgid"] not in there
    ]
    if new:
        write("po/fr.po", read("po/fr.po").rstrip("\n") + "\n\n" + "\n\n".join(new) + "\n")


def main():
    if len(sys.argv) not in (2, 3):
        fail("script/new-feature NAME [NOUN], as in script/new-feature ideas idea")
    name = sys.argv[1]
    noun = sys.argv[2] if len(sys.argv) == 3 else name.removesuffix("s")
    check_words(name, noun)
    os.mkdir(os.path.join(sources.ROOT, "src/features", name))
    made = []
    for template in sorted(glob.glob(os.path.join(TEMPLATES, "*NAME*"))):
        path = f"src/features/{name}/{os.path.basename(template).replace('NAME', name)}"
        write(path, filled(read(template), name, noun))
        made.append(path)
    add_include("src/main/features.c", f"features/{name}/{name}.h")
    insert("src/main/features.c", r"^    NULL,", f"    &{name}_feature,\n")
    rows = filled(read("tools/new-feature/routes_test.rows"), name, noun)
    insert("src/main/routes_test.c", r"^};\nenum \{ ROWS", rows)
    insert("tests/browser/places.mjs", r"^    404: ", f"    {name}: `/campaigns/${{TOGETHER}}/{name}`,\n")
    row = f"| `{noun}` | `features/{name}` | a few words that somebody left on a campaign's page |\n"
    insert("docs/tour.md", r"^\| `mail` \|", row)
    add_french("tools/new-feature/fr.po")
    formatted = [path for path in made if path.endswith((".c", ".h"))] + ["src/main/routes_test.c"]
    subprocess.run(["clang-format", "-i", *formatted], cwd=sources.ROOT, check=True)


if __name__ == "__main__":
    main()
