#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the fuzz targets of a build (meson: -Dfuzz=true), and says what each of them did.

    tools/fuzz.py BUILD_DIR runs=N|seconds=N [NAME...]

Each target first runs as a control over `known_bad` of its corpus, and must end by the sanitizer;
then over its whole corpus and what libFuzzer makes of it: `runs` inputs from a fixed seed, or for
`seconds`. What makes one end is kept in BUILD_DIR/found: mend it, and move it to the corpus. Closes
with `N passed, N failed`.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import time

import sources

CORPUS = os.path.join(sources.ROOT, "tests/fuzz/corpus")
AT_ONCE = 2
INPUT_BYTES_MAX = 4096
MEGABYTES_MAX = 1024
CONTROL_SECONDS_MAX = 60


def targets(build, names):
    """Name and program of each target, or of the named ones."""
    known = [os.path.basename(path)[: -len("_fuzz.c")] for path in sources.KINDS["fuzz-targets"]()]
    return [(n, os.path.join(build, n + ".fuzz")) for n in known if not names or n in names]


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def control(program, corpus):
    """None when the planted fault is found; else what is wrong."""
    done = run(
        [program, os.path.join(corpus, "known_bad")],
        env={**os.environ, "ESSAIM_FUZZ_CONTROL": "1"},
        timeout=CONTROL_SECONDS_MAX,
    )
    said = done.stdout
    if done.returncode != 0 and b"heap-buffer-overflow" in said and b"fuzz_seen" in said:
        return None
    return "its control finds nothing: known_bad does not give what the target expects"


def fuzz(program, corpus, new, found, limit):
    """What libFuzzer says, and whether it ended well. New inputs go to `new`, never to the corpus."""
    os.makedirs(new, exist_ok=True)
    os.makedirs(found, exist_ok=True)
    amount = {"runs": "-runs=", "seconds": "-max_total_time="}[limit[0]] + limit[1]
    done = run(
        [
            program,
            new,
            corpus,
            amount,
            "-seed=1",
            f"-max_len={INPUT_BYTES_MAX}",
            f"-rss_limit_mb={MEGABYTES_MAX}",
            "-timeout=10",
            "-print_final_stats=1",
            f"-artifact_prefix={found}/",
        ]
    )
    return done.returncode == 0, done.stdout.decode(errors="replace")


def one(build, name, program, limit):
    start = time.monotonic()
    corpus = os.path.join(CORPUS, name)
    wrong = control(program, corpus)
    output = ""
    if not wrong:
        new = os.path.join(build, "corpus" if limit[0] == "seconds" else "corpus-short", name)
        fine, output = fuzz(program, corpus, new, os.path.join(build, "found", name), limit)
        wrong = None if fine else "ended badly:\n" + output
    units = re.search(r"number_of_executed_units: (\d+)", output)
    return name, wrong, int(units.group(1)) if units else 0, time.monotonic() - start


def main():
    build = os.path.abspath(sys.argv[1])
    limit = sys.argv[2].split("=")
    chosen = targets(build, sys.argv[3:])
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for name, wrong, units, seconds in pool.map(lambda t: one(build, *t, limit), chosen):
            print(f"{name}: {units} inputs, {seconds:.1f} s", flush=True)
            if wrong:
                failed += 1
                print(f"FAILED: {name} {wrong}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(0 if chosen and failed == 0 else 1)


if __name__ == "__main__":
    main()
