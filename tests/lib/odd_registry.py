#!/usr/bin/env python3
"""A registry with the oddities that real ones have, for tests of the client.

    odd_registry.py FOLDER LOG

The repository says which oddity: nohead (HEAD without digest), headless (405 for HEAD), paged (tags and referrers in
pages), endless (pages that lead to themselves), flood (large pages without an end), html (a login page for everything), wrong (other bytes than the digest
says), huge (a manifest that never ends), renamed/x (its tokens are for another name), spa (HTML for unknown paths, so
no referrers API), tired (503 for everything after the probe), login/X (its token server
answers with TOKENS[X]; with login/realm it does not say where that is, with login/malformed nothing that can be read).
"""
import hashlib
import http.server
import json
import sys
import urllib.parse

import serving

log = open(sys.argv[2], "a", buffering=1)
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": []}).encode()
TOKENS = {
    "html": b"<html>log in</html>",
    "deep": b"[" * 100000,
    "empty": b"{}",
    "split": b'{"token": "a\\r\\nX: y"}',
    "number": b'{"token": 7}',
}


def descriptor(n):
    return {"mediaType": INDEX, "digest": "sha256:%064d" % n, "size": n, "artifactType": "test/x"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="application/json", headers=()):
        log.write("%s %s %d\n" % (self.command, self.path, status))
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def manifest(self, repository):
        digest = "sha256:" + hashlib.sha256(MANIFEST).hexdigest()
        named = [] if repository == "nohead" and self.command == "HEAD" else [("Docker-Content-Digest", digest)]
        body = MANIFEST + (b" " if repository == "wrong" else b"")
        self.answer(200, body, INDEX, named)

    def huge(self):
        self.send_response_only(200)
        self.send_header("Content-Type", INDEX)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for _ in range(1000):
            self.wfile.write(b" " * 1000000)

    def page(self, repository, things, wrap):
        at = int(self.query.get("at", ["0"])[0])
        path = urllib.parse.urlsplit(self.path).path
        more = at + 1 < len(things)
        link = "<%s?at=%d>; rel=\"next\"" % (path, at if repository == "endless" else at + 1)
        thing = things[min(at, len(things) - 1)]
        self.answer(200, json.dumps(wrap(thing)).encode(), INDEX if "referrers" in path else "application/json",
                    [("Link", link)] if more or repository in ("endless", "flood") else [])

    def token_asked(self, repository):
        """Tokens of renamed/x are for remote/x."""
        host = self.headers["Host"]
        if self.headers.get("Authorization") == "Bearer repository:renamed/x:pull+repository:remote/x:pull":
            return False
        self.answer(401, headers=[("WWW-Authenticate", 'Bearer realm="http://%s/token",service="odd",scope="repository:remote/x:pull"' % host)])
        return True

    def login_asked(self, how):
        realm = 'realm="http://%s/token?how=%s",' % (self.headers["Host"], how)
        challenge = {"realm": 'Bearer service="odd"', "malformed": 'Bearer realm="open'}.get(how, "Bearer " + realm + 'service="odd"')
        self.answer(401, headers=[("WWW-Authenticate", challenge)])

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        self.query = urllib.parse.parse_qs(url.query)
        if url.path == "/v2/":
            self.answer(200)
            return
        if url.path == "/token" and "how" in self.query:
            how = self.query["how"][0]
            self.answer(200, TOKENS[how], "text/html" if how == "html" else "application/json")
            return
        if url.path == "/token":
            self.answer(200, json.dumps({"token": "+".join(self.query["scope"])}).encode())
            return
        words = url.path.split("/")[2:]
        kind, repository = words[-2], "/".join(words[:-2])
        if repository == "renamed/x" and self.token_asked(repository):
            return
        if repository.startswith("login/"):
            self.login_asked(repository[6:])
        elif repository == "html" or (repository == "spa" and kind == "referrers"):
            self.answer(200, b"<html>log in</html>", "text/html")
        elif repository == "tired":
            self.answer(503)
        elif repository == "headless" and self.command == "HEAD":
            self.answer(405)
        elif kind == "tags" and repository == "flood":
            self.page(repository, [["x" * 3900000]], lambda tags: {"name": repository, "tags": tags})
        elif kind == "tags":
            self.page(repository, [["a", "b"], ["c"], None], lambda tags: {"name": repository, "tags": tags})
        elif kind == "referrers" and repository in ("paged", "endless"):
            self.page(repository, [[descriptor(1)], [descriptor(2)]], lambda m: {"schemaVersion": 2, "mediaType": INDEX, "manifests": m})
        elif kind == "referrers":
            self.answer(404)
        elif repository == "huge":
            self.huge()
        elif words[-1] == "none":
            self.answer(404)
        else:
            self.manifest(repository)

    do_HEAD = do_GET


serving.serve(Handler)
