#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles each header of src/ alone, twice included: it needs no other before it.

    tools/headers.py BUILD_DIR

Takes the flags from the build's compile_commands.json, less banned.h, which would bring headers of
its own. Two compilers run at once, each over half of the headers.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import sources

AT_ONCE = 2


def flags(build):
    """Where the library's own sources find headers."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = [entry["command"] for entry in json.load(file)]
    command = next(c for c in commands if "-Ilibessaim.a.p" in c)
    return [word for word in shlex.split(command) if re.match(r"-(I|isystem|D|W|std=)", word)]


def compile_alone(build, headers):
    with tempfile.TemporaryDirectory() as folder:
        units = []
        for header in headers:
            unit = os.path.join(folder, header.replace("/", "+") + ".c")
            with open(unit, "w", encoding="utf-8") as file:
                file.write(f'#include "{header.removeprefix("src/")}"\n' * 2 + "extern int unit;\n")
            units.append(unit)
        command = ["gcc", "-fsyntax-only", *flags(build), *units]
        return subprocess.run(command, cwd=build, check=False).returncode


def main():
    build = sys.argv[1]
    headers = sources.KINDS["headers"]()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        parts = [headers[i::AT_ONCE] for i in range(AT_ONCE)]
        bad = [status for status in pool.map(lambda part: compile_alone(build, part), parts) if status]
    print(f"headers: {len(headers)} compiled alone")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
