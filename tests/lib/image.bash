# Makes OCI images out of plain folders, with tar, gzip and jq only: no daemon, no code of the image's CPU, the same bytes
# every time. It shares nothing with the tools under test. Each function prints JSON for the next one:
#
#	image_layout out
#	base=$(image_layer out base-root)                        # gzip unless zstd or none is named
#	amd=$(image_manifest out linux/amd64 '{"Entrypoint":["/bin/sh"]}' "$base" "$(image_layer out app-root zstd)")
#	arm=$(image_manifest out linux/arm64/v8 '{}' "$(image_layer out arm-root)")
#	image_index out docker.io/library/app:1 "$amd" "$arm"    # or image_name out NAME "$amd" for one platform
# shellcheck shell=bash

image_layout() {
	mkdir -p "$1/blobs/sha256"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$1/oci-layout"
	[ -e "$1/index.json" ] || echo '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}' >"$1/index.json"
}

# image_blob LAYOUT FILE MEDIATYPE: moves FILE into the layout, prints its descriptor.
image_blob() {
	local hash size

	hash=$(sha256sum <"$2" | cut -d' ' -f1)
	size=$(stat -c %s "$2")
	chmod 644 "$2"
	mv "$2" "$1/blobs/sha256/$hash"
	jq -cn --arg type "$3" --arg digest "sha256:$hash" --argjson size "$size" '{mediaType: $type, digest: $digest, size: $size}'
}

# image_layer LAYOUT FOLDER [gzip|zstd|none]: owner root, times 0, names sorted.
image_layer() {
	local layout=$1 folder=$2 suffix=+${3:-gzip} tmp desc diff

	tmp=$(mktemp -p "$layout")
	diff=$(tar -C "$folder" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=posix \
		--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -cf - . | tee "$tmp" | sha256sum | cut -d' ' -f1)
	case $suffix in
	+gzip) gzip -n <"$tmp" >"$tmp.z" && mv "$tmp.z" "$tmp" ;;
	+zstd) zstd -q <"$tmp" >"$tmp.z" && mv "$tmp.z" "$tmp" ;;
	+none) suffix= ;;
	esac
	desc=$(image_blob "$layout" "$tmp" "application/vnd.oci.image.layer.v1.tar$suffix")
	jq -cn --argjson desc "$desc" --arg diff "sha256:$diff" '{descriptor: $desc, diff_id: $diff}'
}

# image_manifest LAYOUT OS/CPU[/VARIANT] CONFIG LAYER...: CONFIG is the "config" object (Entrypoint, Env, ...).
image_manifest() {
	local layout=$1 platform=$2 config=$3 tmp desc

	shift 3
	tmp=$(mktemp -p "$layout")
	platform=$(jq -cn --arg p "$platform" '$p | split("/") | {os: .[0], architecture: .[1]} + (if .[2] then {variant: .[2]} else {} end)')
	printf '%s\n' "$@" | jq -cs --argjson p "$platform" --argjson config "$config" '$p + {created: "1970-01-01T00:00:00Z", config: $config,
		rootfs: {type: "layers", diff_ids: map(.diff_id)}, history: map({created: "1970-01-01T00:00:00Z", created_by: "image.bash"})}' >"$tmp"
	desc=$(image_blob "$layout" "$tmp" application/vnd.oci.image.config.v1+json)
	printf '%s\n' "$@" | jq -cs --argjson config "$desc" '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
		config: $config, layers: map(.descriptor)}' >"$tmp"
	image_blob "$layout" "$tmp" application/vnd.oci.image.manifest.v1+json | jq -c --argjson p "$platform" '. + {platform: $p}'
}

# image_name LAYOUT NAME DESCRIPTOR: what is called NAME in the layout.
image_name() {
	jq -c --arg name "$2" --argjson desc "$3" '.manifests |= (map(select(.annotations["org.opencontainers.image.ref.name"] != $name))
		+ [$desc + {annotations: {"org.opencontainers.image.ref.name": $name}}])' "$1/index.json" >"$1/index.json.new"
	mv "$1/index.json.new" "$1/index.json"
}

# image_index LAYOUT NAME MANIFEST...: one name for several platforms.
image_index() {
	local layout=$1 name=$2 tmp

	shift 2
	tmp=$(mktemp -p "$layout")
	printf '%s\n' "$@" | jq -cs '{schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: .}' >"$tmp"
	image_name "$layout" "$name" "$(image_blob "$layout" "$tmp" application/vnd.oci.image.index.v1+json)"
}
