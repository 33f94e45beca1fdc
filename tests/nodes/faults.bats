# What goes wrong on sites: each fault is told in words with exit 1, and the next run goes on.
bats_require_minimum_version 1.5.0

setup_file() {
	load lib/suite
	suite_end
	nodes_open "$suite_dir"
	node_make deploy bookworm
	node_make w1 bookworm
	suite_package deploy pkg-v1
	suite_config deploy pkg-v1
	node_boot deploy 10.77.0.1
	snapshot deploy >"$suite_dir/before"
}

setup() {
	load lib/suite
	nodes_load "$suite_dir"
	package=$(node_root deploy)/opt/pkg-v1
}

teardown_file() {
	load lib/suite
	suite_end
}

# own FILE: a copy of the package's file that is this node's alone
own() { cp -p "$package/$1" "$package/$1.own" && mv "$package/$1.own" "$package/$1"; }

unchanged() { snapshot deploy | diff "$suite_dir/before" -; }

@test "port taken, wrong address, too little disk and memory, a cluster that cannot be: all in one run, nothing changed" {
	node deploy '/usr/sbin/sshd -p 8080; mkdir -p /var/lib/kubecrate; mount -t tmpfs -o size=64M none /var/lib/kubecrate
		sed "s/^MemAvailable:.*/MemAvailable: 102400 kB/" /proc/meminfo >/run/meminfo; mount --bind /run/meminfo /proc/meminfo'
	suite_config deploy pkg-v1 's/^compose:/&\n  internal_ip: 10.99.0.1/; /ansible_ssh_pass/d'
	mv "$package/resources/images/kubespray.tar" "$package/kubespray.tar"
	installer deploy pkg-v1 all
	[[ $status == 1 ]]
	shows 'port 8080 is taken by sshd (process '
	shows 'compose.internal_ip: this node has no address 10.99.0.1; it has: 10.77.0.1'
	shows 'are free for /var/lib/kubecrate, '
	shows '100 MB of memory are free, 512 MB are needed'
	shows 'nothing in the inventory opens the nodes'
	shows 'resources/images/kubespray.tar is not there; build the package with the module kubespray-image'
	shows '6 fault(s) in all; nothing was changed'
	mv "$package/kubespray.tar" "$package/resources/images/kubespray.tar"
	node deploy 'umount /var/lib/kubecrate /proc/meminfo; rm /run/meminfo; rmdir /var/lib/kubecrate; pkill -f "sshd.*-p 8080"'
	suite_config deploy pkg-v1
	unchanged
}

@test "no config.yaml, and one with faults" {
	rm "$package/config.yaml"
	installer deploy pkg-v1 compose
	[[ $status == 1 ]]
	shows 'there is no config.yaml; make one: cp /opt/pkg-v1/config-sample.yaml'
	printf 'compose:\n\truntime: native\n' >"$package/config.yaml"
	installer deploy pkg-v1 compose
	[[ $status == 1 ]]
	shows '/opt/pkg-v1/config.yaml:2: a tab; indent with blanks'
	suite_config deploy pkg-v1
	run node deploy 'cd / && setpriv --reuid=65534 --regid=65534 --clear-groups /opt/pkg-v1/install.sh compose'
	[[ $status == 1 ]]
	shows 'install.sh must run as root'
}

@test "a package for another CPU, another system, or from a day that has not come" {
	mkdir -p "$package/resources/nginx/tools/bin"
	printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0' >"$package/resources/nginx/tools/aaa"
	own resources/nginx/debian/12/dists/bookworm/Release
	sed -i 's/^Date: .*/Date: Sat, 01 Jan 2050 00:00:00 UTC/' "$package/resources/nginx/debian/12/dists/bookworm/Release"
	node deploy 'cp -a --remove-destination "$(readlink -f /etc/os-release)" /root/os; cp -a /etc/os-release /root/link; sed s/VERSION_ID=.*/VERSION_ID=9/ /root/os >/root/os9; mount --bind /root/os9 /etc/os-release'
	installer deploy pkg-v1 compose
	[[ $status == 1 ]]
	shows "this package is for arm64, but this node's CPU is amd64"
	shows 'but the package was made 2050-01-01 00:00; set it: date -s'
	shows 'this node runs debian 9, but the package has OS packages only for: debian12 debian13'
	node deploy 'umount /etc/os-release; rm -f /root/os /root/os9 /root/link'
	rm "$package/resources/nginx/tools/aaa"
	cp --remove-destination "$suite_dir/pkg-v1/resources/nginx/debian/12/dists/bookworm/Release" "$package/resources/nginx/debian/12/dists/bookworm/Release"
}

@test "a damaged image store and a file that is missing are found by name" {
	blob=$(cd "$package" && find resources/registry -name data -size +100k | sort | head -n 1)
	own "$blob"
	printf x | dd of="$package/$blob" bs=1 seek=5000 conv=notrunc status=none
	mv "$package/resources/nginx/repos/debian13.sources" "$suite_dir/kept"
	installer deploy pkg-v1 compose
	[[ $status == 1 ]]
	shows "$blob: changed"
	shows 'resources/nginx/repos/debian13.sources: missing or unreadable'
	shows '2 file(s) of /opt/pkg-v1 are not what was packed; copy the package to this node again'
	# Without room to note it, or without the right to, nothing passes either.
	run node deploy 'mkdir /tiny && mount -t tmpfs -o size=4k none /tiny && head -c 4096 /dev/zero >/tiny/full; TMPDIR=/tiny /opt/pkg-v1/install.sh verify; rc=$?; umount /tiny; rmdir /tiny; exit $rc'
	[[ $status == 1 ]]
	shows 'cannot be checked; is /tiny/'
	run node deploy 'cd / && setpriv --reuid=65534 --regid=65534 --clear-groups /opt/pkg-v1/install.sh verify'
	[[ $status == 1 && $output != *✔* ]]
	shows 'install.sh must run as root'
	mv "$suite_dir/kept" "$package/resources/nginx/repos/debian13.sources"
	cp --remove-destination "$suite_dir/pkg-v1/$blob" "$package/$blob"
}

