# The two servers in containers, from the package's own repository: docker on Debian 13, podman on Debian 12.
bats_require_minimum_version 1.5.0

# own_certificate DIR NAME: as a customer's CA gives them out
own_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=the customer' -days 2 -keyout "$1/own-ca.key" -out "$1/own-ca.crt" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$1/own.key" -out "$1/own.csr" 2>/dev/null
	openssl x509 -req -in "$1/own.csr" -CA "$1/own-ca.crt" -CAkey "$1/own-ca.key" -set_serial 1 -days 2 \
		-extfile <(echo "subjectAltName=DNS:$2") -out "$1/own.crt" 2>/dev/null
}

docker_config() {
	suite_config d13 pkg-v1 's/runtime: native/runtime: docker/; s/^ *w2:$//; /10.77.0.3/d; s|ansible_ssh_pass:.*|ansible_ssh_private_key_file: /root/nodes.key|'
}

setup_file() {
	load lib/suite
	suite_end
	nodes_open "$suite_dir"
	node_make d13 trixie
	node_make d12 bookworm
	node_make w1 bookworm
	suite_package d13 pkg-v1
	suite_package d12 pkg-v1
	# The nodes are opened by a key this time; what they get is a sample of what they get in story.bats.
	docker_config
	install -m 600 "$cache/key" "$(node_root d13)/root/nodes.key"
	suite_config d12 pkg-v1 's/runtime: native/runtime: podman/; s|^compose:|&\n  registry_domain: images.example\n  certificate: /root/own.crt\n  certificate_key: /root/own.key\n  certificate_ca: /root/own-ca.crt|; $a default:\n  generate_domain_crt: false'
	own_certificate "$(node_root d12)/root" images.example
	node_boot d13 10.77.0.1
	node_boot d12 10.77.0.4
	node_boot w1 10.77.0.2
	snapshot d13 >"$suite_dir/before.d13"
	snapshot d12 >"$suite_dir/before.d12"
}

setup() {
	load lib/suite
	nodes_load "$suite_dir"
}

teardown_file() {
	load lib/suite
	suite_end
}

@test "Debian 13, docker: servers and cluster, kubespray in a container" {
	package_lists "$suite_dir/pkg-v1" "$(node_root d13)/var/lib/kubecrate/cluster/config/lists" 'busybox|plugins'
	installer d13 pkg-v1 all
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ servers (docker)'
	shows '✔ 05-cluster-apps.yml'
	run node d13 'docker ps --format "{{.Names}}" | sort | tr "\n" " "'
	[[ $output == 'kubecrate-nginx kubecrate-registry ' ]]
	node w1 test -e /var/lib/joined
}

@test "Debian 13: a port that another program has is told on a second run too" {
	suite_config d13 pkg-v1 's/^compose:/&\n  nginx_http_port: 22/'
	installer d13 pkg-v1 compose
	[[ $status == 1 ]]
	shows 'port 22 is taken by sshd'
	docker_config
}

@test "Debian 13: the power goes before the end, and containers that are back by then are known as ours; a reboot brings them back" {
	node d13 rm /var/lib/kubecrate/done/serve
	node_kill d13
	node_boot d13 10.77.0.1
	sleep 5
	installer d13 pkg-v1 compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ registry certificate: kept'
	installer d13 pkg-v1 health-check
	[[ $status == 0 ]] || { echo "$output"; false; }
}

@test "Debian 13: remove leaves the node as it was" {
	installer d13 pkg-v1 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot d13 | diff "$suite_dir/before.d13" -
}

@test "Debian 12, podman: servers answer, another node reads, remove leaves the node as it was" {
	installer d12 pkg-v1 compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ servers (podman)'
	shows '✔ registry certificate: the certificate given'
	run node d12 'curl -s -o /dev/null -w "%{http_code}" https://images.example/v2/'
	[[ $output == 200 ]]
	run node d13 'exec 3<>/dev/tcp/10.77.0.4/8080; printf "GET /repos/ HTTP/1.0\r\n\r\n" >&3; head -n 1 <&3'
	shows '200 OK'
	installer d12 pkg-v1 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot d12 | diff "$suite_dir/before.d12" -
}
