# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# time.sh: the deploy node keeps time for a network that reaches no other clock

time_serve() {
	local target

	[[ ${conf[compose.time]} == chrony ]] || { step_note="left as it is"; return 0; }
	undo_service "$(time_unit)"
	packages_need chrony
	# Before the note of its settings: on the way back it reads the old ones again.
	undo_note restart "$(time_unit)"
	target=$(time_config)
	if [[ $os_family == apt ]]; then
		undo_file "$target"
		time_lines | write_file "$target" || ! state_has time "$(time_lines)" || { step_note="unchanged"; return 0; }
	else
		time_lines | marked_block "$target"
	fi
	run systemctl enable "$(time_unit)"
	run systemctl restart "$(time_unit)"
	state_set time "$(time_lines)"
}

# Debian's chrony reads a folder; Red Hat's only its one file.
time_config() { if [[ $os_family == apt ]]; then echo /etc/chrony/conf.d/kubecrate.conf; else echo /etc/chrony.conf; fi; }
time_unit() { if [[ $os_family == apt ]]; then echo chrony.service; else echo chronyd.service; fi; }

time_lines() {
	local server

	for server in ${conf[default.ntp_server]}; do
		[[ $server == "$ip" ]] || echo "server $server iburst"
	done
	echo "local stratum 10"
	echo "allow"
}
