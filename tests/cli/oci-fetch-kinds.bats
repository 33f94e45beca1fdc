#!/usr/bin/env bats
# oci-fetch: every kind of image, index and artifact that registries hold.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

OCI=application/vnd.oci.image
EMPTY='{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}'

setup_file() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} DATA=$BATS_FILE_TMPDIR
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/image.bash"
	mkdir -p "$DATA/root"
	image_layout "$DATA/up"
	echo hello >"$DATA/root/hello"
	LAYER=$(image_layer "$DATA/up" "$DATA/root")
	echo other >"$DATA/root/hello"
	OTHER=$(image_layer "$DATA/up" "$DATA/root" none)
	AMD64=$(image_manifest "$DATA/up" linux/amd64 '{}' "$LAYER")
	ARM64=$(image_manifest "$DATA/up" linux/arm64 '{}' "$OTHER")
	echo '{}' | tr -d '\n' >"$DATA/empty"
	image_blob "$DATA/up" "$DATA/empty" application/vnd.oci.empty.v1+json
	export LAYER OTHER AMD64 ARM64
	# Debian's registry takes no manifest with urls unless it is told to.
	registry_start "$DATA/store" 'validation: { disabled: true }'
	export REGISTRY REGISTRY_PID
}

teardown_file() {
	. "$TOP/tests/lib/registry.bash"
	registry_stop
}

setup() {
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/registry.bash"
	cd "$BATS_TEST_TMPDIR"
	export HOME=$PWD XDG_RUNTIME_DIR=$PWD
	cp -a "$DATA/up" up
}

teardown() { [ -z "${SERVER-}" ] || { kill "$SERVER" && wait "$SERVER" || true; }; }

# document TYPE: a document from stdin into the layout; prints its descriptor.
document() {
	jq -c . >document
	image_blob up document "$1"
}
digest() { jq -r .digest <<<"$1"; }
serve() { oci-push -q -i up --to "$REGISTRY" --plain-http "$REGISTRY" >/dev/null; }
fetch() { oci-fetch -o layout --platform linux/amd64 --mirror "docker.io=http://$REGISTRY" "$@"; }
has() { [ -e "layout/blobs/sha256/$(digest "$1" | cut -d: -f2)" ]; }
names() { jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' "$1/index.json"; }

# An image of Docker's types, as docker push makes it.
docker_image() {
	jq -c '{schemaVersion: 2, mediaType: "application/vnd.docker.distribution.manifest.v2+json",
		config: (.config | .mediaType = "application/vnd.docker.container.image.v1+json"),
		layers: [.layers[] | .mediaType = "application/vnd.docker.image.rootfs.diff.tar.gzip"]}' "up/blobs/sha256/$(digest "$1" | cut -d: -f2)" |
		document application/vnd.docker.distribution.manifest.v2+json
}

# Its digest is not that of its bytes, which the signature is part of.
@test "a schema1 image of a real registry is refused with a remedy" {
	local other=$REGISTRY old

	registry_start "$PWD/old" 'compatibility: { schema1: { enabled: true } }'
	old=$REGISTRY_PID
	image_name up docker.io/library/old:1 "$AMD64"
	skopeo copy -q --dest-tls-verify=false --format v2s1 oci:up:docker.io/library/old:1 "docker://$REGISTRY/library/old:1"
	run --separate-stderr fetch -q old:1 "old@$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/library/old:1")"
	registry_stop "$old"
	REGISTRY=$other
	[ "$status" = 1 ]
	[[ $stderr == *"  old:1: "*": Docker schema1 manifest, which current registries"*"to convert it"* ]]
	[[ $stderr == *"  old@sha256:"*": Docker schema1 manifest, which current registries"*"to convert it"* ]]
}

@test "Docker schema2 and manifest list keep their bytes" {
	local image list

	image=$(docker_image "$AMD64")
	list=$(printf '%s\n' "$image" | jq -cs '{schemaVersion: 2, mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
		manifests: map(. + {platform: {os: "linux", architecture: "amd64"}})}' | document application/vnd.docker.distribution.manifest.list.v2+json)
	image_name up docker.io/library/docker:1 "$image"
	image_name up docker.io/library/list:1 "$list"
	serve
	fetch -q docker:1 list:1
	has "$image" && has "$list" && has "$(jq .descriptor <<<"$LAYER")"
	[ "$(jq -r '.manifests[0].mediaType' layout/index.json)" = application/vnd.docker.distribution.manifest.v2+json ]
}

