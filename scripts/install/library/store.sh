# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# store.sh: the store that is served, filled from the package's by oci-to-registry, and the packages that are served

# tool NAME: from the package, else from PATH
tool() {
	local f

	for f in "$package/resources/nginx/tools/$1" "$package/resources/nginx/tools/bin/$1"; do
		[[ -x $f ]] && { echo "$f"; return; }
	done
	command -v "$1" || die "$1 is neither in $package/resources/nginx/tools nor on this node; build the package with the module os-tools"
}

# The package's store is never served itself: pushes and a second package's tags go to ours. A registry may be serving it
# meanwhile: blobs come first, tags last; what a power cut left short is taken again.
store_fill() {
	local tool args=(-i "registry:$package/resources/registry" -o "$state/registry")

	if ((dry_run)); then run oci-to-registry "${args[@]}"; return; fi
	tool=$(tool oci-to-registry) || exit 1
	mkdir -p "$state"
	tool_run "$state/store.new" "$tool" "${args[@]}" ||
		die "the images cannot be put into $state/registry: $(last_words "$(<"$state/store.new.words")")"
	log "$(<"$state/store.new")"
	step_note=$(store_counts "$state/store.new")
	rm -f "$state"/store.new*
	package_register
}

# store_missing: the bytes of blobs that the package has and the served store has not
store_missing() {
	local blobs=docker/registry/v2/blobs

	comm -23 <(cd "$package/resources/registry/$blobs" 2>/dev/null && find . -name data -printf '%P %s\n' | sort) \
		<(cd "$state/registry/$blobs" 2>/dev/null && find . -name data -printf '%P %s\n' | sort) |
		awk '{ n += $2 } END { printf "%d", n }'
}

# 12 images: 10 linked, 2 kept
store_counts() {
	awk -F'\t' '{ n[$3]++ } END { out = NR " images"; sep = ": "
		split("linked copied moved kept", how, " ")
		for (i = 1; i <= 4; i++) if (n[how[i]]) { out = out sep n[how[i]] " " how[i]; sep = ", " }
		print out }' "$1"
}

# package_id: what the package is called on this node: its folder's name
package_id() { basename "$package"; }

# packages: lines "ID TAB PATH", one for each package whose repositories and files are served
package_register() {
	local id other

	id=$(package_id)
	mkdir -p "$state"
	other=$(awk -F'\t' -v id="$id" '$1 == id { print $2 }' "$state/packages" 2>/dev/null) || true
	[[ -z $other || $other == "$package" ]] || [[ ! -d $other ]] ||
		die "two packages are called $id ($other and $package); rename one of the folders"
	{
		[[ ! -f $state/packages ]] || awk -F'\t' -v id="$id" '$1 != id' "$state/packages"
		printf '%s\t%s\n' "$id" "$package"
	} | write_file "$state/packages" || true
	[[ -f $state/current ]] || echo "$id" >"$state/current"
}

packages_list() {
	local id path

	while IFS=$'\t' read -r id path; do
		if [[ -d $path ]]; then printf '%s\t%s\n' "$id" "$path"; else log "package $id is gone from $path"; fi
	done <"$state/packages"
}

package_current() { cat "$state/current"; }
