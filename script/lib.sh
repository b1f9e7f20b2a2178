# SPDX-License-Identifier: AGPL-3.0-or-later
# What the scripts share. Sourced by them; leaves the shell at the root of the project, and stopping
# at the first error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# packages build|package|test|deep|bench: the names in packages.txt that this needs, and those it builds upon.
packages() {
    local also
    case $1 in
    build) also='' ;;
    package) also=package ;;
    test) also='test' ;;
    deep) also='test deep package' ;;
    bench) also=bench ;;
    esac
    awk -v also=" $also " '!/^#/ && NF && (NF == 1 || index(also, " " $2 " ")) { print $1 }' packages.txt
    # Never over another Node: Debian's only where node or npm is missing.
    case $1 in build | package) return ;; esac
    if ! { has node && has npm; }; then say nodejs; say npm; fi
}

installed() {
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# Installs the packages that are missing. The lists of a fresh machine may be empty or too old: they
# are fetched once, when the first try fails.
install_packages() {
    local name missing=()
    for name in $(packages "$1"); do
        installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} = 0 ] && return
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    apt_install "${missing[@]}" && return
    as_root apt-get update -q
    apt_install "${missing[@]}"
}

# Installs the test tools of package-lock.json, when it is not those that are there.
install_node_modules() {
    local mark=node_modules/.installed-lock
    cmp -s package-lock.json "$mark" && return
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp package-lock.json "$mark"
}

# configure DIR OPTIONS...: makes a build folder, or brings it up to date when sources came or went.
configure() {
    local dir=$1
    shift
    local now
    now=$(tools/sources.py) || return 1
    if [ ! -f "$dir/build.ninja" ]; then
        meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; return 1; }
        mv "$dir.log" "$dir/setup.log"
    elif [ "$now" != "$(cat "$dir/sources.list")" ]; then
        meson setup --reconfigure "$dir" >"$dir/setup.log" 2>&1 ||
            { cat "$dir/setup.log" >&2; return 1; }
    fi
    say "$now" >"$dir/sources.list"
}

build_release() {
    configure build && ninja -C build --quiet essaim
}

# The build in which tests run: every bound and every undefined step is seen.
build_sanitized() {
    configure build-san -Db_sanitize=address,undefined -Doptimization=1 -Dtests=true &&
        ninja -C build-san --quiet
}

# The fuzz targets, which are clang's: libFuzzer makes their inputs.
build_fuzz() {
    CC=clang configure build-fuzz -Db_sanitize=address,undefined -Doptimization=1 -Dfuzz=true \
        -Db_lundef=false && ninja -C build-fuzz --quiet
}

# copy_built DIR: the project and what build-san has compiled of it, to be changed there: only what
# then differs is built again. Test programs are not copied.
copy_built() {
    local dir=$1 entry
    rm -rf "$dir"
    mkdir -p "$dir/build-san"
    for entry in * .[!.]*; do
        case $entry in
        build* | node_modules | data* | .git) ;;
        *) cp -a "$entry" "$dir/" ;;
        esac
    done
    for entry in build-san/* build-san/.[!.]*; do
        case $entry in
        *.test | */essaim | */walk | */make_campaign | */sql.check) ;;
        *) cp -a "$entry" "$dir/build-san/" ;;
        esac
    done
    : >"$dir/build-san/sources.list" # its paths are others: it is configured anew
}
