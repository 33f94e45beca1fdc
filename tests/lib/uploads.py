#!/usr/bin/env python3
"""The upload half of a registry as the distribution spec has it, with lines that break: a chunk of which only a part
arrived can be continued, which Debian's docker-registry does not allow.

    uploads.py FOLDER LOG [cut=N] [times=K] [lost] [busy=K]

A PATCH that brings more than N bytes to its session is cut there, K times; the N bytes count. With lost, a cut session
is forgotten. busy: the first K PATCHes are refused with 503. Blobs go to FOLDER/HEX. One line per request goes to LOG.
"""
import hashlib
import http.server
import os
import sys
import urllib.parse

import serving

folder = sys.argv[1]
log = open(sys.argv[2], "a", buffering=1)
options = dict((word + "=").split("=")[:2] for word in sys.argv[3:])
cut, times, busy = (int(options.get(name) or 0) for name in ("cut", "times", "busy"))
sessions = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers=()):
        log.write("%s %s %s %d\n" % (self.command, self.path, self.headers.get("Content-Range", "-"), status))
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def where(self, number):
        have = len(sessions[number])
        headers = [("Location", "%d?at=%d" % (number, have))]  # relative, with a query that must be kept
        return headers + ([("Range", "0-%d" % (have - 1))] if have else [])

    def session(self):
        url = urllib.parse.urlsplit(self.path)
        number = int(url.path.rsplit("/", 1)[1])
        if "at" not in urllib.parse.parse_qs(url.query) or number not in sessions:
            self.answer(404)
            return None
        return number

    def take(self, number, length):
        """Read a body into the session; False when the line broke."""
        global times
        have = sessions[number]
        if cut and times and len(have) + length > cut:
            times -= 1
            have += self.rfile.read(cut - len(have))
            if "lost" in options:
                del sessions[number]
            log.write("cut\n")
            self.close_connection = True
            self.connection.close()
            return False
        have += self.rfile.read(length)
        return True

    def do_HEAD(self):
        hex_digits = self.path.rsplit(":", 1)[-1]
        self.answer(200 if os.path.exists(os.path.join(folder, hex_digits)) else 404)

    def do_GET(self):
        if self.path == "/v2/":
            self.answer(200)
            return
        number = self.session()
        if number is not None:
            self.answer(204, self.where(number))

    def do_POST(self):
        number = len(sessions) + 1
        sessions[number] = bytearray()
        self.answer(202, [("Location", self.path.split("?")[0] + "%d?at=0" % number)])

    def do_PATCH(self):
        global busy
        number, length = self.session(), int(self.headers["Content-Length"])
        if number is None:
            self.close_connection = True
            return
        first = int(self.headers["Content-Range"].split("-")[0])
        if busy or first != len(sessions[number]):
            self.rfile.read(length)
            self.answer(503 if busy else 416, [] if busy else self.where(number))
            busy = max(busy - 1, 0)
        elif self.take(number, length):
            self.answer(202, self.where(number))

    def do_PUT(self):
        number, length = self.session(), int(self.headers["Content-Length"])
        if number is None or not self.take(number, length):
            return
        digest = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["digest"][0]
        data = sessions.pop(number)
        if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
            self.answer(400)
            return
        with open(os.path.join(folder, digest.split(":")[1]), "wb") as file:
            file.write(data)
        self.answer(201)


serving.serve(Handler)
