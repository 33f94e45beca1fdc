# The package that `make check-buildx` built from the Dockerfiles, when it is there: by the site engineer's page, word for word.
bats_require_minimum_version 1.5.0

setup_file() {
	load lib/suite
	export bundle=$top/build/bundle-amd64
	[[ -x $bundle/install.sh ]] || return 0
	suite_end
	nodes_open "$suite_dir"
	node_make deploy bookworm
	node_make w1 bookworm
	cp -a "$bundle" "$(node_root deploy)/opt/kubecrate-ci"
	node_boot deploy 10.77.0.1
	node_boot w1 10.77.0.2
	snapshot deploy >"$suite_dir/before"
}

setup() {
	[[ -x $bundle/install.sh ]] || skip 'no package in build/bundle-amd64: make check-buildx leaves one there'
	load lib/suite
	nodes_load "$suite_dir"
}

teardown_file() {
	load lib/suite
	suite_end
}

@test "the deploy node, by the sample's own settings, from the built package" {
	node deploy 'cd /opt/kubecrate-ci && cp config-sample.yaml config.yaml && ./install.sh all --dry-run' >"$suite_dir/dry"
	grep -q 'would: servers (native)' "$suite_dir/dry"
	installer deploy kubecrate-ci compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ verify the package: '
	shows 'images served'
	run node deploy 'curl -sf http://10.77.0.1:8080/files/ | grep -o ">dl.k8s.io/<"'
	[[ $output == '>dl.k8s.io/<' ]]
}

@test "its kubespray image makes the cluster: every package, file and image of the bundle reaches the node" {
	suite_config deploy kubecrate-ci '/^ *w2:$/d; /10.77.0.3/d'
	package_lists "$bundle" "$(node_root deploy)/var/lib/kubecrate/cluster/config/lists"
	installer deploy kubecrate-ci cluster
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ 00-default-ssh-config.yml'
	shows '✔ 05-cluster-apps.yml ('
	node w1 'test -e /var/lib/joined'
}

@test "remove-compose leaves the deploy node as it was, and the package as it was packed" {
	installer deploy kubecrate-ci remove-compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot deploy | diff "$suite_dir/before" -
	installer deploy kubecrate-ci verify
	[[ $status == 0 ]] || { echo "$output"; false; }
}
