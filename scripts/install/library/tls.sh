# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# tls.sh: one CA of this node's own, kept for good, and the registry's certificate by it

tls_days=3650

# tls_fits CRT KEY [CA]: faults of a certificate someone else made
tls_fits() {
	local public

	tls_pem "$1" || return 0
	openssl x509 -in "$1" -noout -checkend 0 >/dev/null 2>&1 ||
		fault "$1 has expired ($(openssl x509 -in "$1" -noout -enddate 2>/dev/null | cut -d= -f2))"
	if ! public=$(openssl pkey -in "$2" -passin pass: -pubout 2>/dev/null); then
		fault "$2 is not a private key that can be read without a passphrase; openssl pkey -in $2 -out NEW takes it off"
	elif [[ $(openssl x509 -in "$1" -noout -pubkey 2>/dev/null) != "$public" ]]; then
		fault "$2 is not the key of $1"
	fi
	tls_names "$1" "$domain" || fault "$1 is not for $domain; set compose.registry_domain to a name in it"
	[[ -n ${3:-} ]] || return 0
	tls_pem "$3" || return 0
	openssl verify -CAfile "$3" -untrusted "$1" "$1" >/dev/null 2>&1 ||
		fault "$1 does not lead to $3; a CA in between belongs into the same file, behind the certificate"
}

# openssl takes either form, nginx and the lists of trusted CAs take one.
tls_pem() {
	grep -qs -e '-----BEGIN CERTIFICATE-----' "$1" && openssl x509 -in "$1" -noout 2>/dev/null && return
	fault "$1 is not a certificate in PEM form; openssl x509 -in $1 -out NEW makes it one"
	return 1
}

tls_names() { openssl x509 -in "$1" -noout -checkhost "$2" 2>/dev/null | finds 'does match'; }

tls_make() {
	local dir=$state/tls

	((dry_run)) && { run openssl x509 "for $domain and $ip"; return; }
	mkdir -p "$dir"
	chmod 700 "$dir"
	if [[ -n ${conf[compose.certificate]} ]]; then tls_take "$dir"; else tls_own "$dir"; fi
}

tls_own() {
	local changed=''

	if [[ ! -s $1/ca.crt || ! -s $1/ca.key ]]; then
		tls_ca "$1"
	elif ! tls_lasts "$1/ca.crt"; then
		tls_ca "$1"
		changed="; its CA was about to expire and is new as well, so let the nodes know it: install.sh cluster"
	fi
	if ((renew)) || ! tls_good "$1"; then tls_leaf "$1"; else step_note="kept"; fi
	step_note+=$changed
}

# tls_lasts CRT: another month at least
tls_lasts() { openssl x509 -in "$1" -noout -checkend 2592000 >/dev/null; }

tls_end() { date -u -d "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)" "$2"; }

# Whose CA it is, is not ours to sign with: should the site go back to a certificate of ours, it gets a new CA.
tls_take() {
	run rm -f "$1/ca.key"
	write_file "$1/registry.key" 600 <"${conf[compose.certificate_key]}" || true
	write_file "$1/registry.crt" <"${conf[compose.certificate]}" || true
	if [[ -n ${conf[compose.certificate_ca]} ]]; then
		write_file "$1/ca.crt" <"${conf[compose.certificate_ca]}" || true
	else
		run rm -f "$1/ca.crt"
	fi
	step_note="the certificate given"
}

# Still ours, for this name and address, and good for another month?
tls_good() {
	[[ -s $1/registry.crt && -s $1/registry.key ]] &&
		openssl verify -CAfile "$1/ca.crt" "$1/registry.crt" >/dev/null 2>&1 &&
		tls_lasts "$1/registry.crt" &&
		tls_names "$1/registry.crt" "$domain" &&
		openssl x509 -in "$1/registry.crt" -noout -checkip "$ip" | finds 'does match'
}

tls_ca() {
	cat >"$1/ca.cnf" <<-EOF
		[req]
		prompt = no
		distinguished_name = name
		x509_extensions = ca
		[name]
		O = kubecrate
		CN = kubecrate CA of $(uname -n)
		[ca]
		basicConstraints = critical,CA:TRUE,pathlen:0
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
	EOF
	(umask 077; run openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days "$tls_days" -config "$1/ca.cnf" -keyout "$1/ca.key" -out "$1/ca.crt.new")
	mv "$1/ca.crt.new" "$1/ca.crt"
}

# It does not outlive its CA.
tls_leaf() {
	local days

	days=$((($(tls_end "$1/ca.crt" +%s) - $(date +%s)) / 86400))
	cat >"$1/leaf.cnf" <<-EOF
		[req]
		prompt = no
		distinguished_name = name
		[name]
		O = kubecrate
		CN = $domain
		[leaf]
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature,keyEncipherment
		extendedKeyUsage = serverAuth
		subjectAltName = DNS:$domain,IP:$ip
	EOF
	(umask 077; run openssl req -new -newkey rsa:3072 -nodes -sha256 -config "$1/leaf.cnf" -keyout "$1/registry.key.new" -out "$1/registry.csr")
	run openssl x509 -req -sha256 -days "$days" -in "$1/registry.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" \
		-set_serial "0x$(openssl rand -hex 16)" -extfile "$1/leaf.cnf" -extensions leaf -out "$1/registry.crt.new"
	mv "$1/registry.key.new" "$1/registry.key"
	mv "$1/registry.crt.new" "$1/registry.crt"
	step_note="new, until $(tls_end "$1/registry.crt" +%F)"
}

# trust_install: this node trusts what the CA signed
trust_install() {
	local target sum

	[[ -s $state/tls/ca.crt ]] || ((dry_run)) || return 0
	target=$(trust_path)
	undo_note trust "$target"
	undo_file "$target"
	if ((dry_run)); then run install "$target"; return; fi
	sum=$(sha256sum <"$state/tls/ca.crt")
	! write_file "$target" <"$state/tls/ca.crt" && state_has trust "$sum" && return
	trust_refresh
	state_set trust "$sum"
}

trust_path() {
	if [[ $os_family == apt ]]; then
		echo /usr/local/share/ca-certificates/kubecrate.crt
	else
		echo /etc/pki/ca-trust/source/anchors/kubecrate.crt
	fi
}

trust_refresh() {
	if command -v update-ca-certificates >/dev/null; then
		run update-ca-certificates --fresh
	elif command -v update-ca-trust >/dev/null; then
		run update-ca-trust extract
	fi
}