@test "a package whose checking tool is itself damaged is found out as well" {
	own resources/nginx/tools/libexec/bundle-extract
	truncate -s 1000 "$package/resources/nginx/tools/libexec/bundle-extract"
	installer deploy pkg-v1 verify
	[[ $status == 1 ]]
	shows 'resources/nginx/tools/libexec/bundle-extract: changed'
	shows '1 file(s) of /opt/pkg-v1 are not what was packed'
	cp -p --remove-destination "$suite_dir/pkg-v1/resources/nginx/tools/libexec/bundle-extract" "$package/resources/nginx/tools/libexec/bundle-extract"
	installer deploy pkg-v1 verify
	[[ $status == 0 ]]
}

# fill: the step that fills the image store, on a small disk
fill() {
	run node deploy 'cd /opt/pkg-v1 && bash -c "package=\$PWD library=\$PWD/library state=/small dry_run=0 quiet=0
		for f in library/*.sh; do source \$f; done; say_init; step \"image store\" store_fill"'
}

@test "a disk that fills up while images are copied: said with its place; with room made the run goes on" {
	node deploy 'mkdir /small && mount -t tmpfs -o size=8M none /small'
	fill
	[[ $status == 1 ]]
	shows '✖ image store: the images cannot be put into /small/registry: '
	shows 'No space left on device'
	node deploy 'mount -o remount,size=200M /small'
	fill
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ image store: 5 images: '
	node deploy 'umount /small && rmdir /small'
}

@test "the power goes in each step; the run after it goes on to the end" {
	local options='' steps=('verify the package' 'use the package' 'install tools' 'map kube' 'registry certificate' 'trust the CA'
		'time service' 'image store' 'servers (native)' 'health check' 'use the OS repository over HTTP')
	for step in "${steps[@]}"; do
		node deploy 'rm -f /var/log/kubecrate/install.log'
		node deploy /opt/pkg-v1/install.sh compose -q $options >/dev/null 2>&1 3>&- &
		pid=$!
		for ((i = 0; i < 600; i++)); do
			grep -qF "begin: $step" "$(node_root deploy)/var/log/kubecrate/install.log" 2>/dev/null && break
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.02
		done
		grep -qF "begin: $step" "$(node_root deploy)/var/log/kubecrate/install.log"
		node_kill deploy
		kill "$pid" 2>/dev/null || true
		node_boot deploy 10.77.0.1
		options=--skip-verify
	done
	installer deploy pkg-v1 compose
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '5 images served'
	package_unchanged pkg-v1
}

@test "two installers at once: the second says who is at work" {
	node deploy 'flock /run/lock/kubecrate.lock sleep 4' 3>&- &
	sleep 1
	installer deploy pkg-v1 compose
	[[ $status == 1 ]]
	shows 'another install.sh is at work'
	wait
}

@test "a node that is down, then a wrong password; the run after them goes on" {
	suite_config deploy pkg-v1 '/^ *w2:$/d; /10.77.0.3/d'
	installer deploy pkg-v1 cluster
	[[ $status == 1 ]]
	shows 'node w1 cannot be reached over ssh; is it up, are address, user and password right?'
	node_boot w1 10.77.0.2
	suite_config deploy pkg-v1 '/^ *w2:$/d; /10.77.0.3/d; s/"kubecrate"/"wrong"/'
	installer deploy pkg-v1 cluster
	[[ $status == 1 ]]
	shows 'node w1 cannot be reached over ssh'
	suite_config deploy pkg-v1 '/^ *w2:$/d; /10.77.0.3/d'
}

@test "the power of the deploy node goes in cluster steps; the run after it goes on" {
	package_lists "$suite_dir/pkg-v1" "$(node_root deploy)/var/lib/kubecrate/cluster/config/lists" 'busybox|plugins'
	for step in 00 01 02 03; do
		node deploy 'rm -f /var/log/kubecrate/install.log'
		node deploy /opt/pkg-v1/install.sh cluster -q >/dev/null 2>&1 3>&- &
		pid=$!
		for ((i = 0; i < 1200; i++)); do
			grep -q "➜ $step-" "$(node_root deploy)/var/log/kubecrate/install.log" 2>/dev/null && break
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
		sleep 1
		node_kill deploy
		kill "$pid" 2>/dev/null || true
		node_boot deploy 10.77.0.1
	done
	sleep 2
	installer deploy pkg-v1 cluster
	[[ $status == 0 ]] || { echo "$output"; false; }
	shows '✔ 02-cluster-etcd.yml: done before'
	node w1 test -e /var/lib/apps
}

@test "after all of that, remove leaves the node as it was" {
	installer deploy pkg-v1 remove
	[[ $status == 0 ]] || { echo "$output"; false; }
	unchanged
}
