# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# os.sh: which system this node runs, and its package manager on the package's own repository

# os_detect [FILE]: sets os_family (apt, yum), os_dist (debian), os_release (12), os_names (what the package may call
# it, best first) and os_name (the one it has packages for)
os_detect() {
	local file=${1:-/etc/os-release} ID='' VERSION_ID='' ID_LIKE='' NAME='' UBUNTU_CODENAME='' DEBIAN_CODENAME='' like

	[[ -r $file ]] || { fault "$file: cannot be read, so the system of this node is unknown"; return 0; }
	# shellcheck disable=SC1090
	source "$file"
	os_dist=$ID os_release=$VERSION_ID os_family=''
	for like in "$ID" $ID_LIKE; do
		case $like in
		debian | ubuntu) os_family=apt ;;
		rhel | fedora | centos | rocky | almalinux | openEuler | openeuler | anolis | kylin | amzn) os_family=yum ;;
		*) continue ;;
		esac
		break
	done
	[[ -n $os_family ]] || fault "this node runs ${ID:-an unnamed system} ${VERSION_ID:-}, which is neither of the Debian nor of the Red Hat family"
	os_versions
}

# Where a minor version brings other packages it belongs to the name; what is built from Red Hat's sources can use each
# other's packages of the same major version. node.sh of the cluster's nodes knows the same names.
os_versions() {
	local major=${os_release%%.*}

	major=${major#[Vv]}
	case $os_dist in
	ubuntu | openEuler | openeuler) os_names=("$os_dist${os_release//./}") ;;
	amzn) os_names=("amazon$major") ;;
	almalinux) os_names=("alma$major" "rocky$major") ;;
	rocky) os_names=("rocky$major" "alma$major") ;;
	rhel | ol) os_names=("$os_dist$major" "rocky$major" "alma$major") ;;
	centos) if ((major >= 8)); then os_names=("centosstream$major" "rocky$major" "alma$major"); else os_names=("centos$major"); fi ;;
	*) mapfile -t os_names < <(echo "$os_dist$major"; os_names_like) ;;
	esac
	os_names=("${os_names[@],,}")
	os_name=${os_names[0]}
	for like in "${os_names[@]}"; do
		compgen -G "$package/resources/nginx/repos/$like.*" >/dev/null || continue
		os_name=$like
		return
	done
}

# What is built from Red Hat's sources, or on a release of Debian's or Ubuntu's, says so.
os_names_like() {
	local codename

	[[ " $ID_LIKE " != *' rhel '* || $ID == @(fedora|anolis|kylin) ]] || printf '%s\n' "rocky$major" "alma$major"
	for codename in $UBUNTU_CODENAME $DEBIAN_CODENAME; do
		case $codename in
		bullseye) echo debian11 ;;
		bookworm) echo debian12 ;;
		trixie) echo debian13 ;;
		focal) echo ubuntu2004 ;;
		jammy) echo ubuntu2204 ;;
		noble) echo ubuntu2404 ;;
		esac
	done
}

os_arch() {
	case $(uname -m) in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) uname -m ;;
	esac
}

# os_client_file: the package's client file for this system (.sources, .list or .repo)
os_client_file() {
	local ext

	for ext in sources list repo; do
		[[ -f $package/resources/nginx/repos/$os_name.$ext ]] || continue
		echo "$package/resources/nginx/repos/$os_name.$ext"
		return
	done
	return 1
}

os_known() { find "$package/resources/nginx/repos" -type f \( -name '*.sources' -o -name '*.list' -o -name '*.repo' \) -printf '%f\n' 2>/dev/null | sed 's/\.[a-z]*$//' | sort -u | tr '\n' ' '; }

# repository_use URL: this node's package manager sees the package's repository there, and no other
repository_use() {
	local client

	client=$(os_client_file)
	repository_aside
	repository_keys "$client"
	if [[ $os_family == apt ]]; then repository_apt "$client" "$1"; else repository_yum "$client" "$1"; fi
}

# The node's own lists wait in the state folder until remove puts them back.
repository_aside() {
	local f

	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources /etc/yum.repos.d/*.repo; do
		[[ -f $f && ${f##*/} != kubecrate.* ]] || continue
		undo_file "$f"
		run rm "$f"
	done
}

# Keys that a client file names by path come with the package, under the same file name.
repository_keys() {
	local path key

	while read -r path; do
		[[ -n $path ]] || continue
		key=$(find "$package/resources/nginx/repos" -name "${path##*/}" -print -quit)
		[[ -n $key ]] || { [[ -f $path ]] && continue; die "$1 wants the key $path, which is not in the package"; }
		undo_file "$path"
		write_file "$path" <"$key" || true
	done < <(repository_key_paths "$1")
}

repository_key_paths() {
	sed -nE 's/^Signed-By: *(\/.*)$/\1/p; s/.*signed-by=([^] ]*).*/\1/p; s/^gpgkey *= *file:\/\/(.*)$/\1/p' "$1" |
		sed 's/[, ]\+/\n/g' | sort -u
}

repository_apt() {
	local target=/etc/apt/sources.list.d/kubecrate.${1##*.}

	undo_file "$target"
	repository_render "$1" "$2" | write_file "$target" || true
	repository_direct "$2"
	run apt-get -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any update
}

repository_yum() {
	local target=/etc/yum.repos.d/kubecrate.repo

	undo_file "$target"
	repository_render "$1" "$2" | write_file "$target" || true
	run "$(yum_command)" -q makecache
}

# What this node may know as its proxy leads to the world outside, never to the package; yum's files say so themselves.
repository_direct() {
	local host=${1#http://} target=/etc/apt/apt.conf.d/kubecrate

	[[ $1 == http://* ]] || return 0
	undo_file "$target"
	echo "Acquire::http::Proxy::${host%%[:/]*} \"DIRECT\";" | write_file "$target" || true
}

repository_render() {
	local direct=''

	[[ $1 != *.repo ]] || direct='/^\[/a proxy=_none_'
	sed -e "s|@URL@|$2|g" -e "$direct" "$1"
}

yum_command() { command -v dnf || command -v yum || command -v microdnf || echo dnf; }
