#!/usr/bin/env bats
# oci-to-archive, judged by skopeo, podman and ctr; docker itself: tests/e2e/docker-load.bats.

bats_require_minimum_version 1.5.0

setup_file() {
	. "$KUBECRATE_TOP/tests/lib/image.bash"
	. "$KUBECRATE_TOP/tests/lib/app.bash"
	app_begin
	local base amd arm
	base=$(image_layer lay base)
	amd=$(image_manifest lay linux/amd64 '{}' "$base" "$(image_layer lay arm zstd)")
	arm=$(image_manifest lay linux/arm64 '{}' "$base" "$(image_layer lay arm none)")
	image_index lay docker.io/library/app:1 "$amd" "$arm"
	image_index lay quay.io/team/copy:1 "$amd" "$arm"
	image_name lay quay.io/coreos/etcd:v3 "$(image_manifest lay linux/amd64 '{}' "$base")"
	image_name lay quay.io/team/arm-only:2 "$arm"
	echo "$amd" >amd.json
	echo "$arm" >arm.json
}

setup() {
	. "$KUBECRATE_TOP/tests/lib/image.bash"
	. "$KUBECRATE_TOP/tests/lib/containerd.bash"
	. "$KUBECRATE_TOP/tests/lib/app.bash"
	app_copy
}

teardown() {
	[ -z "${CONTAINERD_PID-}" ] || containerd_stop
	[ -z "${MOUNTED-}" ] || umount "$MOUNTED"
}


@test "one archive with many images for every loader, layers once" {
	run --separate-stderr oci-to-archive -i lay -o all.tar --platform linux/amd64 app:1 quay.io/team/copy:1 quay.io/coreos/etcd:v3
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[0]}" = "docker.io/library/app:1	$(index_digest docker.io/library/app:1)" ]
	[ -z "$(tar tf all.tar | sort | uniq -d)" ]
	[ "$(tar xOf all.tar manifest.json | jq -r '.[].RepoTags | join(" ")')" = $'docker.io/library/app:1 quay.io/team/copy:1\nquay.io/coreos/etcd:v3' ]
	for name in docker.io/library/app:1 quay.io/team/copy:1 quay.io/coreos/etcd:v3; do
		skopeo copy -q "docker-archive:all.tar:$name" dir:a
		skopeo copy -q --override-arch amd64 "oci-archive:all.tar:$name" dir:b
		rm -r a b
	done
	containerd_start "$BATS_TEST_TMPDIR/containerd"
	ctr image import all.tar
	[ "$(ctr image ls | awk '$1 == "docker.io/library/app:1" { print $3 }')" = "$(index_digest docker.io/library/app:1)" ]
	ctr image ls -q | grep -x quay.io/coreos/etcd:v3
	mkdir mnt
	ctr image mount docker.io/library/app:1 "$PWD/mnt"
	MOUNTED=$PWD/mnt
	[ "$(cat mnt/hello mnt/arm)" = $'hello\narm' ]
}

@test "podman loads it" {
	oci-to-archive -q -i lay -o all.tar --platform linux/amd64 app:1 quay.io/coreos/etcd:v3
	podman=(podman --root "$PWD/root" --runroot "$PWD/run" --storage-driver vfs --cgroup-manager cgroupfs)
	"${podman[@]}" load -q -i all.tar
	"${podman[@]}" image exists docker.io/library/app:1
	"${podman[@]}" image exists quay.io/coreos/etcd:v3
	[ "$(cat "$("${podman[@]}" image mount docker.io/library/app:1)/arm")" = arm ]
}

@test "out of a store it is the same archive as out of the layout" {
	oci-to-registry -q -i lay -o store app:1 quay.io/team/copy:1 >/dev/null
	oci-to-archive -q -i oci:lay --format oci -o lay.tar app:1
	run --separate-stderr oci-to-archive -i registry:store --format oci -o store.tar app:1
	[ "$status" -eq 0 ]
	[ "$output" = "docker.io/library/app:1	$(index_digest docker.io/library/app:1)" ]
	cmp lay.tar store.tar
}

@test "an index with one platform is imported by containerd" {
	rm "lay/blobs/sha256/$(hex_of "$ARM")"
	oci-to-archive -q -i lay -o one.tar app:1
	containerd_start "$BATS_TEST_TMPDIR/containerd"
	ctr image import one.tar
	[ "$(ctr image ls | awk '$1 == "docker.io/library/app:1" { print $3 }')" = "$(index_digest docker.io/library/app:1)" ]
}

