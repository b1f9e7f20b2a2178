#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# The Debian package: made, looked at by lintian, installed, started by hand as its user with its own
# settings, served a page, purged. The unit is verified, and its exposure rated. Needs root; leaves the
# machine without the package, and without the data that it made.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo 'package.sh: installing needs root' >&2; exit 1; }
if dpkg-query -W essaim >/dev/null 2>&1 || [ -e /var/lib/essaim ]; then
    echo 'package.sh: there is an Essaim on this machine, and it is left alone' >&2
    exit 1
fi

EXPOSURE_MAX=15 # in tenths: 1.5
port=18099
server=
fail() { echo "package.sh: $*" >&2; exit 1; }
clean_up() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    dpkg --purge essaim >/dev/null 2>&1 || true
    rm -rf /var/lib/essaim
}
trap clean_up EXIT

script/package
package=$(echo build-package/essaim_*.deb)
lintian --allow-root --fail-on error,warning "$package"
apt-get install -y -q --no-install-recommends "./$package" >build-package/install.log 2>&1 ||
    { tail -n 20 build-package/install.log >&2; exit 1; }

unit=/lib/systemd/system/essaim.service
systemd-analyze verify "$unit"
systemd-analyze security --offline=true --threshold=$EXPOSURE_MAX --no-pager "$unit" | tail -n 1
man -w essaim >/dev/null || fail 'there is no manual page'

# What the unit does, by hand: its user, its folder, its settings, and one more for the port.
install -d -o essaim -g essaim -m 0700 /var/lib/essaim
ESSAIM_CONF=/etc/essaim/essaim.conf setpriv --reuid=essaim --regid=essaim --clear-groups --no-new-privs \
    /usr/bin/essaim serve --listen "127.0.0.1:$port" >build-package/serve.log 2>&1 &
server=$!
for _ in $(seq 100); do
    if grep -q event=listening build-package/serve.log; then break; fi
    sleep 0.1
done
curl -fsS --max-time 10 "http://127.0.0.1:$port/" | grep -q '<h1' || fail 'no page is served'
grep -q 'event=sandbox' build-package/serve.log || fail 'it does not say how far its sandbox reaches'
[ "$(stat -c '%U %a' /var/lib/essaim/essaim.db)" = 'essaim 600' ] || fail 'the database is not its own alone'
kill "$server"
wait "$server"
server=

dpkg --purge essaim >/dev/null 2>&1
if [ -e /usr/bin/essaim ] || [ -e /etc/essaim ] || [ -e "$unit" ]; then fail 'something is left of it'; fi
[ -e /var/lib/essaim/essaim.db ] || fail 'purging took the data'
echo '1 passed, 0 failed'
