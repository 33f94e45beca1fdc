# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# serve.sh: what both servers read, and the native way to run them: systemd units of our own

serve_configure() {
	local changed=1

	undo_parents /etc/kubecrate
	undo_file /etc/kubecrate/nginx.conf
	undo_file /etc/kubecrate/registry.yml
	serve_nginx_conf | write_file /etc/kubecrate/nginx.conf && changed=0
	serve_render "$package/config/registry.yml.in" | write_file /etc/kubecrate/registry.yml && changed=0
	return "$changed"
}

serve_render() {
	local user=''

	[[ $runtime != native ]] || user="user $(serve_user);"
	sed -e "s|@HTTP_PORT@|$http_port|g; s|@HTTPS_PORT@|$https_port|g; s|@PUSH_PORT@|$push_port|g" \
		-e "s|@DOMAIN@|$domain|g; s|@STATE@|$state|g; s|@USER@|$user|g; s|@CURRENT@|$(package_now)|g" \
		-e "s|@TEMP@|$(serve_temp)|g" "$1"
}

# The current package, unless the site has taken its folder away.
package_now() {
	if [[ -f $state/current ]] && packages_list | cut -f 1 | finds -xF -- "$(package_current)"; then package_current; else package_id; fi
}

serve_user() { if id www-data >/dev/null 2>&1; then echo www-data; else echo nginx; fi; }

# Places of our own, so that another nginx on this node keeps its.
serve_temp() { if [[ $runtime == native ]]; then echo /run/kubecrate; else echo /tmp; fi; }

# A file that the current package lacks may be in an older one: one location for each of those.
serve_nginx_conf() {
	local id n=0 older=()

	if [[ -f $state/packages ]]; then
		while IFS=$'\t' read -r id _; do [[ $id == "$(package_now)" ]] || older=("$id" "${older[@]}"); done < <(packages_list)
	fi
	serve_render "$package/config/nginx.conf.in" | sed '/@OLDER@/,$d'
	for id in "${older[@]}"; do
		# shellcheck disable=SC2016  # nginx's variable
		printf '\t\tlocation @older%s {\n\t\t\troot %s/www/%s;\n\t\t\ttry_files $uri @older%s;\n\t\t}\n' "$n" "$state" "$id" $((n + 1))
		n=$((n + 1))
	done
	printf '\t\tlocation @older%s {\n\t\t\treturn 404;\n\t\t}\n' "$n"
	serve_render "$package/config/nginx.conf.in" | sed '1,/@OLDER@/d'
}

# The distributions' own units must not start on port 80 or 5000 in between.
native_packages() {
	local unit

	mkdir -p "$state"
	undo_file /var/www/html/index.nginx-debian.html
	for unit in nginx.service docker-registry.service docker-distribution.service; do
		[[ -f $state/before.$unit ]] || systemctl is-enabled "$unit" >"$state/before.$unit" 2>/dev/null || true
		systemctl -q is-active "$unit" || attempt systemctl mask --runtime "$unit" || true
	done
	packages_need 'nginx-light|nginx' 'docker-registry|docker-distribution'
	for unit in nginx.service docker-registry.service docker-distribution.service; do
		attempt systemctl unmask --runtime "$unit" || true
		[[ $(<"$state/before.$unit") == enabled ]] || attempt systemctl disable "$unit" || true
	done
}

native_up() {
	local conf_changed=1 units_changed=1

	if ((dry_run)); then run systemctl enable --now kubecrate-registry.service kubecrate-nginx.service; return; fi
	native_packages
	serve_configure && conf_changed=0
	native_unit_registry | unit_write kubecrate-registry.service && units_changed=0
	native_unit_nginx | unit_write kubecrate-nginx.service && units_changed=0
	if ((units_changed == 0)); then run systemctl daemon-reload; fi
	run systemctl enable kubecrate-registry.service kubecrate-nginx.service
	if ((conf_changed == 0 || units_changed == 0)) || ! native_current; then
		run systemctl restart kubecrate-registry.service kubecrate-nginx.service
	else
		run systemctl start kubecrate-registry.service kubecrate-nginx.service
		run systemctl reload kubecrate-nginx.service
	fi
}

# Did the servers start after all that they read was written? A run that was killed may have left that to this one. Workers
# that are reloaded answer with the old certificate for a while; and a package that was unpacked again lies in a new folder,
# while nginx has the old one bound until it starts anew.
native_current() {
	local pid id path started=/run/kubecrate/nginx.pid

	[[ -s $started ]] || return 1
	for path in "$state/tls/registry.crt" /etc/kubecrate/{nginx.conf,registry.yml} /etc/systemd/system/kubecrate-{nginx,registry}.service; do
		[[ ! $path -nt $started ]] || return 1
	done
	pid=$(<"$started")
	packages_list | while IFS=$'\t' read -r id path; do
		[[ $path/resources/nginx -ef /proc/$pid/root$state/www/$id ]] || return 1
	done
}

unit_write() {
	undo_note unit "$1"
	write_file "/etc/systemd/system/$1"
}

native_unit_registry() {
	cat <<-EOF
		[Unit]
		Description=Image registry of the offline package
		After=network.target

		[Service]
		ExecStart=$(command -v docker-registry || command -v registry) serve /etc/kubecrate/registry.yml
		Restart=on-failure
		LimitNOFILE=65536
		CapabilityBoundingSet=
		NoNewPrivileges=yes
		PrivateTmp=yes
		ProtectHome=yes
		ProtectSystem=strict
		ReadWritePaths=$state/registry

		[Install]
		WantedBy=multi-user.target
	EOF
}

# The packages are seen read-only under one folder; bound by systemd, a package in /root can be served as well.
native_unit_nginx() {
	local nginx id path

	nginx=$(command -v nginx || echo /usr/sbin/nginx)
	cat <<-EOF
		[Unit]
		Description=Files, OS packages and images of the offline package
		After=network.target kubecrate-registry.service

		[Service]
		Type=forking
		PIDFile=/run/kubecrate/nginx.pid
		RuntimeDirectory=kubecrate
		ExecStartPre=$nginx -q -t -c /etc/kubecrate/nginx.conf
		ExecStart=$nginx -c /etc/kubecrate/nginx.conf
		ExecReload=/bin/kill -HUP \$MAINPID
		Restart=on-failure
		LimitNOFILE=65536
	EOF
	while IFS=$'\t' read -r id path; do
		echo "BindReadOnlyPaths=$path/resources/nginx:$state/www/$id"
	done < <(packages_list)
	printf '\n[Install]\nWantedBy=multi-user.target\n'
}

native_down() {
	attempt systemctl disable --now kubecrate-nginx.service kubecrate-registry.service || true
}
