# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# runtime.sh: what runs the two servers

# runtime_choose: the configured one; by itself: the one in use, this node's, the package's, else none
runtime_choose() {
	runtime=${conf[compose.runtime]}
	[[ $runtime == auto ]] || return 0
	if [[ -f $state/runtime ]]; then
		runtime=$(<"$state/runtime")
		return
	fi
	runtime=native
	compgen -G "$package/resources/images/registry*.tar" >/dev/null || return 0
	local name
	for name in nerdctl docker podman; do
		command -v "$name" >/dev/null || continue
		runtime=$name
		return
	done
	! compgen -G "$package/resources/nginx/tools/nerdctl-full*" >/dev/null || runtime=nerdctl
}

runtime_up() {
	((dry_run)) || runtime_remember
	"${runtime}_up"
}

runtime_remember() {
	if [[ -f $state/runtime && $(<"$state/runtime") != "$runtime" ]]; then
		log "runtime changes from $(<"$state/runtime") to $runtime"
		"$(<"$state/runtime")_down"
	fi
	mkdir -p "$state"
	echo "$runtime" >"$state/runtime"
}

runtime_down() { "$(<"$state/runtime")_down"; }

# image_name TAR: the first name in an archive of docker's form
image_name() { tar -xOf "$1" manifest.json | sed -n 's/.*"RepoTags" *: *\[ *"\([^"]*\)".*/\1/p'; }

image_archive() {
	local f

	for f in "$package/resources/images/$1".tar "$package/resources/images/$1"-*.tar "$package/resources/images/$1"_*.tar; do
		[[ -f $f ]] && { echo "$f"; return; }
	done
	die "$package/resources/images has no $1.tar; build the package with the module compose, or set compose.runtime: native"
}

# containers_load COMMAND...: both servers' images, once for each archive
containers_load() {
	local name archive

	for name in nginx registry; do
		archive=$(image_archive "$name") || exit 1
		state_has "image-$runtime-$name" "$(stat -c '%i %s %Y' "$archive")" && continue
		run "$@" "$archive"
		state_set "image-$runtime-$name" "$(stat -c '%i %s %Y' "$archive")"
	done
}

# The names of the images and the folders of the packages, for compose.yaml.
compose_files() {
	local id path

	printf 'NGINX_IMAGE=%s\nREGISTRY_IMAGE=%s\nSTATE=%s\n' "$(image_name "$(image_archive nginx)")" "$(image_name "$(image_archive registry)")" "$state" |
		write_file "$state/compose/.env" || true
	write_file "$state/compose/compose.yaml" <"$package/compose.yaml" || true
	{
		printf 'services:\n  nginx:\n    volumes:\n'
		packages_list | while IFS=$'\t' read -r id path; do
			printf '      - "%s/resources/nginx:%s/www/%s:ro"\n' "$path" "$state" "$id"
		done
	} | write_file "$state/compose/packages.yaml" || true
}

compose_command() { (cd "$state/compose" && "$@" -f compose.yaml -f packages.yaml "${compose_args[@]}"); }

# compose_up COMMAND...: what changed is made anew, nginx reads its files again
compose_up() {
	serve_configure || true
	compose_files
	compose_args=(up -d)
	run compose_command "$@"
	compose_args=(restart)
	run compose_command "$@"
}

compose_down() {
	compose_args=(down)
	[[ ! -d $state/compose ]] || attempt compose_command "$@" || true
}

# A docker that comes with us needs no network of its own, and leaves the node's firewall alone.
docker_install() {
	undo_tree /etc/docker
	echo '{ "bridge": "none", "iptables": false }' | write_file /etc/docker/daemon.json || true
	packages_need 'docker-ce|docker.io'
	# Debian has them apart since 13.
	command -v docker >/dev/null || packages_need 'docker-ce-cli|docker-cli'
}

docker_up() {
	local tree

	if ((dry_run)); then run docker compose up -d; return; fi
	for tree in /var/lib/docker /var/lib/containerd /etc/cni /opt/containerd; do undo_tree "$tree"; done
	undo_service docker.service
	command -v docker >/dev/null || docker_install
	docker_compose_command
	run systemctl enable --now docker.service
	containers_load docker load -q -i
	compose_up "${docker_compose[@]}"
}

