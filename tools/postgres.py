#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL server for tests: in a temporary folder of its own, on a unix socket, without fsync.

    tools/postgres.py COMMAND...      runs the command with ESSAIM_TEST_DATABASE set, then ends the server
    tools/postgres.py --durable COMMAND...   the same, on disk and with the settings of a server that keeps data
    tools/postgres.py --away FOLDER   meanwhile: ends the server in that folder without a farewell
    tools/postgres.py --kill FOLDER   as kill -9 does, all of its processes
    tools/postgres.py --back FOLDER   and starts it again

It is the one of Debian's package. It refuses to run as root: root starts it as `postgres`.
"""
import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

KILL_SECONDS_MAX = 10

# Tests lose their database with the server: what makes it durable is left out. Who kills the server
# alone finds all again that was committed, since the program sees to synchronous_commit itself.
FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
SETTINGS = {"listen_addresses": "", "max_connections": "200"}


def programs():
    """The folder of the newest version's programs."""
    found = glob.glob("/usr/lib/postgresql/*/bin")
    if not found:
        sys.exit("there is no PostgreSQL: script/bootstrap test")
    return max(found, key=lambda path: int(path.split("/")[-2]))


def run_as_owner(command):
    """Runs it as somebody who is not root, and fails with what it said."""
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] + command
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/")
    if done.returncode:
        sys.exit(done.stdout.decode(errors="replace"))


def control(folder, *words):
    """pg_ctl, for the server in that folder."""
    command = [os.path.join(programs(), "pg_ctl"), "-D", os.path.join(folder, "data"), "-s", "-w"]
    run_as_owner(command + ["-l", os.path.join(folder, "log"), *words])


def parents():
    """The parent of each process that runs."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
            found[int(path.split("/")[2])] = int(file.read().rpartition(")")[2].split()[1])
    return found


def kill(folder):
    """Kills the first process, so that it starts no other, and then those that it started. The next
    server does not begin while their numbers are taken."""
    with open(os.path.join(folder, "data", "postmaster.pid"), encoding="utf-8") as file:
        first = int(file.readline())
    started = [process for process, parent in parents().items() if parent == first]
    for process in [first, *started]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    ends = time.monotonic() + KILL_SECONDS_MAX
    while parents().keys() & {first, *started} and time.monotonic() < ends:
        time.sleep(0.01)


@contextlib.contextmanager
def server(durable=False):
    """Starts one and gives the address of an empty database; ends it and removes all of it."""
    shared = "/dev/shm" if not durable and os.access("/dev/shm", os.W_OK) else None
    settings = SETTINGS if durable else {**SETTINGS, **FLEETING}
    folder = tempfile.mkdtemp(prefix="essaim-pg-", dir=shared)
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    os.chmod(folder, 0o755)
    data = os.path.join(folder, "data")
    try:
        run_as_owner([os.path.join(programs(), "initdb"), "-D", data, "-U", "essaim", "-A", "trust",
                      "-E", "UTF8", "--locale=C", "--no-sync"])
        with open(os.path.join(data, "postgresql.conf"), "a", encoding="utf-8") as file:
            for name, value in {**settings, "unix_socket_directories": folder}.items():
                file.write(f"{name} = '{value}'\n")
        control(folder, "start")
        try:
            yield f"postgresql:///postgres?host={folder}&user=essaim"
        finally:
            control(folder, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    if sys.argv[1] == "--away":
        control(sys.argv[2], "-m", "immediate", "stop")
        return
    if sys.argv[1] == "--kill":
        kill(sys.argv[2])
        return
    if sys.argv[1] == "--back":
        control(sys.argv[2], "start")
        return
    durable = sys.argv[1] == "--durable"
    with server(durable) as address:
        environment = {**os.environ, "ESSAIM_TEST_DATABASE": address}
        status = subprocess.run(sys.argv[2 if durable else 1:], env=environment).returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
