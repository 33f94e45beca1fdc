# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# config.sh: config.yaml to settings; every fault of the file is shown at once

declare -A conf=()

# config_find: the file named by --config, else the package's, else the node's
config_find() {
	local f

	if [[ -n $config_file ]]; then
		[[ -r $config_file ]] || die "$config_file: cannot be read"
		return
	fi
	for f in "$package/config.yaml" /etc/kubecrate/config.yaml; do
		[[ -r $f ]] || continue
		config_file=$f
		return
	done
	die "there is no config.yaml; make one: cp $package/config-sample.yaml $package/config.yaml, then set the addresses in it"
}

config_exists() { [[ -n $config_file || -r $package/config.yaml || -r /etc/kubecrate/config.yaml ]]; }

config_read() {
	local flat key value rest

	config_find
	flat=$(awk -f "$library/yaml.awk" "$config_file" | awk -f "$library/settings.awk" "$library/settings.tsv" -) ||
		die "$config_file: this node's awk cannot read it"
	# Not <<<, which older bashes write into /tmp, passwords and all.
	while IFS=$'\t' read -r key value rest; do
		if [[ $key == '!' ]]; then
			if ((value > 0)); then fault "$config_file:$value: $rest"; else fault "$config_file: $rest"; fi
		else
			conf[$key]=$value
		fi
	done < <(printf '%s\n' "$flat")
	config_settle
}

# What stands for something else takes its meaning here, once.
config_settle() {
	if [[ ${conf[compose.internal_ip]} == auto ]]; then
		node_address
		conf[compose.internal_ip]=$address
	fi
	ip=${conf[compose.internal_ip]}
	http_port=${conf[compose.nginx_http_port]} https_port=${conf[default.registry_https_port]}
	push_port=${conf[default.registry_push_port]} domain=${conf[compose.registry_domain]}
	[[ ${conf[default.registry_ip]} != internal_ip ]] || conf[default.registry_ip]=$ip
	[[ ${conf[default.offline_resources_url]} != internal_ip ]] || conf[default.offline_resources_url]=http://$ip:$http_port
	conf[default.ntp_server]=${conf[default.ntp_server]//internal_ip/$ip}
	config_ports_differ
}

config_ports_differ() {
	local -A use=()
	local key

	for key in compose.nginx_http_port default.registry_https_port default.registry_push_port; do
		[[ -z ${use[${conf[$key]}]:-} ]] || fault "$config_file: $key and ${use[${conf[$key]}]} are both ${conf[$key]}"
		use[${conf[$key]}]=$key
	done
}

# config_section NAME: what the section holds, as it was read, moved to the left margin
config_section() {
	awk -f "$library/yaml.awk" "$config_file" |
		awk -F'\t' -v name="$1" '$1 ~ "^" name "[.]" { print substr($5, 3) }'
}
