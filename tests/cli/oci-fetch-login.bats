#!/usr/bin/env bats
# oci-fetch and oci-push at registries that want TLS, a password or a token.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

setup_file() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} DATA=$BATS_FILE_TMPDIR
	. "$TOP/tests/lib/image.bash"
	mkdir -p "$DATA/root"
	head -c 300000 /dev/urandom >"$DATA/root/a"
	image_layout "$DATA/up"
	image_name "$DATA/up" docker.io/private/app:1 "$(image_manifest "$DATA/up" linux/amd64 '{}' "$(image_layer "$DATA/up" "$DATA/root")")"
	image_name "$DATA/up" docker.io/public/app:1 "$(image_manifest "$DATA/up" linux/amd64 '{"Env":["B=1"]}' "$(image_layer "$DATA/up" "$DATA/root")")"
}

setup() {
	. "$TOP/tests/lib/registry.bash"
	cd "$BATS_TEST_TMPDIR"
	export HOME=$PWD XDG_RUNTIME_DIR=$PWD
	unset REGISTRY_AUTH_FILE DOCKER_CONFIG
}

teardown() {
	[ -z "${TOKENS_PID-}" ] || { kill "$TOKENS_PID" && wait "$TOKENS_PID" || true; }
	[ -z "${REGISTRY_PID-}" ] || registry_stop
}

fetch() { oci-fetch -o layout --platform linux/amd64 "$@"; }
login() { jq -n --arg r "$REGISTRY" --arg a "$(printf '%s' "$1" | base64)" '{auths: {($r): {auth: $a}}}'; }

tls_registry() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out ca.pem -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 2>openssl.err
	registry_start "$PWD/store" "${1-}" "$PWD/ca.pem" "$PWD/key"
}

token_registry() {
	python3 "$TOP/tests/lib/tokens.py" "$PWD" tokens.log >port 3>&- &
	TOKENS_PID=$!
	while [ ! -s port ]; do sleep 0.05; done
	registry_start "$PWD/store" "auth: { token: { realm: \"http://127.0.0.1:$(cat port)/token$1\", service: registry, issuer: tokens, rootcertbundle: \"$PWD/tokens.crt\" } }"
}

@test "TLS with an own authority: --ca, --insecure, or one line that says why not" {
	tls_registry
	oci-push -q -i "$DATA/up" --to "$REGISTRY" --ca ca.pem
	fetch -q --ca ca.pem "$REGISTRY/private/app:1"
	fetch -q -o other --insecure "$REGISTRY" "$REGISTRY/private/app:1"
	diff -r layout other
	run --separate-stderr fetch -o third "$REGISTRY/private/app:1"
	[ "$status" = 1 ]
	[[ $stderr == *"certificate"* ]]
}

@test "a password from --authfile, REGISTRY_AUTH_FILE or docker's config; a wrong one is told" {
	htpasswd -Bbn me secret >logins
	tls_registry "auth: { htpasswd: { realm: here, path: \"$PWD/logins\" } }"
	login me:secret >auth.json
	oci-push -q -i "$DATA/up" --to "$REGISTRY" --ca ca.pem --authfile auth.json
	fetch -q --ca ca.pem --authfile auth.json "$REGISTRY/private/app:1"
	REGISTRY_AUTH_FILE=$PWD/auth.json fetch -q -o b --ca ca.pem "$REGISTRY/private/app:1"
	mkdir .docker && cp auth.json .docker/config.json
	fetch -q -o c --ca ca.pem "$REGISTRY/private/app:1"
	diff -r layout c
	login me:wrong >.docker/config.json
	run --separate-stderr fetch -o d --ca ca.pem "$REGISTRY/private/app:1"
	[ "$status" = 1 ]
	[[ $stderr == *"401"* ]]
}

@test "tokens: anonymous for what is public, with a login for the rest, renewed when they expire in the middle" {
	token_registry '?ttl=1'
	login me:secret >auth.json
	oci-push -q -i "$DATA/up" --to "$REGISTRY" --plain-http "$REGISTRY" --authfile auth.json
	fetch -q --plain-http "$REGISTRY" "$REGISTRY/public/app:1"
	run --separate-stderr fetch --plain-http "$REGISTRY" "$REGISTRY/private/app:1" "$REGISTRY/public/app:1"
	[ "$status" = 1 ]
	[ "$(cut -f1 <<<"$output")" = "$REGISTRY/public/app:1" ]
	[[ $stderr == *"$REGISTRY/private/app:1: "*"401"* ]]
	fetch -q --plain-http "$REGISTRY" --authfile auth.json "$REGISTRY/private/app:1"
	[ "$(jq -s 'length' tokens.log)" -ge 3 ]
}
