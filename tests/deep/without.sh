#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# The program without all features that can be left out, and without each of them: it builds, and it
# starts with a demonstration of its own. Without all of them every test of what is left passes;
# without one, those of the whole program and of the others of these. Wants build-san to be built.
source "$(dirname "$0")/../../script/lib.sh"

passed=0
failed=0
original=$PWD
copy_built build-without
cd build-without
mkdir whole
cp -p src/main/features.c src/main/routes_test.c whole/

optional='mailbox team messages factors reports flags'

# The test programs that are run without those, but for what is told of all features together: what
# a campaign's pages offer, the limits, the findings of a check, the traces of a person. sql.check
# prepares the statements of all.
of_all='features\.campaigns\.campaigns_offers|features\.privacy\.privacy_trace|main\.(check|limits)'
tests_without() {
    local left kept=main
    left=$(IFS='|'; printf '%s' "$*")
    if [ "$*" = "$optional" ]; then kept='core|features|main'; fi
    tools/sources.py tests | sed 's,^src/,,; s,_test\.c$,.test,; s,/,.,g' |
        grep -E "^($kept|features\.(${optional// /|}))\." | grep -vE "^(features\.($left)|$of_all)\."
}

# All that is left without those features, in a shell that ends at the first error.
look() (
    set -e
    cp whole/* src/main/
    tools/without.py "$@"
    names=$(tests_without "$@")
    configure build-san
    ninja -C build-san --quiet essaim $names
    tools/unit_tests.py build-san $names
    rm -rf data
    build-san/essaim demo --data data --participants 30
    build-san/essaim check --data data
    ESSAIM_PROGRAM=build-san/essaim node tests/served.mjs / 200 /campaigns 200 /healthz 200 \
        /campaigns/deux-heures-ensemble 200 /campaigns/repeindre-l-ecole-des-tilleuls/result 200 \
        /sign-in 200 /administration 303
)

try() {
    local start=$SECONDS
    look "$@" >without.log 2>&1 &
    if wait $!; then
        passed=$((passed + 1))
        say "without $*: passed, $((SECONDS - start)) s"
    else
        failed=$((failed + 1))
        cat without.log
        say "FAILED: without $*"
    fi
}

try $optional
for name in $optional; do
    if [ "$name" = reports ]; then try reports factors; else try "$name"; fi
done
cd "$original"
if [ "$failed" = 0 ]; then rm -rf build-without; fi
say "$passed passed, $failed failed"
[ "$failed" = 0 ]
