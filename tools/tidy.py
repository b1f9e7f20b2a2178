#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of the house that a script can see; docs/decisions/0001-the-build.md says which.

Prints `path:line: sentence` for each breach and exits 1 if there is one. There is no list of
exceptions: who needs one changes the rule here, for all.
"""
import os
import re
import sys

import sources

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
PARAMETERS_MAX = 5
NESTING_MAX = 3

LICENCE = "SPDX-License-Identifier: AGPL-3.0-or-later"
MARKED = (".c", ".h", ".html", ".css", ".js", ".mjs", ".py", ".sql", ".sh", ".build")
FOLDERS = ["src", "tests", "tools", "script", ".ci", "docs", "po"]
GENERATED_HEADERS = {"migrations.h": "sys"}  # each card names its own table

# Headers of libraries, and the lowest and highest floor that may see them.
LIBRARIES = re.compile(
    r"sqlite3\.h|libpq-fe\.h|microhttpd\.h|curl/.*|gmime/.*|cmark\.h|sodium\.h|sodium/.*"
    r"|unicode/.*|qrencode\.h|glib\.h|glib/.*|gio/.*|archive\.h|archive_entry\.h|zlib\.h"
)
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
FOR_TESTS = re.compile(r"^story/|_fixture\.h$")
NESTED = re.compile(r"( +)(if|for|while|switch|do)\b")
FOREIGN_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|home)/|\.\./" + "shared")
UNDONE = re.compile(r"\b(FIX" + r"ME|X" + r"XX)\b|\bTO" + r"DO\b(?!.*#\d)")


class Tidy:
    def __init__(self):
        self.breaches = []
        self.uses = {}  # folder of a feature (or of core/) -> the folders whose headers it includes

    def breach(self, path, line, sentence):
        self.breaches.append(f"{path}:{line}: {sentence}")

    def check(self, path):
        with open(os.path.join(sources.ROOT, path), encoding="utf-8") as file:
            lines = file.read().split("\n")
        if path.endswith(MARKED) or lines[0].startswith("#!"):
            self.check_head(path, lines)
        if path.endswith((".c", ".h", ".html", ".css", ".js", ".mjs", ".py", ".sql")):
            if len(lines) - 1 > FILE_LINES_MAX:
                self.breach(path, 1, f"{len(lines) - 1} lines, at most {FILE_LINES_MAX}")
        for number, line in enumerate(lines, 1):
            if UNDONE.search(line):
                self.breach(path, number, "something undone, without an issue's number")
            if FOREIGN_PATH.search(line):
                self.breach(path, number, "a path outside the project")
        if path.endswith((".c", ".h")):
            self.check_includes(path, lines)
            self.check_functions(path, lines)

    def check_head(self, path, lines):
        first = 1 if lines[0].startswith("#!") else 0
        if len(lines) <= first or LICENCE not in lines[first]:
            self.breach(path, first + 1, f"the line {LICENCE} is missing")
        elif path.endswith(".c") and not lines[1].startswith("/* "):
            self.breach(path, 2, "the head comment is missing: what this file is for")

    # Includes: never up, never in a circle.

    def check_includes(self, path, lines):
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if match and path.startswith("src/"):
                wrong = self.wrong_include(path, *match.groups())
                if wrong:
                    self.breach(path, number, f"includes {match.group(2)}: {wrong}")

    def wrong_include(self, path, quote, header):
        """Why a file of src/ may not include this header; None if it may."""
        floor = path.split("/")[1]
        if quote == "<":
            if LIBRARIES.fullmatch(header) and floor != "sys":
                return "that library is seen by sys/ alone"
            if header == "jansson.h" and floor == "base":
                return "JSON begins at sys/"
            return None
        folder, header_folder = os.path.dirname(path), "src/" + os.path.dirname(header)
        if folder == header_folder:
            return None
        for_tests = FOR_TESTS.search(header)
        if for_tests and not path.endswith("_test.c") and not FOR_TESTS.search(path):
            return "that header is for tests"
        if header.startswith("story/"):
            return None
        header_floor = GENERATED_HEADERS.get(header, header.split("/")[0])
        if header_floor not in sources.FLOORS:
            return "the path of a header begins with its floor"
        if header.endswith("_local.h"):
            return "that header is its own folder's"
        rank = sources.FLOORS.index
        # A feature's stories run the whole program: they stand above it.
        story = floor == "features" and path.endswith("_test.c")
        if rank(header_floor) > rank(floor) and not story:
            return "that is a higher floor"
        if floor in ("core", "features") and header_floor == floor and not for_tests:
            self.uses.setdefault(folder, {}).setdefault(header_folder, path)
            if header != f"{header.rsplit('/', 1)[0]}/{os.path.basename(header_folder)}.h":
                return "only the public header of another folder"
        return None

    def check_circles(self):
        done = set()

        def visit(folder, above):
            if folder in above:
                circle = " -> ".join(above[above.index(folder) :] + [folder])
                self.breach(self.uses[above[-1]][folder], 1, f"a circle: {circle}")
            elif folder not in done:
                for other in sorted(self.uses.get(folder, {})):
                    visit(other, above + [folder])
                done.add(folder)

        for folder in sorted(self.uses):
            visit(folder, [])

    # Functions: clang-format puts each one's braces alone into the first column.

    def check_functions(self, path, lines):
        start = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                start = first_line(lines, number)
                self.check_parameters(path, start, " ".join(lines[start - 1 : number - 1]))
            elif line == "}" and start:
                if number - start + 1 > FUNCTION_LINES_MAX:
                    length = number - start + 1
                    self.breach(path, start, f"{length} lines, at most {FUNCTION_LINES_MAX}")
                start = None
            elif start:
                nested = NESTED.match(line)
                if nested and len(nested.group(1)) > 4 * NESTING_MAX:
                    self.breach(path, number, f"nested deeper than {NESTING_MAX} levels")

    def check_parameters(self, path, start, signature):
        depth, commas, opened = 0, 0, False
        for char in signature:
            depth += (char == "(") - (char == ")")
            opened = opened or char == "("
            commas += char == "," and depth == 1
        # In sys/ a static function may have the shape that a library wants of its callback.
        callback = path.startswith("src/sys/") and signature.startswith("static ")
        if opened and commas + 1 > PARAMETERS_MAX and not callback:
            self.breach(path, start, f"{commas + 1} parameters, at most {PARAMETERS_MAX}")


def first_line(lines, brace):
    """The number of the line on which the signature before a function's brace begins."""
    number = brace - 1
    while number > 1 and lines[number - 2] and not re.search(r"(;|}|\*/|\\)$|^#", lines[number - 2]):
        number -= 1
    return number


def project_files():
    """All text of the project that people write."""
    names = r".*\.(c|h|html|css|js|mjs|py|sql|sh|md|po|supp)|[a-z-]+"
    for folder in FOLDERS:
        yield from sources.walk(folder, names)
    yield "meson.build"


def main():
    tidy = Tidy()
    count = 0
    for path in project_files():
        tidy.check(path)
        count += 1
    tidy.check_circles()
    print("\n".join(tidy.breaches) or f"tidy: {count} files")
    sys.exit(1 if tidy.breaches else 0)


if __name__ == "__main__":
    main()
