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
	run --separate-stderr fetch -q -o fourth --ca nowhere.pem "$REGISTRY/private/app:1" "$REGISTRY/private/app:2"
	[ "$status" = 1 ]
	[ "$stderr" = 'oci-fetch: --ca nowhere.pem: No such file or directory' ]
	[ ! -e fourth ]
	run --separate-stderr fetch -q -o third --ca "$BATS_TEST_FILENAME" "$REGISTRY/private/app:1"
	[ "$status" = 1 ]
	[[ $stderr == *"the file of trusted authorities cannot be used"* ]]
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

@test "credential helpers give passwords and identity tokens; what one says against it is told" {
	mkdir bin
	cat >bin/docker-credential-test <<-'END'
		#!/bin/sh
		[ "$1" = get ] || exit 2
		read -r server
		echo "$server" >>"$HOME/asked"
		case $(cat "$HOME/mode") in
		password) printf '{"ServerURL":"%s","Username":"me","Secret":"secret"}\n' "$server" ;;
		token) printf '{"ServerURL":"%s","Username":"<token>","Secret":"refresh"}\n' "$server" ;;
		none) echo 'credentials not found in native keychain'; exit 1 ;;
		locked) echo 'the keyring is locked' >&2; exit 1 ;;
		deaf) exec <&-; printf '{"Username":"me","Secret":"wrong"}\n' ;;
		esac
	END
	chmod 755 bin/docker-credential-test
	export PATH=$PWD/bin:$PATH
	token_registry ''
	mkdir .docker
	jq -n --arg r "$REGISTRY" '{credHelpers: {($r): "test"}}' >.docker/config.json
	echo password >mode
	oci-push -q -i "$DATA/up" --to "$REGISTRY" --plain-http "$REGISTRY"
	[ "$(sort -u asked)" = "$REGISTRY" ]
	fetch -q --plain-http "$REGISTRY" "$REGISTRY/private/app:1"
	echo token >mode
	fetch -q -o second --plain-http "$REGISTRY" "$REGISTRY/private/app:1"
	diff -r layout second
	[ "$(jq -r 'select(.method == "POST").user' tokens.log | sort -u)" = me ]
	jq -n '{credsStore: "test"}' >.docker/config.json
	echo none >mode
	fetch -q -o third --plain-http "$REGISTRY" "$REGISTRY/public/app:1"
	while read -r how text; do
		echo "$how" >mode
		jq -n --arg r "$REGISTRY" '{credHelpers: {($r): "test"}}' >.docker/config.json
		run --separate-stderr fetch -o "$how" --plain-http "$REGISTRY" "$REGISTRY/private/app:1"
		[ "$status" = 1 ]
		[[ $stderr == *"$text"* ]] || { echo "$how: $stderr"; false; }
	done <<-'END'
		none 401
		locked docker-credential-test: exit status 1: the keyring is locked
		deaf 401
	END
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
