# The two servers in containers, from the package's own repository: docker on Debian 13, podman on Debian 12.
bats_require_minimum_version 1.5.0

setup_file() {
	load lib/suite
	suite_end
	nodes_open "$suite_dir"
	node_make d13 trixie
	node_make d12 bookworm
	node_make w1 bookworm
	suite_package d13 pkg-v1
	suite_package d12 pkg-v1
	suite_config d13 pkg-v1 's/runtime: native/runtime: docker/; s/^ *w2:$//; /10.77.0.3/d'
	suite_config d12 pkg-v1 's/runtime: native/runtime: podman/; s/kube.registry.local/images.example/'
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
	package_lists "$cache/pkg-v1" "$(node_root d13)/var/lib/kubecrate/cluster/config/lists"
	installer d13 pkg-v1 all
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ servers (docker)'
	shows '✔ 05-cluster-apps.yml'
	run node d13 'docker ps --format "{{.Names}}" | sort | tr "\n" " "'
	[[ $output == 'kubecrate-nginx kubecrate-registry ' ]]
	node w1 test -e /var/lib/joined
}

@test "Debian 13: a second run changes nothing, and a reboot brings the servers back" {
	installer d13 pkg-v1 compose
	[[ $status == 0 ]]
	shows '✔ registry certificate: kept'
	node_kill d13
	node_boot d13 10.77.0.1
	sleep 5
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
	run node d13 'exec 3<>/dev/tcp/10.77.0.4/8080; printf "GET /repos/ HTTP/1.0\r\n\r\n" >&3; head -n 1 <&3'
	shows '200 OK'
	installer d12 pkg-v1 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot d12 | diff "$suite_dir/before.d12" -
}
