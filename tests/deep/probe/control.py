#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site with planted faults, for scanners to find: text given back as HTML, SQL put together from
what was sent, a redirect to anywhere, a file of any name. On a free port of the loopback address,
which it prints. Serves until it is ended.
"""
import html
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

HOME = """<!doctype html><html lang="en"><title>Control</title><h1>Control</h1>
<a href="/item?id=1">One item</a> <a href="/go?next=/">Away</a> <a href="/file?name=notes.txt">Notes</a>
<form action="/search"><label>Words <input name="words" value="bees"></label><button>Go</button></form>"""
database = sqlite3.connect(":memory:", check_same_thread=False)
database.executescript(
    "CREATE TABLE item (id INTEGER, name TEXT); INSERT INTO item VALUES (1, 'hive'), (2, 'swarm');"
)
lock = threading.Lock()


def item(given):
    with lock:
        rows = database.execute(f"SELECT name FROM item WHERE id = {given}").fetchall()
    return "".join(f"<li>{html.escape(str(name))}" for (name,) in rows)


def read(name):
    try:
        with open(name, encoding="utf-8", errors="replace") as file:
            return html.escape(file.read())
    except (OSError, ValueError):
        return "none"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/go":
            self.send_response(302)
            self.send_header("Location", quote(given.get("next", "/"), safe=":/?&=%"))
            self.end_headers()
            return
        try:
            body, status = self.page(url.path, given), 200
        except sqlite3.Error as error:
            body, status = f"sqlite3.OperationalError: {html.escape(str(error))}", 500
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def page(self, path, given):
        if path == "/item":
            return f"<ul>{item(given.get('id', '1'))}</ul>"
        if path == "/search":
            return f"<p>Nothing for {given.get('words', '')}</p>"
        if path == "/file":
            return f"<pre>{read(given.get('name', ''))}</pre>"
        return HOME

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