docker_compose_command() {
	docker_compose=(docker compose)
	docker compose version >/dev/null 2>&1 && return
	command -v docker-compose >/dev/null || packages_need 'docker-compose-plugin|docker-compose'
	docker compose version >/dev/null 2>&1 || docker_compose=(docker-compose)
}

docker_down() {
	command -v docker >/dev/null || return 0
	docker_compose_command
	compose_down "${docker_compose[@]}"
	containers_forget docker
}

# The images go as well; another container that uses one keeps it.
containers_forget() {
	local name

	((dry_run)) && return 0
	for name in NGINX_IMAGE REGISTRY_IMAGE; do
		name=$(sed -n "s/^$name=//p" "$state/compose/.env" 2>/dev/null)
		[[ -z $name ]] || attempt "$1" rmi "$name" || true
	done
	rm -f "$state"/done/image-*
}

nerdctl_up() {
	if ((dry_run)); then run nerdctl compose up -d; return; fi
	nerdctl_install
	containers_load nerdctl load -q -i
	compose_up nerdctl compose
}

# nerdctl-full holds containerd, runc and CNI with their units, below /usr/local.
nerdctl_install() {
	local archive tree f

	undo_service containerd.service
	if ! command -v nerdctl >/dev/null; then
		for tree in /var/lib/nerdctl /var/lib/containerd /etc/cni /opt/containerd; do undo_tree "$tree"; done
		archive=$(compgen -G "$package/resources/nginx/tools/nerdctl-full*" | head -n 1)
		[[ -n $archive ]] || die "there is no nerdctl-full in $package/resources/nginx/tools, and no nerdctl on this node"
		tar -tf "$archive" | while read -r f; do
			f=/usr/local/${f#./}
			if [[ $f == */ ]]; then undo_parents "${f%/}"; else undo_file "$f"; fi
		done
		run tar -C /usr/local --no-same-owner -xf "$archive"
		run systemctl daemon-reload
	fi
	run systemctl enable --now containerd.service
}

nerdctl_down() {
	command -v nerdctl >/dev/null || return 0
	compose_down nerdctl compose
	containers_forget nerdctl
}

# podman has no service of its own that would start containers again: systemd does.
podman_up() {
	local tree

	if ((dry_run)); then run systemctl enable --now kubecrate-registry.service kubecrate-nginx.service; return; fi
	for tree in /var/lib/containers /etc/cni /etc/containers; do undo_tree "$tree"; done
	command -v podman >/dev/null || packages_need podman 'crun|runc'
	containers_load podman load -q -i
	serve_configure || true
	compose_files
	podman_unit registry "-v /etc/kubecrate/registry.yml:/etc/docker/registry/config.yml:ro -v $state/registry:$state/registry" |
		unit_write kubecrate-registry.service || true
	podman_unit nginx "-v /etc/kubecrate/nginx.conf:/etc/nginx/nginx.conf:ro -v $state/tls:$state/tls:ro$(podman_packages)" |
		unit_write kubecrate-nginx.service || true
	run systemctl daemon-reload
	run systemctl enable kubecrate-registry.service kubecrate-nginx.service
	run systemctl restart kubecrate-registry.service kubecrate-nginx.service
}

podman_packages() {
	local id path

	packages_list | while IFS=$'\t' read -r id path; do printf ' -v %s/resources/nginx:%s/www/%s:ro' "$path" "$state" "$id"; done
}

podman_unit() {
	local podman

	podman=$(command -v podman)
	cat <<-EOF
		[Unit]
		Description=$1 of the offline package
		After=network.target

		[Service]
		ExecStartPre=-$podman rm -f kubecrate-$1
		ExecStart=$podman run --rm --name kubecrate-$1 --network host --security-opt label=disable --log-driver none $2 $(image_name "$(image_archive "$1")")
		ExecStop=$podman stop -t 5 kubecrate-$1
		Restart=on-failure

		[Install]
		WantedBy=multi-user.target
	EOF
}

podman_down() {
	native_down
	containers_forget podman
}
