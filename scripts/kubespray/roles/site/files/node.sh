#!/bin/bash
# node.sh: a node of the cluster joins the site (OS repository, name and CA of the registry, firewall), or leaves it.
# It needs bash and coreutils only, and can be run again.
#   node.sh join URL DOMAIN REGISTRY-IP CA-IN-BASE64      node.sh leave      node.sh os-names [OS-RELEASE]
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# apt's own user reads what is made here.
umask 022

kept=/var/lib/kubecrate/node
ports_tcp=(6443 2379 2380 10250 10257 10259 179 9100)
ports_udp=(4789 8472)

die() {
	echo "$(uname -n): $*" >&2
	exit 1
}

# grep -q would close the pipe early, and the writer's death would count as a failure.
finds() { grep "$@" >/dev/null; }

# download URL FILE: over plain HTTP, by bash alone
download() {
	local rest=${1#http://} host port path

	host=${rest%%/*} path=/${rest#*/} port=80
	[[ $host != *:* ]] || { port=${host##*:} host=${host%:*}; }
	exec 3<>"/dev/tcp/$host/$port" || die "$1 cannot be reached from this node; is the deploy node up, is its port $port open?"
	printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$path" "$host" >&3
	cat <&3 >"$2.http"
	exec 3>&-
	head -n 1 "$2.http" | finds ' 200 ' || { rm -f "$2.http"; return 1; }
	sed '1,/^\r$/d' "$2.http" >"$2"
	rm -f "$2.http"
}

# What the package may call this system, best first; install.sh (library/os.sh) knows the same names.
os_names() {
	local ID='' ID_LIKE='' VERSION_ID='' UBUNTU_CODENAME='' DEBIAN_CODENAME='' major

	# shellcheck disable=SC1090
	source "${1:-/etc/os-release}"
	major=${VERSION_ID%%.*}
	major=${major#[Vv]}
	case $ID in
	ubuntu | openEuler | openeuler) echo "${ID,,}${VERSION_ID//./}" ;;
	amzn) echo "amazon$major" ;;
	almalinux) echo "alma$major rocky$major" ;;
	rocky) echo "rocky$major alma$major" ;;
	rhel | ol) echo "$ID$major rocky$major alma$major" ;;
	centos) if ((major >= 8)); then echo "centosstream$major rocky$major alma$major"; else echo "centos$major"; fi ;;
	*) echo "${ID,,}$major $(os_names_like)" ;;
	esac
}

