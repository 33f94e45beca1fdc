# From a package on disk to a cluster and back: one deploy node, two workers, no route out. Tests build on each other.
bats_require_minimum_version 1.5.0

setup_file() {
	load lib/suite
	suite_end
	nodes_open "$suite_dir"
	node_make deploy bookworm
	node_make w1 bookworm
	node_make w2 bookworm
	suite_package deploy pkg-v1
	suite_config deploy pkg-v1
	# What a site may have: apt's way to the world outside.
	for n in deploy w2; do echo 'Acquire::http::Proxy "http://192.0.2.1:3128";' >"$(node_root "$n")/etc/apt/apt.conf.d/proxy"; done
	node_boot deploy 10.77.0.1
	node_boot w1 10.77.0.2
	node_boot w2 10.77.0.3
	snapshot deploy >"$suite_dir/before"
}

setup() {
	load lib/suite
	nodes_load "$suite_dir"
}

teardown_file() {
	load lib/suite
	harbor_stop
	suite_end
}

@test "the nodes reach each other and nothing else" {
	node deploy 'exec 3<>/dev/tcp/10.77.0.2/22'
	run node deploy 'timeout 2 bash -c "exec 3<>/dev/tcp/192.0.2.1/80"'
	[[ $status != 0 ]]
	run node deploy 'ls /etc/apt/sources.list.d; command -v python3 curl openssl nginx'
	[[ -z $output ]]
}

@test "--dry-run says what would be done and changes nothing" {
	installer deploy pkg-v1 compose --dry-run
	shows "would: use the package's OS repository (debian12)"
	shows 'write /etc/hosts'
	snapshot deploy | diff "$suite_dir/before" -
}

# servers_after: seconds from the package on disk to both servers answering, as the log tells
servers_after() {
	node deploy 'a=$(sed -n "s/ .* begin: verify the package$//p" /var/log/kubecrate/install.log | head -n 1)
		b=$(sed -n "s/ .* health check: .*//p" /var/log/kubecrate/install.log | head -n 1); echo $(($(date -d "$b" +%s) - $(date -d "$a" +%s)))'
}

@test "install.sh all breaks in step 03, on purpose, and says where" {
	package_lists "$suite_dir/pkg-v1" "$(node_root deploy)/var/lib/kubecrate/cluster/config/lists"
	node w2 touch /var/lib/break-once
	run node deploy 'cd / && umask 077 && exec opt/pkg-v1/install.sh all'
	[[ $status == 1 ]]
	shows '✔ health check: 5 images served'
	echo "# both servers answer after $(servers_after) s" >&3
	shows '✔ 02-cluster-etcd.yml'
	shows 'TASK [kubernetes/node : Break on purpose]'
	shows 'fatal: [w2]: FAILED! => {"changed": false, "msg": "this node was told to break once"}'
	shows '✖ 03-cluster-kubernetes.yml'
	shows 'correct it and run install.sh again: it goes on where it stopped'
}

@test "install.sh cluster goes on with step 03, and every package, file and image reaches both workers" {
	installer deploy pkg-v1 cluster
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ 02-cluster-etcd.yml: done before'
	shows '✔ 03-cluster-kubernetes.yml ('
	shows '✔ 05-cluster-apps.yml ('
	node deploy 'cd /var/lib/kubecrate/cluster/log && grep -q "kubernetes-apps/policy_controller ran" 04-*.log && grep -q "kubernetes-apps/external_provisioner ran" 05-*.log'
	for n in w1 w2; do
		node "$n" 'kubectl version --client >/dev/null && test -e /var/lib/joined && dpkg -s ebtables >/dev/null'
		[[ $(node "$n" 'ctr -n k8s.io images ls -q' | grep -c '^kube.registry.local/library/.*@sha256') -ge 3 ]]
	done
}