@test "plain files behind nginx, which calls all of them text, are a registry" {
	local list image=www/v2/library/list file

	list=$(printf '%s\n' "$AMD64" "$ARM64" | jq -cs '{schemaVersion: 2, manifests: .}' | document $OCI.index.v1+json)
	mkdir -p $image/manifests $image/blobs
	for file in up/blobs/sha256/*; do
		ln "$file" "$image/blobs/sha256:${file##*/}"
		ln "$file" "$image/manifests/sha256:${file##*/}"
	done
	cp "$image/manifests/$(digest "$list")" $image/manifests/1
	. "$TOP/tests/lib/nginx.bash"
	nginx_start "$PWD/www" "$PWD/nginx"
	SERVER=$NGINX_PID
	run --separate-stderr oci-fetch -o layout --platform linux/amd64 --mirror "docker.io=http://$NGINX" list:1 "list@$(digest "$AMD64")"
	[ "$status" = 0 ]
	[ "$(cut -f2 <<<"${lines[0]}")" = "$(digest "$list")" ]
	has "$AMD64"
	run --separate-stderr oci-fetch -q -o layout --platform linux/amd64 --mirror "docker.io=http://$NGINX" list:1
	[ "$(cut -f4 <<<"$output")" = kept ]
}

@test "an index that holds nothing for a platform lacks it, though it names no other" {
	local empty attestation

	empty=$(jq -cn '{schemaVersion: 2, mediaType: "'$OCI'.index.v1+json", manifests: []}' | document $OCI.index.v1+json)
	attestation=$(jq -cs '{schemaVersion: 2, mediaType: "'$OCI'.index.v1+json", manifests: [.[0] + {platform: {os: "unknown", architecture: "unknown"}}]}' <<<"$AMD64" |
		document $OCI.index.v1+json)
	image_name up docker.io/library/empty:1 "$empty"
	image_name up docker.io/library/attested:1 "$attestation"
	run --separate-stderr oci-fetch -q -o layout --platform linux/amd64 --from oci:up empty:1 attested:1
	[ "$status" = 1 ]
	[ -z "$output" ]
	[[ $stderr == *"  empty:1: no image for linux/amd64; it has none ("* ]]
	[[ $stderr == *"  attested:1: no image for linux/amd64; it has none ("* ]]
	run --separate-stderr oci-fetch -q -o layout --platform all --from oci:up empty:1 attested:1
	[ "$status" = 0 ]
}

@test "nested indexes are followed, to a limit" {
	local inner outer i

	inner=$(printf '%s\n' "$AMD64" "$ARM64" | jq -cs '{schemaVersion: 2, mediaType: "'$OCI'.index.v1+json", manifests: .}' | document $OCI.index.v1+json)
	outer=$(jq -cs '{schemaVersion: 2, mediaType: "'$OCI'.index.v1+json", manifests: .}' <<<"$inner" | document $OCI.index.v1+json)
	image_name up docker.io/library/nested:1 "$outer"
	serve
	fetch -q nested:1
	has "$outer" && has "$inner" && has "$AMD64"
	run ! has "$ARM64"
	for ((i = 0; i < 12; i++)); do
		outer=$(jq -cs '{schemaVersion: 2, mediaType: "'$OCI'.index.v1+json", manifests: .}' <<<"$outer" | document $OCI.index.v1+json)
	done
	image_name up docker.io/library/nested:1 "$outer"
	run --separate-stderr oci-fetch -o deep --platform linux/amd64 --from oci:up nested:1
	[ "$status" = 1 ]
	[[ $stderr == *"nested:1: "*"indexes nested more than 8 deep"* ]]
}

