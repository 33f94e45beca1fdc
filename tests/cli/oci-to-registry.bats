#!/usr/bin/env bats
# oci-to-registry, judged by Debian's docker-registry, skopeo, ctr and the bytes themselves.

bats_require_minimum_version 1.5.0

setup_file() {
	. "$KUBECRATE_TOP/tests/lib/image.bash"
	. "$KUBECRATE_TOP/tests/lib/app.bash"
	app_begin
	local base amd arm
	base=$(image_layer lay base)
	amd=$(image_manifest lay linux/amd64 '{"Entrypoint":["/hello"]}' "$base")
	arm=$(image_manifest lay linux/arm64 '{}' "$base" "$(image_layer lay arm zstd)")
	image_index lay docker.io/library/app:1 "$amd" "$arm"
	image_name lay quay.io/coreos/etcd:v3 "$amd"
	image_name lay "registry.k8s.io/pause@$(jq -r .digest <<<"$amd")" "$amd"
	echo "$amd" >amd.json
	echo "$arm" >arm.json
}

setup() {
	. "$KUBECRATE_TOP/tests/lib/image.bash"
	. "$KUBECRATE_TOP/tests/lib/registry.bash"
	. "$KUBECRATE_TOP/tests/lib/containerd.bash"
	. "$KUBECRATE_TOP/tests/lib/store.bash"
	. "$KUBECRATE_TOP/tests/lib/app.bash"
	app_copy
}

teardown() {
	[ -z "${REGISTRY_PID-}" ] || registry_stop
	[ -z "${CONTAINERD_PID-}" ] || containerd_stop
	[ -z "${MOUNTED-}" ] || umount "$MOUNTED"
}

tree_of() { (cd "$1" && find . -printf '%y %m %P\n' | sort && find . -type f -exec sha256sum {} + | sort); }

@test "a registry serves every image, platform and blob" {
	run --separate-stderr oci-to-registry -i lay -o store
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[0]}" = "docker.io/library/app:1	$(index_digest docker.io/library/app:1)	linked" ]
	registry_start "$PWD/store"
	store_hash_all "$PWD/store"
	store_nothing_to_collect "$PWD/store"
	for source in library/app:1 "library/app@$(index_digest docker.io/library/app:1)" "library/app@$(digest_of "$AMD")" coreos/etcd:v3 "pause@$(digest_of "$AMD")"; do
		skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/$source" dir:pulled
		rm -r pulled
	done
	skopeo copy -q --all --src-tls-verify=false "docker://$REGISTRY/library/app:1" dir:pulled
	cmp pulled/manifest.json "lay/blobs/sha256/$(index_digest docker.io/library/app:1 | cut -d: -f2)"
}

@test "containerd pulls each platform by tag and by digest" {
	oci-to-registry -q -i lay -o store
	registry_start "$PWD/store"
	containerd_start "$BATS_TEST_TMPDIR/containerd"
	for platform in linux/amd64 linux/arm64; do
		ctr image pull --plain-http --platform "$platform" "$REGISTRY/library/app:1"
		ctr image pull --plain-http --platform "$platform" "$REGISTRY/library/app@$(index_digest docker.io/library/app:1)"
	done
}

@test "running again keeps everything" {
	oci-to-registry -q -i lay -o store >first
	tree_of store >before
	run --separate-stderr oci-to-registry -i lay -o store
	[ "$status" -eq 0 ]
	[ "$(cut -f3 <<<"$output" | sort -u)" = kept ]
	tree_of store >after
	cmp before after
}

@test "layers are linked, and never opened" {
	traced -f -e trace=open,openat,openat2 -o trace oci-to-registry -q -i lay -o store
	grep -q "blobs/sha256/$(hex_of "$AMD")" trace
	for manifest in "$AMD" "$ARM"; do
		for layer in $(jq -r '.config.digest, .layers[].digest | ltrimstr("sha256:")' "lay/blobs/sha256/$(hex_of "$manifest")"); do
			[ "lay/blobs/sha256/$layer" -ef "store/docker/registry/v2/blobs/sha256/${layer:0:2}/$layer/data" ]
			run grep "lay/blobs/sha256/$layer\|$layer/data" trace
			[ "$status" -eq 1 ]
		done
	done
}