@test "a run with nothing left to do says so; --from begins at a step" {
	installer deploy pkg-v1 cluster
	[[ $status == 0 ]]
	shows 'every step was done before; --from 00 does them again'
	installer deploy pkg-v1 cluster --from 05
	shows '➜ 04-cluster-network.yml: left out (--from 05)'
	shows '✔ 05-cluster-apps.yml ('
	installer deploy pkg-v1 cluster --from 07
	[[ $status == 1 ]]
	shows 'there is no step 07; the steps are: 00-default-ssh-config.yml'
}

@test "files come with ranges, listings and the right bytes" {
	run node w1 'curl -sf http://10.77.0.1:8080/files/dl.k8s.io/release/v1.31.4/bin/linux/amd64/ | grep -o ">kubectl<"'
	[[ $output == '>kubectl<' ]]
	run node w1 'curl -sf -r 0-3 -w "%{http_code}" -o /tmp/part http://10.77.0.1:8080/files/dl.k8s.io/release/v1.31.4/bin/linux/amd64/kubectl; od -An -c /tmp/part'
	shows 206
	shows '177   E   L   F'
}

@test "through 443 images can be read, not pushed; 5000 is this node's alone" {
	run node w1 'curl -s -o /dev/null -w "%{http_code}" -X POST https://kube.registry.local/v2/library/x/blobs/uploads/'
	[[ $output == 403 ]]
	run node w1 'curl -s -o /dev/null -w "%{http_code}" https://kube.registry.local/v2/'
	[[ $output == 200 ]]
	run node w1 'curl -sS --max-time 3 http://10.77.0.1:5000/v2/'
	shows "Couldn't connect"
	run node deploy 'curl -s -o /dev/null -w "%{http_code}" http://127.0.0.1:5000/v2/'
	[[ $output == 200 ]]
}

@test "TLS 1.2 and 1.3, no older" {
	for v in 1.0 1.1 1.2 1.3; do
		run node w1 "curl -s -o /dev/null --ciphers 'ALL:@SECLEVEL=0' --tlsv1.0 --tls-max $v https://kube.registry.local/v2/"
		[[ $v == 1.[01] && $status != 0 || $v == 1.[23] && $status == 0 ]] || { echo "$v: $status"; false; }
	done
}

@test "remove-node and add-nodes" {
	installer deploy pkg-v1 remove-node w2
	[[ $status == 0 ]] || { echo "$output"; false; }
	run node w2 'ls /var/lib/joined /etc/apt/sources.list.d/kubecrate.sources; grep kubecrate /etc/hosts'
	shows "cannot access '/var/lib/joined'"
	shows "cannot access '/etc/apt/sources.list.d/kubecrate.sources'"
	installer deploy pkg-v1 add-nodes w2
	[[ $status == 0 ]] || { echo "$output"; false; }
	node w2 test -e /var/lib/joined
	installer deploy pkg-v1 add-nodes w7
	[[ $status == 1 ]]
	shows 'node w7 is not in the inventory'
}

@test "a node that is dead leaves the cluster without being asked; installed anew under its address it joins again" {
	node_kill w2
	installer deploy pkg-v1 remove-node w2
	[[ $status == 1 ]]
	shows 'node w2 cannot be reached over ssh'
	installer deploy pkg-v1 remove-node w2 --dead
	[[ $status == 0 ]] || { echo "$output"; false; }
	node_boot w2 10.77.0.3
	node w2 'rm /etc/ssh/ssh_host_*; ssh-keygen -q -A; sed -i "/ kubecrate$/d" /root/.ssh/authorized_keys; systemctl restart ssh'
	installer deploy pkg-v1 add-nodes w2
	[[ $status == 0 ]] || { echo "$output"; false; }
}

