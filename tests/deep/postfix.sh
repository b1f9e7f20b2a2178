#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# A real mail server: Postfix takes our mails over STARTTLS, and pipes back what comes to them, in both
# ways that docs/operate.md has: its lines are read from there. Postfix is installed in a copy of this
# machine (an overlay in memory) and runs with a network of its own; nothing of either is left. Needs
# root, and the mirror of this machine's apt.
#   tests/deep/postfix.sh    after the sanitizer build
set -euo pipefail
script=$(realpath "$0")
project=$(realpath "$(dirname "$script")/../..")
data=/var/lib/essaim
SECONDS_MAX=60

# The n-th block of lines to copy, of the part about mails that come back.
block() {
    awk -v wanted="$1" '/^## /{on = /come back/} !on{next}
        /^    /{if (!inside) n++; inside = 1; if (n == wanted) print substr($0, 5); next} {inside = 0}' \
        "$project/docs/operate.md"
}

copied() {
    mount -t tmpfs tmpfs /mnt
    mkdir /mnt/upper /mnt/work /mnt/root
    mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
    mount --rbind /dev /mnt/root/dev
    mount -t proc proc /mnt/root/proc
    mkdir -p "/mnt/root$project"
    mount --bind "$project" "/mnt/root$project"
    printf '#!/bin/sh\nexit 101\n' | install -m 755 /dev/stdin /mnt/root/usr/sbin/policy-rc.d
    chroot /mnt/root sh -ec 'export DEBIAN_FRONTEND=noninteractive
        echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
        { apt-get update && apt-get install -y --no-install-recommends postfix iproute2; } >/var/log/apt.log 2>&1 ||
            { tail -n 20 /var/log/apt.log >&2; exit 1; }
        for name in essaim all-0; do id "$name" >/dev/null 2>&1 || useradd "$name"; done'
    for way in alias pipe; do
        chroot /mnt/root unshare --net --pid --fork --kill-child --mount-proc bash "$script" "$way"
    done
}

configure_postfix() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -days 2 \
        -addext subjectAltName=IP:127.0.0.1 -keyout /etc/postfix/key.pem -out /etc/postfix/cert.pem 2>/dev/null
    cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
    printf '%s\n' 'compatibility_level = 3.6' 'myhostname = mail.essaim.fr' 'inet_interfaces = loopback-only' \
        'smtpd_tls_cert_file = /etc/postfix/cert.pem' 'smtpd_tls_key_file = /etc/postfix/key.pem' \
        'smtpd_tls_security_level = may' 'maillog_file = /var/log/postfix.log' 'alias_maps = hash:/etc/aliases' \
        "mydestination = sink.essaim.fr$([ "$1" = pipe ] || echo ', essaim.example')" >/etc/postfix/main.cf
    echo 'postmaster: root' >/etc/aliases
    if [ "$1" = alias ]; then
        block 1 >>/etc/aliases
        block 2 >>/etc/postfix/main.cf
    else
        block 3 >>/etc/postfix/master.cf
        block 4 >>/etc/postfix/main.cf
    fi
    newaliases >/dev/null 2>&1
    postfix start >/dev/null 2>&1
}

# What a server elsewhere sends about the mail in that mailbox, to the sender that stands in it.
report_from_outside() {
    python3 - <<'END'
import re, smtplib
to = re.search(r'^Return-Path: <(bounce\+\w+@essaim\.example)>', open('/var/mail/all-0').read(), re.M)[1]
smtplib.SMTP('127.0.0.1', 25).sendmail('', [to], f'''To: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Final-Recipient: rfc822; all-0@sink.essaim.fr
Action: failed
Status: 5.1.1

--x--
''')
END
}

until_it_is() {
    for ((i = 0; i < SECONDS_MAX; i++)); do
        state=$(python3 -c "import sqlite3; print(sqlite3.connect('$data/essaim.db').execute(
            'SELECT state FROM mail').fetchone()[0])")
        if [ "$state" = "$1" ]; then return; fi
        sleep 1
    done
    echo "the mail is $state, not $1" >&2
    tail -n 20 /var/log/postfix.log "$data/log" >&2
    exit 1
}

alone() {
    ip link set lo up
    rm -rf "$data" /var/mail/all-0
    install -d -o essaim -m 700 "$data"
    install -m 755 "$project/build-san/essaim" /usr/local/bin/essaim
    install -m 755 "$project/build-san/make_campaign" /usr/local/bin/make_campaign
    configure_postfix "$1"
    install -m 644 /etc/postfix/cert.pem /etc/essaim-ca.pem
    runuser -u essaim -- make_campaign "$data" haie mails=1 >/dev/null 2>&1
    runuser -u essaim -- essaim serve --listen 127.0.0.1:8080 --data "$data" --base-url https://essaim.example \
        --smtp smtp+starttls://127.0.0.1:25 --smtp-ca /etc/essaim-ca.pem \
        --bounce-address bounce@essaim.example >"$data/log" 2>&1 &
    until_it_is sent
    report_from_outside
    until_it_is returned
    echo "postfix: by $1, sent and returned"
}

[ "$(id -u)" = 0 ] || { echo 'postfix.sh: an overlay needs root' >&2; exit 1; }
case ${1:-} in
'') exec unshare --mount bash "$script" copied ;;
copied) copied ;;
*) alone "$1" ;;
esac
