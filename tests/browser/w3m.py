#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs somebody up in w3m, by keystrokes on a terminal, as a person does who uses no other browser.

    tests/browser/w3m.py URL NAME E-MAIL

Once the form is sent it says so, and reads the code of the mail from its input, to type it in.
Prints what the terminal shows at the end. Exit 1 when a word that a person would look for is not
there in time.
"""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

SECONDS_MAX = 15
ROWS, COLUMNS = 60, 100
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>78M]|\x0f|\x08|\r")


class Terminal:
    def __init__(self, url):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", HOME="/nonexistent", LANG="C.UTF-8", NO_PROXY="*")
            settings = ["-o", "confirm_qq=0", "-o", "use_history=0"]
            os.execvp("w3m", ["w3m", "-cookie", *settings, url])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.shown = ""

    def read(self, seconds=0.3):
        """What it writes until it is silent for that long."""
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                piece = os.read(self.fd, 65536)
            except OSError:
                return
            if not piece:
                return
            self.shown += ESCAPES.sub("", piece.decode("utf-8", "replace"))

    def see(self, words):
        """The terminal moves where there are spaces: they are not looked at."""
        end = time.monotonic() + SECONDS_MAX
        while "".join(words.split()) not in "".join(self.shown.split()):
            if time.monotonic() > end:
                print(self.shown[-3000:])
                sys.exit(f"does not show: {words}")
            self.read(0.2)
        self.read()

    def press(self, keys):
        self.shown = ""
        os.write(self.fd, keys.encode())
        self.read()

    def find(self, words):
        """Searches forward from the top, as one does with '/'."""
        self.press("g")
        self.press("/" + words + "\r")


def fill(terminal, label, value):
    """The field is the next thing behind its label that one can go to."""
    terminal.find(label)
    terminal.press("\t")
    terminal.press("\r")  # opens the line at the bottom of the screen
    terminal.press(value + "\r")


def main():
    url, name, email = sys.argv[1:]
    terminal = Terminal(url)
    terminal.see("Votre prénom")
    fill(terminal, "Votre prénom", name)
    fill(terminal, "Votre adresse", email)
    terminal.find("Afficher mon prénom")
    terminal.press("\t")  # the button behind it
    terminal.press("\r")
    terminal.see("Regardez")
    print("sent", flush=True)
    fill(terminal, "tapez ici", sys.stdin.readline().strip())
    terminal.press("\t")
    terminal.press("\r")
    terminal.see("Vous êtes la")
    print(terminal.shown)
    terminal.press("Q")
    os.waitpid(terminal.pid, 0)


if __name__ == "__main__":
    main()