@test "a second package stands beside the first; what is current moves last" {
	suite_package deploy pkg-v2
	suite_config deploy pkg-v2
	installer deploy pkg-v2 compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	run node deploy 'cd /tmp; for u in files/dl.k8s.io/release/v1.32.0/bin/linux/amd64/kubectl files/dl.k8s.io/release/v1.31.4/bin/linux/amd64/kubectl packages/pkg-v1/debian/12/dists/bookworm/InRelease debian/12/dists/bookworm/InRelease; do curl -s -o /dev/null -w "%{http_code} " http://10.77.0.1:8080/$u; done'
	[[ $output == '200 200 200 200 ' ]]
	run node deploy 'curl -s http://10.77.0.1:8080/debian/12/dists/bookworm/main/binary-amd64/Packages | grep -c "^Package: tree$"'
	[[ $output == 1 ]]
	run node deploy 'curl -s https://kube.registry.local/v2/_catalog'
	shows coreos/etcd
	shows library/busybox
	package_unchanged pkg-v1
	package_unchanged pkg-v2
}

@test "the scaling Job's image goes to 5000 by the commands that stand in its manifest, and nodes find it at 443" {
	node deploy 'cd /opt/pkg-v1 && bash -e <(sed -nE "s/^#   (PATH=|oci-)/\1/p" config/scale-job.yaml)'
	run node w1 'curl -s -o /dev/null -w "%{http_code}" -H "Accept: application/vnd.oci.image.manifest.v1+json" https://kube.registry.local/v2/library/kubespray/manifests/test'
	[[ $output == 200 ]]
}

# harbor: a registry with TLS and a login, as a customer has one, on the switch
harbor() {
	local d=$suite_dir/harbor

	mkdir -p "$d/store"
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=harbor -addext subjectAltName=IP:10.77.0.254 -days 2 -keyout "$d/key" -out "$d/crt" 2>/dev/null
	htpasswd -Bbn admin Harbor12345 >"$d/users" 2>/dev/null
	cat >"$d/config.yml" <<-EOF
		version: 0.1
		log: { level: error }
		storage: { filesystem: { rootdirectory: $d/store } }
		auth: { htpasswd: { realm: harbor, path: $d/users } }
		http: { addr: "10.77.0.254:443", tls: { certificate: $d/crt, key: $d/key } }
	EOF
	nsenter --net="/run/netns/$nodes_switch" docker-registry serve "$d/config.yml" >"$d/log" 2>&1 3>&- &
	echo $! >"$d/pid"
}

harbor_stop() {
	[[ ! -f $suite_dir/harbor/pid ]] || kill "$(<"$suite_dir/harbor/pid")"
	rm -f "$suite_dir/harbor/pid"
}

@test "push: to the customer's own registry, with login, project and resume" {
	harbor
	node_put deploy "$suite_dir/harbor/crt" /root/harbor.crt
	suite_config deploy pkg-v1 '1i default:\n  push_registry: 10.77.0.254/k8s\n  push_username: admin\n  push_password: "wrong"\n  push_ca: /root/harbor.crt'
	installer deploy pkg-v1 push
	[[ $status == 1 ]]
	shows '401'
	suite_config deploy pkg-v1 '1i default:\n  push_registry: 10.77.0.254/k8s\n  push_username: admin\n  push_password: "Harbor12345"\n  push_ca: /root/harbor.crt'
	installer deploy pkg-v1 push
	[[ $status == 0 ]] || { echo "$output"; false; }
	run nsenter --net="/run/netns/$nodes_switch" curl -sk -u admin:Harbor12345 https://10.77.0.254/v2/_catalog
	shows '"k8s/kubectl"'
	shows '"k8s/library/busybox"'
	installer deploy pkg-v1 push
	[[ $status == 0 ]]
	run node deploy 'grep -c Harbor12345 /var/log/kubecrate/install.log; ls -d /run/kubecrate-push*'
	[[ ${lines[0]} == 0 ]]
	shows 'cannot access'
	suite_config deploy pkg-v1
	harbor_stop
}

