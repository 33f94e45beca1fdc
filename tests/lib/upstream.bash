# What the tests of oci-fetch and oci-push share: a few images for two CPUs, a home without logins, and a counting proxy.
# shellcheck shell=bash

# upstream_make LAYOUT: multi:1 for two CPUs, single:1 and onlyarm:1 its parts, and a small image of another host.
upstream_make() {
	local up=$1 root base app plain amd64 arm64

	root=$(mktemp -d "${BATS_FILE_TMPDIR:-${TMPDIR:-/tmp}}/roots.XXXXXX")
	mkdir "$root"/{base,app,arm}
	head -c 400000 /dev/urandom >"$root/base/a"
	head -c 2500000 /dev/urandom >"$root/app/b"
	head -c 100000 /dev/urandom >"$root/arm/c"
	image_layout "$up"
	base=$(image_layer "$up" "$root/base")
	app=$(image_layer "$up" "$root/app" zstd)
	plain=$(image_layer "$up" "$root/arm" none)
	amd64=$(image_manifest "$up" linux/amd64 '{}' "$base" "$app")
	arm64=$(image_manifest "$up" linux/arm64/v8 '{}' "$base" "$plain")
	image_index "$up" docker.io/library/multi:1 "$amd64" "$arm64"
	image_name "$up" docker.io/library/single:1 "$amd64"
	image_name "$up" docker.io/library/onlyarm:1 "$arm64"
	image_name "$up" quay.io/a/small:2 "$(image_manifest "$up" linux/amd64 '{"Env":["A=1"]}' "$plain")"
}

# upstream_digest LAYOUT NAME
upstream_digest() { jq -r --arg n "$2" '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == $n).digest' "$1/index.json"; }

# Logins of whoever runs the tests are none of theirs.
empty_home() {
	export HOME=$PWD XDG_RUNTIME_DIR=$PWD
	unset REGISTRY_AUTH_FILE DOCKER_CONFIG
}

# midway_start [HOST:PORT]: the counting proxy before a registry ($REGISTRY); its log is $PWD/log, its rules $PWD/rules. Sets
# MIDWAY and MIDWAY_PID.
midway_start() {
	: >log
	python3 "${BASH_SOURCE[0]%/*}/midway.py" "${1:-$REGISTRY}" log rules >port 2>midway.err 3>&- &
	MIDWAY_PID=$!
	while [ ! -s port ]; do sleep 0.02; done
	MIDWAY=127.0.0.1:$(cat port)
}

midway_stop() { [ -z "${MIDWAY_PID-}" ] || { kill "$MIDWAY_PID" && wait "$MIDWAY_PID" || true; }; }

# check_blobs LAYOUT: every blob has the bytes its name says.
check_blobs() { (cd "$1/blobs/sha256" && for f in *; do echo "$f  $f"; done | sha256sum --quiet -c); }
