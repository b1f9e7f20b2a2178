#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Prints how many instructions a page takes that is made anew: the demonstration's largest campaign,
# or the PATH that is given. Counted by callgrind in the thread that makes it, libraries included, so
# that it is the same on a busy machine and on a quiet one. Leaves the profile for
# callgrind_annotate. Needs build-bench (script/bench makes it), valgrind and curl.
source "$(dirname "$0")/../../script/lib.sh"

path=${1:-/campaigns/du-balai-les-vieux-e-mails}
program=build-bench/essaim
pages=200
port=$((20000 + $$ % 20000))
url=http://127.0.0.1:$port$path
folder=$(mktemp -d)

"$program" demo --data "$folder/data" --participants 5000 --lang fr >"$folder/demo.log" 2>&1
# Without ERMS: callgrind counts each byte that one instruction of that kind copies or clears.
GLIBC_TUNABLES=glibc.cpu.hwcaps=-ERMS ESSAIM_NO_SANDBOX=yes valgrind --tool=callgrind \
    --separate-threads=yes --callgrind-out-file="$folder/profile" "$program" serve --listen "127.0.0.1:$port" \
    --data "$folder/data" --mailbox --cache-mb 0 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until grep -q event=listening "$folder/log"; do
    kill -0 "$server" || fail "The server did not start: $(cat "$folder/log")"
    sleep 0.2
done

# Many times the same address, on one connection.
get() { curl -sf -H 'Accept-Language: fr' "$url#[1-$1]" -o "$folder/page.html"; }
get 30
callgrind_control -z "$server" >"$folder/control.log" 2>&1
get "$pages"
callgrind_control -d "$server" >>"$folder/control.log" 2>&1
# The thread that computed most.
read -r counted profile < <(awk '/^totals:/ { print $2, FILENAME }' "$folder"/profile.1-* | sort -nr | head -n 1)
say "$((counted / pages)) instructions for a page of $(stat -c %s "$folder/page.html") bytes: $path"
say "callgrind_annotate --inclusive=yes $profile"
