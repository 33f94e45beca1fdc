# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# cluster.sh: the nodes of the inventory, by the playbooks in the kubespray image

cluster_dir() { echo "$state/cluster"; }

cluster_install() {
	config_read
	check_inventory
	faults_end "Correct these and run it again."
	state_begin
	cluster_prepare
	step "deploy the cluster" cluster_run deploy-cluster ${from:+--from "$from"}
}

# cluster_nodes add-nodes|remove-node NODE,...
cluster_nodes() {
	local action=$1 list=$2 name

	config_read
	for name in ${list//,/ }; do
		[[ -n ${conf[host.$name]:-} ]] || fault "node $name is not in the inventory of $config_file"
	done
	check_inventory
	faults_end "Correct these and run it again."
	state_begin
	cluster_prepare
	case $action in
	add-nodes) step "add $list" cluster_run add-node "$list" ${from:+--from "$from"} ;;
	remove-node)
		if ((dead)); then set -- --dead; else set --; fi
		step "remove $list" cluster_run remove-node "$list" "$@"
		;;
	esac
}

cluster_remove() {
	[[ -f $state/cluster/config/inventory.yaml ]] || { say_done "no cluster to remove"; return 0; }
	# A cluster can go when its config.yaml has gone: the inventory of the last run is still here.
	if config_exists; then
		config_read
		check_login
	else
		conf[default.kubespray_image]=kubespray
	fi
	check_archive
	faults_end "Correct these and run it again."
	state_begin
	! config_exists || cluster_prepare
	step "remove the cluster" cluster_run remove-cluster
	((dry_run)) || rm -rf "$state/cluster"
}

check_inventory() {
	local group

	((EUID == 0)) || fault "install.sh must run as root"
	[[ ${conf[default.offline_resources_enabled]} == false || -f $state/done/serve || $type == all ]] ||
		fault "this node does not serve the package yet: install.sh compose"
	for group in kube_control_plane kube_node etcd; do
		inventory_group "$group" >/dev/null || fault "$config_file: the group $group of the inventory is empty"
	done
	check_login
	check_archive
	[[ -z ${conf[inventory.all.vars.ansible_ssh_private_key_file]:-} || -r ${conf[inventory.all.vars.ansible_ssh_private_key_file]} ]] ||
		fault "$config_file: ${conf[inventory.all.vars.ansible_ssh_private_key_file]}: cannot be read"
}

# Somewhere in the inventory a password or a key must stand, until a first run has let the cluster's own key in.
check_login() {
	[[ ! -f $state/cluster/ssh/id_ed25519 ]] || return 0
	printf '%s\n' "${!conf[@]}" | finds -E '^inventory\..*\.ansible_(ssh_pass|password|ssh_password|ssh_private_key_file)$' ||
		fault "$config_file: nothing in the inventory opens the nodes; give ansible_ssh_pass or ansible_ssh_private_key_file under inventory.all.vars"
}

inventory_group() { printf '%s\n' "${!conf[@]}" | finds "^group\.$1\."; }

# What the playbooks get: the inventory, the variables, the CA, the OS client files and the ssh key.
cluster_prepare() {
	local dir

	dir=$state/cluster/config
	((dry_run)) && return 0
	os_detect
	mkdir -p "$dir/repos" "$state/cluster/log" "$state/cluster/done"
	chmod 700 "$state/cluster"
	{ echo "---"; config_section inventory | cluster_key_inside; } | write_file "$dir/inventory.yaml" 600 || true
	{ echo "---"; config_section kubespray; cluster_variables; } | write_file "$dir/env.yml" 600 || true
	[[ ! -s $state/tls/ca.crt ]] || write_file "$dir/ca.crt" <"$state/tls/ca.crt" || true
	cp -r "$package/resources/nginx/repos/." "$dir/repos/"
	cluster_key_copy "$dir"
}

# In the image the key lies beside the inventory.
cluster_key_inside() { sed -E "s|^( *[\"']?ansible_ssh_private_key_file[\"']?:).*|\1 /kubecrate/config/id|"; }

cluster_key_copy() {
	local key=${conf[inventory.all.vars.ansible_ssh_private_key_file]:-}

	[[ -z $key ]] || run install -m 600 "$key" "$1/id"
}

cluster_variables() {
	local server

	cat <<-EOF
		offline_resources_enabled: ${conf[default.offline_resources_enabled]}
		offline_resources_url: "${conf[default.offline_resources_url]}"
		registry_domain: "$domain"
		registry_ip: "${conf[default.registry_ip]}"
		registry_https_port: $https_port
		registry_host: "$(cluster_registry)"
		download_container: ${conf[default.download_container]}
		deploy_address: "$ip"
		ntp_enabled: true
		ntp_servers:
	EOF
	for server in ${conf[default.ntp_server]}; do echo "  - \"$server iburst\""; done
}

