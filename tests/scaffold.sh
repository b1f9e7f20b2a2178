#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Follows docs/add-a-feature.md in a copy of the project: a feature is made, it passes all that looks
# at a feature, the program serves it; and it can be left out again. Wants build-san to be built.
# Closes with `N passed, N failed`.
source "$(dirname "$0")/../script/lib.sh"

passed=0
failed=0
check() {
    local name=$1 start=$SECONDS
    shift
    if "$@" >check.log 2>&1; then
        passed=$((passed + 1))
        say "$name: passed, $((SECONDS - start)) s"
    else
        failed=$((failed + 1))
        cat check.log
        say "FAILED: $name"
    fi
}

# Refused, and nothing was begun.
refuses() { ! "$@" && diff -rq "$original/src" src; }
takes_no_odd_words() {
    refuses tools/new_feature.py && refuses tools/new_feature.py Whispers &&
        refuses tools/new_feature.py whisper && refuses tools/new_feature.py reports &&
        refuses tools/new_feature.py told report && refuses tools/new_feature.py orders
}
leaves_nothing_needed_out() {
    refuses tools/without.py signups && refuses tools/without.py reports &&
        refuses tools/without.py team nothing
}

build() { ninja -C build-san --quiet "$@"; }
is_formatted() { clang-format --dry-run -Werror src/features/whispers/*.[ch] src/main/*.[ch]; }
is_sound() { cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr \
    --suppress=constStatement --error-exitcode=2 -I src -D_GNU_SOURCE src/features/whispers; }

# The demonstration is made with it, adds up, and is served to whoever asks.
serves() {
    rm -rf data
    build-san/essaim demo --data data --participants 30 && build-san/essaim check --data data &&
        ESSAIM_PROGRAM=build-san/essaim node tests/served.mjs / 200 /campaigns/deux-heures-ensemble 200 \
            /campaigns/deux-heures-ensemble/whispers "$1" /healthz 200
}

original=$PWD
copy_built build-scaffold
cd build-scaffold

check 'words that are taken, or none, are refused' takes_no_odd_words
check 'what others need is not left out' leaves_nothing_needed_out
check 'script/new-feature' script/new-feature whispers
check 'it builds' build essaim features.whispers.whispers.test main.routes.test main.access.test sql.check
check 'its stories, and those of all routes' tools/unit_tests.py build-san whispers main.routes main.access sql.check
check 'tools/tidy.py' tools/tidy.py
check 'tools/messages.py' tools/messages.py --check build-san
check 'tools/headers.py' tools/headers.py build-san
check 'clang-format' is_formatted
check 'cppcheck' is_sound
check 'it is served' serves 200
check 'tools/without.py' tools/without.py whispers
check 'the program builds without it' build essaim main.routes.test
check 'the routes are those of before' tools/unit_tests.py build-san main.routes
check 'it is served no more' serves 404

cd "$original"
if [ "$failed" = 0 ]; then rm -rf build-scaffold; fi
say "$passed passed, $failed failed"
[ "$failed" = 0 ]
