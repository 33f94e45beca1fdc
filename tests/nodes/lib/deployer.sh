# shellcheck shell=bash
# deployer.sh: the kubespray image of the tests: Debian's ansible-core, run.sh with its playbooks, and the small roles
# of tests/nodes/kubespray in kubespray's layout

# package.sh, which knows the folders, reads this file.
source "$top/tests/lib/image.bash"

# deployer_make: makes $cache/kubespray.tar, a docker archive, and prints its path
deployer_make() {
	local base=$cache/deployer work=$cache/deployer.work layout=$cache/deployer.oci base_layer key

	key=$(cat "$here/deployer.sh" <(cd "$top" && find scripts/kubespray tests/nodes/kubespray -type f | sort | xargs sha256sum) "$top/build/bin/list-gen" | sha256sum)
	if [[ $(cat "$cache/kubespray.key" 2>/dev/null) != "$key" ]]; then
		deployer_base "$base" || return 1
		rm -rf "$layout" "$work" "$cache/kubespray.tar"
		image_layout "$layout"
		cp "$base/"*.blob "$layout/blobs/sha256/" && for f in "$layout"/blobs/sha256/*.blob; do mv "$f" "${f%.blob}"; done
		base_layer=$(cat "$base/layer.json")
		mkdir -p "$work/kubecrate" "$work/kubespray"
		cp -r "$top"/scripts/kubespray/. "$work/kubecrate/"
		cp -r "$top"/tests/nodes/kubespray/. "$work/kubespray/"
		"$top/scripts/site/make-tools" "$top/build" / "$work/kubecrate/tools" list-gen || return 1
		image_name "$layout" docker.io/library/kubespray:test \
			"$(image_manifest "$layout" linux/amd64 '{"Entrypoint":["/kubecrate/run.sh"]}' "$base_layer" "$(image_layer "$layout" "$work")")"
		"$top/build/bin/oci-to-archive" -q -i "$layout" -o "$cache/kubespray.tar" docker.io/library/kubespray:test >/dev/null || return 1
		rm -rf "$layout" "$work"
		echo "$key" >"$cache/kubespray.key"
	fi
	echo "$cache/kubespray.tar"
}

# The lower layer, made once: everything ansible-core wants.
deployer_base() {
	local root=$1.root

	[[ ! -f $1/layer.json ]] || return 0
	archive_lines bookworm >"$cache/bookworm.list"
	rm -rf "$1" "$root"
	mmdebstrap --quiet --variant=essential --dpkgopt=force-unsafe-io --include=ansible-core,sshpass,openssh-client,ca-certificates \
		bookworm "$root" "$cache/bookworm.list" >&2 || return 1
	rm -rf "$root"/usr/share/{doc,man,locale} "${root:?}"/dev/*
	# Layers have no times, so compiled modules must not be compared with their sources' times.
	chroot "$root" python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/lib/python3 /usr/lib/python3.11 >&2 || true
	image_layout "$1.new"
	image_layer "$1.new" "$root" none >"$1.json"
	mkdir -p "$1"
	for f in "$1.new"/blobs/sha256/*; do mv "$f" "$1/${f##*/}.blob"; done
	mv "$1.json" "$1/layer.json"
	rm -rf "$root" "$1.new"
}