cluster_registry() {
	local host=$domain

	((https_port == 443)) || host+=:$https_port
	echo "$host${conf[default.image_repository]:+/${conf[default.image_repository]}}"
}

# cluster_run ACTION [ARG...]: run.sh in the kubespray image; its output is the terminal's and the log's
cluster_run() {
	local rc=0

	if ((dry_run)); then printf '    run.sh %s\n' "$*"; return; fi
	runtime_of_cluster
	log "run: run.sh $*"
	"cluster_in_$cluster_runtime" "$@" > >(cluster_output) 2>&1 </dev/null || rc=$?
	wait "$!" 2>/dev/null || true
	((rc == 0)) || die "run.sh $1 failed (status $rc); the failing task is above and in $state/cluster/log; correct it and run install.sh again: it goes on where it stopped"
}

cluster_output() {
	while IFS= read -r line; do
		log "$line"
		((quiet)) && [[ $line == [➜✔]* ]] || printf '  %s\n' "$line"
	done
}

runtime_of_cluster() {
	local name

	cluster_runtime=chroot
	[[ -f $state/runtime ]] || return 0
	name=$(<"$state/runtime")
	[[ $name == native ]] || cluster_runtime=$name
}

cluster_archive() { echo "$package/resources/images/${conf[default.kubespray_image]}.tar"; }

check_archive() {
	[[ -f $(cluster_archive) ]] || fault "$(cluster_archive) is not there; build the package with the module kubespray-image"
}

# Without a runtime the image is unpacked once, and run.sh runs in it with mounts and processes of its own: nothing that
# it started, such as ssh's shared connections, stays when it ends.
cluster_in_chroot() {
	local root=$state/kubespray

	kubespray_unpack "$(cluster_archive)" "$root" || return 1
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --propagation private --pid --fork bash -c '
		root=$1 config=$2; shift 2
		mkdir -p "$root"/{proc,sys,dev,run,kubecrate/config,kubecrate/state}
		mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --bind "$config/config" "$root/kubecrate/config" &&
		mount --bind "$config" "$root/kubecrate/state" && cp /etc/hosts "$root/etc/hosts" &&
		exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb \
			chroot "$root" /kubecrate/run.sh "$@"' run "$root" "$state/cluster" "$@"
}

# kubespray_unpack ARCHIVE ROOT: the layers of a docker archive, in order, with what each takes away
kubespray_unpack() {
	local archive=$1 root=$2 work key layer gone

	key=$(stat -c '%i %s %Y' "$archive")
	[[ -d $root ]] && state_has kubespray-root "$key" && return 0
	work=$state/kubespray.work
	rm -rf "$work" "$root.partial"
	mkdir -p "$work" "$root.partial"
	tar -C "$work" -xf "$archive" || return 1
	for layer in $(sed -n 's/.*"Layers" *: *\[\([^]]*\)\].*/\1/p' "$work/manifest.json" | tr -d '"' | tr ',' ' '); do
		tar -tf "$work/$layer" | grep -E '(^|/)\.wh\.' | while read -r gone; do kubespray_whiteout "$root.partial" "$gone"; done
		tar -C "$root.partial" --exclude='.wh.*' -xf "$work/$layer" || return 1
	done
	rm -rf "$work" "$root"
	mv "$root.partial" "$root"
	state_set kubespray-root "$key"
}

kubespray_whiteout() {
	local dir name

	dir=$(dirname "$2") name=$(basename "$2")
	if [[ $name == .wh..wh..opq ]]; then
		find "${1:?}/$dir" -mindepth 1 -delete 2>/dev/null
	else
		rm -rf "${1:?}/$dir/${name#.wh.}"
	fi
}

cluster_in_container() {
	local runtime=$1 archive image
	shift
	archive=$(cluster_archive)
	image=$(image_name "$archive")
	state_has kubespray-image "$(stat -c '%i %s %Y' "$archive")" || attempt "$runtime" load -q -i "$archive" || return 1
	state_set kubespray-image "$(stat -c '%i %s %Y' "$archive")"
	"$runtime" rm -f kubecrate-cluster >/dev/null 2>&1
	"$runtime" run --rm --name kubecrate-cluster --network host --security-opt label=disable -v "$state/cluster/config:/kubecrate/config" \
		-v "$state/cluster:/kubecrate/state" --entrypoint /kubecrate/run.sh "$image" "$@"
}

cluster_in_docker() { cluster_in_container docker "$@"; }
cluster_in_podman() { cluster_in_container podman "$@"; }
cluster_in_nerdctl() { cluster_in_container nerdctl "$@"; }
