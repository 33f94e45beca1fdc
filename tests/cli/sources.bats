#!/usr/bin/env bats
# oci-fetch --from: what skopeo, podman, docker-registry and our own tools wrote on this machine, read back with its digests.

bats_require_minimum_version 1.5.0

setup_file() {
	. "$KUBECRATE_TOP/tests/lib/image.bash"
	. "$KUBECRATE_TOP/tests/lib/app.bash"
	app_begin
	local base amd arm
	base=$(image_layer lay base)
	amd=$(image_manifest lay linux/amd64 '{}' "$base")
	arm=$(image_manifest lay linux/arm64 '{}' "$base" "$(image_layer lay arm zstd)")
	image_index lay docker.io/library/app:1 "$amd" "$arm"
	image_name lay docker.io/team/etcd:v3 "$amd"
	echo "$amd" >amd.json
	oci-to-registry -q -i lay -o store
	oci-to-archive -q -i lay -o oci.tar --format oci
	oci-to-archive -q -i lay -o docker.tar --platform linux/amd64
	skopeo copy -q --all oci:lay:docker.io/library/app:1 dir:skopeo
	skopeo copy -q oci:lay:docker.io/team/etcd:v3 docker-archive:skopeo.tar:docker.io/team/etcd:v3
}

setup() {
	. "$KUBECRATE_TOP/tests/lib/app.bash"
	app_copy store skopeo {oci,docker,skopeo}.tar
}

teardown() {
	[ -z "${MOUNTED-}" ] || umount "$MOUNTED"
}

digest() { index_digest "$2" "$1"; }
whole() { # LAYOUT: every blob has its digest
	(cd "$1/blobs/sha256" && for f in *; do echo "$f  $f"; done | sha256sum --quiet -c)
}

@test "everything in a layout, a store and an archive, with all platforms and the same digests" {
	for source in oci:lay registry:store oci-archive:oci.tar; do
		rm -rf got
		oci-fetch -q -o got --from "$source" --platform all </dev/null
		whole got
		[ "$(digest got docker.io/library/app:1)" = "$(digest lay docker.io/library/app:1)" ]
		[ "$(digest got docker.io/team/etcd:v3)" = "$(digest lay docker.io/team/etcd:v3)" ]
		[ "$(ls got/blobs/sha256)" = "$(ls lay/blobs/sha256)" ]
	done
}

@test "chosen names out of a store, by hard links, whatever the host" {
	oci-fetch -q -o got --from registry:store --platform linux/amd64 quay.io/team/etcd:v3 "mirror.local/app@$(digest lay docker.io/library/app:1)"
	whole got
	[ -z "$(find got/blobs -type f -size +10k -links 1)" ]
	[ "$(digest got quay.io/team/etcd:v3)" = "$(digest lay docker.io/team/etcd:v3)" ]
}

@test "skopeo's folder under the name that is given" {
	oci-fetch -q -o got --from dir:skopeo --platform all app:1
	[ "$(digest got docker.io/library/app:1)" = "$(digest lay docker.io/library/app:1)" ]
	whole got
	run oci-fetch -o other --from dir:skopeo </dev/null
	[ "$status" -eq 1 ]
	[[ $output == *"a dir: folder holds one image and no name; name it"* ]]
}

@test "a source's one image goes under any name only when it has none of its own" {
	skopeo copy -q oci:lay:docker.io/team/etcd:v3 oci:tagged:v1
	skopeo copy -q oci:lay:docker.io/team/etcd:v3 oci-archive:plain.tar
	for source in oci:tagged oci-archive:plain.tar oci:lay:docker.io/team/etcd:v3 dir:skopeo; do
		rm -rf got
		oci-fetch -q -o got --from "$source" --platform linux/amd64 other/name:5
		[ "$(jq -r '.manifests[].annotations."org.opencontainers.image.ref.name"' got/index.json)" = docker.io/other/name:5 ]
	done
	run oci-fetch -q -o none --from docker-archive:skopeo.tar --platform linux/amd64 other/name:5
	[ "$status" -eq 1 ]
	[ "$output" = "oci-fetch: other/name:5: skopeo.tar: no image docker.io/other/name:5; it has docker.io/team/etcd:v3" ]
	# who has the name goes before who has one without a name
	oci-fetch -q -o both --from dir:skopeo --from oci:lay --platform linux/amd64 team/etcd:v3 other/name:5
	[ "$(digest both docker.io/team/etcd:v3)" = "$(digest lay docker.io/team/etcd:v3)" ]
	[ "$(digest both docker.io/other/name:5)" = "sha256:$(sha256sum <skopeo/manifest.json | cut -d' ' -f1)" ]
}