os_names_like() {
	local codename

	[[ " $ID_LIKE " != *' rhel '* || $ID == @(fedora|anolis|kylin) ]] || echo "rocky$major alma$major"
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

keep() {
	local to=$kept/files$1

	[[ ! -e $to && ! -e $to.absent ]] || return 0
	mkdir -p "${to%/*}"
	[[ -e $1 || -L $1 ]] || { : >"$to.absent"; return; }
	rm -rf "$kept/new"
	cp -a "$1" "$kept/new"
	mv -T "$kept/new" "$to"
}

repository() {
	local url=$1 name ext='' target key f

	mkdir -p "$kept"
	for name in $(os_names); do
		for f in sources list repo; do
			[[ -z $ext ]] && download "$url/repos/$name.$f" "$kept/client" && ext=$f
		done
	done
	[[ -n $ext ]] || die "this node runs $(os_names), but the package has no OS packages for it"
	target=/etc/apt/sources.list.d/kubecrate.$ext
	[[ $ext != repo ]] || target=/etc/yum.repos.d/kubecrate.repo
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/yum.repos.d/*.repo; do
		[[ -f $f && $f != "$target" ]] || continue
		keep "$f"
		rm "$f"
	done
	keep "$target"
	sed "s|@URL@|$url|g" "$kept/client" >"$kept/client.new"
	while read -r key; do
		keep "$key"
		mkdir -p "${key%/*}"
		download "$url/repos/${key##*/}" "$key" || die "$url/repos/${key##*/} cannot be had"
	done < <(sed -nE 's/^Signed-By: *(\/.*)$/\1/p; s/.*signed-by=([^] ]*).*/\1/p' "$kept/client.new" | sed 's/[, ]\+/\n/g')
	mkdir -p "${target%/*}"
	repository_direct "$url" "$ext"
	cmp -s "$kept/client.new" "$target" || { mv "$kept/client.new" "$target"; echo changed; }
	repository_read "$ext"
}

# What this node may know as its proxy leads to the world outside, never to the deploy node.
repository_direct() {
	local host=${1#http://} target=/etc/apt/apt.conf.d/kubecrate

	if [[ $2 == repo ]]; then
		sed -i '/^\[/a proxy=_none_' "$kept/client.new"
	else
		keep "$target"
		echo "Acquire::http::Proxy::${host%%[:/]*} \"DIRECT\";" >"$target"
	fi
}

repository_read() {
	local out

	if [[ $1 == repo ]]; then
		out=$("$(command -v dnf || command -v yum)" -q makecache 2>&1) || die "the OS repository cannot be read: $(tail -n 3 <<<"$out")"
	else
		out=$(apt-get -q -o APT::Update::Error-Mode=any update 2>&1) || die "the OS repository cannot be read: $(tail -n 3 <<<"$out")"
	fi
}

hosts_entry() {
	keep /etc/hosts
	# awk ends the last line where an editor did not.
	sed '/^# kubecrate begin$/,/^# kubecrate end$/d' /etc/hosts | awk 1 >"$kept/hosts"
	printf '# kubecrate begin\n%s %s\n# kubecrate end\n' "$2" "$1" >>"$kept/hosts"
	cmp -s "$kept/hosts" /etc/hosts || { cat "$kept/hosts" >/etc/hosts; echo changed; }
}

ca_trust() {
	local target=/etc/pki/ca-trust/source/anchors/kubecrate.crt update=update-ca-trust

	[[ $1 != - ]] || return 0
	if [[ ! -d ${target%/*} ]]; then
		target=/usr/local/share/ca-certificates/kubecrate.crt update=update-ca-certificates
		command -v "$update" >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get -yq --no-install-recommends install ca-certificates >/dev/null 2>&1 ||
			die "ca-certificates cannot be installed from the package's OS repository"
	fi
	keep "$target"
	mkdir -p "${target%/*}"
	base64 -d <<<"$1" >"$kept/ca"
	cmp -s "$kept/ca" "$target" || { cat "$kept/ca" >"$target"; echo changed; }
	"$update" >/dev/null 2>&1 || die "$update failed"
}

firewall() {
	local p

	if command -v firewall-cmd >/dev/null && firewall-cmd --state >/dev/null 2>&1; then
		for p in "${ports_tcp[@]/%//tcp}" "${ports_udp[@]/%//udp}" 30000-32767/tcp; do
			firewall-cmd -q --permanent --query-port="$p" && continue
			echo "firewalld $p" >>"$kept/firewall"
			firewall-cmd -q --permanent --add-port="$p"
			firewall-cmd -q --add-port="$p"
		done
	elif command -v ufw >/dev/null && ufw status | finds '^Status: active'; then
		for p in "${ports_tcp[@]/%//tcp}" "${ports_udp[@]/%//udp}" 30000:32767/tcp; do
			! ufw show added | finds -xF "ufw allow $p" || continue
			echo "ufw $p" >>"$kept/firewall"
			ufw allow "$p" >/dev/null
		done
	fi
}

leave() {
	local f kind p

	[[ -d $kept ]] || return 0
	while read -r kind p; do
		case $kind in
		firewalld) firewall-cmd -q --permanent --remove-port="$p"; firewall-cmd -q --remove-port="$p" ;;
		ufw) ufw delete allow "$p" >/dev/null ;;
		esac
	done < <(cat "$kept/firewall" 2>/dev/null)
	while read -r f; do
		case $f in
		*.absent) rm -f "${f%.absent}" ;;
		*) cp -a --remove-destination "$kept/files$f" "$f" ;;
		esac
	done < <(find "$kept/files" \( -type f -o -type l \) -printf '/%P\n')
	if command -v update-ca-certificates >/dev/null; then update-ca-certificates --fresh >/dev/null 2>&1; fi
	if command -v update-ca-trust >/dev/null; then update-ca-trust; fi
	rm -rf "$kept"
	rmdir --ignore-fail-on-non-empty /var/lib/kubecrate
}

case ${1:-} in
join)
	mkdir -p "$kept"
	hosts_entry "$3" "$4"
	repository "$2"
	ca_trust "$5"
	firewall
	;;
leave) leave ;;
os-names) os_names "${2:-}" | xargs ;;
*) die "usage: node.sh join URL DOMAIN REGISTRY-IP CA-IN-BASE64 | leave" ;;
esac
