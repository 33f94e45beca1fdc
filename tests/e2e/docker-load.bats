#!/usr/bin/env bats
# docker load of what oci-to-archive wrote: an engine with containerd's image store, and one with docker's own (graph drivers).

bats_require_minimum_version 1.5.0

setup_file() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	WORK=$(mktemp -d /var/tmp/kubecrate-load.XXXXXX)
	export WORK KUBECRATE_DOCKER_STATE=$WORK/engine
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export TOP
	. "$TOP/tests/lib/image.bash"
	cd "$WORK" || return 1
	"$TOP/scripts/ci/docker-up" >env
	mkdir base more
	echo hello >base/hello
	echo more >more/more
	image_layout lay
	local base amd arm
	base=$(image_layer lay base)
	amd=$(image_manifest lay linux/amd64 '{}' "$base" "$(image_layer lay more zstd)")
	arm=$(image_manifest lay linux/arm64 '{}' "$base")
	image_index lay docker.io/library/app:1 "$amd" "$arm"
	image_name lay quay.io/team/plain:2 "$(image_manifest lay linux/amd64 '{}' "$(image_layer lay more none)" "$base")"
	# an index of which one platform was fetched
	rm "lay/blobs/sha256/$(jq -r '.digest | ltrimstr("sha256:")' <<<"$arm")"
	oci-to-archive -q -i lay -o all.tar --platform linux/amd64 >/dev/null
}

teardown_file() {
	[ -n "${WORK-}" ] || return 0
	[ ! -e "$WORK/classic.pid" ] || { kill "$(<"$WORK/classic.pid")"; while kill -0 "$(<"$WORK/classic.pid")" 2>/dev/null; do sleep 0.1; done; }
	"$TOP/scripts/ci/docker-down"
	rm -rf "$WORK"
}

# Both images are there under their names, and the layers of app:1 are one tree.
holds_all() {
	docker image inspect app:1 quay.io/team/plain:2 >/dev/null
	docker create --name made app:1 /hello
	docker cp made:/hello - | tar xO | grep -x hello
	docker cp made:/more - | tar xO | grep -x more
	docker rm made
}

@test "docker load with containerd's image store, out of a pipe" {
	. "$WORK/env"
	oci-to-archive -q -i "$WORK/lay" --platform linux/amd64 | docker load
	holds_all
	[ "$(docker image inspect app:1 | jq -r '.[0].Id')" = "$(jq -r '.manifests[0].digest' "$WORK/lay/index.json")" ]
}

@test "docker load with docker's own image store" {
	. "$WORK/env"
	mkdir "$WORK/classic"
	jq --arg w "$WORK/classic" 'del(.features, .containerd) + {"storage-driver": "vfs", "data-root": ($w + "/data"), "exec-root": ($w + "/run"),
		pidfile: ($w + "/pid"), hosts: ["unix://" + $w + "/docker.sock"]}' "$KUBECRATE_DOCKER_STATE/daemon.json" >"$WORK/classic.json"
	PATH=$(dirname "$(dirname "$(command -v docker)")")/sbin:$PATH setsid dockerd --config-file "$WORK/classic.json" \
		--containerd "$KUBECRATE_DOCKER_STATE/containerd.sock" >"$WORK/classic.log" 2>&1 </dev/null 3>&- &
	echo $! >"$WORK/classic.pid"
	export DOCKER_HOST=unix://$WORK/classic/docker.sock
	for _ in {1..300}; do docker version >/dev/null 2>&1 && break; sleep 0.1; done
	docker load -i "$WORK/all.tar"
	holds_all
}
