# Judges a registry store by what docker-registry serves from it ($REGISTRY, as registry_start sets it).
# shellcheck shell=bash

STORE_ACCEPT='Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json'

# store_hash STORE REPOSITORY manifests|blobs DIGEST: the registry serves it with the bytes of its digest, and so all that it
# leads to; children of an index only where the store has them.
store_hash() {
	local out child hex

	out=$(mktemp -p "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}")
	curl -fsS -H "$STORE_ACCEPT" -o "$out" "http://$REGISTRY/v2/$2/$3/$4" || { echo "$2: $3 $4 is not served"; return 1; }
	hex=$(sha256sum <"$out" | cut -d' ' -f1)
	[ "sha256:$hex" = "$4" ] || { echo "$2: $3 $4 is served with other bytes"; return 1; }
	[ "$3" = manifests ] || return 0
	for child in $(jq -r '(.config, .layers[]?) | .digest? // empty' "$out"); do
		store_hash "$1" "$2" blobs "$child" || return 1
	done
	for child in $(jq -r '.manifests[]?.digest' "$out"); do
		[ -e "$1/docker/registry/v2/repositories/$2/_manifests/revisions/sha256/${child#sha256:}" ] || continue
		store_hash "$1" "$2" manifests "$child" || return 1
	done
}

# store_hash_all STORE: every revision of every repository.
store_hash_all() {
	local link repository n=0

	while read -r link; do
		repository=${link#"$1"/docker/registry/v2/repositories/}
		store_hash "$1" "${repository%%/_manifests/*}" manifests "$(<"$link")" || return 1
		n=$((n + 1))
	done < <(find "$1" -path '*/_manifests/revisions/*' -name link)
	[ "$n" -gt 0 ] || { echo "no revisions in $1"; return 1; }
}

# store_nothing_to_collect STORE: the registry's own garbage collector finds every blob in use.
store_nothing_to_collect() {
	local dir

	dir=$(mktemp -d -p "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}")
	printf '%s\n' 'version: 0.1' "storage: { filesystem: { rootdirectory: \"$1\" } }" >"$dir/config.yml"
	docker-registry garbage-collect --dry-run "$dir/config.yml" >"$dir/log" 2>&1 || { cat "$dir/log"; return 1; }
	grep -q '\b0 blobs and 0 manifests eligible for deletion' "$dir/log" || { tail -n 3 "$dir/log"; return 1; }
}
