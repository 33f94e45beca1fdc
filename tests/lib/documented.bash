# What the documents give as commands runs as it stands there: a folder with all that they name, and stand-ins for hosts.
# shellcheck shell=bash disable=SC1091,SC2317  # files beside this one; functions for the command that is run

. "$TOP/tests/lib/aptrepo.bash"
. "$TOP/tests/lib/image.bash"
. "$TOP/tests/lib/nginx.bash"
. "$TOP/tests/lib/registry.bash"

# documented_images LAYOUT: every image that a page names, for two CPUs.
documented_images() {
	local name layer

	mkdir -p root/bin
	head -c 20000 /dev/urandom >root/bin/program
	image_layout "$1"
	layer=$(image_layer "$1" root)
	for name in docker.io/library/{nginx:1.19,nginx:1.25,registry:2} quay.io/coreos/etcd:v3.5.0 \
		registry.k8s.io/kube-{apiserver,controller-manager,scheduler,proxy}:1.31.0; do
		image_index "$1" "$name" "$(image_manifest "$1" linux/amd64 "{\"Env\":[\"N=$name\"]}" "$layer")" \
			"$(image_manifest "$1" linux/arm64 "{\"Env\":[\"N=$name\"]}" "$layer")"
	done
}

# documented_kubespray DIR IMAGE-TAG: a small release. Its one file is served by $WEB.
documented_kubespray() {
	mkdir -p "$1/roles/kubespray_defaults/defaults/main" "$1/roles/system_packages/vars"
	cat >"$1/roles/kubespray_defaults/defaults/main/download.yml" <<-END
		image_arch: "{{ 'arm64' if ansible_architecture == 'aarch64' else 'amd64' }}"
		kube_image_repo: registry.k8s.io
		kube_version: 1.31.0
		nginx_image_repo: docker.io/library/nginx
		nginx_image_tag: "$2"
		runc_download_url: "https://github.com/runc/runc.{{ image_arch }}"
		container_manager: containerd
		downloads:
		  nginx:
		    container: true
		    enabled: true
		    repo: "{{ nginx_image_repo }}"
		    tag: "{{ nginx_image_tag }}"
		  runc:
		    file: true
		    enabled: "{{ container_manager == 'crio' }}"
		    url: "{{ runc_download_url }}"
		    checksum: "sha256:$(echo runc | sha256sum | cut -d' ' -f1)"
	END
	printf 'pkgs:\n  curl: []\n' >"$1/roles/system_packages/vars/main.yml"
}

documented_web() {
	mkdir -p web/github.com/runc web/dl.k8s.io web/k8s/release/v1.30.0/bin/linux/amd64
	for cpu in amd64 arm64; do echo runc >"web/github.com/runc/runc.$cpu"; done
	echo kubectl >web/k8s/release/v1.30.0/bin/linux/amd64/kubectl
	(cd web/k8s/release/v1.30.0/bin/linux/amd64 && sha256sum <kubectl | cut -d' ' -f1 >kubectl.sha256)
	nginx_start "$PWD/web" "$PWD/nginx"
	export NGINX NGINX_PID
}

documented_archives() {
	aptrepo_key
	aptrepo_deb apt curl 8.0 'Depends: libssl3'
	aptrepo_deb apt libssl3 3.0
	aptrepo_index apt bookworm
	aptrepo_index apt jammy
	mkdir -p lists/os
	cp "$TOP/lists/published-sums.list" lists
	aptrepo_os apt debian12 >lists/os/debian12.yaml
	aptrepo_os apt ubuntu2204 | sed 's/bookworm/jammy/; s|debian/12|ubuntu/22.04|' >lists/os/ubuntu2204.yaml
	export KUBECRATE_LISTS=$PWD/lists
}

# The registries that stand for those of the pages: REGISTRY without TLS, HARBOR with it.
documented_registries() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out harbor.pem -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 2>openssl.err
	registry_start "$PWD/harbor" '' "$PWD/harbor.pem" "$PWD/key"
	HARBOR=$REGISTRY HARBOR_PID=$REGISTRY_PID
	registry_start "$PWD/served"
	export HARBOR HARBOR_PID REGISTRY REGISTRY_PID
}

# documented_start: in a new folder, once a file.
documented_start() {
	BATS_TEST_TMPDIR=$PWD
	documented_images layout
	printf '%s\n' nginx:1.25 registry:2 quay.io/coreos/etcd:v3.5.0 >images.list
	documented_registries
	documented_web
	documented_archives
	documented_kubespray ks 1.25
	cp -r ks kubespray && cp -r ks kubespray-2.31 && documented_kubespray kubespray-2.28 1.19
	printf 'common: [curl]\n' >packages.yaml
	oci-push -q -i layout --to "$REGISTRY" --plain-http "$REGISTRY" >pushed
	oci-push -q -i layout --to "$REGISTRY/docker" --plain-http "$REGISTRY" >>pushed
	oci-to-registry -q -i layout -o store >placed
	mkdir -p images/resources/registry files/resources/nginx os/resources/nginx
	echo x >images/resources/registry/x && echo x >files/resources/nginx/x && echo x >os/resources/nginx/packages
	bundle-merge -q -o os-packages:v1 linux/amd64,linux/arm64@os >merged
	for module in images files; do
		bundle-merge -q --plain-http "$REGISTRY" -o "docker://$REGISTRY/me/$module:v1" "linux/amd64,linux/arm64@$module" >>merged
	done
}

documented_stop() {
	nginx_stop
	registry_stop "$HARBOR_PID"
	registry_stop "$REGISTRY_PID"
	gpgconf --homedir gnupg --kill all || true
}

# documented COMMAND: runs it, with servers of ours for the hosts that it names.
documented() {
	local command=$1

	command=${command//ghcr.io/$REGISTRY}
	command=${command//registry.local:5000/$REGISTRY}
	command=${command//harbor.example/$HARBOR}
	command=${command//'/srv/registry'/$KIT/store}
	if [[ $command == *file-fetch* ]]; then mirror=http://$NGINX; else mirror=http://$REGISTRY; fi
	command=${command//'https://mirror.example'/$mirror}
	(
		# What stands before the registries' and sites' own names in a closed network.
		oci-fetch() { command oci-fetch --mirror quay.io="http://$REGISTRY" --mirror registry.k8s.io="http://$REGISTRY" "${hub[@]}" "$@"; }
		file-fetch() { command file-fetch "${sites[@]}" "$@"; }
		bundle-merge() { command bundle-merge --plain-http "$REGISTRY" "$@"; }
		# tests/e2e/docker-load.bats loads into a real one.
		docker() { [ "$1" = load ] && tar -xO manifest.json | jq -e 'length > 0'; }
		hub=() sites=()
		[[ $command == *--mirror* ]] || hub=(--mirror docker.io="http://$REGISTRY")
		[[ $command == *--mirror* || $command == *--verify* ]] || sites=(--mirror "https://=http://$NGINX/")
		set -euo pipefail
		eval "$command"
	)
}
