#!/usr/bin/env bats
# bundle-merge and bundle-extract with a live docker-registry: modules in it, the bundle into it.

bats_require_minimum_version 1.5.0

setup() {
	load "$KUBECRATE_TOP/tests/lib/image.bash"
	load "$KUBECRATE_TOP/tests/lib/registry.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
	registry_start "$PWD/store"
	modules
}

teardown() {
	[ -z "${MIDWAY_PID-}" ] || midway_stop
	registry_stop
	[ -z "${SMALL-}" ] || umount "$SMALL"
}

# Two sealed modules in the registry: kube/ma and kube/mb.
modules() {
	local name manifests platform content seal

	for name in ma mb; do
		mkdir -p $name.content/resources $name.seal
		head -c 400000 /dev/urandom >$name.content/resources/$name
		bundle-seal -q $name $name.content --version v1 >/dev/null
		mv $name.content/modules.d $name.content/SHA256SUMS.d $name.seal/
		image_layout $name
		content=$(image_layer $name $name.content) seal=$(image_layer $name $name.seal) manifests=()
		for platform in linux/amd64 linux/arm64; do manifests+=("$(image_manifest $name $platform '{}' "$content" "$seal")"); done
		image_index $name v1 "${manifests[@]}"
		skopeo copy -q --all --dest-tls-verify=false oci:$name:v1 "docker://$REGISTRY/kube/$name:v1"
	done
}

layers_of() { skopeo inspect --tls-verify=false --override-arch amd64 "docker://$1" | jq -c .Layers; }

@test "within a registry layers are mounted, and none is fetched or sent" {
	content=$(find ma/blobs -size +300k -printf '%f')
	strace -f -qq -s 200 -e trace=network -o trace env ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
		"$(command -v bundle-merge)" -q --plain-http "$REGISTRY" -o "docker://$REGISTRY/kube/bundle:v1" "$REGISTRY/kube/ma:v1" "docker://$REGISTRY/kube/mb:v1" >out
	[ "$(cut -f1,3 out)" = $'linux/amd64\t4\nlinux/arm64\t4' ]

	grep -q "POST .*mount=sha256%3A$content&from=kube%2Fma" trace
	run grep -E "GET /v2/kube/ma/blobs/sha256:$content" trace
	[ "$status" = 1 ]
	run grep -E 'PATCH .*/blobs/uploads' trace
	[ "$status" = 1 ]
	[ -z "$(find . -maxdepth 1 -name '*.partial')" ]
	[ "$(layers_of "$REGISTRY/kube/bundle:v1" | jq length)" = 4 ]
	bundle-extract -q --plain-http "$REGISTRY" "$REGISTRY/kube/bundle:v1" --platform linux/arm64 -o package
	bundle-extract -q --verify package
	cmp ma.content/resources/ma package/resources/ma
	[ -z "$(find . -maxdepth 1 -name '*.partial*')" ]
}

@test "a folder and a layout join modules of the registry" {
	mkdir folder && echo x >folder/own
	bundle-merge -q --plain-http "$REGISTRY" -o "docker://$REGISTRY/kube/bundle:v2" "$REGISTRY/kube/ma:v1" oci:mb:v1 folder >out
	[ "$(cut -f1,3 out)" = $'linux/amd64\t5\nlinux/arm64\t5' ]
	bundle-merge -q --plain-http "$REGISTRY" -o local:v2 "$REGISTRY/kube/ma:v1" oci:mb:v1 folder >out2
	diff out out2
	[ "$(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/kube/bundle:v2" | sha256sum | cut -d' ' -f1)" = \
		"$(jq -r .manifests[0].digest local/index.json | cut -d: -f2)" ]
	bundle-extract -q --plain-http "$REGISTRY" "$REGISTRY/kube/bundle:v2" --platform linux/amd64 --tar - | tar -xf - own resources/ma
	cmp own folder/own
	cmp resources/ma ma.content/resources/ma
	[ -z "$(find . -maxdepth 1 -name '*.partial*')" ]
}

@test "an extraction out of the registry that was killed fetches nothing twice" {
	local pid

	. "$KUBECRATE_TOP/tests/lib/upstream.bash"
	content=$(find ma/blobs -size +300k -printf '%f')
	midway_start
	printf 'GET.*/blobs/sha256:%s slow=200000\n' "$content" >rules
	bundle-extract -q --plain-http "$MIDWAY" "$MIDWAY/kube/ma:v1" --platform linux/arm64 -o package 3>&- &
	pid=$!
	while kill -0 "$pid" && [ "$(du -sb package.partial.layers 2>/dev/null | cut -f1)0" -lt 2000000 ]; do sleep 0.02; done
	kill -9 "$pid"
	wait "$pid" || true
	before=$(find package.partial.layers/blobs/.partial -name "*$content" -printf '%s')
	rm rules
	sleep 0.3
	: >log
	bundle-extract -q --plain-http "$MIDWAY" "$MIDWAY/kube/ma:v1" --platform linux/arm64 -o package
	[ "$before" -gt 100000 ]
	grep -q "GET .*/blobs/sha256:$content 206 .* bytes=[1-9]" log
	bundle-extract -q --verify package
	[ -z "$(find . -maxdepth 1 -name '*.partial*')" ]
}

@test "an extraction whose layers have no room fetches none of them" {
	. "$KUBECRATE_TOP/tests/lib/upstream.bash"
	mkdir small
	mount -t tmpfs -o size=256k tmpfs small || skip 'cannot mount'
	SMALL=$PWD/small
	midway_start
	run bundle-extract -q --plain-http "$MIDWAY" "$MIDWAY/kube/ma:v1" --platform linux/arm64 -o small/package
	[ "$status" = 1 ]
	[[ $output == *'small/package.partial.layers: '*' of layers are to be fetched, but only '*' are free; nothing was fetched' ]]
	content=$(find ma/blobs -size +300k -printf '%f')
	run ! grep "blobs/sha256:$content" log
	[ -z "$(ls -A small)" ]
}

@test "what the registry does not have is one clear line" {
	run bundle-merge --plain-http "$REGISTRY" -o "docker://$REGISTRY/kube/bundle:v1" "$REGISTRY/kube/none:v1"
	[ "$status" = 1 ]
	[[ $output == "bundle-merge: "*"$REGISTRY/kube/none"* ]]
	run bundle-extract --plain-http "$REGISTRY" "$REGISTRY/kube/ma:v9" -o out
	[ "$status" = 1 ]
	[[ $output == "bundle-extract: "*"$REGISTRY/kube/ma"* ]]
	[ ! -e out ]
}
