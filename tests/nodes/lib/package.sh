# shellcheck shell=bash
# package.sh: a package folder of real parts: signed apt repository, files, registry store, image archives, installer

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
[[ -n ${cache:-} ]] || source "$here/roots.sh"
source "$top/tests/lib/registry.bash"
source "$here/deployer.sh"

# What a node gets from the package, with all dependencies: the deploy node's needs, a runtime, a cluster node's.
# Debian 12 nodes run natively or with podman, and may have one of two firewalls and another clock; Debian 13 nodes run docker.
packages_common=(nginx-light docker-registry openssl ca-certificates curl chrony)
packages_debian12=(podman crun containerd python3 python3-apt conntrack ebtables socat ipset ufw firewalld systemd-timesyncd)
packages_debian13=(docker.io docker-cli docker-compose)

# package_make NAME: makes $cache/NAME and prints its path; pkg-v2 is pkg-v1 and one more file, package and three images
package_make() {
	local deployer

	mkdir -p "$cache"
	(
		flock 7
		make -s -C "$top" -j2 MAN= build/bin/{list-gen,repo-pack,oci-fetch,oci-push,oci-to-registry,oci-to-archive,bundle-extract,bundle-seal} >&2 || exit 1
		deployer_make >/dev/null &
		deployer=$!
		package_parts "$1" && wait "$deployer" && package_finish "$cache/$1" "$1"
	) 7>"$cache/lock" && echo "$cache/$1"
}

# What takes long is kept until this file or the images change.
package_parts() {
	local out=$cache/$1 key

	key=$(cat "$here/package.sh" "$top/scripts/demo/make-images" | sha256sum)
	[[ $(cat "$out.key" 2>/dev/null) != "$key" ]] || return 0
	rm -rf "$out" "$out.partial" "$out.key"
	if [[ $1 == *v2 ]]; then
		package_parts pkg-v1 && cp -al "$cache/pkg-v1" "$out.partial" || return 1
		rm -rf "$out.partial"/{modules.d,SHA256SUMS.d}
	fi
	mkdir -p "$out.partial/resources/nginx"
	package_apt "$out.partial/resources/nginx" debian12 "$1" &&
		{ [[ $1 == *v2 ]] || package_apt "$out.partial/resources/nginx" debian13 "$1"; } &&
		package_files "$out.partial/resources/nginx/files" "$1" &&
		package_images "$out.partial" "$1" || return 1
	mv "$out.partial" "$out"
	echo "$key" >"$out.key"
}

# The installer, the deployer and the tools are this tree's own, so they are taken anew.
package_finish() {
	local deployer

	deployer=$(deployer_make) || return 1
	package_installer "$1"
	ln -f "$deployer" "$1/resources/images/kubespray.tar"
	package_seal "$1" "$2"
}

# package_apt NGINX OS NAME: the OS packages by repo-pack, from the archive this machine is configured with
package_apt() {
	local list=("${packages_common[@]}")

	if [[ $2 == debian12 ]]; then list+=("${packages_debian12[@]}"); else list+=("${packages_debian13[@]}"); fi
	[[ $3 != *v2 ]] || list+=(tree)
	XDG_DATA_HOME=$cache/repo-key "$top/build/bin/repo-pack" -q --os "$2" --arch amd64 -o "$1" \
		--mirror "http://ftp.debian.org/debian=$(archive_uri main)" \
		--mirror "http://security.debian.org/debian-security=$(archive_uri security)" \
		"${list[@]}" </dev/null >/dev/null
}

# Real programs under the paths that kubespray asks for.
package_files() {
	local work=$cache/files.work v=v1.31.4

	if [[ $2 == *v2 ]]; then
		v=v1.32.0
		rm -rf "$1/dl.k8s.io"
	fi
	rm -rf "$work"
	mkdir -p "$work"
	"$top/scripts/deb-fetch" --unpack "$work" kubernetes-client etcd-client containernetworking-plugins runc >/dev/null || return 1
	install -D "$work/usr/bin/kubectl" "$1/dl.k8s.io/release/$v/bin/linux/amd64/kubectl"
	if [[ $2 == *v2 ]]; then
		rm -rf "$work"
		return 0
	fi
	install -D "$work/usr/sbin/runc" "$1/github.com/opencontainers/runc/releases/download/v1.1.5/runc.amd64"
	mkdir -p "$1/github.com/etcd-io/etcd/releases/download/v3.5.16" "$1/github.com/containernetworking/plugins/releases/download/v1.1.1"
	tar -C "$work/usr/bin" --transform 's|^|etcd-v3.5.16-linux-amd64/|' \
		-czf "$1/github.com/etcd-io/etcd/releases/download/v3.5.16/etcd-v3.5.16-linux-amd64.tar.gz" etcdctl
	tar -C "$work/usr/lib/cni" -czf "$1/github.com/containernetworking/plugins/releases/download/v1.1.1/cni-plugins-linux-amd64-v1.1.1.tgz" .
	rm -rf "$work"
}

# Images by the chain that makes a real package: fetched into a layout, then a store and two archives of that.
package_images() {
	local demo image layout=$1/layout mirrors=() host rc=0

	demo=$("$top/scripts/demo/make-images") || return 1
	mkdir -p "$1/resources/images"
	grep -E "$([[ $2 == *v2 ]] && echo . || echo '/(busybox|nginx|registry|kubectl|plugins):')" "$demo/images.list" >"$1/resources/images.list.new"
	mv "$1/resources/images.list.new" "$1/resources/images.list"
	registry_start "$demo/store"
	while read -r host; do mirrors+=(--mirror "$host=http://$REGISTRY/$host"); done < <(cut -d/ -f1 "$1/resources/images.list" | sort -u)
	"$top/build/bin/oci-fetch" -q -o "$layout" --platform linux/amd64 "${mirrors[@]}" -f "$1/resources/images.list" >/dev/null || rc=1
	registry_stop
	((rc == 0)) && "$top/build/bin/oci-to-registry" -q -i "$layout" -o "$1/resources/registry" >/dev/null || return 1
	for image in nginx registry; do
		"$top/build/bin/oci-to-archive" -q -i "$layout" --platform linux/amd64 -o "$1/resources/images/$image.tar" \
			"$(grep "/$image:" "$1/resources/images.list")" >/dev/null || return 1
	done
	rm -rf "$layout"
}

package_installer() {
	rm -rf "$1"/{install.sh,library,config,config-sample.yaml,compose.yaml}
	cp -r "$top"/scripts/install/. "$1"
	rm -f "$1/.shellcheckrc"
	package_tools "$1/resources/nginx/tools"
}

# The tools as the site gets them, from this tree's build.
package_tools() {
	local tools=(oci-fetch oci-push oci-to-registry bundle-extract)

	"$top/scripts/site/make-tools" "$top/build" / "$1" "${tools[@]}"
}

package_seal() {
	rm -rf "$1/modules.d" "$1/SHA256SUMS.d"
	"$top/build/bin/bundle-seal" -q all "$1" --version "$2"
}
