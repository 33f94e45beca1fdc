# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# packages.sh: OS packages come from the package's repository; what came with us can leave with us

package_installed() {
	if [[ $os_family == apt ]]; then
		[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
	else
		rpm -q --quiet "$1"
	fi
}

package_available() {
	if [[ $os_family == apt ]]; then
		apt-cache policy "$1" 2>/dev/null | finds '^  Candidate: [^(]'
	else
		"$(yum_command)" -q info "$1" >/dev/null 2>&1
	fi
}

# packages_need NAME...: installs what is missing; a|b means the first of them that can be had
packages_need() {
	local want=() entry name

	for entry in "$@"; do
		name=$(package_choose "$entry") || die "the package's repository has no ${entry//|/ or }; put it on the list of OS packages and build the package again"
		package_installed "$name" || want+=("$name")
	done
	((${#want[@]})) || return 0
	users_before
	if [[ $os_family == apt ]]; then packages_apt "${want[@]}"; else packages_yum "${want[@]}"; fi
	users_after
}

package_choose() {
	local name names

	IFS='|' read -ra names <<<"$1"
	for name in "${names[@]}"; do package_installed "$name" && { echo "$name"; return; }; done
	((dry_run)) && { echo "${names[0]}"; return; }
	for name in "${names[@]}"; do package_available "$name" && { echo "$name"; return; }; done
	return 1
}

apt_quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o APT::Sandbox::User=root
	-o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=120 --no-install-recommends)

# The names are in the journal before the first of them is unpacked.
packages_apt() {
	local plan new gone

	((dry_run)) && { run apt-get install "$@"; return; }
	attempt dpkg --configure -a || true
	plan=$("${apt_quiet[@]}" -s install "$@" 2>&1) || die "apt-get cannot install $*: $(grep -E '^(E:| )' <<<"$plan" | head -n 4 | tr '\n' ' ')"
	new=$(awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }' <<<"$plan" | sort | tr '\n' ' ')
	gone=$(awk '$1 == "Remv" { print $2 }' <<<"$plan" | sort | tr '\n' ' ')
	log "packages: new: $new; upgraded: $(packages_upgraded <<<"$plan"); have to leave: $gone"
	# Read backwards: what was upgraded goes back while the new ones are there, what had to leave comes when they are gone.
	packages_keep "$gone"
	[[ -z $new ]] || undo_note packages "${new% }"
	packages_keep "$(packages_upgraded <<<"$plan")"
	run "${apt_quiet[@]}" install "$@"
}

packages_upgraded() { awk '$1 == "Inst" && $3 ~ /^\[/ { print $2 }' | sort | tr '\n' ' '; }

# packages_keep "NAMES": each as a package file, made of what lies on this node, for the way back
packages_keep() {
	local name kept=()

	for name in $1; do
		package_pack "$name" "$state/undo/packages/$name.deb" && kept+=("$name")
	done
	((!${#kept[@]})) || undo_note restore "${kept[*]}"
}

# package_pack NAME FILE: the installed package NAME as a package file again
package_pack() {
	local work=$state/undo/packages/work f

	[[ ! -e $2 ]] || return 0
	rm -rf "$work"
	mkdir -p "$work/DEBIAN"
	dpkg-query -s "$1" | awk '/^[^ ]/ { drop = /^(Status|Conffiles|Config-Version):/ } !drop' >"$work/DEBIAN/control"
	for f in preinst postinst prerm postrm config templates triggers shlibs symbols conffiles; do
		[[ ! -e $(dpkg-query --control-path "$1" "$f") ]] || cp -p "$(dpkg-query --control-path "$1" "$f")" "$work/DEBIAN/$f"
	done
	dpkg-query -L "$1" | while read -r f; do
		if [[ -d $f && ! -L $f || $f == /@(bin|sbin|lib|lib32|lib64|libx32) ]]; then mkdir -p "$work$f"; elif [[ -e $f || -L $f ]]; then cp -a "$f" "$work$f"; fi
	done
	attempt dpkg-deb -Znone -b "$work" "$2.new" && mv "$2.new" "$2"
	rm -rf "$work"
	[[ -e $2 ]] || { log "$1 cannot be kept"; return 1; }
}

# packages_restore "NAMES": those of them that are not as they were
packages_restore() {
	local name files=()

	for name in $1; do
		[[ $(dpkg-query -W -f '${db:Status-Status} ${Version}' "$name" 2>/dev/null) == "installed $(dpkg-deb -f "$state/undo/packages/$name.deb" Version)" ]] ||
			files+=("$state/undo/packages/$name.deb")
	done
	((!${#files[@]})) || run env DEBIAN_FRONTEND=noninteractive dpkg --force-confold --force-downgrade -i "${files[@]}"
}

# What was there before is written down first: an interrupted run finds by it what came.
packages_yum() {
	local new

	((dry_run)) && { run dnf install "$@"; return; }
	mkdir -p "$state"
	[[ -f $state/packages.before ]] || rpm -qa --qf '%{NAME}\n' | sort -u | write_file "$state/packages.before" || true
	run "$(yum_command)" -y install "$@"
	new=$(rpm -qa --qf '%{NAME}\n' | sort -u | comm -13 "$state/packages.before" - | tr '\n' ' ')
	[[ -z $new ]] || undo_note packages "${new% }"
	rm -f "$state/packages.before"
}

# packages_purge "NAMES": those that are still there, unless something that is not ours needs them
packages_purge() {
	local names=() name others

	for name in $1; do package_installed "$name" && names+=("$name"); done
	((${#names[@]})) || return 0
	if [[ $os_family == yum ]]; then packages_erase "${names[@]}"; return; fi
	others=$("${apt_quiet[@]}" -s purge "${names[@]}" | awk '$1 == "Purg" || $1 == "Remv" { print $2 }' | sort -u |
		comm -23 - <(printf '%s\n' "${names[@]}" | sort -u) | tr '\n' ' ')
	if [[ -n $others ]]; then
		say_note "packages stay, because ${others% } need them: ${names[*]}"
		return
	fi
	run "${apt_quiet[@]}" --allow-remove-essential purge "${names[@]}"
}

# rpm takes these and no other; dnf would take what nobody needs any more as well, which may be the site's.
packages_erase() {
	if attempt rpm -e --test "$@"; then run rpm -e "$@"; else say_note "packages stay, because others need them: $*"; fi
}

# System users that packages make: known by the difference, which is taken again after an interruption.
users_before() {
	((dry_run)) && return 0
	mkdir -p "$state"
	[[ -f $state/users.before ]] || cut -d: -f1 /etc/passwd /etc/group | sort -u >"$state/users.before"
}

users_after() {
	local new

	((dry_run)) && return 0
	new=$(cut -d: -f1 /etc/passwd /etc/group | sort -u | comm -13 "$state/users.before" - | tr '\n' ' ')
	[[ -z $new ]] || undo_note users "${new% }"
	rm -f "$state/users.before"
}

users_drop() {
	local name

	for name in $1; do
		! grep -q "^$name:" /etc/passwd || attempt userdel "$name" || true
		! grep -q "^$name:" /etc/group || attempt groupdel "$name" || true
	done
}
