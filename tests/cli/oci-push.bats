#!/usr/bin/env bats
# oci-push to a real docker-registry; skopeo reads back what arrived.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

setup_file() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} DATA=$BATS_FILE_TMPDIR
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/upstream.bash"
	upstream_make "$DATA/up"
}

setup() {
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/upstream.bash"
	cd "$BATS_TEST_TMPDIR"
	empty_home
	registry_start "$PWD/store"
}

teardown() {
	midway_stop
	registry_stop
}

push() { oci-push -i "$DATA/up" --to "${MIDWAY:-$REGISTRY}" --plain-http "${MIDWAY:-$REGISTRY}" "$@"; }
digest_of() { upstream_digest "$DATA/up" "$1"; }
served() { skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1" | sha256sum | cut -d' ' -f1 | sed 's/^/sha256:/'; }
# A layout that has only the amd64 part of multi:1.
sparse() { oci-fetch -q -o sparse --from "oci:$DATA/up" --platform linux/amd64 "$@" >/dev/null; }

@test "pushes all; skopeo pulls every platform back with the same digests; a second push keeps" {
	local name

	run --separate-stderr push
	[ "$status" = 0 ]
	[ "$(cut -f1 <<<"$output" | xargs)" = 'docker.io/library/multi:1 docker.io/library/single:1 docker.io/library/onlyarm:1 quay.io/a/small:2' ]
	for name in docker.io/library/multi:1 docker.io/library/single:1 quay.io/a/small:2; do
		[ "$(served "${name#*/}")" = "$(digest_of "$name")" ]
	done
	skopeo copy -q --all --src-tls-verify=false "docker://$REGISTRY/library/multi:1" dir:back
	run --separate-stderr push
	[ "$(cut -f3,4 <<<"$output" | sort -u)" = "$(printf '0\tkept')" ]
}

@test "a layer that several repositories need is sent once and mounted in the others" {
	midway_start
	run --separate-stderr push multi:1 single:1
	[ "$status" = 0 ]
	[ "$(cut -f1,4 <<<"${lines[1]}")" = "$(printf 'docker.io/library/single:1\tmounted')" ]
	[ "$(cut -f3 <<<"${lines[1]}")" -lt 2000 ]
	grep 'POST /v2/library/single/blobs/uploads/?.*mount=sha256' log | grep -q ' 201 '
	[ "$(grep -c 'PATCH\|PUT.*/uploads/' log)" -ge 5 ]
	[ "$(grep 'single/blobs/uploads' log | grep -c 'PATCH\|PUT')" -eq 0 ]
}

@test "--mount-from takes blobs that the registry has elsewhere" {
	push -q multi:1
	run --separate-stderr push --mount-from library/multi single:1
	[ "$status" = 0 ]
	[ "$(cut -f4 <<<"$output")" = mounted ]
}

@test "blobs come before manifests, manifests before indexes" {
	midway_start
	push -q multi:1
	until grep -q '^PUT .*/manifests/1' log; do sleep 0.05; done # a line follows its answer
	grep '^PUT' log | grep -o 'blobs/\|manifests/[^ ]*' >order
	cat order
	[ "$(grep -n blobs order | tail -1 | cut -d: -f1)" -lt "$(grep -n manifests order | head -1 | cut -d: -f1)" ]
	[ "$(grep -c manifests/sha256 order)" = 2 ]
	[ "$(tail -1 order)" = manifests/1 ]
}

@test "a sparse index is refused with what is missing and two remedies; --flatten pushes what is there" {
	sparse multi:1
	run --separate-stderr oci-push -i sparse --to "$REGISTRY" --plain-http "$REGISTRY"
	[ "$status" = 1 ]
	[[ $stderr == *"docker.io/library/multi:1: sparse index: linux/arm64 would be missing, and registries want every child of an index; fetch with --platform all, or push with --flatten what is present, under a new digest"* ]]
	[ -z "$output" ]
	run --separate-stderr oci-push -i sparse --to "$REGISTRY" --plain-http "$REGISTRY" --flatten
	[ "$status" = 0 ]
	[ "$(cut -f2 <<<"$output")" = "$(digest_of docker.io/library/single:1)" ]
	[ "$(served library/multi:1)" = "$(digest_of docker.io/library/single:1)" ]
}

@test "--platform of a complete index is sparse, too, and --flatten makes a new index of several" {
	. "$TOP/tests/lib/image.bash"
	cp -a "$DATA/up" three
	local layer
	layer=$(image_layer three "$DATA/arm" none)
	image_index three docker.io/library/three:1 "$(image_manifest three linux/amd64 '{}' "$layer")" \
		"$(image_manifest three linux/arm64 '{}' "$layer")" "$(image_manifest three linux/s390x '{}' "$layer")"
	run --separate-stderr oci-push -i three --to "$REGISTRY" --plain-http "$REGISTRY" --platform linux/amd64,linux/arm64 three:1
	[ "$status" = 1 ]
	[[ $stderr == *"sparse index: linux/s390x would be missing"* ]]
	run --separate-stderr oci-push -i three --to "$REGISTRY" --plain-http "$REGISTRY" --platform linux/amd64,linux/arm64 --flatten three:1
	[ "$status" = 0 ]
	[ "$(cut -f2 <<<"$output")" = "$(served library/three:1)" ]
	[ "$(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/library/three:1" | jq -r '.manifests[].platform.architecture' | xargs)" = 'amd64 arm64' ]
}

@test "out of a store: its repositories keep their names, and a sparse index is known for what it is" {
	oci-to-registry -q -i "$DATA/up" -o from >/dev/null
	mv from/docker/registry/v2/repositories/library/single from/docker/registry/v2/repositories/single
	run --separate-stderr oci-push -i registry:from --to "$REGISTRY/k8s" --plain-http "$REGISTRY"
	[ "$status" = 0 ]
	[ "$(served k8s/single:1)" = "$(digest_of docker.io/library/single:1)" ]
	[ "$(served k8s/library/multi:1)" = "$(digest_of docker.io/library/multi:1)" ]
	sparse multi:1
	oci-to-registry -q -i sparse -o thin >/dev/null
	run --separate-stderr oci-push -i registry:thin --to "$REGISTRY/thin" --plain-http "$REGISTRY"
	[[ $stderr == *'sparse index: linux/arm64 would be missing'* ]]
	oci-push -q -i registry:thin --to "$REGISTRY/thin" --plain-http "$REGISTRY" --flatten
	[ "$(served thin/library/multi:1)" = "$(digest_of docker.io/library/single:1)" ]
}

@test "a prefix goes before the repository, --map renames, the host is dropped" {
	printf -- '- src: quay.io/a/small\n  dest: quay.io/other/tiny\n' >map.yaml
	push -q --to "$REGISTRY/proj/sub/" --map map.yaml quay.io/a/small:2
	[ "$(served proj/sub/other/tiny:2)" = "$(digest_of quay.io/a/small:2)" ]
}

@test "names that meet in the registry with different digests are an error naming both" {
	cp -a "$DATA/up" meet
	jq -c '.manifests[1].annotations["org.opencontainers.image.ref.name"] = "ghcr.io/a/small:2"' meet/index.json >i && mv i meet/index.json
	run --separate-stderr oci-push -i meet --to "$REGISTRY" --plain-http "$REGISTRY"
	[ "$status" = 1 ]
	[[ $stderr == *"quay.io/a/small:2: would be $REGISTRY/a/small:2, as ghcr.io/a/small:2 would, with another digest"* ]]
	[[ $stderr == *"ghcr.io/a/small:2: would be $REGISTRY/a/small:2, as quay.io/a/small:2 would"* ]]
	run ! skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/a/small:2"
	[ "$(served library/multi:1)" = "$(digest_of docker.io/library/multi:1)" ]
}

@test "a platform that an image lacks is an error naming those it has" {
	run --separate-stderr push --platform linux/s390x multi:1 single:1
	[ "$status" = 1 ]
	[ -z "$output" ]
	[[ $stderr == *"docker.io/library/multi:1: no linux/s390x in the layout; it has linux/amd64, linux/arm64"* ]]
	[[ $stderr == *"docker.io/library/single:1: no linux/s390x in the layout; it has linux/amd64"* ]]
	run --separate-stderr push --platform linux/s390x,linux/amd64 --flatten multi:1
	[ "$status" = 1 ]
	[ ! -e store/docker ]
}

@test "killed when its blobs were sent, a second run sends none of them again" {
	local pid

	midway_start
	printf 'PUT.*/manifests/ hold=20\n' >rules
	oci-push -q -i "$DATA/up" --to "$MIDWAY" --plain-http "$MIDWAY" 3>&- &
	pid=$!
	while [ "$(grep -c 'PUT .*/blobs/uploads/.* 201' log)" -lt 6 ]; do sleep 0.05; done
	kill -9 "$pid"
	wait "$pid" || true
	grep -oE 'digest=sha256%3A[0-9a-f]+' log | sort -u >sent
	rm rules
	: >log
	push -q
	[ "$(grep -c . sent)" -ge 4 ]
	run ! grep -Ff sent log
	unset MIDWAY
	for name in docker.io/library/multi:1 docker.io/library/single:1 quay.io/a/small:2; do
		[ "$(served "${name#*/}")" = "$(digest_of "$name")" ]
	done
}

@test "an image that is absent or broken does not stop the others" {
	cp -a "$DATA/up" broken
	rm "broken/blobs/sha256/$(jq -r '.layers[0].digest' "broken/blobs/sha256/$(digest_of quay.io/a/small:2 | cut -d: -f2)" | cut -d: -f2)"
	run --separate-stderr oci-push -i broken --to "$REGISTRY" --plain-http "$REGISTRY" nosuch:1 quay.io/a/small:2 single:1
	[ "$status" = 1 ]
	[ "$(cut -f1 <<<"$output")" = docker.io/library/single:1 ]
	[[ $stderr == *"2 of 3 failed:"*"docker.io/library/nosuch:1: not in broken; it has "*"quay.io/a/small:2: layer sha256:"*" is not in the layout"* ]]
}

@test "an image is called by its full name, whatever the layout and the user call it" {
	cp -a "$DATA/up" brief
	# as buildx, skopeo and oras name theirs: a tag beside the full name, a short name, none
	jq '[.manifests[] | del(.annotations)] as $m | .manifests = [
		$m[0] + {annotations: {"org.opencontainers.image.ref.name": "latest", "io.containerd.image.name": "docker.io/team/built:2"}},
		$m[1] + {annotations: {"org.opencontainers.image.ref.name": "short"}}, $m[2]]' "$DATA/up/index.json" >brief/index.json
	run --separate-stderr oci-push -i brief --to "$REGISTRY" --plain-http "$REGISTRY"
	[ "$status" = 0 ]
	[ "$(cut -f1 <<<"$output" | xargs)" = 'docker.io/team/built:2 docker.io/library/short:latest' ]
	[[ $stderr == *"warning: brief: sha256:"*" has no name and is left out"* ]]
	[ "$(served team/built:2)" = "$(jq -r '.manifests[0].digest' brief/index.json)" ]
	printf 'short platform=any\nteam/built:2\nno/such\nNo\n' >names
	run --separate-stderr oci-push -i brief --to "$REGISTRY" --plain-http "$REGISTRY" -f names
	[ "$status" = 1 ]
	[ "$(cut -f1,4 <<<"$output" | xargs)" = 'docker.io/library/short:latest kept docker.io/team/built:2 kept' ]
	[[ $stderr == *$'\n  names:3: docker.io/no/such:latest: not in brief; it has '* ]]
	[[ $stderr == *$'\n  names:4: "No": not an image reference: '* ]]
	jq '.manifests |= map(del(.annotations))' "$DATA/up/index.json" >brief/index.json
	run --separate-stderr oci-push -i brief --to "$REGISTRY" --plain-http "$REGISTRY"
	[ "$status" = 1 ]
	[[ $stderr == *"oci-push: brief: holds no image with a name" ]]
}

@test "what refers to a sha512 digest is found under that tag's 128 characters" {
	local hex tag

	hex=$(printf x | sha512sum | cut -d' ' -f1)
	tag=sha512-${hex:0:121}
	image_layout signed
	printf '{}' >c
	jq -cn --argjson c "$(image_blob signed c application/vnd.oci.empty.v1+json)" --arg d "sha512:$hex" '{schemaVersion: 2,
		mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: "a/b", config: $c, layers: [$c],
		subject: {mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $d, size: 1}}' >m
	image_name signed quay.io/a/small:sig "$(image_blob signed m application/vnd.oci.image.manifest.v1+json)"
	run --separate-stderr oci-push -q -i signed --to "$REGISTRY" --plain-http "$REGISTRY"
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/a/small:$tag" |
		jq -e --arg d "$(jq -r '.manifests[0].digest' signed/index.json)" '.manifests | length == 1 and .[0].digest == $d and .[0].artifactType == "a/b"'
}

@test "usage errors exit 2" {
	run --separate-stderr oci-push --to x.example
	[ "$status" = 2 ]
	[[ $stderr == *"no layout given: -i DIR"* ]]
	run --separate-stderr oci-push -i "$DATA/up"
	[ "$status" = 2 ]
	run --separate-stderr oci-push -i "$DATA/up" --to 'http://x y'
	[ "$status" = 2 ]
	[[ $stderr == *"--to http://x y: not a registry; write HOST[:PORT][/PREFIX]"* ]]
}
