#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Collects the messages of the sources and keeps po/fr.po in step with them.

    tools/messages.py [BUILD_DIR]             adds new messages (empty), drops those that are gone
    tools/messages.py --check [BUILD_DIR]     changes nothing; fails where the French is not whole

Messages stand in html_message, html_message_plural, lang_text, lang_plural and N_(). Those of
templates are read from the C that the compiler made of them, in BUILD_DIR (build-san). English
needs no translation: po/en.po has its plural rule only (see tools/catalogues.py).
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

import sources

FRENCH = os.path.join(sources.ROOT, "po/fr.po")
KEYWORDS = [
    "html_message:2",
    "html_message_plural:2,3",
    "lang_text:2",
    "lang_plural:2,3",
    "N_:1",
]
EXTRACT = ["xgettext", "--language=C", "--from-code=UTF-8", "--add-comments=translators"]
EXTRACT += ["--add-location=file", "--keyword", "--output=-"]
EXTRACT += ["--keyword=" + keyword for keyword in KEYWORDS]

HOLE = re.compile(r"\{\w+\}")
# French sets a no-break space before these; an ordinary one would let them begin a line.
LOOSE_SIGN = re.compile(r" [?!:;»]|« ")


class Message:
    """One entry of a .po file."""

    def __init__(self):
        self.flags = ""
        self.obsolete = False
        self.texts = {}  # msgid, msgid_plural, msgstr, msgstr[0]... in their order

    def originals(self):
        return [self.texts[key] for key in ("msgid", "msgid_plural") if key in self.texts]

    def translations(self):
        return [text for key, text in self.texts.items() if key.startswith("msgstr")]


def unquoted(literal):
    """The text of a literal of a .po file, which is one of C."""
    plain = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
    return re.sub(r"\\(.)", lambda match: plain[match.group(1)], literal[1:-1])


def parsed(text):
    """The messages of a .po file, without its header."""
    messages = []
    for block in re.split(r"\n\s*\n", text):
        message, key = Message(), None
        for line in block.split("\n"):
            if line.startswith("#~"):
                message.obsolete = True
                line = line[2:].lstrip()
            if line.startswith("#,"):
                message.flags += line
            match = re.match(r'(msg\w+(?:\[\d\])?)?\s*(".*")$', line)
            if match:
                key = match.group(1) or key
                message.texts[key] = message.texts.get(key, "") + unquoted(match.group(2))
        if message.texts.get("msgid"):
            messages.append(message)
    return messages


def run(command, given=None):
    """What a tool of gettext answers. Its warnings (it would rather have ASCII) show if it fails."""
    done = subprocess.run(
        command,
        cwd=sources.ROOT,
        input=given,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if done.returncode != 0:
        sys.exit("messages: " + done.stderr.decode())
    return done.stdout


def generated(build):
    """The C that was made of each template."""
    for template in sources.KINDS["templates"]():
        inner = template.removeprefix("src/") + ".c"
        found = glob.glob(os.path.join(sources.ROOT, build, "**", inner), recursive=True)
        if not found:
            sys.exit(f"messages: {build} has no {inner}: build first")
        yield os.path.relpath(found[0], sources.ROOT)


def collected(build):
    """All messages of the sources, as a .pot file."""
    paths = sources.KINDS["library"]() + sources.KINDS["program"]() + list(generated(build))
    paths = [path for path in paths if os.path.exists(os.path.join(sources.ROOT, path))]
    pot = run(EXTRACT + paths).decode()
    # What was generated is known by its template, wherever it was built.
    return re.sub(r"\S*?((web|core|features)/\S+\.html)(\.c)?(?=\s)", r"src/\1", pot)


def merge(pot):
    """Brings po/fr.po up to date; what is there already stays as it is."""
    with tempfile.NamedTemporaryFile("w", suffix=".pot", encoding="utf-8") as file:
        file.write(pot)
        file.flush()
        command = ["msgmerge", "--quiet", "--no-fuzzy-matching", "--width=100", FRENCH, file.name]
        merged = run(command)
    result = run(["msgattrib", "--no-obsolete", "--width=100", "-"], merged).decode()
    # The time of each run would make two branches differ that do not.
    result = re.sub(r'"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', "", result)
    with open(FRENCH, "w", encoding="utf-8") as file:
        file.write(result)


def holes(texts):
    return {hole for text in texts for hole in HOLE.findall(text)}


def hole_breaches(message):
    """Holes that a translation lacks or invents. The French for one is also that for none: all
    its forms show the number, where English may say "one place"."""
    known, wanted = holes(message.originals()), holes(message.originals()[-1:])
    for text in message.translations():
        has = holes([text])
        if has - known:
            yield "invents " + " ".join(sorted(has - known))
        if wanted - has:
            yield "lacks " + " ".join(sorted(wanted - has))


def message_breaches(message):
    if "fuzzy" in message.flags:
        yield "is fuzzy"
    if not all(message.translations()):
        yield "is not translated"
        return
    yield from hole_breaches(message)
    if any(LOOSE_SIGN.search(text) for text in message.translations()):
        yield "has an ordinary space before ? ! : ; or inside « »"


def breaches(pot, french):
    """What is wrong with the French, a line each."""
    wanted = {tuple(message.originals()) for message in parsed(pot)}
    there = {tuple(message.originals()): message for message in parsed(french)}
    for originals in sorted(wanted - there.keys()):
        yield f"po/fr.po lacks {originals[0]!r}: run tools/messages.py and translate it"
    for originals, message in there.items():
        if message.obsolete or originals not in wanted:
            yield f"po/fr.po: {originals[0]!r} is no longer in the sources: run tools/messages.py"
            continue
        for breach in message_breaches(message):
            yield f"po/fr.po: {originals[0]!r} {breach}"


def main():
    words = sys.argv[1:]
    check = "--check" in words
    words = [word for word in words if word != "--check"]
    pot = collected(words[0] if words else "build-san")
    if not check:
        merge(pot)
    with open(FRENCH, encoding="utf-8") as file:
        found = list(breaches(pot, file.read()))
    print("\n".join(found) or f"messages: {len(parsed(pot))}, all in French")
    sys.exit(1 if check and found else 0)


if __name__ == "__main__":
    main()