@test "files are 0644 and folders 0755 whatever the umask, and nothing else is left" {
	(umask 077 && oci-to-registry -q -i lay -o store)
	[ -z "$(find store -type f ! -perm 644)" ]
	[ -z "$(find store -type d ! -perm 755)" ]
	[ -z "$(find store -type f ! -name data ! -name link)" ]
}

@test "a blob that others may not read is copied, not linked" {
	hex=$(first_layer "$AMD")
	cp "lay/blobs/sha256/$hex" private && chmod 600 private && mv private "lay/blobs/sha256/$hex"
	run --separate-stderr oci-to-registry -i lay -o store docker.io/library/app:1
	[ "$status" -eq 0 ]
	[ "$(cut -f3 <<<"$output")" = copied ]
	[ "$(stat -c %a "store/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data")" = 644 ]
	[ "$(stat -c %a "lay/blobs/sha256/$hex")" = 600 ]
}

@test "an index of which one platform was fetched is served with its bytes" {
	rm "lay/blobs/sha256/$(hex_of "$ARM")"
	oci-to-registry -q -i lay -o store
	registry_start "$PWD/store"
	store_hash_all "$PWD/store"
	store_nothing_to_collect "$PWD/store"
	index=$(index_digest docker.io/library/app:1)
	containerd_start "$BATS_TEST_TMPDIR/containerd"
	for reference in "library/app:1" "library/app@$index"; do
		skopeo copy -q --override-arch amd64 --override-os linux --src-tls-verify=false "docker://$REGISTRY/$reference" dir:pulled
		rm -r pulled
		ctr image pull --plain-http --platform linux/amd64 "$REGISTRY/$reference"
		run skopeo copy -q --override-arch arm64 --override-os linux --src-tls-verify=false "docker://$REGISTRY/$reference" dir:pulled
		[ "$status" -ne 0 ]
	done
}

@test "a manifest whose layer is missing is an error, the other images are complete" {
	hex=$(jq -r '.layers[1].digest' "lay/blobs/sha256/$(hex_of "$ARM")" | cut -d: -f2)
	rm "lay/blobs/sha256/$hex"
	run --separate-stderr oci-to-registry -i lay -o store
	[ "$status" -eq 1 ]
	[[ $stderr == *"docker.io/library/app:1: layer sha256:$hex is not in the layout"* ]]
	[ ! -e store/docker/registry/v2/repositories/library/app/_manifests/tags ]
	registry_start "$PWD/store"
	skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/coreos/etcd:v3" dir:pulled
}

