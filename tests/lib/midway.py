#!/usr/bin/env python3
"""Stands between a client and a registry, counts what passes and spoils it on request.

    midway.py UPSTREAM LOG [RULES]

UPSTREAM is host:port of a registry that speaks http. Listens on a free port of 127.0.0.1 and prints it. One line per
request goes to LOG: METHOD PATH STATUS BYTES-OF-BODY RANGE. RULES is a file that is read again for each request, one rule a
line: REGEX FAULT [TIMES]; the first rule whose REGEX is found in "METHOD PATH" acts, TIMES times (always).

    cut=N      closes the connection after N body bytes       slow=N   sends N bytes a second
    flip       one bit of the body is wrong                   html     a login page instead
    status=N   answers N                                      big=N    a body of N MB of blanks as manifest
    wrong      Docker-Content-Digest is another               nodigest without that header, nolength without Content-Length
    body=FILE  the bytes of FILE instead                      loop     redirects to itself
    hold=S     waits S seconds, then passes it on
"""
import http.client
import http.server
import os
import re
import sys
import threading
import time

import serving

upstream, log = sys.argv[1], open(sys.argv[2], "a", buffering=1)
used, mutex = {}, threading.Lock()
HOP = ("connection", "transfer-encoding", "content-length", "host")


def fault_of(what):
    if len(sys.argv) < 4 or not os.path.exists(sys.argv[3]):
        return "", 0
    for line in open(sys.argv[3]):
        words = line.split()
        if not words or not re.search(words[0], what):
            continue
        with mutex:
            used[line] = used.get(line, 0) + 1
            if len(words) > 2 and used[line] > int(words[2]):
                continue
        name, _, value = words[1].partition("=")
        return name, value
    return "", 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, status, sent):
        log.write("%s %s %s %d %s\n" % (self.command, self.path, status, sent, self.headers.get("Range", "-")))

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.note(status, len(body))

    def big(self, megabytes):
        self.send_response_only(200)
        self.send_header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
        self.send_header("Content-Length", str(megabytes * 1000000))
        self.end_headers()
        sent = 0
        try:
            while self.command != "HEAD" and sent < megabytes * 1000000:
                self.wfile.write(b" " * 100000)
                sent += 100000
        finally:
            self.note(200, sent)
            self.close_connection = True

    def forward(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length else None
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        headers["Host"] = self.headers["Host"]
        connection = http.client.HTTPConnection(upstream)
        connection.request(self.command, self.path, body, headers)
        return connection.getresponse()

    def send_through(self, answer, limit, pace, flip):
        sent = 0
        while True:
            data = answer.read(65536 if not pace else max(1, pace // 20))
            if not data:
                return sent
            if flip and not sent:
                data = bytes([data[0] ^ 1]) + data[1:]
            data = data[: limit - sent] if limit is not None else data
            self.wfile.write(data)
            sent += len(data)
            if limit is not None and sent >= limit:
                self.close_connection = True
                return sent
            if pace:
                self.wfile.flush()
                time.sleep(0.05)

    def pass_on(self, name, value):
        answer = self.forward()
        self.send_response_only(answer.status)
        for key, text in answer.getheaders():
            if key.lower() == "docker-content-digest":
                if name == "nodigest":
                    continue
                text = "sha256:" + "0" * 64 if name == "wrong" else text
            if key.lower() == "content-length" and name == "nolength":
                continue
            if key.lower() not in ("connection", "transfer-encoding"):
                self.send_header(key, text)
        if (answer.getheader("Content-Length") is None or name == "nolength") and self.command != "HEAD":
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        sent = 0
        try:
            if self.command != "HEAD":
                sent = self.send_through(answer, int(value) if name == "cut" else None, int(value) if name == "slow" else 0, name == "flip")
        finally:
            self.note(answer.status, sent)

    def handle_any(self):
        name, value = fault_of(self.command + " " + self.path)
        if name == "html":
            self.answer(200, [("Content-Type", "text/html")], b"<html>log in first</html>")
        elif name == "status":
            self.answer(int(value), [], b"{}")
        elif name == "loop":
            self.answer(307, [("Location", self.path)], b"")
        elif name == "body":
            self.answer(200, [("Content-Type", "application/vnd.oci.image.manifest.v1+json")], open(value, "rb").read())
        elif name == "big":
            self.big(int(value))
        else:
            if name == "hold":
                time.sleep(float(value))
            self.pass_on(name, value)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any


serving.serve(Handler)