@test "stdout and file carry the same bytes, every time" {
	oci-to-archive -q -i lay -o one.tar app:1
	oci-to-archive -q -i lay app:1 | cmp - one.tar
	touch -d 2001-01-01 lay/blobs/sha256/*
	oci-to-archive -q -i lay -o - app:1 | cmp - one.tar
	[ "$(tar tvf one.tar --full-time --utc | awk '{ print $2, $4, $5 }' | sort -u)" = "0/0 1970-01-01 00:00:00" ]
	[ "$(SOURCE_DATE_EPOCH=86400 oci-to-archive -q -i lay app:1 | tar tv --utc --full-time | awk '{ print $4 }' | sort -u)" = 1970-01-02 ]
}

@test "all platforms go into an OCI archive" {
	oci-to-archive -q -i lay -o all.tar --format oci
	[ -z "$(tar tf all.tar | grep manifest.json)" ]
	for arch in amd64 arm64; do skopeo copy -q --override-arch "$arch" oci-archive:all.tar:docker.io/library/app:1 "dir:$arch"; done
	cmp arm64/manifest.json "lay/blobs/sha256/$(hex_of "$ARM")"
	oci-to-archive -q -i lay -o arm.tar --format oci --platform linux/arm64 app:1
	run tar xOf arm.tar "blobs/sha256/$(hex_of "$AMD")"
	[ "$status" -ne 0 ]
	skopeo copy -q --override-arch arm64 oci-archive:arm.tar:docker.io/library/app:1 dir:again
}

@test "the platform is the one named, the only one, or this machine's" {
	oci-to-archive -q -i lay -o arm.tar quay.io/team/arm-only:2
	oci-to-archive -q -i lay -o other.tar --platform linux/arm64 app:1
	[ "$(tar xOf arm.tar manifest.json | jq -r '.[0].Config')" = "$(tar xOf other.tar manifest.json | jq -r '.[0].Config')" ]
	run --separate-stderr oci-to-archive -i lay -o no.tar --platform linux/s390x app:1
	[ "$status" -eq 1 ]
	[[ $stderr == *"docker.io/library/app:1: no linux/s390x in the layout; it has linux/amd64, linux/arm64" ]]
	[ ! -e no.tar ]
	run oci-to-archive -i lay -o no.tar --platform linux/amd64,linux/arm64 app:1
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *"docker load takes one platform; use --format oci for more" ]]
}

@test "images of Docker's own types are taken" {
	sed 's|vnd.oci.image.manifest.v1+json|vnd.docker.distribution.manifest.v2+json|; s|vnd.oci.image.config.v1+json|vnd.docker.container.image.v1+json|
		s|vnd.oci.image.layer.v1.tar+gzip|vnd.docker.image.rootfs.diff.tar.gzip|; s|vnd.oci.image.layer.v1.tar"|vnd.docker.image.rootfs.diff.tar"|' \
		"lay/blobs/sha256/$(hex_of "$ARM")" >m
	image_name lay docker.io/library/typed:1 "$(image_blob lay m application/vnd.docker.distribution.manifest.v2+json)"
	oci-to-archive -q -i lay -o typed.tar typed:1
	skopeo copy -q docker-archive:typed.tar:docker.io/library/typed:1 dir:d
	containerd_start "$BATS_TEST_TMPDIR/containerd"
	ctr image import --no-unpack --all-platforms typed.tar
	ctr image ls -q | grep -x docker.io/library/typed:1
}

@test "artifacts are left out of docker's format, or refused when named" {
	printf '{}' >c && printf 'text' >l
	jq -cn --argjson c "$(image_blob lay c application/vnd.oci.empty.v1+json)" --argjson l "$(image_blob lay l text/plain)" \
		'{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: "a/b", config: $c, layers: [$l]}' >m
	image_name lay quay.io/team/chart:1 "$(image_blob lay m application/vnd.oci.image.manifest.v1+json)"
	run --separate-stderr oci-to-archive -i lay -o all.tar --platform linux/arm64
	[ "$status" -eq 1 ]
	[[ $stderr == *"quay.io/coreos/etcd:v3: no linux/arm64 in the layout; it has linux/amd64"* ]]
	image_name lay quay.io/coreos/etcd:v3 "$ARM"
	run --separate-stderr oci-to-archive -i lay -o all.tar --platform linux/arm64
	[ "$status" -eq 0 ]
	[[ $stderr == *"quay.io/team/chart:1: an artifact, no image: left out; --format oci takes it along"* ]]
	run --separate-stderr oci-to-archive -i lay -o one.tar quay.io/team/chart:1
	[ "$status" -eq 1 ]
	[[ $stderr == *"quay.io/team/chart:1: an artifact, no image, so not for docker load; use --format oci"* ]]
	oci-to-archive -q -i lay -o one.tar --format oci quay.io/team/chart:1
}

@test "a signature of cosign's, which has an image's config, is an artifact, too" {
	mkdir sig && echo 1 >sig/payload
	layer=$(image_layer lay sig none | jq -c '.descriptor.mediaType = "application/vnd.dev.cosign.simplesigning.v1+json"')
	image_name lay docker.io/library/app:sha256-00.sig "$(image_manifest lay linux/amd64 '{}' "$layer")"
	image_name lay quay.io/team/arm-only:2 "$AMD"
	run --separate-stderr oci-to-archive -i lay -o all.tar --platform linux/amd64
	[ "$status" -eq 0 ]
	[[ $stderr == *"docker.io/library/app:sha256-00.sig: an artifact, no image: left out; --format oci takes it along"* ]]
	[[ $(tar xOf all.tar manifest.json index.json) != *sha256-00.sig* ]]
	tar xOf all.tar manifest.json | jq -e 'map(.RepoTags[]) | index("quay.io/coreos/etcd:v3")'
	run --separate-stderr oci-to-archive -i lay -o one.tar app:sha256-00.sig
	[ "$status" -eq 1 ]
	[[ $stderr == *"docker.io/library/app:sha256-00.sig: an artifact, no image, so not for docker load; use --format oci"* ]]
}

@test "where no file can be, that is said before a manifest is read" {
	run --separate-stderr traced -f -e trace=openat -o trace oci-to-archive -i lay -o .
	[ "$status" -eq 1 ]
	[ "$stderr" = "oci-to-archive: cannot write .: Is a directory" ]
	run grep -c blobs/sha256 trace
	[ "$output" = 0 ]
}

@test "oci-archive:FILE and docker-archive:FILE name the format, too" {
	oci-to-archive -q -i lay -o oci-archive:one.tar quay.io/coreos/etcd:v3
	oci-to-archive -q -i lay --format oci quay.io/coreos/etcd:v3 | cmp - one.tar
	oci-to-archive -q -i lay -o docker-archive:- quay.io/coreos/etcd:v3 | cmp - <(oci-to-archive -q -i lay quay.io/coreos/etcd:v3)
	run oci-to-archive -i lay -o oci-archive:one.tar --format docker
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "oci-to-archive: -o oci-archive:one.tar: not what --format docker writes" ]
	run oci-to-archive -i lay -o docker-archive:one.tar:app:1 quay.io/coreos/etcd:v3
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "oci-to-archive: -o docker-archive:one.tar:app:1: images keep their names; leave out \":app:1\"" ]
	[ ! -e one.tar:app:1 ]
}

@test "a damaged blob leaves no archive, and what was there stays" {
	echo before >one.tar
	hex=$(first_layer "$AMD")
	cp "lay/blobs/sha256/$hex" bad && printf X | dd of=bad bs=1 seek=100 conv=notrunc status=none && mv bad "lay/blobs/sha256/$hex"
	run --separate-stderr oci-to-archive -i lay -o one.tar app:1
	[ "$status" -eq 1 ]
	[[ $stderr == *"$hex"* ]]
	[ "$(<one.tar)" = before ]
	[ ! -e one.tar.partial ]
	run --separate-stderr oci-to-archive -i lay app:1
	[ "$status" -eq 1 ]
}

@test "killed and run again, the archive is the same" {
	oci-to-archive -q -i lay -o whole.tar app:1
	for call in write:1 fdatasync:1 rename:1; do
		rm -f one.tar
		run traced -o /dev/null -e "trace=${call%:*}" -e "inject=${call%:*}:signal=KILL:when=${call#*:}" oci-to-archive -q -i lay -o one.tar app:1
		[ "$status" -ne 0 ]
		[ ! -e one.tar ]
		oci-to-archive -q -i lay -o one.tar app:1
		cmp whole.tar one.tar
		[ ! -e one.tar.partial ]
	done
}

@test "two runs on one archive take turns" {
	local pid

	oci-to-archive -q -i lay -o want.tar --platform linux/amd64 app:1
	touch all.tar.partial
	flock all.tar.partial sh -c 'echo >held; sleep 0.5; touch released' 3>&- &
	pid=$!
	while [ ! -e held ]; do sleep 0.01; done
	oci-to-archive -q -i lay -o all.tar --platform linux/amd64 app:1
	[ -e released ]
	cmp want.tar all.tar
	[ ! -e all.tar.partial ]
	wait "$pid"
}

@test "a full disk is said in one line" {
	mkdir mnt && mount -t tmpfs -o size=100k none mnt && MOUNTED=$PWD/mnt
	run --separate-stderr oci-to-archive -i lay -o mnt/one.tar app:1
	[ "$status" -eq 1 ]
	[[ $stderr == "oci-to-archive: "*"mnt/one.tar: No space left on device" ]]
	[ -z "$(ls mnt)" ]
	run --separate-stderr bash -c 'oci-to-archive -i lay app:1 >/dev/full'
	[ "$status" -eq 1 ]
	[ "$stderr" = "oci-to-archive: cannot write to stdout: No space left on device" ]
}

# peak_of COMMAND...: its peak memory in kB.
peak_of() { env time -f %M -o peak "$@" >/dev/null && tail -n 1 peak; }

@test "memory does not grow with the size of a layer" {
	case $KUBECRATE_BUILD in *-asan | *-tsan | *-valgrind) skip 'a checker has its own memory' ;; esac
	mkdir big && truncate -s 300M big/zeros
	image_name lay docker.io/library/big:1 "$(image_manifest lay linux/amd64 '{}' "$(image_layer lay big none)")"
	[ "$(peak_of oci-to-archive -q -i lay big:1)" -lt 30000 ]
	[ "$(peak_of oci-to-archive -q -i lay -o big.tar big:1)" -lt 30000 ]
	[ "$(peak_of oci-fetch -q -o got --from docker-archive:big.tar --platform linux/amd64 big:1)" -lt 65536 ]
}

@test "memory does not grow with the layers of many images" {
	case $KUBECRATE_BUILD in *-asan | *-tsan | *-valgrind) skip 'a checker has its own memory' ;; esac
	python3 - many <<-'END'
		import hashlib, json, os, sys

		blobs = sys.argv[1] + "/blobs/sha256/"
		os.makedirs(blobs)
		def blob(content, kind):
		    digest = hashlib.sha256(content).hexdigest()
		    open(blobs + digest, "wb").write(content)
		    return {"mediaType": "application/vnd.oci.image." + kind, "digest": "sha256:" + digest, "size": len(content)}
		layer = blob(bytes(10240), "layer.v1.tar")
		names = []
		for i in range(400):
		    config = blob(json.dumps({"os": "linux", "architecture": "amd64", "author": str(i)}).encode(), "config.v1+json")
		    manifest = {"schemaVersion": 2, "config": config, "layers": [layer] * 500}
		    name = {"org.opencontainers.image.ref.name": "quay.io/many/image:%d" % i}
		    names.append(blob(json.dumps(manifest).encode(), "manifest.v1+json") | {"annotations": name})
		json.dump({"schemaVersion": 2, "manifests": names}, open(sys.argv[1] + "/index.json", "w"))
		open(sys.argv[1] + "/oci-layout", "w").write('{"imageLayoutVersion": "1.0.0"}')
	END
	[ "$(peak_of oci-to-archive -q -i many -o many.tar)" -lt 30000 ]
	tar xOf many.tar manifest.json | jq -e 'length == 400 and all(.[]; .Layers | length == 500)'
}

@test "no socket is opened" {
	traced -f -e trace=network -o trace oci-to-archive -q -i lay -o one.tar
	run grep -c '(' trace
	[ "$output" = 0 ]
}

@test "wrong usage is said" {
	run oci-to-archive -o x.tar
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "oci-to-archive: no layout given; name it with -i LAYOUT" ]]
	run oci-to-archive -i lay -o x.tar --format zip
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *'--format: "zip" is neither docker nor oci' ]]
	run oci-to-archive -i lay -o x.tar nginx:9
	[ "$status" -eq 1 ]
	[[ $output == *"docker.io/library/nginx:9: not in lay; it has docker.io/library/app:1, "* ]]
	run script -qec 'oci-to-archive -i lay' /dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"no file given, and stdout is a terminal; name a file with -o FILE"* ]]
}