@test "a tag moves, its history stays, and a running registry serves the new one" {
	oci-to-registry -q -i lay -o store
	registry_start "$PWD/store"
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/coreos/etcd:v3" >old
	image_layout next
	mkdir n && echo next >n/x
	next=$(image_manifest next linux/amd64 '{}' "$(image_layer next n)")
	image_name next quay.io/coreos/etcd:v3 "$next"
	run --separate-stderr oci-to-registry -i next -o store --keep-tags
	[ "$status" -eq 1 ]
	[[ $stderr == *"tag v3 of coreos/etcd is $(digest_of "$AMD") there and $(digest_of "$next") here; leave out --keep-tags to move it"* ]]
	[ -z "$(find store -path "*$(hex_of "$next")*")" ] # what is refused leaves nothing behind
	cmp old <(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/coreos/etcd:v3")
	run --separate-stderr oci-to-registry -i next -o store
	[ "$status" -eq 0 ]
	[ "$output" = "quay.io/coreos/etcd:v3	$(digest_of "$next")	moved" ]
	cmp "next/blobs/sha256/$(hex_of "$next")" <(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/coreos/etcd:v3")
	tags=store/docker/registry/v2/repositories/coreos/etcd/_manifests/tags/v3
	[ "$(<"$tags/current/link")" = "$(digest_of "$next")" ]
	[ -e "$tags/index/sha256/$(hex_of "$AMD")/link" ]
	[ -e "$tags/index/sha256/$(hex_of "$next")/link" ]
	store_hash_all "$PWD/store"
	store_nothing_to_collect "$PWD/store"
}

@test "link files of a store are its own, blobs are shared" {
	oci-to-registry -q -i lay -o store
	[ -z "$(find store -name link -links +1)" ]
	[ -z "$(find store -name data -links 1)" ]
}

@test "what a registry pushed and what is added stand side by side" {
	mkdir store
	registry_start "$PWD/store"
	skopeo copy -q --all --dest-tls-verify=false "oci:lay:quay.io/coreos/etcd:v3" "docker://$REGISTRY/pushed/etcd:v3"
	oci-to-registry -q -i lay -o store
	store_hash_all "$PWD/store"
	skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/pushed/etcd:v3" dir:pulled
	store_nothing_to_collect "$PWD/store"
}

@test "names are mapped and prefixed, and chosen" {
	printf -- '- src: quay.io/coreos/etcd\n  dest: library/etcd\n' >map.yml
	run --separate-stderr oci-to-registry -i lay -o store --map map.yml --prefix mirror/ --json quay.io/coreos/etcd:v3 app:1
	[ "$status" -eq 0 ]
	[ "$(jq -r '.target' <<<"$output" | paste -sd' ')" = "mirror/library/app:1 mirror/library/etcd:v3" ]
	registry_start "$PWD/store"
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/mirror/library/etcd:v3" >/dev/null
	[ "$(curl -fsS "http://$REGISTRY/v2/_catalog" | jq -c .repositories)" = '["mirror/library/app","mirror/library/etcd"]' ]
	printf 'app:1\n# no more\n' | oci-to-registry -q -i lay -o store3 -
	[ "$(ls store3/docker/registry/v2/repositories)" = library ]
}

@test "two names that would be one tag are an error naming both, and nothing is written" {
	image_name lay docker.io/coreos/etcd:v3 "$ARM"
	run --separate-stderr oci-to-registry -i lay -o store
	[ "$status" -eq 1 ]
	[[ $stderr == *"quay.io/coreos/etcd:v3 and docker.io/coreos/etcd:v3 would both be coreos/etcd:v3 in the store, with different digests"* ]]
	[ ! -e store ]
}

@test "layouts with one platform each make one image" {
	cp -al lay other
	rm "lay/blobs/sha256/$(hex_of "$ARM")" "other/blobs/sha256/$(hex_of "$AMD")"
	run --separate-stderr oci-to-registry -i lay -i other -o store --platform linux/amd64,linux/arm64 app:1
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	registry_start "$PWD/store"
	skopeo copy -q --all --src-tls-verify=false "docker://$REGISTRY/library/app:1" dir:pulled
}

@test "--platform takes one platform of an index and refuses an image without it" {
	run --separate-stderr oci-to-registry -i lay -o store --platform linux/arm64
	[ "$status" -eq 1 ]
	[[ $stderr == *"quay.io/coreos/etcd:v3: no linux/arm64 in the layout; it has linux/amd64"* ]]
	[ ! -e "store/docker/registry/v2/repositories/library/app/_manifests/revisions/sha256/$(hex_of "$AMD")" ]
	[ -e "store/docker/registry/v2/repositories/library/app/_manifests/revisions/sha256/$(hex_of "$ARM")" ]
	registry_start "$PWD/store"
	skopeo copy -q --override-arch arm64 --src-tls-verify=false "docker://$REGISTRY/library/app:1" dir:pulled
}

# artifact TEXT SUBJECT: puts a signature of SUBJECT into the layout, prints its descriptor.
artifact() {
	local config layer

	printf '{}' >t && config=$(image_blob lay t application/vnd.oci.empty.v1+json)
	echo "signature $1" >t && layer=$(image_blob lay t application/vnd.test.signature)
	jq -cn --argjson c "$config" --argjson l "$layer" --argjson s "$2" '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
		artifactType: "application/vnd.test", config: $c, layers: [$l], subject: ($s | del(.platform)), annotations: {made: "by hand"}}' >t
	image_blob lay t application/vnd.oci.image.manifest.v1+json
}

add_nameless() { jq -c --argjson d "$1" '.manifests += [$d]' lay/index.json >i && mv i lay/index.json; }

@test "what refers to an image comes along, with the fallback tag" {
	sig=$(artifact one "$AMD")
	add_nameless "$sig"
	image_name lay "quay.io/coreos/etcd:sha256-$(hex_of "$AMD").sig" "$ARM"
	run --separate-stderr oci-to-registry -i lay -o store quay.io/coreos/etcd:v3
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	registry_start "$PWD/store"
	fallback=http://$REGISTRY/v2/coreos/etcd/manifests/sha256-$(hex_of "$AMD")
	curl -fsS -H "$STORE_ACCEPT" "$fallback" >index
	[ "$(jq -r '.manifests[].digest' index)" = "$(digest_of "$sig")" ]
	[ "$(jq -r '.manifests[] | .artifactType + " " + .annotations.made' index)" = 'application/vnd.test by hand' ]
	curl -fsS -o /dev/null -H "$STORE_ACCEPT" "$fallback.sig"
	store_hash_all "$PWD/store"
	store_nothing_to_collect "$PWD/store"
	add_nameless "$(artifact two "$AMD")"
	oci-to-registry -q -i lay -o store >/dev/null
	tree_of store >before
	[ "$(curl -fsS -H "$STORE_ACCEPT" "$fallback" | jq '.manifests | length')" = 2 ]
	oci-to-registry -q -i lay -o store >/dev/null
	tree_of store >after
	cmp before after
}

@test "the retired artifact manifest and schema1 are refused by name" {
	printf '{"mediaType":"application/vnd.oci.artifact.manifest.v1+json","artifactType":"a/b","blobs":[]}' >a
	image_name lay docker.io/library/old:1 "$(image_blob lay a application/vnd.oci.artifact.manifest.v1+json)"
	printf '{"schemaVersion":1,"name":"x","tag":"1","fsLayers":[],"history":[]}' >b
	image_name lay docker.io/library/older:1 "$(image_blob lay b application/vnd.docker.distribution.manifest.v1+prettyjws)"
	run --separate-stderr oci-to-registry -i lay -o store
	[ "$status" -eq 1 ]
	[[ $stderr == *"docker.io/library/old:1: "*"application/vnd.oci.artifact.manifest.v1+json, which left the OCI spec"* ]]
	[[ $stderr == *"docker.io/library/older:1: "*"Docker schema1 manifest"* ]]
	[[ $stderr == *"2 of 5 failed:"* ]]
	[ "${#lines[@]}" -eq 3 ]
}

@test "killed anywhere and run again, the tree is the same" {
	oci-to-registry -q -i lay -o whole >/dev/null
	tree_of whole >want
	for call in mkdirat:5 mkdirat:30 linkat:1 linkat:4 openat:30 write:2 renameat:1 renameat:5 renameat:9 renameat:14 syncfs:1; do
		rm -rf store
		run traced -o /dev/null -e "trace=${call%:*}" -e "inject=${call%:*}:signal=KILL:when=${call#*:}" oci-to-registry -q -i lay -o store
		[ "$status" -ne 0 ]
		oci-to-registry -q -i lay -o store >/dev/null
		tree_of store >got
		cmp want got
	done
}

@test "a link file left empty by a crash is written again" {
	oci-to-registry -q -i lay -o store >/dev/null
	tree_of store >want
	find store -name link -exec truncate -s 0 {} +
	oci-to-registry -q -i lay -o store >/dev/null
	tree_of store >got
	cmp want got
}

@test "across file systems blobs are copied and checked" {
	mkdir mnt && mount -t tmpfs none mnt && MOUNTED=$PWD/mnt
	run --separate-stderr oci-to-registry -i lay -o mnt/store
	[ "$status" -eq 0 ]
	[ "$(cut -f3 <<<"${lines[0]}")" = copied ]
	tree_of mnt/store >got
	oci-to-registry -q -i lay -o here >/dev/null
	tree_of here >want
	cmp want got
	rm -r mnt/store
	hex=$(first_layer "$AMD")
	cp "lay/blobs/sha256/$hex" bad && printf X | dd of=bad bs=1 seek=100 conv=notrunc status=none && mv bad "lay/blobs/sha256/$hex"
	run --separate-stderr oci-to-registry -i lay -o mnt/store
	[ "$status" -eq 1 ]
	[[ $stderr == *"$hex"* ]]
	[ ! -e "mnt/store/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data" ]
}

# Hard links do not cross btrfs subvolumes, reflinks do.
@test "where no hard link can be, a reflink shares the bytes" {
	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	command -v mkfs.btrfs >/dev/null || skip 'needs btrfs-progs'
	truncate -s 128M disk.img
	mkfs.btrfs -q disk.img >mkfs.out
	mkdir disk
	mount -o loop disk.img disk 2>mount.err || skip "no loop device or no btrfs here: $(<mount.err)"
	MOUNTED=$PWD/disk
	btrfs -q subvolume create disk/one
	btrfs -q subvolume create disk/two
	cp -a lay disk/one/lay
	run ! ln disk/one/lay/index.json disk/two/index.json
	traced -f -e trace=ioctl,copy_file_range,linkat -o trace oci-to-registry -q -i disk/one/lay -o disk/two/store --verify
	[ "$(grep -c 'link.*EXDEV' trace)" -ge 4 ]
	[ "$(grep -c 'FICLONE.*= 0' trace)" = "$(grep -c 'link.*EXDEV' trace)" ]
	run ! grep -E 'copy_file_range|FICLONE.*= -1' trace
}

@test "a full disk and a read-only one are said in one line, and a second run completes" {
	mkdir mnt && mount -t tmpfs -o size=100k none mnt && MOUNTED=$PWD/mnt
	run --separate-stderr oci-to-registry -i lay -o mnt/store
	[ "$status" -eq 1 ]
	[[ $stderr == *"No space left on device"* ]]
	mount -o remount,size=10m mnt
	oci-to-registry -q -i lay -o mnt/store >/dev/null
	oci-to-registry -q -i lay -o here >/dev/null
	cmp <(tree_of here) <(tree_of mnt/store)
	mount -o remount,ro mnt
	run --separate-stderr oci-to-registry -i lay -o mnt/other
	[ "$status" -eq 1 ]
	[[ $stderr == "oci-to-registry: cannot make folder mnt/other: Read-only file system" ]]
}

@test "--verify hashes what stands in the store" {
	oci-to-registry -q -i lay -o store --copy --verify >/dev/null
	hex=$(first_layer "$AMD")
	printf X | dd of="store/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data" bs=1 seek=100 conv=notrunc status=none
	oci-to-registry -q -i lay -o store >/dev/null
	run --separate-stderr oci-to-registry -i lay -o store --verify
	[ "$status" -eq 1 ]
	[[ $stderr == *"quay.io/coreos/etcd:v3: damaged in the store; remove the file, mend the layout by oci-fetch --verify, run again: store/docker/registry/v2/blobs/sha256/${hex:0:2}/$hex/data"* ]]
	sha256sum --status -c <<<"$hex  lay/blobs/sha256/$hex"
}

@test "two runs on one store take turns" {
	oci-to-registry -q -i lay -o whole >/dev/null
	oci-to-registry -q -i lay -o store app:1 >/dev/null & one=$!
	oci-to-registry -q -i lay -o store quay.io/coreos/etcd:v3 >/dev/null & two=$!
	oci-to-registry -q -i lay -o store >/dev/null & three=$!
	wait "$one" && wait "$two" && wait "$three"
	cmp <(tree_of whole) <(tree_of store)
}

@test "no socket is opened" {
	traced -f -e trace=network -o trace oci-to-registry -q -i lay -o store --verify
	run grep -c '(' trace
	[ "$output" = 0 ]
}

@test "layouts of skopeo, umoci and buildah are read" {
	skopeo copy -q oci:lay:quay.io/coreos/etcd:v3 oci:sk:library/sk:2
	umoci init --layout um && umoci new --image um:made
	mkdir rootfs && echo hi >rootfs/hi
	umoci insert --image um:made rootfs /r
	buildah=(buildah --root "$PWD/bs" --runroot "$PWD/br" --storage-driver vfs)
	"${buildah[@]}" from --name c scratch
	"${buildah[@]}" copy -q c rootfs /
	"${buildah[@]}" commit -q c oci:bu:docker.io/team/built:3
	run --separate-stderr oci-to-registry -i sk -i um -i bu -o store
	[ "$status" -eq 0 ]
	registry_start "$PWD/store"
	store_hash_all "$PWD/store"
	store_nothing_to_collect "$PWD/store"
	for reference in library/sk:2 library/made:latest team/built:3; do
		skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/$reference" dir:pulled
		rm -r pulled
	done
}

@test "wrong usage and wrong folders are said" {
	run oci-to-registry -o store
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "oci-to-registry: no layout given; name it with -i LAYOUT" ]]
	run oci-to-registry -i lay
	[ "$status" -eq 2 ]
	run oci-to-registry -i lay -o store --prefix /
	[ "$status" -eq 2 ]
	run oci-to-registry -i lay -o store --prefix Bad
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *'--prefix: "Bad"'* ]]
	mkdir empty
	run oci-to-registry -i empty -o store
	[ "$status" -eq 1 ]
	[ "$output" = "oci-to-registry: empty: not an OCI layout (no file oci-layout)" ]
	run oci-to-registry -i lay -o lay
	[ "$status" -eq 1 ]
	[[ $output == *"lay: an OCI layout, so no place for a registry store; name another folder"* ]]
	echo '{"imageLayoutVersion":"2.0.0"}' >empty/oci-layout
	run oci-to-registry -i empty -o store
	[[ $output == *"OCI layout version 2.0.0; this tool knows 1.0.0"* ]]
	run oci-to-registry -i lay -o store nginx:9
	[ "$status" -eq 1 ]
	[[ $output == *"docker.io/library/nginx:9: not in lay; it has docker.io/library/app:1, "* ]]
}