@test "attestations of an index come with it" {
	local attestation index

	attestation=$(jq -cn --argjson layer "$(jq .descriptor <<<"$OTHER")" --argjson config "$EMPTY" '{schemaVersion: 2, mediaType: "'$OCI'.manifest.v1+json",
		config: ($config | .mediaType = "'$OCI'.config.v1+json"), layers: [$layer | .mediaType = "application/vnd.in-toto+json"]}' | document $OCI.manifest.v1+json |
		jq -c --arg of "$(digest "$AMD64")" '. + {platform: {os: "unknown", architecture: "unknown"},
			annotations: {"vnd.docker.reference.digest": $of, "vnd.docker.reference.type": "attestation-manifest"}}')
	index=$(printf '%s\n' "$AMD64" "$attestation" | jq -cs '{schemaVersion: 2, mediaType: "'$OCI'.index.v1+json", manifests: .}' | document $OCI.index.v1+json)
	image_name up docker.io/library/attested:1 "$index"
	serve
	fetch -q attested:1
	has "$attestation" && has "$AMD64"
	run --separate-stderr fetch -o flat --flatten attested:1
	[ "$(cut -f2 <<<"$output")" = "$(digest "$AMD64")" ]
}

@test "artifacts: artifactType and an empty config are no matter of platforms" {
	local artifact

	artifact=$(jq -cn --argjson layer "$(jq .descriptor <<<"$LAYER")" --argjson config "$EMPTY" '{schemaVersion: 2, mediaType: "'$OCI'.manifest.v1+json",
		artifactType: "application/vnd.example.chart", config: $config, layers: [$layer | .mediaType = "application/vnd.example.content"]}' | document $OCI.manifest.v1+json)
	image_name up docker.io/library/chart:1 "$artifact"
	serve
	run --separate-stderr fetch --platform linux/s390x chart:1
	[ "$status" = 0 ]
	has "$artifact" && has "$EMPTY"
}

@test "artifacts: --verify takes a layer without a byte for no link" {
	local artifact layer

	: >none
	layer=$(image_blob up none application/vnd.example.content)
	artifact=$(jq -cn --argjson layer "$layer" --argjson config "$EMPTY" '{schemaVersion: 2, mediaType: "'$OCI'.manifest.v1+json",
		artifactType: "application/vnd.example", config: $config, layers: [$layer]}' | document $OCI.manifest.v1+json)
	image_name up docker.io/library/none:1 "$artifact"
	serve
	run --separate-stderr fetch -q --verify none:1
	[ "$status" = 0 ]
	has "$layer" && has "$artifact"
}

@test "a foreign layer that the registry lacks comes from its url, checked" {
	local foreign image port

	mkdir www
	echo 'behind a licence' >www/layer
	python3 -u -m http.server -b 127.0.0.1 -d www 0 >port 2>/dev/null 3>&- &
	SERVER=$!
	while ! grep -q port port; do sleep 0.05; done
	port=$(grep -o 'port [0-9]*' port | cut -d' ' -f2)
	foreign=$(jq -cn --arg d "sha256:$(sha256sum <www/layer | cut -d' ' -f1)" --arg url "http://127.0.0.1:$port/layer" \
		'{mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar", digest: $d, size: 17, urls: [$url]}')
	image=$(jq -c --argjson f "$foreign" '.layers += [$f]' "up/blobs/sha256/$(digest "$AMD64" | cut -d: -f2)" | document $OCI.manifest.v1+json)
	image_name up docker.io/library/foreign:0 "$AMD64"
	serve
	curl -sSf -X PUT -H "Content-Type: $OCI.manifest.v1+json" --data-binary "@up/blobs/sha256/$(digest "$image" | cut -d: -f2)" "http://$REGISTRY/v2/library/foreign/manifests/1"
	run --separate-stderr fetch foreign:1
	[ "$status" = 0 ]
	cmp www/layer "layout/blobs/sha256/$(digest "$foreign" | cut -d: -f2)"
	echo 'something else !!' | head -c 17 >www/layer
	run --separate-stderr fetch -o again foreign:1
	[ "$status" = 1 ]
	[[ $stderr == *"foreign:1: "*"digest is sha256:"* ]]
}

