# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# debug.sh: what someone who cannot come to the site needs to see; passwords and keys are left out

debug_collect() {
	local out

	((EUID == 0)) || die "install.sh must run as root"
	out=${log_file%/*}/debug-$(date -u +%Y%m%dT%H%M%SZ).tar.gz
	if ((dry_run)); then say_note "would: write $out"; return; fi
	mkdir -p "${out%/*}"
	umask 077
	debug_work=$(mktemp -d /run/kubecrate-debug.XXXXXX) || die "/run cannot be written"
	trap 'rm -rf "$debug_work"' EXIT
	debug_node >"$debug_work/node.txt" 2>&1
	debug_servers >"$debug_work/servers.txt" 2>&1
	debug_package >"$debug_work/package.txt" 2>&1
	cp "$log_file" "$debug_work/" 2>/dev/null
	cp /etc/kubecrate/{nginx.conf,registry.yml} "$debug_work/" 2>/dev/null
	cp "$state/undo/journal" "$debug_work/" 2>/dev/null
	[[ ! -d $state/cluster/log ]] || cp -r "$state/cluster/log" "$debug_work/cluster-log"
	# Without a config.yaml it says that, and there is more to send.
	(debug_config) >"$debug_work/config.yaml" 2>&1
	tar -C "$debug_work" -czf "$out" . || die "$out cannot be written"
	say_done "wrote $out; send it with your question (passwords and keys are not in it)"
}

debug_run() { printf '\n# %s\n' "$*"; "$@"; }

debug_node() {
	debug_run date -u
	debug_run cat /etc/os-release
	debug_run uname -a
	debug_run df -h
	debug_run cat /proc/meminfo
	debug_run ip address
	debug_run ip route
	debug_run cat /etc/hosts
	debug_run systemctl --failed --no-pager
}

debug_servers() {
	debug_run systemctl status --no-pager kubecrate-registry.service kubecrate-nginx.service
	debug_run journalctl --no-pager -n 200 -u kubecrate-registry.service -u kubecrate-nginx.service
	! command -v docker >/dev/null || debug_run docker ps -a
	! command -v podman >/dev/null || debug_run podman ps -a
	debug_run openssl x509 -in "$state/tls/registry.crt" -noout -subject -dates -ext subjectAltName
}

debug_package() {
	debug_run ls -la "$package" "$package/modules.d" "$package/resources/nginx"
	debug_run cat "$state/packages" "$state/current" "$state/runtime"
	debug_run find "$state/done" -type f
}

# No list of names would be whole: what sounds like a secret goes, with all that is indented below it; so do logins in addresses.
debug_config() {
	config_find
	awk '
		/^ *$/ { print; next }
		{ match($0, /^[ #-]*/) }
		RLENGTH > above { next }
		{ above = 999 }
		tolower($0) ~ /(pass|pwd|secret|token|key|auth|cred)[^:]*:/ { above = RLENGTH; sub(/:.*/, ": (left out)") }
		{ gsub(/:\/\/[^\/@ ]*@/, "://(left out)@"); print }' above=999 "$config_file"
}