@test "sources and targets may be named as skopeo does" {
	oci-to-registry -q -i oci:lay -o registry:store
	[ -d store/docker/registry/v2 ]
	[ "$(oci-to-registry -q -i lay -o store | cut -f3 | sort -u)" = kept ]
	for source in docker://quay.io/a/b dir:lay oci-archive:a.tar; do
		run oci-to-registry -i "$source" -o store
		[ "$status" -eq 2 ]
		[ "${lines[0]}" = "oci-to-registry: -i $source: neither a layout (oci:DIR) nor a store (registry:DIR); oci-fetch makes a layout of it" ]
	done
	oci-fetch -q --from oci:lay --platform all -o oci:got
	run -2 oci-fetch --from oci:lay --platform all -o oci:more:v1
	[ "${lines[0]}" = 'oci-fetch: -o oci:more:v1: images keep their names; leave out ":v1"' ]
	[ ! -e more:v1 ]
	[ -e got/index.json ]
}

@test "a store goes into another store: same repositories, tags, revisions and bytes, by hard links" {
	oci-to-registry -q -i lay -o from >/dev/null
	run --separate-stderr oci-to-registry -i registry:from -o to
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *"docker.io/library/pause@$(digest_of "$AMD")	$(digest_of "$AMD")	linked"* ]]
	[ "$(tree_of from)" = "$(tree_of to)" ]
	while read -r data; do [ "from/$data" -ef "to/$data" ]; done < <(cd from && find . -name data)
	while read -r link; do [ ! "from/$link" -ef "to/$link" ]; done < <(cd from && find . -name link)
	run --separate-stderr oci-to-registry -i registry:from -o to
	[ "$(cut -f3 <<<"$output" | sort -u)" = kept ]
}

