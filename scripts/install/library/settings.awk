# settings.awk: what yaml.awk read, against settings.tsv. POSIX awk: awk -f settings.awk settings.tsv flat
# out: KEY TAB VALUE for every setting, inventory and kubespray entry; faults as in yaml.awk.

BEGIN { FS = "\t"; sections = "compose kubespray inventory default" }

# A dot inside a key is \001 in here.
function give(k, v) { gsub(/\001/, ".", k); print k "\t" v }

function fail(where, reason) { gsub(/\001/, ".", reason); print "!\t" where "\t" reason }

function is_address(s,    p, i) {
	if (split(s, p, ".") != 4) return 0
	for (i = 1; i <= 4; i++)
		if (p[i] !~ /^[0-9]+$/ || p[i] > 255 || length(p[i]) > 3) return 0
	return 1
}

function is_network(s,    p) {
	return split(s, p, "/") == 2 && is_address(p[1]) && p[2] ~ /^[0-9]+$/ && p[2] <= 32
}

function is_name(s) { return length(s) <= 253 && s ~ /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/ }

# "" when value suits the type, else what is expected.
function unsuited(type, value,    n, alt, i, words) {
	n = split(type, alt, "|")
	words = ""
	for (i = 1; i <= n; i++) {
		if (alt[i] == "bool") { if (value ~ /^(true|false)$/) return ""; words = words ", true or false" }
		else if (alt[i] == "port") { if (value ~ /^[0-9]+$/ && value >= 1 && value <= 65535) return ""; words = words ", a port from 1 to 65535" }
		else if (alt[i] == "address") { if (is_address(value)) return ""; words = words ", an IPv4 address" }
		else if (alt[i] == "network") { if (is_network(value)) return ""; words = words ", a network such as 10.233.0.0/18" }
		else if (alt[i] == "name") { if (is_name(value)) return ""; words = words ", a host name in small letters" }
		else if (alt[i] == "path") { if (value ~ /^\//) return ""; words = words ", a path that begins with /" }
		else if (alt[i] == "url") { if (value ~ /^http:\/\/[^\/ ]+/ && value !~ / /) return ""; words = words ", an http:// address, as bare nodes have no TLS" }
		else if (alt[i] == "version") { if (value ~ /^v?[0-9]+\.[0-9]+(\.[0-9]+)?$/) return ""; words = words ", a version such as v1.31.4" }
		else if (alt[i] == "registry") { if (value ~ /^[A-Za-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._\/-]+)?$/) return ""; words = words ", a registry such as harbor.example.com/k8s, without https://" }
		else if (alt[i] == "servers") { if (is_name(value) || is_address(value) || value == "internal_ip") return ""; words = words ", internal_ip, a host name or an address" }
		else if (alt[i] == "text") return ""
		else if (alt[i] == "none") { if (value == "") return "" }
		else { if (value == alt[i]) return ""; words = words ", " alt[i] }
	}
	return substr(words, 3)
}

function min3(a, b, c) { if (b < a) a = b; return c < a ? c : a }

# Edit distance, given up above 3.
function distance(a, b,    i, j, row, last, old, la, lb) {
	la = length(a); lb = length(b)
	if (la - lb > 3 || lb - la > 3) return 9
	for (j = 0; j <= lb; j++) row[j] = j
	for (i = 1; i <= la; i++) {
		last = row[0]; row[0] = i
		for (j = 1; j <= lb; j++) {
			old = row[j]
			row[j] = min3(row[j] + 1, row[j - 1] + 1, last + (substr(a, i, 1) != substr(b, j, 1)))
			last = old
		}
	}
	return row[lb]
}

function nearest(key, most,    k, d, best, name) {
	best = most + 1; name = ""
	for (k in type) {
		d = distance(key, k)
		if (d < best) { best = d; name = k }
	}
	return name
}

function hint(key,    n) { n = nearest(key, 3); return n == "" ? "" : "; did you mean " n "?" }

function last_part(key) { sub(/^.*\./, "", key); return key }

# First file: the table.
NR == FNR {
	if ($0 !~ /^#/ && $1 != "") { type[$1] = $2; preset[$1] = $3; order[++settings] = $1 }
	next
}

$1 == "!" { print; next }

{
	key = $1; kind = $2; val = $3; at = $4
	section = key; sub(/[.\[].*$/, "", section)
	if (index(" " sections " ", " " section " ") == 0) {
		if (!(section in told)) fail(at, "unknown section " section nearest_section(section))
		told[section] = 1
	} else if (key == section) {
		if (kind != "map" && kind != "null" && kind != "empty") fail(at, section " is a section: its keys stand below it, each with its value")
	} else if (section == "inventory") inventory()
	else setting()
}

function nearest_section(s,    p, n, i) {
	n = split(sections, p, " ")
	for (i = 1; i <= n; i++) if (distance(s, p[i]) <= 2) return "; did you mean " p[i] "?"
	return "; the sections are " sections
}

function setting(    base, want) {
	base = key; sub(/\[.*$/, "", base)
	if (base in type) {
		if (kind == "list" || kind == "empty") { if (type[base] == "servers") got[base] = ""; else fail(at, base " takes one value, not a list"); return }
		if (kind == "map") { fail(at, base " takes one value, not a mapping"); return }
		if (key != base) {
			if ((want = unsuited(type[base], val)) != "") fail(at, key ": \"" val "\" will not do; expected " want)
			got[base] = got[base] (got[base] == "" ? "" : " ") val
			return
		}
		want = kind == "null" ? unsuited(type[base], "") : unsuited(type[base], val)
		if (kind == "null" && preset[base] != "") want = "a value (leave the line out for \"" preset[base] "\")"
		if (want != "") fail(at, base ": \"" val "\" will not do; expected " want)
		got[base] = val; given[base] = at
	} else if (section == "kubespray") {
		if (kind != "map" && kind != "list" && key !~ /[.\[].*[.\[]/ && nearest(key, 2) != "") fail(at, "unknown key " key hint(key))
	} else {
		fail(at, "unknown key " key hint(key))
	}
}

function inventory(    p, n) {
	n = split(key, p, ".")
	if (p[2] != "all") { fail(at, "inventory holds \"all\" and nothing beside it, found " p[2]); return }
	if (n == 2) return
	if (p[3] != "vars" && p[3] != "hosts" && p[3] != "children") {
		fail(at, "unknown key " key "; inventory.all holds vars, hosts and children")
		return
	}
	if (p[3] == "hosts" && n == 4) { host[p[4]] = at; hosts = hosts " " p[4] }
	if (p[3] == "hosts" && n == 5 && p[5] == "ansible_host") address(p[4])
	if (p[3] != "vars" && p[n] ~ /^ansible_(ssh_)?private_key_file$/) fail(at, key ": one key opens every node; give it as inventory.all.vars.ansible_ssh_private_key_file")
	if (p[3] != "vars" && p[n] ~ /^ansible_(ssh_)?pass(word)?$/) give(key, val)
	if (p[3] == "vars" && p[4] == "ansible_private_key_file") fail(at, key ": call it ansible_ssh_private_key_file")
	if (kind != "map" && p[n] == "ansible_port" && unsuited("port", val) != "") fail(at, key ": \"" val "\" will not do; expected " unsuited("port", val))
	if (n >= 6 && p[n - 3] == "children" && p[n - 1] == "hosts") member(p[n - 2], p[n])
	if (p[3] == "vars" && kind != "map") { give(key, val); if (p[4] == "ansible_ssh_private_key_file" && val !~ /^\//) fail(at, key ": expected a path that begins with /") }
}

function member(group, name) {
	use[name] = at
	if (!((group, name) in belongs)) members[group]++
	belongs[group, name] = 1
	give("group." group "." name)
}

function address(name) {
	if (!is_address(val)) fail(at, key ": \"" val "\" will not do; expected an IPv4 address")
	else if (val in taken) fail(at, key ": " val " is " taken[val] "'s address already")
	else taken[val] = name
	ip[name] = val
	give("host." name, val)
}

END {
	for (i = 1; i <= settings; i++) {
		k = order[i]
		if (k in got) give(k, got[k])
		else if (k !~ /^kubespray\./) give(k, preset[k])
	}
	n = split(hosts, h, " ")
	for (i = 1; i <= n; i++) if (!(h[i] in ip)) fail(host[h[i]], "inventory host " h[i] " has no ansible_host")
	for (u in use) if (!(u in host)) fail(use[u], "node " u " is in a group but not among inventory.all.hosts")
	if (members["etcd"] > 0 && members["etcd"] % 2 == 0) fail(0, "the group etcd has " members["etcd"] " members; etcd wants an odd number")
	if ((got["compose.certificate"] != "") != (got["compose.certificate_key"] != "")) fail(given["compose.certificate"] + given["compose.certificate_key"], "compose.certificate and compose.certificate_key go together")
}
