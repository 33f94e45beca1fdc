# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# check.sh: the package against this node, before anything is touched; faults are gathered, not thrown

check_node() {
	((EUID == 0)) || fault "install.sh must run as root"
	[[ -d /run/systemd/system ]] || fault "systemd does not run on this node"
	os_detect
	check_package
	check_cpu
	check_clock
	check_memory
	check_certificate
}

check_servers() {
	check_address
	check_ports
	check_disk
	check_firewall
	runtime_choose
}

check_package() {
	local dir

	[[ $package =~ ^[A-Za-z0-9/._+@-]+$ ]] ||
		fault "$package: package managers and units cannot read a path with such letters; move the package to one of letters, digits and ._+@- only"

	for dir in resources/nginx resources/registry modules.d SHA256SUMS.d; do
		[[ -d $package/$dir ]] || fault "$package/$dir is not there; is the package whole?"
	done
	[[ -z $os_family ]] || os_client_file >/dev/null ||
		fault "this node runs $os_dist $os_release, but the package has OS packages only for: $(os_known); build it with that OS, or use another node"
}

# The package says its CPU in the ELF header of its tools.
check_cpu() {
	local f machine arch=''

	for f in "$package"/resources/nginx/tools/* "$package"/resources/nginx/tools/{bin,libexec}/*; do
		[[ -f $f ]] || continue
		machine=$(od -An -tx1 -N20 "$f" | tr -d ' \n')
		[[ $machine == 7f454c46* ]] || continue
		case ${machine:36:4} in
		3e00) arch=amd64 ;;
		b700) arch=arm64 ;;
		esac
		break
	done
	[[ -z $arch || $arch == "$(os_arch)" ]] ||
		fault "this package is for $arch, but this node's CPU is $(os_arch); take kubecrate-…-$(os_arch)"
}

# A clock that is behind makes apt refuse the repository and TLS refuse the certificate.
check_clock() {
	local f made=0 t

	while read -r f; do
		t=$(date -d "$(sed -n 's/^Date: //p' "$f")" +%s 2>/dev/null) || continue
		((t > made)) && made=$t
	done < <(find "$package/resources/nginx" -maxdepth 5 \( -name Release -o -name InRelease \) -path '*/dists/*' 2>/dev/null)
	t=$(date +%s)
	((t >= made)) || fault "the clock of this node says $(date -u -d "@$t" '+%F %H:%M') UTC, but the package was made $(date -u -d "@$made" '+%F %H:%M'); set it: date -s '…'"
	((t >= 1704067200)) || fault "the clock of this node says $(date -u '+%F %H:%M') UTC; set it: date -s '…'"
}

check_memory() {
	local kb

	kb=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	((kb >= 524288)) || fault "$((kb / 1024)) MB of memory are free, 512 MB are needed"
}

check_address() {
	node_addresses | finds -xF "$ip" ||
		fault "compose.internal_ip: this node has no address $ip; it has: $(node_addresses | grep -v '^127\.' | tr '\n' ' ')"
}

# A port may be taken by our own servers, of a run before this: then it stands in what that run wrote for them.
check_ports() {
	local port holder

	for port in "$http_port" "$https_port" "$push_port"; do
		holder=$(port_holder "$port") || continue
		[[ $holder == @(nginx|registry|docker-registry)\ * ]] && port_written "$port" && continue
		fault "port $port is taken by $holder; stop it, or set another port in $config_file"
	done
}

port_written() {
	grep -qsE "^[[:space:]]*(listen $1( ssl)?;|addr: 127\\.0\\.0\\.1:$1)$" /etc/kubecrate/nginx.conf /etc/kubecrate/registry.yml
}

check_disk() {
	local need=$((256 << 20)) free

	[[ ! -d $state/registry ]] || need=$((64 << 20))
	same_filesystem "$package" "$state" || need=$((need + $(store_missing)))
	free=$(free_bytes "$state")
	((free >= need)) || fault "$(human "$free") are free for $state, $(human "$need") are needed"
}

# Rules of the site's own are not ours to change.
check_firewall() {
	local kind

	kind=$(firewall_running)
	[[ ${conf[compose.firewall]} == leave || $kind != *tables ]] ||
		fault "$kind drops input by rules of your own; let in $(firewall_ports | paste -sd ' '), then set compose.firewall: leave"
}

# The customer's certificate: there, belonging to its key, for our name, and not expired.
check_certificate() {
	local crt=${conf[compose.certificate]:-} key=${conf[compose.certificate_key]:-} ca=${conf[compose.certificate_ca]:-}

	[[ ${conf[default.generate_domain_crt]} == true || -n $crt ]] ||
		fault "$config_file: default.generate_domain_crt is false, so compose.certificate and compose.certificate_key must be given"
	[[ -n $crt ]] || return 0
	[[ -r $crt ]] || { fault "compose.certificate: $crt cannot be read"; return 0; }
	[[ -r $key ]] || { fault "compose.certificate_key: $key cannot be read"; return 0; }
	[[ -z $ca || -r $ca ]] || { fault "compose.certificate_ca: $ca cannot be read"; return 0; }
	command -v openssl >/dev/null || return 0
	tls_fits "$crt" "$key" "$ca"
}
