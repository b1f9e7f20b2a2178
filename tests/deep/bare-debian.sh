#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# A newcomer's first hour: a bare Debian 12 from the registry in a folder of its own, in it a clone,
# and there script/server until a page is served, then script/test. Needs root, for chroot.
#   tests/deep/bare-debian.sh [FOLDER]    the folder is kept, and used again, when it is given
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$PWD
[ "$(id -u)" = 0 ] || { echo 'bare-debian.sh: chroot needs root' >&2; exit 1; }

SERVED_SECONDS_MAX=1200
root=${1:-$(mktemp -d /var/tmp/essaim-bare.XXXXXX)}
chmod 755 "$root" # in it not everybody is root: PostgreSQL runs as another
keep=${1:+yes}
log=$root/var/tmp/server.log
server=

clean_up() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    umount -l "$root/proc" "$root/dev/pts" "$root/dev" 2>/dev/null || true
    if [ -n "$keep" ] || mountpoint -q "$root/proc" || mountpoint -q "$root/dev"; then return; fi
    rm -rf --one-file-system "$root"
}
trap clean_up EXIT

# The mirror and the certificates of this machine: the only two things taken from it.
mirror=$(grep -rhoE '^(URIs: *|deb +(\[[^]]*\] +)?)https?://[^ ]+/debian/?( |$)' \
    /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -oE 'https?://[^ ]+' | head -n 1 || true)
mirror=${mirror:-http://deb.debian.org/debian}
if [ ! -d "$root/etc/apt" ]; then
    debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
        { tail -n 20 "$root.log" >&2; exit 1; }
    rm -f "$root.log"
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts" # w3m wants a terminal
certificates=${NODE_EXTRA_CA_CERTS:-}
if [ -n "$certificates" ]; then cp "$certificates" "$root/etc/extra-ca.pem"; fi

rm -rf "$root/srv/essaim"
git clone -q "$project" "$root/srv/essaim"

bare=(chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
    ${certificates:+NODE_EXTRA_CA_CERTS=/etc/extra-ca.pem})

port=$((20000 + RANDOM % 10000))
mkdir -p "$(dirname "$log")"
start=$SECONDS
"${bare[@]}" bash /srv/essaim/script/server --listen "127.0.0.1:$port" >"$log" 2>&1 &
server=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if ! kill -0 "$server" 2>/dev/null || [ $((SECONDS - start)) -gt $SERVED_SECONDS_MAX ]; then
        tail -n 40 "$log" >&2
        echo 'script/server did not come to serve' >&2
        exit 1
    fi
    sleep 1
done
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n' "$port" >&3
head -n 1 <&3 | grep -q ' 200 ' || { echo 'the home page is not 200' >&2; exit 1; }
exec 3>&-
grep -q '/mailbox' "$log" || { echo 'script/server does not say where the mails are' >&2; exit 1; }
echo "served a page after $((SECONDS - start)) s from a bare Debian"
kill "$server"
wait "$server" || true
server=

start=$SECONDS
"${bare[@]}" bash /srv/essaim/script/test
echo "script/test: $((SECONDS - start)) s, packages included"
