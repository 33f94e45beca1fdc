# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# network.sh: names in /etc/hosts, openings in the firewall, SELinux

# marked_block FILE: stdin replaces what stands between our marks in FILE, or is added at its end
marked_block() {
	local file=$1 text

	text=$(cat)
	undo_file "$file" block
	{
		# awk ends the last line where an editor did not.
		[[ ! -f $file ]] || sed '/^# kubecrate begin$/,/^# kubecrate end$/d' "$file" | awk 1
		printf '# kubecrate begin\n%s\n# kubecrate end\n' "$text"
	} | write_file "$file" || true
}

hosts_map() { echo "${conf[default.registry_ip]} $domain" | marked_block /etc/hosts; }

firewall_running() {
	if command -v firewall-cmd >/dev/null && firewall-cmd --state >/dev/null 2>&1; then
		echo firewalld
	elif command -v ufw >/dev/null && ufw status 2>/dev/null | finds '^Status: active'; then
		echo ufw
	elif command -v nft >/dev/null && nft list ruleset 2>/dev/null | finds -E 'hook input .*policy drop'; then
		echo nftables
	elif command -v iptables >/dev/null && iptables -S INPUT 2>/dev/null | finds -xF -- '-P INPUT DROP'; then
		echo iptables
	else
		echo none
	fi
}

firewall_ports() {
	printf '%s\n' "$http_port/tcp" "$https_port/tcp"
	[[ ${conf[compose.time]} != chrony ]] || echo 123/udp
}

firewall_set() {
	local kind port

	kind=$(firewall_running)
	step_note=$kind
	[[ $kind != none ]] || { step_note="none is running"; return 0; }
	case ${conf[compose.firewall]} in
	leave) step_note="left as it is" ;;
	off) firewall_off "$kind" ;;
	open)
		[[ $kind != firewalld ]] || firewalld_remember
		for port in $(firewall_ports); do firewall_open "$kind" "$port"; done
		;;
	esac
}

# firewalld writes a zone down when it first differs from what it came with, and keeps what it wrote before beside it.
firewalld_remember() {
	local zone

	((dry_run)) && return 0
	zone=/etc/firewalld/zones/$(firewall-cmd --get-default-zone).xml
	[[ -e $zone ]] || undo_note zone "$zone"
	[[ -e $zone.old ]] || undo_note absent "$zone.old"
}

# A zone that says what firewalld came with, need not be written down; one that the site changed since then stays.
firewalld_forget() {
	[[ -f $1 ]] || return 0
	! cmp -s <(tr -d ' \t\n' <"$1") <(tr -d ' \t\n' <"/usr/lib/firewalld/zones/${1##*/}") || run rm -f "$1"
}

firewall_open() {
	case $1 in
	firewalld)
		firewall-cmd -q --permanent --query-port="$2" && return
		undo_note firewalld "$2"
		run firewall-cmd -q --permanent --add-port="$2"
		run firewall-cmd -q --add-port="$2"
		;;
	ufw)
		! ufw show added | finds -xF "ufw allow $2" || return 0
		undo_note ufw "$2"
		run ufw allow "$2"
		;;
	esac
}

firewall_close() {
	case $1 in
	firewalld)
		attempt firewall-cmd -q --permanent --remove-port="$2" || true
		attempt firewall-cmd -q --remove-port="$2" || true
		;;
	ufw) attempt ufw delete allow "$2" || true ;;
	esac
}

firewall_off() {
	undo_note start "$1.service"
	undo_note enable "$1.service"
	run systemctl disable --now "$1.service"
	step_note="$1 is off"
}

selinux_set() {
	local mode

	mode=$(getenforce 2>/dev/null) || mode=Disabled
	[[ $mode == Enforcing ]] || { step_note=${mode,,}; return 0; }
	case ${conf[compose.selinux]} in
	leave) step_note="left as it is" ;;
	permissive)
		undo_note selinux enforcing
		run setenforce 0
		;;
	allow)
		undo_note selinux "httpd_can_network_connect $(getsebool httpd_can_network_connect | awk '{ print $3 }')"
		run setsebool -P httpd_can_network_connect on
		run chcon -R -t httpd_sys_content_t "$state"
		# Labels are no content: the package's checksums go on holding. Where it cannot be written to, its own must do.
		undo_note relabel "$package/resources/nginx"
		attempt chcon -R -t httpd_sys_content_t "$package/resources/nginx" || step_note="allowed, but $package keeps its labels"
		;;
	esac
}

selinux_restore() {
	if [[ $1 == enforcing ]]; then attempt setenforce 1 || true; else
		# shellcheck disable=SC2086
		attempt setsebool -P $1 || true
	fi
}
