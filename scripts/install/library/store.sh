# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# store.sh: the store that is served, filled from the package's by hard links, and the packages that are served

# tool NAME: from the package, else from PATH
tool() {
	local f

	for f in "$package/resources/nginx/tools/$1" "$package/resources/nginx/tools/bin/$1"; do
		[[ -x $f ]] && { echo "$f"; return; }
	done
	command -v "$1" || die "$1 is neither in $package/resources/nginx/tools nor on this node; build the package with the module os-tools"
}

# The package's store is never served itself: pushes and a second package's tags go to ours.
store_fill() {
	if ((dry_run)); then run ln "$package/resources/registry" "$state/registry"; return; fi
	store_merge "$package/resources/registry/docker/registry/v2" "$state/registry/docker/registry/v2"
	package_register
}

# store_merge FROM TO: blobs first, then what names them, tags last, so that a registry may serve TO meanwhile.
# What a power cut left short is told by its size and taken again.
store_merge() {
	local how=--link kind

	[[ -d $1/repositories && -d $1/blobs ]] || die "$1 is not a registry's store; is the package whole?"
	mkdir -p "$2/repositories" "$2/blobs"
	same_filesystem "$1" "$2" || how=--reflink=auto
	store_missing "$1" "$2" -path './blobs/*' -name data >"$state/store.new"
	step_note="$(tr '\0' '\n' <"$state/store.new" | wc -l) blobs new, $([[ $how == --link ]] && echo 'by hard links' || echo copied)"
	store_copy "$1" "$2" "$how"
	for kind in '*/_layers/*' '*/_manifests/revisions/*' '*/_manifests/tags/*/index/*'; do
		store_missing "$1" "$2" -path "./repositories/$kind" -name link >"$state/store.new"
		store_copy "$1" "$2" --reflink=auto
	done
	store_tags "$1" "$2"
	rm -f "$state/store.new"
}

# store_missing FROM TO CONDITION...: files of FROM that TO has not, or not in full
store_missing() {
	local from=$1 to=$2
	shift 2
	LC_ALL=C comm -z -23 <(cd "$from" && find . "$@" -printf '%s %p\0' | sort -z) <(cd "$to" && find . "$@" -printf '%s %p\0' | sort -z) |
		sed -z 's/^[0-9]* //'
}

store_copy() {
	[[ -s $state/store.new ]] || return 0
	(cd "$1" && xargs -0 cp "$3" --force --parents --preserve=mode,timestamps -t "$2" <"$state/store.new") >&8 2>&1 ||
		die "the image store cannot be written to $2: $(df -h --output=avail "$2" | tail -n 1) free"
}

# What a tag names now is one file, which is replaced by a rename.
store_tags() {
	local link

	while IFS= read -r link; do
		cmp -s "$1/$link" "$2/$link" && continue
		mkdir -p "$2/${link%/*}"
		{ cp "$1/$link" "$2/$link.new" && mv "$2/$link.new" "$2/$link"; } || die "$2/$link cannot be written"
		log "tag: $link"
	done < <(cd "$1" && find repositories -path '*/_manifests/tags/*/current/link')
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
