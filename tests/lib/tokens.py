#!/usr/bin/env python3
"""A token server for docker-registry's "auth: token".

    tokens.py FOLDER LOG

Listens on a free port of 127.0.0.1, prints it, and writes its certificate to FOLDER/tokens.crt (rootcertbundle). User "me"
with password "secret", or the refresh token "refresh", may do everything; anybody may pull from public/. With ?ttl=N in the
realm a registry refuses the token after N seconds, though expires_in promises five minutes. One JSON line per request
goes to LOG.
"""
import base64
import http.server
import json
import subprocess
import sys
import time
import urllib.parse

import serving

folder = sys.argv[1]
key, certificate = folder + "/tokens.key", folder + "/tokens.crt"
log = open(sys.argv[2], "a", buffering=1)
LEEWAY = 60  # seconds that the registry grants an expired token


def make_key():
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=tokens"],
        check=True, stderr=subprocess.DEVNULL)
    with open(certificate) as file:
        return "".join(line.strip() for line in file if "-----" not in line)


x5c = make_key()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(claims):
    head = {"typ": "JWT", "alg": "RS256", "x5c": [x5c]}
    text = b64(json.dumps(head).encode()) + "." + b64(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), check=True, stdout=subprocess.PIPE)
    return text + "." + b64(signature.stdout)


def granted(scopes, user):
    access = []
    for scope in scopes:
        kind, rest = scope.split(":", 1)
        name, actions = rest.rsplit(":", 1)
        allowed = actions.split(",") if user else ["pull"] if name.startswith("public/") else []
        access.append({"type": kind, "name": name, "actions": allowed})
    return access


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def give(self, query, user, name):
        log.write(json.dumps({"method": self.command, "user": user, "path": self.path, **query}) + "\n")
        scopes = [word for scope in query.get("scope", []) for word in scope.split()]
        now = int(time.time())
        ttl = int(query["ttl"][0]) - LEEWAY if "ttl" in query else 300
        token = sign({"iss": "tokens", "sub": user or "", "aud": query["service"][0], "exp": now + ttl, "nbf": now - 100,
                      "iat": now - 100, "jti": str(time.monotonic_ns()), "access": granted(scopes, user)})
        self.answer(200, {name: token, "expires_in": 300})

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        login = self.headers.get("Authorization", "")
        user = None
        if login.startswith("Basic "):
            if base64.b64decode(login[6:]) != b"me:secret":
                self.answer(401, {"details": "wrong password"})
                return
            user = "me"
        self.give(query, user, "token")

    def do_POST(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if form.get("grant_type") != ["refresh_token"] or form.get("refresh_token") != ["refresh"]:
            self.answer(401, {"details": "wrong refresh token"})
            return
        self.give({**query, **form}, "me", "access_token")


serving.serve(Handler)