@test "--referrers takes what refers to an image: the fallback tag and cosign's tags" {
	local of hex sbom signature

	of=$(digest "$AMD64") hex=${of#sha256:}
	image_name up docker.io/library/signed:1 "$AMD64"
	signature=$(jq -cn --argjson layer "$(jq .descriptor <<<"$OTHER")" --argjson config "$EMPTY" '{schemaVersion: 2, mediaType: "'$OCI'.manifest.v1+json",
		config: ($config | .mediaType = "'$OCI'.config.v1+json"), layers: [$layer | .mediaType = "application/vnd.dev.cosign.simplesigning.v1+json"]}' | document $OCI.manifest.v1+json)
	image_name up "docker.io/library/signed:sha256-$hex.sig" "$signature"
	sbom=$(jq -cn --argjson layer "$(jq .descriptor <<<"$LAYER")" --argjson config "$EMPTY" --argjson subject "$AMD64" '{schemaVersion: 2, mediaType: "'$OCI'.manifest.v1+json",
		artifactType: "application/spdx+json", config: $config, layers: [$layer | .mediaType = "application/spdx+json"], subject: ($subject | del(.platform))}' | document $OCI.manifest.v1+json)
	image_name up "docker.io/library/signed@$(digest "$sbom")" "$sbom"
	serve
	# docker-registry has no referrers API: oci-push keeps the tag for it, and adds to it.
	[ "$(curl -sf -H "Accept: $OCI.index.v1+json" "http://$REGISTRY/v2/library/signed/manifests/sha256-$hex" | jq -r '.manifests[] | .artifactType + " " + .digest')" = "application/spdx+json $(digest "$sbom")" ]
	fetch -q signed:1
	[ "$(names layout)" = docker.io/library/signed:1 ]
	run --separate-stderr fetch --referrers signed:1
	[ "$status" = 0 ]
	[ "$(names layout | sort | xargs)" = "$(printf '%s\n' docker.io/library/signed:1 "docker.io/library/signed:sha256-$hex.sig" "docker.io/library/signed@$(digest "$sbom")" | sort | xargs)" ]
	[ "$(head -1 <<<"$output" | cut -f1,4)" = "$(printf 'docker.io/library/signed:1\tkept')" ]
	has "$sbom" && has "$signature"
}

@test "--flatten: one platform becomes its manifest, several a new index with new digest" {
	image_index up docker.io/library/three:1 "$AMD64" "$ARM64" "$(image_manifest up linux/s390x '{}' "$OTHER")"
	serve
	run --separate-stderr fetch --flatten three:1
	[ "$status" = 0 ]
	[ "$(cut -f2 <<<"$output")" = "$(digest "$AMD64")" ]
	run --separate-stderr fetch --flatten three:1
	[ "$(cut -f4 <<<"$output")" = kept ]
	run --separate-stderr fetch -o two --platform linux/amd64,linux/arm64 --flatten three:1
	[ "$status" = 0 ]
	hex=$(cut -f2 <<<"$output" | cut -d: -f2)
	[ "$(jq -r '.manifests[].platform.architecture' "two/blobs/sha256/$hex" | xargs)" = 'amd64 arm64' ]
	skopeo copy -q --all oci:two:docker.io/library/three:1 dir:three
}

@test "what skopeo, umoci and buildah make is read" {
	command -v umoci >/dev/null || skip 'no umoci'
	umoci init --layout made
	umoci new --image made:one
	umoci config --image made:one --architecture amd64 --os linux
	skopeo copy -q --dest-tls-verify=false oci:made:one "docker://$REGISTRY/library/umoci:1"
	run --separate-stderr fetch umoci:1
	[ "$status" = 0 ]
	skopeo copy -q --format v2s2 --dest-tls-verify=false oci:made:one "docker://$REGISTRY/library/v2s2:1"
	run --separate-stderr fetch v2s2:1
	[ "$status" = 0 ]
	skopeo copy -q oci:made:one dir:folder
	run --separate-stderr oci-fetch -o fromdir --platform linux/amd64 --from dir:folder made:one
	[ "$status" = 0 ]
	[ "$(cut -f1 <<<"$output")" = docker.io/library/made:one ]
}
