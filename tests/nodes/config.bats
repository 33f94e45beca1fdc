# config.yaml, os-release and the files for Ansible: no node is needed

bats_require_minimum_version 1.5.0

setup() {
	root=$BATS_TEST_DIRNAME/../..
	install=$root/scripts/install
	cd "$BATS_TEST_TMPDIR"
}

flat() { awk -f "$install/library/yaml.awk" config.yaml | awk -f "$install/library/settings.awk" "$install/library/settings.tsv" -; }

# parts COMMANDS: the installer's parts, and commands that use them
parts() {
	bash -c 'library='"$install"'/library package=$PWD state=$PWD/state config_file=$PWD/config.yaml dry_run=0 quiet=0
		shopt -s lastpipe
		for f in $library/*.sh; do source "$f"; done; say_init; '"$1"
}

# fault LINE TEXT: the file has exactly this fault there
fault() { flat | grep -F "$(printf '!\t%s\t%s' "$1" "$2")" || { flat; return 1; }; }

@test "the sample is read without a fault, and says the defaults" {
	cp "$install/config-sample.yaml" config.yaml
	run flat
	[[ $output != *'!'* ]]
	grep -v '^#' "$install/library/settings.tsv" | while IFS=$'\t' read -r key _ preset; do
		[[ $key == kubespray.* || -z $preset ]] || grep -qxF "$(printf '%s\t%s' "$key" "$preset")" <<<"$output" || { echo "$key"; exit 1; }
	done
}

@test "every key of the table is explained in the sample" {
	grep -v '^#' "$install/library/settings.tsv" | cut -f1 | while read -r key; do
		[[ $key == kubespray.kube_proxy_mode || $key == kubespray.kube_*_* || $key == kubespray.cluster_name ]] ||
			grep -qE "^ +(# )?${key##*.}:" "$install/config-sample.yaml" || { echo "$key"; exit 1; }
	done
}

@test "a tab, a key given twice, an unknown key and a wrong value: all of them, each with its line" {
	printf 'compose:\n\truntime: native\n  nginx_http_port: 80800\n  internal_ip: 10.0.0.256\ncompose:\n  nginx_htp_port: 1\nkubespray:\n  kube_network_plugn: x\ndefalt:\n  x: 1\n' >config.yaml
	fault 2 'a tab; indent with blanks'
	fault 3 'compose.nginx_http_port: "80800" will not do; expected a port from 1 to 65535'
	fault 4 'compose.internal_ip: "10.0.0.256" will not do; expected auto, an IPv4 address'
	fault 5 'the key compose is given twice (first in line 1)'
	fault 6 'unknown key compose.nginx_htp_port; did you mean compose.nginx_http_port?'
	fault 8 'unknown key kubespray.kube_network_plugn; did you mean kubespray.kube_network_plugin?'
	fault 9 'unknown section defalt; did you mean default?'
}

@test "YAML that is not understood is refused in words" {
	printf 'compose:\n  runtime: "native\n' >config.yaml && fault 2 'a quote is opened and never closed'
	printf 'kubespray:\n  a: |\n    x\n' >config.yaml && fault 2 'a block of text (|)'
	printf 'kubespray:\n  a: &x 1\n' >config.yaml && fault 2 'a value cannot begin with &'
	printf 'kubespray:\n  a: b: c\n' >config.yaml && fault 2 '": " inside a value'
	printf 'compose:\n    verify: true\n  runtime: native\n' >config.yaml && fault 3 'indented by 2 blanks, expected 0'
	printf "compose:\n  a: 'it's'\n" >config.yaml && fault 2 "a ' inside single quotes; write it twice"
	printf 'compose:\n  a: "pa\\$s"\n' >config.yaml && fault 2 '\$ inside double quotes; put the value in single quotes'
	printf 'compose:\n  a: "b"c"\n' >config.yaml && fault 2 'a " inside double quotes'
	printf 'compose:\n  a: "b\tc"\n' >config.yaml && fault 2 'a tab; use blanks'
	printf 'compose:\n  a: [b, c"]\n' >config.yaml && fault 2 'a quote inside brackets is opened and never closed'
	printf 'compose:\n  a: ,b\n' >config.yaml && fault 2 'a value cannot begin with ,'
	printf 'compose:\n  verify true\n' >config.yaml && fault 2 'expected "key: value", found: verify true'
}

@test "what stands below a line that cannot be read is no fault of its own; a section is no value; a file by a Windows editor is read" {
	printf 'compose:\n  verify: yes\ninventory: &all\n  all:\n    hosts:\n      w1:\nkubespray:\n  a: >\n    x\n    y\n  b: - c\ndefault: none\n' >config.yaml
	[[ $(flat | grep '^!' | cut -f2 | paste -sd ' ') == '2 3 8 11 12' ]]
	fault 12 'default is a section: its keys stand below it'
	printf '\357\273\277compose:\r\n  runtime: podman\r\n' >config.yaml
	run flat
	[[ $output != *'!'* && $output == *$'compose.runtime\tpodman'* ]]
}

# inventory_and_variables: as Ansible gets them from config.yaml
inventory_and_variables() {
	parts 'config_read; faults_end ""
		{ echo ---; config_section inventory | cluster_key_inside; } >inventory.yaml
		{ echo ---; config_section kubespray; cluster_variables; } >env.yml'
}

@test "whatever way the file writes it, Ansible gets it: quoted keys, brackets, lists, dots in names, groups in groups" {
	cat >config.yaml <<-'END'
		compose: {internal_ip: 127.0.0.1}
		"kubespray": {kube_network_plugin: flannel, "kube_version" : 'v1.31.4'} # ours
		inventory:
		  all:
		    vars: {ansible_user: root, "ansible_ssh_private_key_file": '/root/my key'}
		    hosts:
		      node1.example.com: { ansible_host: 10.0.0.1 }   # 第一台
		      node2.example.com:
		        ansible_host: 10.0.0.2
		        ansible_ssh_pass : "p#: 'x\"\\"
		        labels:
		        -
		          a.b/c: 1
		        - [x, "y, z"]
		        none: { }
		        taints: [  ]
		    children:
		      k8s_cluster:
		        children:
		          kube_node: {hosts: }
		          kube_control_plane:
		            hosts:
		              node1.example.com:
		      kube_node:
		        hosts:
		          node2.example.com: null
		      etcd:
		        hosts: {}
	END
	run inventory_and_variables
	[[ $status == 0 ]] || { echo "$output"; false; }
	[[ $(ansible-inventory -i inventory.yaml --list | jq -c '._meta.hostvars[], .k8s_cluster.children' | paste -sd ' ') == \
		'{"ansible_host":"10.0.0.1","ansible_ssh_private_key_file":"/kubecrate/config/id","ansible_user":"root"} {"ansible_host":"10.0.0.2","ansible_ssh_pass":"p#: '"'"'x\"\\","ansible_ssh_private_key_file":"/kubecrate/config/id","ansible_user":"root","labels":[{"a.b/c":1},["x","y, z"]],"none":{},"taints":[]} ["kube_node","kube_control_plane"]' ]]
	[[ $(ansible -i inventory.yaml -e @env.yml node1.example.com -m debug -a 'msg={{ kube_network_plugin }},{{ kube_version }}' -c local) == *'"flannel,v1.31.4"'* ]]
	flat | grep -x $'group.kube_control_plane.node1.example.com\t'
	sed -i 's/  node2.example.com: null/  node3.example.com: null/' config.yaml
	fault 26 'node node3.example.com is in a group but not among inventory.all.hosts'
}

@test "an inventory is checked for what Ansible would stumble over" {
	sed 's/10.77.0.3/10.77.0.2/; s/^          w1:$/          w9:/' "$BATS_TEST_DIRNAME/site.yaml" >config.yaml
	flat | grep -F "10.77.0.2 is w1's address already"
	flat | grep -F 'node w9 is in a group but not among inventory.all.hosts'
}

@test "both languages of the site page tell of the same checks, and of the same commands" {
	for page in site site.zh; do
		awk -F'|' '/^\| `|^\| .*`remove`/ { while (match($2, /`[^`]*`/)) { print substr($2, RSTART, RLENGTH); $2 = substr($2, RSTART + RLENGTH) } }' "$root/docs/$page.md" >"$page.checks"
		grep -oE '\./install\.sh [^`]*' "$root/docs/$page.md" >"$page.commands"
	done
	[[ $(wc -l <site.checks) -gt 25 ]]
	diff site.checks site.zh.checks
	diff site.commands site.zh.commands
}

@test "logins, registries and time servers are checked too" {
	cp "$BATS_TEST_DIRNAME/site.yaml" config.yaml
	sed -i '/ansible_host: 10.77.0.3/a\        ansible_ssh_private_key_file: /root/x\n        ansible_port: 70000' config.yaml
	printf 'default:\n  push_registry: https://harbor.example/k8s\n  ntp_server: [10.0.0.1, "a b"]\n  offline_resources_url: https://files.example\n' >>config.yaml
	fault 16 'inventory.all.hosts.w2.ansible_ssh_private_key_file: one key opens every node'
	fault 17 'inventory.all.hosts.w2.ansible_port: "70000" will not do; expected a port'
	fault 36 'default.push_registry: "https://harbor.example/k8s" will not do; expected a registry such as harbor.example.com/k8s, without https://'
	fault 38 'default.offline_resources_url: "https://files.example" will not do; expected internal_ip, an http:// address'
	fault 37 'default.ntp_server[1]: "a b" will not do; expected internal_ip, a host name or an address'
	sed '/ansible_ssh_pass/d' "$BATS_TEST_DIRNAME/site.yaml" >config.yaml
	run parts 'config_read; check_login; faults_end ""'
	[[ $status == 1 && $output == *'nothing in the inventory opens the nodes; give ansible_ssh_pass or ansible_ssh_private_key_file'* ]]
}

@test "anything of kubespray's can be set, nested too" {
	printf 'kubespray:\n  containerd_registries_mirrors:\n    - prefix: docker.io\n      mirrors:\n        - host: https://a\n  kubelet_max_pods: 200\n' >config.yaml
	run flat
	[[ $output != *'!'* ]]
}

@test "Ansible reads the inventory and the variables that are rendered from the file" {
	cp "$BATS_TEST_DIRNAME/site.yaml" config.yaml
	run inventory_and_variables
	[[ $status == 0 ]] || { echo "$output"; false; }
	ansible-inventory -i inventory.yaml --list >list.json
	[[ $(jq -c '.k8s_cluster.children, ._meta.hostvars.w2.ansible_host, ._meta.hostvars.w2.ansible_ssh_pass' list.json | tr '\n' ' ') == '["kube_control_plane","kube_node"] "10.77.0.3" "kubecrate" ' ]]
	[[ $(ansible -i inventory.yaml -e @env.yml w1 -m debug -a 'msg={{ registry_domain }},{{ kube_network_plugin }},{{ ntp_servers[0] }}' -c local) == *'kube.registry.local,calico,'* ]]
}

# os ID VERSION_ID ID_LIKE [CODENAME-LINE]: family and name that os.sh finds; node.sh must try the same names
os() {
	printf 'ID="%s"\nVERSION_ID="%s"\nID_LIKE="%s"\n%s\n' "$1" "$2" "$3" "${4:-}" >os-release
	diff <(bash "$root/scripts/kubespray/roles/site/files/node.sh" os-names os-release) \
		<(bash -c 'package=/nonexistent; source '"$install"'/library/say.sh; source '"$install"'/library/os.sh; os_detect os-release; echo "${os_names[*]}"') || return 1
	bash -c 'package=${PACKAGE:-/nonexistent} say_faults=(); source '"$install"'/library/say.sh; source '"$install"'/library/os.sh; os_detect os-release; echo "$os_family $os_name ${say_faults[*]:-}"'
}

@test "every supported system is known by its os-release" {
	while read -r id version family name like; do
		[[ $(os "$id" "$version" "$like") == "$family $name " ]] || { os "$id" "$version" "$like"; false; }
	done <<-'EOF'
		debian 11 apt debian11
		debian 12 apt debian12
		debian 13 apt debian13
		ubuntu 20.04 apt ubuntu2004 debian
		ubuntu 22.04 apt ubuntu2204 debian
		ubuntu 24.04 apt ubuntu2404 debian
		centos 7 yum centos7 rhel fedora
		centos 9 yum centosstream9 rhel fedora
		rocky 8.10 yum rocky8 rhel centos fedora
		rocky 9.4 yum rocky9 rhel centos fedora
		almalinux 9.3 yum alma9 rhel centos fedora
		rhel 9.4 yum rhel9 fedora
		fedora 40 yum fedora40
		openEuler 22.03 yum openeuler2203
		openEuler 24.03 yum openeuler2403
		anolis 8.9 yum anolis8 rhel fedora centos
		kylin V10 yum kylin10
		amzn 2023 yum amazon2023 fedora
		circle 9.2 yum circle9 rhel centos fedora
		linuxmint 21.3 apt linuxmint21 ubuntu debian
		ol 9.4 yum ol9 fedora
	EOF
}

@test "a system that the package does not name uses its sister's packages" {
	mkdir -p pkg/resources/nginx/repos
	touch pkg/resources/nginx/repos/rocky9.repo
	export PACKAGE=$PWD/pkg
	[[ $(os rhel 9.4 fedora) == 'yum rocky9 ' ]]
	[[ $(os almalinux 9.3 'rhel centos fedora') == 'yum rocky9 ' ]]
	[[ $(os rocky 8.10 'rhel centos fedora') == 'yum rocky8 ' ]]
}

@test "a system that is built on another, by its ID_LIKE, uses that one's packages" {
	mkdir -p pkg/resources/nginx/repos
	touch pkg/resources/nginx/repos/{alma9.repo,debian12.sources,ubuntu2204.list}
	export PACKAGE=$PWD/pkg
	[[ $(os circle 9.2 'rhel centos fedora') == 'yum alma9 ' ]]
	[[ $(os opencloudos 9.2 'rhel fedora') == 'yum alma9 ' ]]
	[[ $(os linuxmint 21.3 'ubuntu debian' UBUNTU_CODENAME=jammy) == 'apt ubuntu2204 ' ]]
	[[ $(os linuxmint 6 debian DEBIAN_CODENAME=bookworm) == 'apt debian12 ' ]]
	# Not of Red Hat's sources of that number.
	[[ $(os anolis 9 'rhel fedora centos') == 'yum anolis9 ' ]]
}

@test "a system of neither family is refused" {
	[[ $(os arch '' '') == *'this node runs arch , which is neither of the Debian nor of the Red Hat family' ]]
}

@test "help says every TYPE; a wrong one is a usage error" {
	run "$install/install.sh" help
	[[ $status == 0 ]]
	for type in all compose cluster push add-nodes remove-node remove remove-cluster remove-compose health-check verify debug; do
		[[ $output == *"  $type "* ]] || { echo "$type"; false; }
	done
	for shell in sh 'bash --posix'; do $shell "$install/install.sh" help | diff - <("$install/install.sh" help); done
	run "$install/install.sh" composed
	[[ $status == 2 && $output == *'unknown type composed'* ]]
	run "$install/install.sh" compose --colour
	[[ $status == 2 && $output == *'unknown option --colour'* ]]
	run "$install/install.sh" add-nodes
	[[ $status == 2 && $output == *'add-nodes wants NODE,...'* ]]
	run "$install/install.sh" remove-node ,
	[[ $status == 2 && $output == *'remove-node wants NODE,...'* ]]
	KUBECRATE_STATE=$PWD/none KUBECRATE_LOG=$PWD/log run "$install/install.sh" remove-cluster
	[[ $status == 0 && $output == '✔ no cluster to remove' ]]
	run "$install/install.sh" compose w1
	[[ $status == 2 && $output == *'compose takes no argument, found w1'* ]]
	run "$install/install.sh" add-nodes w1 --dead
	[[ $status == 2 && $output == *'--dead is of remove-node only'* ]]
	run "$install/install.sh" compose --from 03
	[[ $status == 2 && $output == *'--from is of cluster only'* ]]
}

@test "the scaling Job is what Kubernetes' own client takes for one: no field is lost, and none is unknown" {
	"$root/scripts/deb-fetch" --unpack "$PWD/client" kubernetes-client >/dev/null
	awk '/^---$/ { n++; next } { print >"part" n + 0 ".yaml" }' "$install/config/scale-job.yaml"
	for part in part*.yaml; do client/usr/bin/kubectl annotate --local -o json -f "$part" x=y | jq -c 'del(.metadata.annotations)'; done >given.json
	[[ $(jq -r .kind given.json | paste -sd ' ') == 'PersistentVolume PersistentVolumeClaim Job' ]]
	# This command knows the types: what they have not, it drops.
	client/usr/bin/kubectl set env --local -o json -f part2.yaml A=b >typed.json
	run jq -n --slurpfile given given.json --slurpfile typed typed.json \
		'$given[2] as $g | $typed[0] as $t | [$g | paths(scalars) | select(. as $p | ($t | getpath($p)) != ($g | getpath($p)))] == []'
	[[ $output == true ]]
	[[ $(jq -r 'select(.kind != "Job") | .spec.storageClassName' given.json | sort -u) == kubecrate ]]
}

@test "a certificate of the site's own: expired, of another key, for another name, or half given" {
	openssl req -newkey rsa:2048 -nodes -subj /CN=other.example -keyout old.key -out old.csr 2>/dev/null
	openssl x509 -req -in old.csr -signkey old.key -days 0 -out old.crt 2>/dev/null
	openssl genrsa -out another.key 2048 2>/dev/null
	sleep 1
	run bash -c 'library='"$install"'/library; for f in $library/*.sh; do source "$f"; done; say_init
		conf[default.generate_domain_crt]=false conf[compose.certificate]=$PWD/old.crt conf[compose.certificate_key]=$PWD/another.key domain=kube.registry.local
		check_certificate; conf[compose.certificate]=/none; check_certificate; conf[compose.certificate]= config_file=config.yaml; check_certificate; faults_end ""'
	[[ $status == 1 ]]
	[[ $output == *"$PWD/old.crt has expired ("*"$PWD/another.key is not the key of $PWD/old.crt"*"$PWD/old.crt is not for kube.registry.local; set compose.registry_domain to a name in it"* ]]
	[[ $output == *'compose.certificate: /none cannot be read'*'default.generate_domain_crt is false, so compose.certificate and compose.certificate_key must be given'* ]]
	printf 'compose:\n  certificate: /a\n' >config.yaml && fault 2 'compose.certificate and compose.certificate_key go together'
}

@test "a certificate of the site's own: in another form, under a passphrase, without the CA between" {
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=root -days 2 -keyout root.key -out root.crt 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj /CN=between -keyout between.key -out between.csr 2>/dev/null
	openssl x509 -req -in between.csr -CA root.crt -CAkey root.key -days 2 -extfile <(echo 'basicConstraints=critical,CA:TRUE') -out between.crt 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout 'my leaf.key' -out leaf.csr 2>/dev/null
	openssl x509 -req -in leaf.csr -CA between.crt -CAkey between.key -days 2 -extfile <(echo 'subjectAltName=DNS:*.registry.local') -out leaf.crt 2>/dev/null
	cat leaf.crt between.crt >'my chain.crt'
	openssl x509 -in leaf.crt -outform der -out leaf.cer
	openssl pkey -in 'my leaf.key' -aes128 -passout pass:x -out shut.key
	fits() { run parts 'domain=kube.registry.local; tls_fits '"$1"'; faults_end ""' </dev/null; }
	fits '"my chain.crt" "my leaf.key" root.crt' && [[ $status == 0 ]]
	fits 'leaf.crt "my leaf.key" root.crt' && [[ $status == 1 && ${lines[0]} == *'leaf.crt does not lead to root.crt; a CA in between belongs into the same file, behind the certificate' ]]
	fits 'leaf.cer "my leaf.key"' && [[ $status == 1 && ${#lines[@]} == 2 && ${lines[0]} == *'leaf.cer is not a certificate in PEM form; openssl x509 -in leaf.cer -out NEW makes it one' ]]
	fits '"my chain.crt" "my leaf.key" root.key' && [[ $status == 1 && ${lines[0]} == *'root.key is not a certificate in PEM form'* ]]
	fits '"my chain.crt" shut.key' && [[ $status == 1 && ${#lines[@]} == 2 && ${lines[0]} == *'shut.key is not a private key that can be read without a passphrase'* ]]
}

@test "trust that was cut off before it was taken up is taken up by the next run" {
	mkdir -p state/tls && echo one >state/tls/ca.crt
	trust() { run parts 'trust_path() { echo $PWD/trusted.crt; }; trust_refresh() { echo taken up; '"${1:-}"' }; trust_install'; }
	trust 'kill -9 $BASHPID;'
	[[ $status == 137 && $(<trusted.crt) == one ]]
	trust && [[ $status == 0 && $output == 'taken up' ]]
	trust && [[ $status == 0 && -z $output ]]
	echo two >state/tls/ca.crt
	trust && [[ $output == 'taken up' && $(<trusted.crt) == two ]]
}

@test "time settings that were cut off before chrony read them are read by the next run" {
	chrony() {
		run parts 'os_family=apt ip=10.0.0.1 conf[compose.time]=chrony conf[default.ntp_server]=10.0.0.2
			time_config() { echo $PWD/chrony.conf; }; packages_need() { :; }; undo_service() { :; }
			systemctl() { '"${1:-}"' echo "$1" >>calls; }; time_serve; echo "$step_note"'
	}
	chrony 'kill -9 $$; exit;'
	[[ $status == 137 && $(<chrony.conf) == *'server 10.0.0.2 iburst'* ]]
	chrony
	[[ $status == 0 && $(paste -sd ' ' calls) == 'enable restart' ]]
	chrony
	[[ $output == unchanged && $(paste -sd ' ' calls) == 'enable restart' ]]
	echo other >>chrony.conf
	chrony
	[[ $(paste -sd ' ' calls) == 'enable restart enable restart' ]]
}

@test "debug leaves out what sounds like a secret, in whatever form, and keeps the rest" {
	cat >config.yaml <<-'END'
		compose:
		  runtime: native
		inventory:
		  all:
		    vars:
		      ansible_ssh_pass : "HIDE"
		      "ansible_become_password": HIDE
		    hosts:
		      w1: {ansible_host: 10.0.0.1, ansible_password: HIDE}
		kubespray:
		  http_proxy: "http://user:HIDE@proxy:3128"
		  passwords:
		  - HIDE
		  metallb_secret: |
		    HIDE

		    HIDE
		  # push_password: HIDE
		  containerd_registry_auth:
		    - registry: 10.0.0.2
		      username: HIDE
		  kubeadm_certificate_key: HIDE
		  kube_network_plugin: flannel
	END
	run parts debug_config
	[[ $output != *HIDE* && $output == *'runtime: native'*'ansible_ssh_pass : (left out)'*'http://(left out)@proxy:3128'*'kube_network_plugin: flannel' ]] || { echo "$output"; false; }
}

@test "debug collects what there is without a config.yaml, for root alone; --dry-run writes nothing" {
	[[ $EUID == 0 ]] || skip 'needs root'
	export KUBECRATE_STATE=$PWD/none KUBECRATE_LOG=$PWD/log/install.log
	run "$install/install.sh" debug -c none --dry-run
	[[ $status == 0 && $output == "➜ would: write $PWD/log/debug-"*.tar.gz && ! -e log ]]
	run "$install/install.sh" debug -c none
	[[ $status == 0 && $output == "✔ wrote $PWD/log/debug-"* ]]
	[[ $(stat -c %a log/*.tar.gz) == 600 ]]
	tar -xzf log/*.tar.gz
	grep -q '# uname -a' node.txt
	[[ $(<config.yaml) == '✖ none: cannot be read' ]]
}

@test "a CA that is about to expire is made anew; a certificate does not outlive its CA" {
	mkdir -p state/tls
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=old -days 20 -keyout state/tls/ca.key -out state/tls/ca.crt 2>/dev/null
	cp state/tls/ca.crt old.crt
	run parts 'domain=kube.registry.local ip=10.0.0.1 renew=0; step certificate tls_make'
	[[ $output == '✔ certificate: new, until 20'*'; its CA was about to expire and is new as well, so let the nodes know it: install.sh cluster'* ]]
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=old -days 50 -keyout state/tls/ca.key -out state/tls/ca.crt 2>/dev/null
	run parts 'domain=kube.registry.local ip=10.0.0.1 renew=0; step certificate tls_make'
	[[ $output == '✔ certificate: new, until 20'* && $output != *'CA'* ]]
	openssl verify -CAfile state/tls/ca.crt state/tls/registry.crt
	run ! openssl x509 -in state/tls/registry.crt -noout -checkend $((50 * 86400))
}

@test "our lines in a file end those before them, and leave it as it was; what the site wrote since then stays" {
	mkdir etc
	printf '127.0.0.1 localhost' >etc/hosts
	cp etc/hosts before
	parts 'echo 10.0.0.1 a | marked_block $PWD/etc/hosts; echo 10.0.0.2 b | marked_block $PWD/etc/hosts'
	diff etc/hosts <(printf '127.0.0.1 localhost\n# kubecrate begin\n10.0.0.2 b\n# kubecrate end\n')
	parts undo_run
	cmp etc/hosts before
	rm -r state
	parts 'echo 10.0.0.1 a | marked_block $PWD/etc/hosts'
	echo '10.9.9.9 own' >>etc/hosts
	parts undo_run
	diff etc/hosts <(printf '127.0.0.1 localhost\n10.9.9.9 own\n')
}

@test "a package in a folder that package managers and units cannot name, and one whose images need more room" {
	mkdir -p 'my pkg' pkg/resources/registry/docker/registry/v2/blobs/sha256/aa/{a1,a2} state/registry/docker/registry/v2/blobs/sha256/aa/a1
	run parts 'package="$PWD/my pkg" os_family=""; check_package; faults_end ""'
	[[ $status == 1 && $output == *"my pkg: package managers and units cannot read a path with such letters"* ]]
	head -c 1000 /dev/zero | tee pkg/resources/registry/docker/registry/v2/blobs/sha256/aa/a1/data state/registry/docker/registry/v2/blobs/sha256/aa/a1/data >/dev/null
	head -c 5000 /dev/zero >pkg/resources/registry/docker/registry/v2/blobs/sha256/aa/a2/data
	[[ $(parts 'package=$PWD/pkg; store_missing') == 5000 ]]
}

@test "the current package goes on being it beside a newer one, and no more when its folder has gone" {
	mkdir -p state old new
	printf 'old\t%s\nnew\t%s\n' "$PWD/old" "$PWD/new" >state/packages
	echo old >state/current
	[[ $(parts 'package=$PWD/new; package_now') == old ]]
	rmdir old
	[[ $(parts 'package=$PWD/new; package_now') == new ]]
}

# deployer: run.sh of the kubespray image, with an ansible-playbook that does as file "ansible" says
deployer() {
	mkdir -p home/{config,state,tools/bin} kubespray/roles/kubespray_defaults
	cp -r "$root"/scripts/kubespray/playbooks home/
	printf '#!/bin/bash\necho "$*" >>calls\n. ./ansible\n' >home/tools/bin/ansible-playbook
	printf '#!/bin/bash\necho list-gen\n' >home/tools/bin/list-gen
	chmod +x home/tools/bin/*
	touch ansible home/config/env.yml home/config/inventory.yaml
	KUBECRATE_HOME=$PWD/home KUBESPRAY=$PWD/kubespray run bash "$root/scripts/kubespray/run.sh" "$@"
}

@test "run.sh says which part is at work, and does its steps again for another kubespray or another CA" {
	echo 'echo "PLAY [Install it] ****"; echo "TASK [x]"' >ansible
	deployer deploy-cluster
	[[ $status == 0 && $output == *$'➜ 00-default-ssh-config.yml\n➜   Install it\n✔ 00-default-ssh-config.yml'* ]]
	grep -q 'TASK \[x\]' home/state/log/00-default-ssh-config.log
	deployer deploy-cluster
	[[ $output == *'every step was done before'* ]]
	echo 'kube_version: 1.99' >kubespray/roles/kubespray_defaults/main.yml
	deployer deploy-cluster
	[[ $output == *'✔ 05-cluster-apps.yml ('* ]]
	echo 'another' >home/config/ca.crt
	deployer deploy-cluster
	[[ $output == *'✔ 05-cluster-apps.yml ('* ]]
}

@test "run.sh removes nodes that are dead without asking them, and tells a strange host key from a node that is down" {
	deployer remove-node w2 --dead
	[[ $status == 0 ]]
	grep -q 'node=w2 .*reset_nodes=false .*allow_ungraceful_removal=true.* .*20-remove-nodes.yml' calls
	echo 'echo "fatal: [w1]: UNREACHABLE! => @@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@"; echo "fatal: [w2]: UNREACHABLE! => timed out"; exit 4' >ansible
	deployer deploy-cluster
	[[ $status == 1 ]]
	[[ $output == *'node w1 cannot be reached over ssh; it shows another host key than before: if it was installed anew, forget it by install.sh remove-node w1 --dead'* ]]
	[[ $output == *'node w2 cannot be reached over ssh; is it up, are address, user and password right?'* ]]
}

@test "the cluster's key opens the door of the user who knocks, not of the one whom that user becomes" {
	mkdir -p state/ssh home other
	# In sudo's place, for a user with another home.
	printf '#!/bin/bash\nexport HOME=%q\nwhile [[ $1 == -* ]]; do [[ $1 != -u ]] || shift; shift; done\nexec "$@"\n' "$PWD/other" >become
	chmod +x become
	printf 'all:\n  hosts:\n    here: {ansible_connection: local, ansible_become: true, ansible_become_user: nobody, ansible_become_exe: %s}\n' "$PWD/become" >inventory.yaml
	printf -- '- {hosts: here, gather_facts: false, roles: [ssh_access]}\n' >play.yaml
	HOME=$PWD/home ANSIBLE_ROLES_PATH=$root/scripts/kubespray/roles run ansible-playbook -i inventory.yaml -e "kubecrate_home=$PWD" play.yaml
	[[ $status == 0 ]] || { echo "$output"; false; }
	grep -q ' kubecrate$' home/.ssh/authorized_keys
	[[ ! -e other/.ssh ]]
}

@test "SELinux: what it must allow is allowed, and taken back" {
	mkdir -p bin pkg/resources/nginx state/undo
	# The commands of a Red Hat system, which note how they are called.
	for command in setsebool chcon restorecon setenforce; do printf '#!/bin/sh\necho %s "$@" >>calls\n' "$command" >bin/$command; done
	printf '#!/bin/sh\necho Enforcing\n' >bin/getenforce
	printf '#!/bin/sh\necho "$1 --> off"\n' >bin/getsebool
	chmod +x bin/*
	PATH=$PWD/bin:$PATH run parts 'package=$PWD/pkg; conf[compose.selinux]=allow; step SELinux selinux_set; undo_run'
	[[ $status == 0 ]]
	[[ $(tr '\n' ';' <calls) == "setsebool -P httpd_can_network_connect on;chcon -R -t httpd_sys_content_t $PWD/state;chcon -R -t httpd_sys_content_t $PWD/pkg/resources/nginx;restorecon -R $PWD/pkg/resources/nginx;setsebool -P httpd_can_network_connect off;" ]]
	rm calls
	PATH=$PWD/bin:$PATH run parts 'package=$PWD/pkg; conf[compose.selinux]=permissive; step SELinux selinux_set; undo_run'
	[[ $(tr '\n' ';' <calls) == 'setenforce 0;setenforce 1;' ]]
	PATH=$PWD/bin:$PATH run parts 'conf[compose.selinux]=leave; step SELinux selinux_set'
	[[ $output == '✔ SELinux: left as it is' ]]
}

@test "a node without SELinux says so, and nothing is set" {
	command -v getenforce && skip 'this machine has SELinux'
	run bash -c 'library='"$install"'/library; for f in $library/*.sh; do source "$f"; done; say_init; dry_run=0 quiet=0; conf[compose.selinux]=allow; step SELinux selinux_set'
	[[ $output == '✔ SELinux: disabled' ]]
}
