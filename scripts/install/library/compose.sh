# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# compose.sh: a bare node becomes the deploy node

compose_install() {
	config_read
	check_node
	check_servers
	[[ $type != all ]] || check_inventory
	faults_end "Correct these and run it again."
	state_begin
	[[ ${conf[compose.verify]} == false ]] || ((skip_verify)) || step "verify the package" verify_package
	step "use the package's OS repository ($os_name)" repository_use "file://$package/resources/nginx"
	step "install tools" packages_need openssl ca-certificates curl
	check_certificate
	faults_end "Correct these and run it again."
	step "map $domain to ${conf[default.registry_ip]} in /etc/hosts" hosts_map
	step "registry certificate" tls_make
	step "trust the CA" trust_install
	step "SELinux" selinux_set
	step "firewall" firewall_set
	step "time service" time_serve
	step "image store" store_fill
	step "servers ($runtime)" runtime_up
	step "health check" health_check
	step "serve $(package_id) as the current package" compose_current
	step "use the OS repository over HTTP" repository_use "http://$ip:$http_port"
	state_set serve "$(package_id)"
}

# The new package is served already; what is current moves last.
compose_current() {
	((dry_run)) && return 0
	[[ $(package_current) != "$(package_id)" ]] || { step_note="unchanged"; return 0; }
	package_id >"$state/current.new"
	mv "$state/current.new" "$state/current"
	runtime_up
	health_files
}

compose_remove() {
	state_begin
	os_detect
	[[ -d $state ]] || { say_done "nothing to remove"; return 0; }
	[[ ! -f $state/runtime ]] || step "stop the servers" runtime_down
	step "put this node back as it was" undo_run
	step "remove $state" compose_forget
}

# The site may have given it a disk of its own, which stays.
compose_forget() {
	run find "$state" -mindepth 1 -delete
	mountpoint -q "$state" || run rmdir "$state"
}

compose_health() {
	((EUID == 0)) || die "install.sh must run as root"
	config_read
	os_detect
	[[ -f $state/done/serve ]] || die "this node is not set up yet: install.sh compose"
	faults_end "Correct these and run it again."
	step "health check" health_check
}
