# Firewalls on the deploy node: only what is needed is opened, and closed again by remove. Seen from the switch.
bats_require_minimum_version 1.5.0

setup_file() {
	load lib/suite
	suite_end
	nodes_open "$suite_dir"
	node_make deploy bookworm
	suite_package deploy pkg-v1
	suite_config deploy pkg-v1
	node_boot deploy 10.77.0.1
}

setup() {
	load lib/suite
	nodes_load "$suite_dir"
}

teardown_file() {
	load lib/suite
	suite_end
}

# own_packages ARGUMENT...: apt-get as the customer had it before we came, from the same repository
own_packages() {
	node deploy "sed 's|@URL@|file:///opt/pkg-v1/resources/nginx|; /Signed-By/d; s/^Types.*/&\nTrusted: yes/' /opt/pkg-v1/resources/nginx/repos/debian12.sources >/etc/apt/sources.list.d/own.sources &&
		apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -yq --no-install-recommends $*; rc=\$?; rm -rf /etc/apt/sources.list.d/own.sources /var/lib/apt/lists/*; exit \$rc" >"$suite_dir/apt.log" 2>&1 || { cat "$suite_dir/apt.log"; return 1; }
}

# answers PORT: does the deploy node's port answer another machine?
answers() { nsenter --net="/run/netns/$nodes_switch" timeout 2 bash -c "exec 3<>/dev/tcp/10.77.0.1/$1" 2>/dev/null; }

served() {
	answers 8080 && answers 443 && answers 22
	run ! answers 5000
}

@test "firewalld: the ports of the servers and of the clock are opened, for good" {
	# Debian's usual clock is one that chrony cannot stand beside: it has to leave, and comes back.
	own_packages install firewalld systemd-timesyncd
	node deploy 'systemctl enable --now firewalld; rm -rf /var/log/firewalld; echo "deb http://own.example/debian bookworm main" >/etc/apt/sources.list'
	snapshot deploy >"$suite_dir/before"
	installer deploy pkg-v1 compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ firewall: firewalld'
	run ! node deploy 'dpkg -s systemd-timesyncd | grep -q "^Status: install ok installed"'
	node deploy '! test -e /etc/apt/sources.list'
	served
	run node deploy 'firewall-cmd --list-ports; firewall-cmd --permanent --list-ports; firewall-cmd --reload'
	[[ ${lines[0]} == *'443/tcp'*'8080/tcp'* && ${lines[0]} == *123/udp* && ${lines[0]} == "${lines[1]}" ]]
	served
}

@test "firewalld: remove closes what was opened and nothing else; the node has its own sources again" {
	installer deploy pkg-v1 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot deploy | diff "$suite_dir/before" -
	[[ -z $(node deploy firewall-cmd --list-ports) ]]
}

@test "firewall: off switches it off; remove switches it on again, with a port of the site's own" {
	node deploy 'firewall-cmd -q --permanent --add-port=9999/tcp; firewall-cmd -q --reload'
	snapshot deploy >"$suite_dir/before"
	suite_config deploy pkg-v1 's/^compose:/&\n  firewall: off/'
	installer deploy pkg-v1 compose -q --skip-verify
	[[ $status == 0 ]] || { echo "$output"; false; }
	[[ $(node deploy 'systemctl is-active firewalld; systemctl is-enabled firewalld') == *inactive*disabled* ]]
	installer deploy pkg-v1 remove -q
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot deploy | diff "$suite_dir/before" -
	[[ $(node deploy firewall-cmd --list-ports) == 9999/tcp ]]
	suite_config deploy pkg-v1
}

@test "rules that drop input are the site's own: the ports to let in are named, nothing is changed" {
	node deploy rm /etc/apt/sources.list
	own_packages purge firewalld
	node deploy 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -P INPUT DROP'
	installer deploy pkg-v1 compose
	[[ $status == 1 ]]
	shows 'iptables drops input by rules of your own; let in 8080/tcp 443/tcp 123/udp, then set compose.firewall: leave'
	shows 'nothing was changed'
	node deploy 'iptables -P INPUT ACCEPT; iptables -F; ! test -e /var/lib/kubecrate'
}

@test "ufw, and an image store on another disk: opened and copied, for a cluster node as well; remove leaves the node as it was" {
	own_packages install ufw
	node deploy 'ufw allow 22/tcp; ufw --force enable; mkdir -p /var/lib/kubecrate; mount -t tmpfs none /var/lib/kubecrate'
	run ! answers 8080
	snapshot deploy >"$suite_dir/before"
	installer deploy pkg-v1 compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ firewall: ufw'
	shows '✔ image store: 5 images: 5 copied'
	served
	snapshot deploy >"$suite_dir/between"
	node_put deploy "$BATS_TEST_DIRNAME/../../scripts/kubespray/roles/site/files/node.sh" /root/node.sh
	node deploy 'bash /root/node.sh join http://10.77.0.1:8080 kube.registry.local 10.77.0.1 -; ufw status' >"$suite_dir/joined"
	grep -q '^6443/tcp .*ALLOW' "$suite_dir/joined"
	node deploy 'bash /root/node.sh leave; rm /root/node.sh'
	snapshot deploy | diff "$suite_dir/between" -
	installer deploy pkg-v1 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	snapshot deploy | diff "$suite_dir/before" -
	[[ -z $(node deploy ls -A /var/lib/kubecrate) ]]
	run node deploy 'ufw status | grep -cE "8080|443|123"'
	[[ $output == 0 ]]
}
