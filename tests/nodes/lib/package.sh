# shellcheck shell=bash
# package.sh: a package folder of real parts: signed apt repository, files, registry store, image archives, installer

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
[[ -n ${cache:-} ]] || source "$here/roots.sh"
source "$top/tests/lib/registry.bash"
source "$here/deployer.sh"

# What a node gets from the package, with all dependencies: the deploy node's needs, the runtimes, a cluster node's.
os_packages=(nginx-light docker-registry openssl ca-certificates curl chrony docker.io docker-compose containerd
	podman crun python3 python3-apt conntrack ebtables socat ipset nfs-common ufw)
package_list() { printf '%s\n' python3 python3-apt conntrack ebtables socat ipset curl openssl; }

# package_make NAME: makes $cache/NAME and prints its path; "v2" has one more image, file and package
package_make() {
	local out=$cache/$1 key

	make -s -C "$top" -j2 MAN= build/bin/{list-gen,repo-pack,oci-fetch,oci-push,oci-to-registry,bundle-extract,bundle-seal} >&2 || return 1
	key=$(cat "$here"/package.sh "$top"/scripts/demo/make-images | sha256sum)
	if [[ $(cat "$out.key" 2>/dev/null) != "$key" ]]; then
		rm -rf "$out" "$out.partial" "$out.key"
		mkdir -p "$out.partial/resources"
		package_apt "$out.partial/resources/nginx" debian12 "$1" || return 1
		package_apt "$out.partial/resources/nginx" debian13 "$1" || return 1
		package_files "$out.partial/resources/nginx/files" "$1" || return 1
		package_images "$out.partial" "$1" || return 1
		mv "$out.partial" "$out"
		echo "$key" >"$out.key"
	fi
	package_installer "$out"
	ln -f "$(deployer_make)" "$out/resources/images/kubespray.tar"
	package_seal "$out" "$1"
	echo "$out"
}

# package_apt NGINX OS NAME: the OS packages by repo-pack, from the archive this machine is configured with
package_apt() {
	local extra=()

	[[ $3 != *v2 ]] || extra=(tree)
	[[ $2 != debian13 ]] || extra+=(docker-cli)
	mkdir -p "$1"
	XDG_DATA_HOME=$cache/repo-key "$top/build/bin/repo-pack" -q --os "$2" --arch amd64 -o "$1" \
		--mirror "http://ftp.debian.org/debian=$(archive_uri main)" \
		--mirror "http://security.debian.org/debian-security=$(archive_uri security)" \
		"${os_packages[@]}" "${extra[@]}" </dev/null >/dev/null
}

# Real programs under the paths that kubespray asks for.
package_files() {
	local work=$cache/files.work v=v1.31.4

	[[ $2 != *v2 ]] || v=v1.32.0
	rm -rf "$work"
	mkdir -p "$work"
	"$top/scripts/deb-fetch" --unpack "$work" kubernetes-client etcd-client containernetworking-plugins runc >/dev/null || return 1
	install -D "$work/usr/bin/kubectl" "$1/dl.k8s.io/release/$v/bin/linux/amd64/kubectl"
	install -D "$work/usr/sbin/runc" "$1/github.com/opencontainers/runc/releases/download/v1.1.5/runc.amd64"
	mkdir -p "$1/github.com/etcd-io/etcd/releases/download/v3.5.16" "$1/github.com/containernetworking/plugins/releases/download/v1.1.1"
	tar -C "$work/usr/bin" -czf "$1/github.com/etcd-io/etcd/releases/download/v3.5.16/etcd-v3.5.16-linux-amd64.tar.gz" etcdctl
	tar -C "$work/usr/lib/cni" -czf "$1/github.com/containernetworking/plugins/releases/download/v1.1.1/cni-plugins-linux-amd64-v1.1.1.tgz" .
	rm -rf "$work"
}

package_images() {
	local demo image name source

	demo=$("$top/scripts/demo/make-images") || return 1
	mkdir -p "$1/resources/images" "$1/resources/registry"
	registry_start "$demo/store"
	source=$REGISTRY source_pid=$REGISTRY_PID
	registry_start "$1/resources/registry"
	: >"$1/resources/images.list"
	while read -r image; do
		[[ $image =~ /(busybox|nginx|registry|kubectl|plugins): || $2 == *v2 ]] || continue
		name=${image#*/}
		skopeo copy --quiet --src-tls-verify=false --dest-tls-verify=false --override-arch amd64 "docker://$source/$image" "docker://$REGISTRY/$name" || return 1
		echo "$image" >>"$1/resources/images.list"
		[[ $image =~ /(nginx|registry): ]] || continue
		skopeo copy --quiet --src-tls-verify=false --override-arch amd64 "docker://$source/$image" \
			"docker-archive:$1/resources/images/${BASH_REMATCH[1]}.tar:$image" || return 1
	done <"$demo/images.list"
	registry_stop
	registry_stop "$source_pid"
	rm -rf "$1"/resources/registry/docker/registry/v2/repositories/*/*/_uploads
}

# package_lists DIR TARGET: what a cluster node is to get from the package in DIR
package_lists() {
	mkdir -p "$2"
	package_list >"$2/packages.list"
	cp "$1/resources/images.list" "$2/images.list"
	(cd "$1/resources/nginx/files" && find . -type f -printf '%P\n' | sort | while read -r f; do
		echo "https://$f sha256:$(sha256sum <"$f" | cut -d' ' -f1)"
	done) >"$2/files.list"
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