@test "a package that is unpacked again in its place is served again" {
	node deploy 'cp -al /opt/pkg-v2 /opt/again && rm -rf /opt/pkg-v2 && mv /opt/again /opt/pkg-v2'
	installer deploy pkg-v2 compose -q --skip-verify
	[[ $status == 0 ]] || { echo "$output"; false; }
	run node w1 'curl -s -o /dev/null -w "%{http_code}" http://10.77.0.1:8080/repos/'
	[[ $output == 200 ]]
}

@test "settings that a killed run wrote, and no server has read yet, are read in the next run; then nothing restarts" {
	registry='systemctl show --property MainPID kubecrate-registry'
	old=$(node deploy "$registry")
	node deploy 'touch /etc/kubecrate/registry.yml'
	installer deploy pkg-v2 compose -q --skip-verify
	new=$(node deploy "$registry")
	[[ $new != "$old" ]]
	installer deploy pkg-v2 compose -q --skip-verify
	[[ $(node deploy "$registry") == "$new" ]]
}

@test "certificates: kept across runs, renewed by --renew under the same CA" {
	old=$(node deploy sha256sum /var/lib/kubecrate/tls/registry.crt)
	installer deploy pkg-v2 compose -q --skip-verify
	[[ $(node deploy sha256sum /var/lib/kubecrate/tls/registry.crt) == "$old" ]]
	installer deploy pkg-v2 compose -q --skip-verify --renew
	[[ $(node deploy sha256sum /var/lib/kubecrate/tls/registry.crt) != "$old" ]]
	run node w1 'curl -s -o /dev/null -w "%{http_code}" https://kube.registry.local/v2/'
	[[ $output == 200 ]]
	run node deploy 'openssl x509 -in /var/lib/kubecrate/tls/registry.crt -noout -ext subjectAltName -checkend 315000000'
	shows 'DNS:kube.registry.local, IP Address:10.77.0.1'
	shows 'will not expire'
}

@test "health-check, verify and debug; no password in what debug collects" {
	installer deploy pkg-v2 health-check
	[[ $status == 0 && $output != *$'\e['* ]]
	shows 'images served'
	run node_terminal deploy /opt/pkg-v2/install.sh compose --skip-verify
	shows $'\e[K\e[32m✔\e[0m image store: 8 images: 8 kept'
	run node_terminal deploy /opt/pkg-v2/install.sh health-check
	shows $'\e[K\e[32m✔\e[0m health check: '
	run node deploy 'stat -c %a /var/log/kubecrate/install.log; grep -cE "^20[0-9-]*T[0-9:]*\+0000 [0-9]+ run: " /var/log/kubecrate/install.log'
	[[ ${lines[0]} == 600 && ${lines[1]} -gt 20 ]]
	installer deploy pkg-v2 verify
	[[ $status == 0 ]]
	installer deploy pkg-v2 debug
	[[ $status == 0 ]]
	file=$(grep -o '/var/log[^;]*gz' <<<"$output")
	run node deploy "tar -xzOf $file | grep -c kubecrate-nginx; tar -xzOf $file | grep -cE 'ansible_ssh_pass: \"?kubecrate|PRIVATE KEY'"
	[[ ${lines[0]} -gt 0 && ${lines[1]} == 0 ]]
}

@test "after a power cut both servers are back by themselves" {
	node_kill deploy
	node_boot deploy 10.77.0.1
	sleep 2
	installer deploy pkg-v2 health-check
	[[ $status == 0 ]] || { echo "$output"; false; }
}

@test "remove takes the cluster away, and the deploy node is what it was" {
	installer deploy pkg-v2 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot deploy | diff "$suite_dir/before" -
	run node w1 'ls /var/lib/joined /var/lib/kubecrate /usr/local/share/ca-certificates/kubecrate.crt 2>&1 | grep -c cannot; cat /etc/hosts /root/.ssh/authorized_keys | grep -c kubecrate'
	[[ ${lines[0]} == 3 && ${lines[1]} == 0 ]]
}
