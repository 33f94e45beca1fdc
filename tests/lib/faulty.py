#!/usr/bin/env python3
"""An HTTP server that misbehaves on request, for tests of transfers.

    faulty.py FOLDER [LOG]

Listens on a free port of 127.0.0.1 and prints it. A URL is /FAULT[,FAULT...]/NAME: NAME is a file of FOLDER, each FAULT
one of the words below. One JSON line per request goes to LOG. Well-behaved parts: ranges, If-Range, ETag, HEAD.

    ok            no fault              norange       ignores Range
    cut=N         closes the connection after N body bytes      once          faults only the first request of a URL
    stall=N       sends N body bytes, then nothing              times=N       faults only the first N requests
    status=N      answers N             after=TEXT    with Retry-After: TEXT
    lie=N         Content-Length is N   chunked       no Content-Length
    flip          one bit is wrong      html          a login page instead
    wrongrange    206 from a later byte             earlyrange    206 from an earlier byte
    noetag / weak without / with a weak ETag
    loop          redirects to itself   to=URL        redirects to URL (percent-escaped)
    newtag        another ETag on each request        garbage       no HTTP at all
    manyheaders   5000 headers          big=N         an endless body of N MB
    refuse=N      answers N with a body that never ends
    login         wants "Authorization: Bearer t"
"""
import email.utils
import http.server
import json
import os
import sys
import time
import urllib.parse

import serving

counts = {}
log = open(sys.argv[2], "a", buffering=1) if len(sys.argv) > 2 else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def faults(self):
        path = urllib.parse.urlsplit(self.path).path  # a proxy is asked for a whole URL
        _, words, name = path.split("/", 2)
        faults = dict((w + "=").split("=")[:2] for w in words.split(","))
        seen = counts[self.path] = counts.get(self.path, 0) + 1
        times = 1 if "once" in faults else int(faults.get("times", 10**9))
        kept = ("norange", "noetag", "weak", "newtag", "login")
        return (faults if seen <= times else {k: v for k, v in faults.items() if k in kept}), name, seen

    def answer(self, status, headers, body=b""):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.send_body(body)

    def send_body(self, body):
        if self.command != "HEAD":
            self.wfile.write(body)

    def etag(self, seen):
        if "noetag" in self.f:
            return []
        if "weak" in self.f:
            return [("ETag", 'W/"tag"')]
        return [("ETag", '"tag%d"' % (seen if "newtag" in self.f else 0))]

    def wants(self, data, etag):
        """(first byte, is it a partial answer)"""
        value = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if not value or "norange" in self.f or (condition and ("ETag", condition) not in etag):
            return 0, False
        return int(value.split("=")[1].split("-")[0]), True

    def simple_faults(self):
        f = self.f
        if "garbage" in f:
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            self.close_connection = True
        elif "status" in f:
            more = [("Retry-After", urllib.parse.unquote(f["after"]))] if "after" in f else []
            self.answer(int(f["status"]), [("Content-Length", "5")] + more, b"oops\n")
        elif "login" in f and self.headers.get("Authorization") != "Bearer t":
            self.answer(401, [("WWW-Authenticate", 'Bearer realm="x"'), ("Content-Length", "0")])
        elif "loop" in f:
            self.answer(302, [("Location", self.path), ("Content-Length", "0")])
        elif "to" in f:
            self.answer(int(f.get("code", 307)), [("Location", urllib.parse.unquote(f["to"])), ("Content-Length", "0")])
        elif "html" in f:
            page = b"<html>log in first</html>"
            self.answer(200, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", len(page))], page)
        elif "manyheaders" in f:
            self.answer(200, [("X-%d" % i, "x") for i in range(5000)] + [("Content-Length", "0")])
        elif "big" in f or "refuse" in f:
            self.answer(int(f.get("refuse", 200)), [("Connection", "close")])
            for _ in range(int(f.get("big", 1000))):
                self.wfile.write(b"x" * 1000000)
            self.close_connection = True
        else:
            return False
        return True

    def do_GET(self):
        self.f, name, seen = self.faults()
        if log:
            log.write(json.dumps({"method": self.command, "path": self.path, **{k.lower(): v for k, v in self.headers.items()}}) + "\n")
        if self.simple_faults():
            return
        try:
            with open(os.path.join(sys.argv[1], name), "rb") as file:
                data = bytearray(file.read())
        except OSError:
            self.answer(404, [("Content-Length", "0")])
            return
        self.serve(data, seen)

    def serve(self, data, seen):
        f, etag = self.f, self.etag(seen)
        if "flip" in f and data:
            data[-1] ^= 1
        first, partial = self.wants(data, etag)
        if partial and first >= len(data):
            self.answer(416, [("Content-Range", "bytes */%d" % len(data)), ("Content-Length", "0")])
            return
        if "wrongrange" in f and partial:
            first += 1
        if "earlyrange" in f and partial:
            first //= 2
        body = bytes(data[first:])
        headers = etag + [("Last-Modified", email.utils.formatdate(0, usegmt=True)), ("Accept-Ranges", "bytes")]
        if partial:
            headers.append(("Content-Range", "bytes %d-%d/%d" % (first, len(data) - 1, len(data))))
        if "chunked" in f:
            self.close_connection = True
            headers.append(("Connection", "close"))
        else:
            headers.append(("Content-Length", f.get("lie", len(body))))
        for word in ("cut", "stall"):
            if word in f and int(f[word]) < len(body):
                body = body[: int(f[word])]
                self.close_connection = True
        if "lie" in f:
            self.close_connection = True
            headers.append(("Connection", "close"))
        self.answer(206 if partial else 200, headers, body)
        if "stall" in f and self.command != "HEAD":
            self.wfile.flush()
            time.sleep(30)

    do_HEAD = do_POST = do_GET


serving.serve(Handler)
