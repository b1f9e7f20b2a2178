#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the test programs of a build, two at a time, and counts their tests.

    tools/unit_tests.py [--postgres] BUILD_DIR [WORD...]   only programs whose name has a word

With --postgres they run on PostgreSQL instead of SQLite, see tools/postgres.py.
What a failing program said is printed. Closes with `N passed, N failed`. A program that ends badly,
or without any test, counts as one failure at least.
"""
import concurrent.futures
import contextlib
import json
import os
import re
import subprocess
import sys
import time

import postgres

AT_ONCE = 2
SECONDS_MAX = 120
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}


def programs(build, words):
    """Name and command of each test program, as Meson knows them."""
    command = ["meson", "introspect", "--tests", build]
    tests = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    chosen = [t for t in tests if not words or any(word in t["name"] for word in words)]
    return [(t["name"], t["cmd"]) for t in chosen]


def run(program):
    """Runs one; returns name, passed, failed, seconds and output."""
    name, command = program
    start = time.monotonic()
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS_MAX,
            env={**os.environ, **SANITIZERS},
        )
        output, status = done.stdout.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        output, status = (late.stdout or b"").decode(errors="replace") + "\nout of time\n", -1
    counts = lambda line: sum(map(int, re.findall(line, output, re.M)))
    passed = len(re.findall(r"^\[       OK \]", output, re.M))
    skipped = counts(r"^\[  SKIPPED \] (\d+) test")
    failed = counts(r"^\[=+\] Running (\d+) test") - passed - skipped
    if failed == 0 and (status != 0 or passed + skipped == 0):
        failed = 1
    return name, passed, failed, time.monotonic() - start, output


def run_all(build, words):
    found = programs(build, words)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for name, ok, bad, seconds, output in pool.map(run, found):
            passed, failed = passed + ok, failed + bad
            print(f"{name}: {ok} passed, {bad} failed, {seconds:.1f} s", flush=True)
            if bad:
                print(output, flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed == 0 and passed > 0


def main():
    words = sys.argv[1:]
    server = contextlib.nullcontext()
    if words[0] == "--postgres":
        server, words = postgres.server(), words[1:]
    with server as address:
        if address:
            os.environ["ESSAIM_TEST_DATABASE"] = address
        fine = run_all(words[0], words[1:])
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