@test "docker archives: with a layout inside the digests stay, without one a manifest is made, the same each time" {
	oci-fetch -q -o got --from docker-archive:docker.tar --platform linux/amd64 </dev/null
	[ "$(digest got docker.io/team/etcd:v3)" = "$(digest lay docker.io/team/etcd:v3)" ]
	whole got
	oci-fetch -q -o one --from docker-archive:skopeo.tar --platform linux/amd64 </dev/null
	oci-fetch -q -o two --from docker-archive:skopeo.tar --platform linux/amd64 team/etcd:v3
	whole one
	cmp one/index.json two/index.json
	skopeo copy -q oci:one:docker.io/team/etcd:v3 dir:again
	umoci unpack --image one:docker.io/team/etcd:v3 bundle
	[ "$(cat bundle/rootfs/hello)" = hello ]
}

@test "what podman saves is read" {
	podman=(podman --root "$PWD/root" --runroot "$PWD/run" --storage-driver vfs --cgroup-manager cgroupfs)
	"${podman[@]}" load -q -i skopeo.tar
	"${podman[@]}" save -q --format docker-archive -o saved.tar docker.io/team/etcd:v3
	"${podman[@]}" save -q --format oci-archive -o saved-oci.tar docker.io/team/etcd:v3
	oci-fetch -q -o got --from docker-archive:saved.tar --platform linux/amd64 </dev/null
	oci-fetch -q -o got-oci --from oci-archive:saved-oci.tar --platform linux/amd64 team/etcd:v3
	whole got
	whole got-oci
}

@test "legacy archives with layer.tar behind symbolic links are read" {
	mkdir old && cd old
	mkdir one two
	tar -C "$BATS_FILE_TMPDIR/base" -cf one/layer.tar .
	ln -s ../one/layer.tar two/layer.tar
	diff=sha256:$(sha256sum <one/layer.tar | cut -d' ' -f1)
	jq -cn --arg d "$diff" '{architecture: "amd64", os: "linux", rootfs: {type: "layers", diff_ids: [$d, $d]}}' >config.json
	echo '[{"Config":"config.json","RepoTags":["old:1"],"Layers":["one/layer.tar","two/layer.tar"]}]' >manifest.json
	tar -cf ../old.tar ./*
	cd ..
	oci-fetch -q -o got --from docker-archive:old.tar --platform linux/amd64 </dev/null
	whole got
	skopeo copy -q oci:got:docker.io/library/old:1 dir:d
}

@test "across file systems blobs are copied and checked" {
	mkdir mnt && mount -t tmpfs none mnt && MOUNTED=$PWD/mnt
	oci-fetch -q -o mnt/got --from oci:lay --platform all </dev/null
	whole mnt/got
	rm -r mnt/got
	hex=$(jq -r '.layers[0].digest | ltrimstr("sha256:")' "lay/blobs/sha256/$(jq -r '.digest | ltrimstr("sha256:")' <<<"$AMD")")
	cp "lay/blobs/sha256/$hex" bad && printf X | dd of=bad bs=1 seek=100 conv=notrunc status=none && mv bad "lay/blobs/sha256/$hex"
	run oci-fetch -o mnt/got --from oci:lay --platform linux/amd64 team/etcd:v3
	[ "$status" -eq 1 ]
	[[ $output == *"$hex"* ]]
	[ ! -e "mnt/got/blobs/sha256/$hex" ]
}

@test "bad sources are refused in one line" {
	gzip <docker.tar >docker.tar.gz
	head -c 5000 docker.tar >short.tar
	head -c 50000 docker.tar >shorter.tar
	echo text >text.tar
	tar -cf empty.tar --files-from /dev/null
	while IFS='|' read -r source reason; do
		run oci-fetch -o got --from "$source" app:1
		[ "$status" -ne 0 ]
		[[ $output == *"$reason"* ]] || { echo "$source: $output"; false; }
		[ "${#lines[@]}" -le 3 ]
	done <<'END'
docker-archive:docker.tar.gz|docker.tar.gz: packed with gzip, so its parts cannot be read in any order; unpack it first (gzip -dk)
docker-archive:short.tar|short.tar: ends in the middle of a member
oci-archive:shorter.tar|shorter.tar: ends in the middle of a member
docker-archive:text.tar|text.tar: ends in the middle of a member
docker-archive:empty.tar|empty.tar: not a docker archive (no file manifest.json in it)
oci-archive:empty.tar|empty.tar: not an OCI archive (no file oci-layout in it)
oci-archive:absent.tar|absent.tar: No such file or directory
oci:lay:nothing|lay: no image nothing
registry:lay|lay: not a registry store
END
}