@test "a second store moves the tags it has, and keeps the images it has not" {
	oci-to-registry -q -i lay -o to >/dev/null
	image_layout other
	mkdir new && echo new >new/file
	image_name other docker.io/library/app:1 "$(image_manifest other linux/amd64 '{}' "$(image_layer other new)")"
	oci-to-registry -q -i other -o second >/dev/null
	run --separate-stderr oci-to-registry -i registry:second -o to
	[[ ${lines[0]} == "docker.io/library/app:1	"*"	moved" ]]
	registry_start "$PWD/to"
	skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/coreos/etcd:v3" dir:pulled
	store_hash_all "$PWD/to"
}

@test "an image of a store whose manifest is gone is named; the others are placed" {
	oci-to-registry -q -i lay -o from >/dev/null
	index=$(index_digest docker.io/library/app:1)
	rm "from/docker/registry/v2/blobs/sha256/${index:7:2}/${index#sha256:}/data"
	run oci-to-registry -i registry:from -o to
	echo "$output"
	[ "$status" -eq 1 ]
	# what the index led to stands for itself now
	[[ $output == *" of 5 failed:"*"docker.io/library/app:1: "*"${index#sha256:}"* ]]
	[[ $output == *"docker.io/coreos/etcd:v3	"*"	linked"* ]]
	run oci-to-registry -i registry:nowhere -o to
	[ "$output" = "oci-to-registry: nowhere: no such folder" ]
}
