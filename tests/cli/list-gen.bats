# list-gen beside what kubespray's own generator and Ansible made of the same variables.
# shellcheck disable=SC2154,SC2094,SC2129  # flags, kubespray_dir: tests/lib/kubespray.bash; files and images are also words

setup() {
	bats_require_minimum_version 1.5.0
	# shellcheck source=tests/lib/kubespray.bash
	source "$BATS_TEST_DIRNAME/../lib/kubespray.bash"
	cd "$BATS_TEST_TMPDIR" || return
}

# A small release of our own: what ../shared is not needed for.
small_tree() {
	mkdir -p ks/roles/kubespray_defaults/{defaults,vars}/main ks/roles/system_packages/vars
	cat >ks/roles/kubespray_defaults/defaults/main/download.yml <<-'EOF'
		---
		github_url: https://github.com
		image_arch: "{{ host_architecture | default('amd64') }}"
		host_architecture: "{{ 'arm64' if ansible_architecture == 'aarch64' else 'amd64' }}"
		etcd_version: "{{ (etcd_checksums['amd64'].keys() | list)[0] }}"
		etcd_download_url: "{{ github_url }}/etcd/v{{ etcd_version }}/etcd-{{ image_arch }}.tar.gz"
		runc_version: 1.2.3
		runc_download_url: "{{ github_url }}/runc/v{{ runc_version }}/runc.{{ image_arch }}"
		kube_version: 1.31.0
		kubelet_download_url: "https://dl.k8s.io/v{{ kube_version }}/{{ image_arch }}/kubelet"
		kube_image_repo: "registry.k8s.io"
		quay_image_repo: quay.io
		flannel_image_repo: "{{ quay_image_repo }}/coreos/flannel"
		flannel_image_tag: "v0.14.0-{{ image_arch }}"
		node_image_repo: "{{ quay_image_repo }}/calico/node"
		node_image_tag: "v3{%- if image_arch != 'amd64' -%}-{{ image_arch }}{%- endif -%}"
		network: calico
		downloads:
		  etcd:
		    file: true
		    enabled: "{{ etcd_type == 'host' }}"
		    url: "{{ etcd_download_url }}"
		    checksum: "sha256:{{ etcd_checksums[image_arch][etcd_version] }}"
		  runc:
		    file: true
		    enabled: true
		    url: "{{ runc_download_url }}"
		    checksum: "sha512:{{ 'ab' * 64 }}"
		  flannel:
		    container: true
		    enabled: "{{ network == 'flannel' }}"
		    repo: "{{ flannel_image_repo }}"
		    tag: "{{ flannel_image_tag }}"
		  node:
		    container: true
		    enabled: "{{ network == 'calico' }}"
		    repo: "{{ node_image_repo }}"
		    tag: "{{ node_image_tag }}"
		download_defaults:
		  repo: None
		  tag: None
	EOF
	cat >ks/roles/kubespray_defaults/vars/main/checksums.yml <<-'EOF'
		etcd_type: host
		etcd_checksums:
		  amd64:
		    3.5.9: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
		    3.4.0: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
		  arm64:
		    3.5.9: 0
	EOF
	cat >ks/roles/system_packages/vars/main.yml <<-'EOF'
		pkgs_to_remove: {}
		pkgs:
		  curl: []
		  apparmor:
		    - "{{ ansible_os_family == 'Debian' }}"
		  nss:
		    - "{{ ansible_facts['os_family'] == 'RedHat' }}"
		    - "{{ 'k8s_cluster' in group_names }}"
	EOF
}

lists_equal() { # RELEASE
	local variant cpu kind arch

	while IFS= read -r variant; do
		variant_flags "$variant"
		for cpu in amd64 arm64; do
			for kind in files images; do
				[ -f "$variant/${kind}_$cpu.list" ] || continue
				arch=$(cpu_of "$variant" "$cpu")
				same_list "$variant/${kind}_$cpu.list" \
					list-gen "$kind" --kubespray "$kubespray_dir/$1/vars" --arch "$arch" "${flags[@]}"
			done
		done
	done < <(variants_of "$1")
}

@test "files and images of every release and variant are kubespray's, byte for byte" {
	need_kubespray
	for release in "$kubespray_dir"/v*; do lists_equal "${release##*/}"; done
}

@test "packages of every release and variant are kubespray's on twelve systems" {
	need_kubespray
	for release in "$kubespray_dir"/v*; do
		while IFS= read -r variant; do
			variant_flags "$variant"
			for list in "$variant"/packages_*.list; do
				[ -f "$list" ] || continue
				os=${list##*/packages_}
				same_list "$list" list-gen packages --kubespray "$release/vars" --os "${os%.list}" "${flags[@]}"
			done
		done < <(variants_of "${release##*/}")
	done
}

@test "a file of facts stands for a system's name" {
	need_kubespray
	for facts in "$kubespray_dir"/v2.24.3/facts/os/*.json; do
		os=$(basename "$facts" .json)
		same_list "$kubespray_dir/v2.24.3/expected/packages_$os.list" \
			list-gen packages --kubespray "$kubespray_dir/v2.24.3/vars" --os "$facts"
	done
}

@test "a file of facts is taken whole, with its CPU, in each of the forms that Ansible writes" {
	cat >vars.yml <<-'END'
		kube_image_repo: k
		kube_version: v1
		image_arch: "{{ {'x86_64': 'amd64', 'aarch64': 'arm64'}[ansible_architecture] }}"
		downloads:
		  a:
		    container: true
		    repo: "h/{{ ansible_kernel }}"
		    tag: "{{ ansible_facts.my.a }}-{{ ansible_distribution_major_version }}-{{ image_arch }}"
	END
	facts='ansible_distribution: Debian
ansible_os_family: Debian
ansible_distribution_version: "12.5"
ansible_architecture: aarch64
ansible_kernel: 4.4.0
ansible_my: {a: 1}'
	echo "$facts" >flat.yml
	sed 's/^ansible_//' flat.yml >plain.yml
	{ echo 'ansible_facts:' && sed 's/^/  /' flat.yml; } >setup.yml
	{ echo 'ansible_facts:' && sed 's/^/  /' plain.yml; } >inner.yml
	for file in flat plain setup inner; do
		run -0 list-gen images --vars vars.yml --os ./$file.yml
		[ "${lines[0]}" = h/4.4.0:1-12-arm64 ]
	done
	run -0 list-gen images --vars vars.yml --os ./flat.yml --arch amd64
	[ "${lines[0]}" = h/4.4.0:1-12-amd64 ]
}

@test "what Ansible refuses is refused in words, with file, line and expression" {
	need_kubespray
	for variant in "$kubespray_dir"/v*/expected/bad-*; do
		variant_flags "$variant"
		for kind in files images; do
			run -1 --separate-stderr list-gen "$kind" --kubespray "${variant%/expected*}/vars" "${flags[@]}"
			[ -z "$output" ]
			want=$(sed -n "s/^lists amd64: fails: //p" "$variant/fails.txt")
			[[ $stderr == *"download.yml:"*:*": etcd_version: $want in {{ etcd_supported_versions[kube_major_version] }}"* ]]
		done
	done
}

@test "what is deployed and its checksums are those of the dictionary downloads" {
	need_kubespray
	run -0 python3 "$BATS_TEST_DIRNAME/../lib/downloads.py" "$kubespray_dir"
	[[ $output == *' compared, 0 differ' ]]
}

@test "the variables of kubeplay's fork give the lists that the fork committed" {
	need_kubespray
	for cpu in amd64 arm64; do
		for kind in files images; do
			same_list "$kubespray_dir/k8sli/expected/${kind}_$cpu.list" list-gen "$kind" --arch "$cpu" \
				--vars "$kubespray_dir/k8sli/vars/config/group_vars/all/download.yml"
		done
	done
}

@test "names of images carry the CPU in four ways" {
	need_kubespray
	v="$kubespray_dir/v2.16.0/vars"
	run -0 list-gen images --kubespray "$v" --arch arm64
	[[ $output == *'cluster-proportional-autoscaler-arm64:'* ]] # in the name
	[[ $output == *'flannel:v'*'-arm64'* ]]			    # in the tag
	[[ $output == *'calico/cni:v3.17.4-arm64'* ]]		    # in the tag, off amd64 only
	[[ $output == *'kube-proxy:v1.20.7'$'\n'* || $output == *'kube-proxy:v1.20.7' ]] # not at all
	run -0 list-gen images --kubespray "$v" --arch amd64
	[[ $output == *'calico/cni:v3.17.4'$'\n'* ]]
	[[ $output == *'flannel:v'*'-amd64'* ]]
}

@test "a tree of our own: lists, checksums, what is enabled" {
	small_tree
	run -0 list-gen files --kubespray ks --arch amd64 --checksums
	[ "${lines[0]}" = $'https://github.com/etcd/v3.5.9/etcd-amd64.tar.gz\tsha256:'"$(printf 'a%.0s' {1..64})" ]
	[ "${lines[1]}" = $'https://github.com/runc/v1.2.3/runc.amd64\tsha512:'"$(printf 'ab%.0s' {1..64})" ]
	[ "${lines[2]}" = 'https://dl.k8s.io/v1.31.0/amd64/kubelet' ]
	run -0 list-gen files --kubespray ks --arch arm64 --checksums
	[ "${lines[0]}" = 'https://github.com/etcd/v3.5.9/etcd-arm64.tar.gz' ] # 0: there is no such build
	run -0 list-gen files --kubespray ks --arch amd64 --enabled -e etcd_type=kubeadm
	[ "$output" = 'https://github.com/runc/v1.2.3/runc.amd64' ]
	run -0 list-gen images --kubespray ks --arch arm64 --enabled -e network=flannel
	[ "${lines[0]}" = 'quay.io/coreos/flannel:v0.14.0-arm64' ]
	[ "${lines[1]}" = 'registry.k8s.io/kube-apiserver:v1.31.0' ]
	[ ${#lines[@]} = 5 ]
}

@test "an enabled file comes from where an override says" {
	small_tree
	run -0 list-gen files --kubespray ks --arch amd64 --enabled --explain -e runc_download_url=http://site/runc
	[[ ${lines[1]} == $'http://site/runc\trunc_download_url\t-e' ]]
	run -0 list-gen files --kubespray ks --arch amd64 -e runc_download_url=http://site/runc
	[[ $output != *http://site* ]] # kubespray's own list is the file's lines
}

@test "--explain names variable, file and line" {
	small_tree
	run -0 list-gen files --kubespray ks --arch amd64 --explain
	[ "${lines[1]}" = $'https://github.com/runc/v1.2.3/runc.amd64\trunc_download_url\tks/roles/kubespray_defaults/defaults/main/download.yml:8' ]
	run -0 list-gen packages --kubespray ks --os debian12 --explain
	[ "${lines[0]}" = $'apparmor\tpkgs\tks/roles/system_packages/vars/main.yml:3' ]
}

@test "--json gives a record a line" {
	small_tree
	run -0 list-gen files --kubespray ks --arch amd64 --checksums --json
	[ "${lines[2]}" = '{"url":"https://dl.k8s.io/v1.31.0/amd64/kubelet"}' ]
	run -0 list-gen packages --kubespray ks --os rocky9 --json
	[ "${lines[1]}" = '{"package":"nss"}' ]
}

@test "precedence: defaults, group_vars, facts, role vars, -e, the later one over the earlier" {
	small_tree
	mkdir -p inv/group_vars/all inv/group_vars/k8s_cluster
	echo 'runc_version: "from all"' >inv/group_vars/all/all.yml
	echo 'network: flannel' >>inv/group_vars/all/all.yml
	echo 'etcd_type: group' >>inv/group_vars/all/all.yml
	echo 'ansible_architecture: group' >>inv/group_vars/all/all.yml
	echo 'runc_version: "from k8s_cluster"' >inv/group_vars/k8s_cluster/k8s.yml
	run -0 list-gen files --kubespray ks --arch amd64 --inventory inv --enabled
	[ "${lines[0]}" = 'https://github.com/etcd/v3.5.9/etcd-amd64.tar.gz' ] # role vars over group_vars, facts too
	[ "${lines[1]}" = 'https://github.com/runc/vfrom k8s_cluster/runc.amd64' ]
	echo '{"runc_version": 7}' >extra.json
	run -0 list-gen files --kubespray ks --arch amd64 --inventory inv -e runc_version=1 -e 'runc_version=2 network=x' -e @extra.json
	[ "${lines[1]}" = 'https://github.com/runc/v7/runc.amd64' ]
	run -0 list-gen files --kubespray ks --arch amd64 -e @extra.json -e '{"runc_version": "{{ kube_version }}"}'
	[ "${lines[1]}" = 'https://github.com/runc/v1.31.0/runc.amd64' ]
}

@test "an inventory gives what it gives Ansible for a node in every group" {
	mkdir -p inv/group_vars/all/sub inv/group_vars/k8s_cluster inv/host_vars
	cat >inv/hosts.ini <<-'EOF'
		[all]
		node1 ansible_connection=local
		[kube_control_plane]
		node1
		[etcd:children]
		kube_control_plane
		[kube_node]
		node1
		[k8s_cluster:children]
		kube_control_plane
		kube_node
		[gpu]
		[all:vars]
		# a comment
		a = [1, 'two', True]
		b=true
		c=3.10
		d="{{ b }}!"
		e=ini
		[k8s_cluster:vars]
		; another
		f=text with blanks
		[gpu:vars]
		never=1
	EOF
	printf '{"e": "all", "g": "all/json", "h": 1}' >inv/group_vars/all/a.json
	echo 'g: all/sub' >inv/group_vars/all/sub/b.yaml
	echo 'k: no ending' >inv/group_vars/all/noending
	for no in .hidden.yml x.txt 'backup~'; do echo 'never: 1' >"inv/group_vars/all/$no"; done
	echo 'g: k8s_cluster' >inv/group_vars/k8s_cluster/k8s.yml
	echo 'g: etcd' >inv/group_vars/etcd.yml
	echo 'i: kube_node' >inv/group_vars/kube_node.yaml
	printf 'i: kube_control_plane\nj: kube_control_plane' >inv/group_vars/kube_control_plane.yml
	cat >hosts.yaml <<-'EOF'
		all:
		  vars: {a: yaml, b: "{{ c }}", c: [x]}
		  hosts: {node1: {ansible_connection: local}}
		  children:
		    k8s_cluster:
		      vars: {c: {k: v}}
		      children: {kube_node: {hosts: {node1: }, vars: {d: deep}}, kube_control_plane: {hosts: {node1: }}}
	EOF
	for name in a b c d e f g h i j k never; do printf '%s_download_url: "%s={{ %s | default(0) | to_json }}"\n' $name $name $name; done >vars.yml
	for inventory in inv/hosts.ini hosts.yaml; do
		list-gen files --vars vars.yml --inventory $inventory --explain 2>warnings | awk -F'\t' '{ print $2 "\t" $1 }' | sort >ours
		for name in a b c d e f g h i j k never; do printf '%s_download_url\t{{ %s_download_url }}\n' $name $name; done >vars.j2
		ansible all -i $inventory -c local -m template -a "src=$PWD/vars.j2 dest=$PWD/theirs" -e @vars.yml >log 2>&1
		diff ours <(sort theirs)
	done
	run -0 --separate-stderr list-gen files --vars vars.yml --inventory inv
	[[ $stderr == 'warning: inv/host_vars: not read: a list is for nodes in kubespray'*'own groups alone' ]]
	echo 'x: 1' >inv/group_vars/gpu.yml
	run -0 --separate-stderr list-gen files --vars vars.yml --inventory inv
	[[ $stderr == *'inv/group_vars/gpu.yml: not read:'* ]]
	printf '[all:vars]\nnonsense\n' >inv/hosts.ini
	run -1 list-gen files --vars vars.yml --inventory inv
	[ "$output" = 'list-gen: inv/hosts.ini:2: "nonsense": want NAME=VALUE' ]
	# shellcheck disable=SC2016  # no variable
	printf '$ANSIBLE_VAULT;1.1;AES256\n6133\n' >inv/group_vars/all/v.yml
	rm inv/hosts.ini
	run -1 --separate-stderr list-gen files --vars vars.yml --inventory inv
	[[ $stderr == *'list-gen: inv/group_vars/all/v.yml: encrypted by ansible-vault; decrypt it, or leave it out' ]]
}

@test "packages by conditions; --bootstrap adds what tasks install by name" {
	small_tree
	run -0 list-gen packages --kubespray ks --os debian12
	[ "$output" = $'apparmor\ncurl' ]
	run -0 list-gen packages --kubespray ks --os rocky9
	[ "$output" = $'curl\nnss' ]
	run -0 list-gen packages --kubespray ks --os debian12 --bootstrap
	[ "$output" = $'apparmor\ncurl\npython3-minimal\ntzdata' ]
	run -0 list-gen packages --kubespray ks --os rocky9 --bootstrap -e epel_enabled=true
	[ "$output" = $'curl\nepel-release\nnss\ntzdata' ]
	run -0 list-gen packages --kubespray ks --os fedora40 --bootstrap
	[[ $output == *libselinux-python3*python3-dnf* ]]
}

@test "--bootstrap knows what each release's tasks install" {
	need_kubespray
	run -0 list-gen packages --kubespray "$kubespray_dir/v2.16.0/vars" --os debian11 --bootstrap
	[[ $output == *dbus* && $output == *python3-minimal* ]]
	run -0 list-gen packages --kubespray "$kubespray_dir/v2.26.1/vars" --os debian12 --bootstrap
	[[ $output != *dbus* && $output == *iputils-ping* && $output == *tzdata* ]]
	run -0 list-gen packages --kubespray "$kubespray_dir/v2.24.3/vars" --os rocky8 --bootstrap --explain
	[[ $output == *$'python3-libselinux\t'* ]]
}

@test "a system by repo-pack's description" {
	small_tree
	printf 'name: mydebian\nfamily: apt\ndistribution: debian\nrelease: "12"\ncodename: bookworm\n' >my.yaml
	run -0 list-gen packages --kubespray ks --os ./my.yaml
	[ "$output" = $'apparmor\ncurl' ]
	printf 'name: x\n' >bad.yaml
	run -1 list-gen packages --kubespray ks --os ./bad.yaml
	[[ $output == *'./bad.yaml: neither facts (ansible_distribution, ansible_os_family) nor distribution and release'* ]]
}

@test "diff of two checkouts tells what is added, dropped and moved" {
	small_tree
	cp -r ks new
	sed -i 's/runc_version: 1.2.3/runc_version: 1.3.0/; s/"v3{%-/"v4{%-/; /etcd_download_url:/d' new/roles/kubespray_defaults/defaults/main/download.yml
	echo 'yq_download_url: https://github.com/yq/v1/yq' >>new/roles/kubespray_defaults/defaults/main/download.yml
	echo '  zsh: []' >>new/roles/system_packages/vars/main.yml
	sed -i '/^  curl/d' new/roles/system_packages/vars/main.yml
	run -0 list-gen diff ks new --arch amd64 --os debian12
	[[ $output == *$'moved\timage\tquay.io/calico/node:v3\tquay.io/calico/node:v4'* ]]
	[[ $output == *$'moved\tfile\thttps://github.com/runc/v1.2.3/runc.amd64\thttps://github.com/runc/v1.3.0/runc.amd64'* ]]
	[[ $output == *$'dropped\tfile\thttps://github.com/etcd/v3.5.9/etcd-amd64.tar.gz\t-'* ]]
	[[ $output == *$'added\tfile\t-\thttps://github.com/yq/v1/yq'* ]]
	[[ $output == *$'dropped\tpackage\tcurl\t-'* && $output == *$'added\tpackage\t-\tzsh'* ]]
	run -0 list-gen diff ks ks --arch amd64
	[ -z "$output" ]
}

@test "diff of two lists" {
	printf 'a/b:1\nhttps://h/x-1.2.tar.gz\n' >old.list
	printf '# new\na/b:2\nhttps://h/x-1.3.tar.gz\nhttps://h/y\n' >new.list
	run -0 list-gen diff old.list new.list
	[ "$output" = $'moved\timage\ta/b:1\ta/b:2\nmoved\tfile\thttps://h/x-1.2.tar.gz\thttps://h/x-1.3.tar.gz\nadded\tfile\t-\thttps://h/y' ]
	run -1 list-gen diff old.list nothing
	[ "$output" = 'list-gen: nothing: no such checkout or list' ]
}

@test "offline-vars points the release at the site, and its lists show it" {
	small_tree
	list-gen offline-vars --kubespray ks --files-url http://site:8080/files/ --registry site:5000 >offline.yml
	grep -qx 'files_repo: "http://site:8080/files"' offline.yml
	grep -qx 'registry_host: "site:5000"' offline.yml
	grep -qx 'github_url: "{{ files_repo }}/github.com"' offline.yml
	grep -qx 'quay_image_repo: "{{ registry_host }}"' offline.yml
	grep -qx 'debian_repo: "http://site:8080/debian"' offline.yml
	run -0 list-gen files --kubespray ks --arch amd64 --enabled -e @offline.yml
	[ "${lines[0]}" = 'http://site:8080/files/github.com/etcd/v3.5.9/etcd-amd64.tar.gz' ]
	run -0 list-gen images --kubespray ks --arch amd64 -e @offline.yml
	[ "${lines[1]}" = 'site:5000/calico/node:v3' ]
}

@test "offline-vars of real releases moves every file and image to the site" {
	need_kubespray
	# An address with a regular expression in it, one that is no *_download_url, and everything else that is off by default.
	all=(-e youki_enabled=true -e argocd_enabled=true -e container_manager=crio -e crun_enabled=true -e kata_containers_enabled=true
		-e gvisor_enabled=true -e helm_enabled=true -e krew_enabled=true -e kube_network_plugin=cilium)
	for release in "$kubespray_dir"/v*; do
		list-gen offline-vars --kubespray "$release/vars" --files-url http://site/files --registry site:5000 >offline.yml
		list-gen files --kubespray "$release/vars" --enabled "${all[@]}" -e @offline.yml >files
		list-gen images --kubespray "$release/vars" -e @offline.yml >images
		[ -s files ]
		[ -s images ]
		run -1 grep -v '^http://site/files/' files
		run -1 grep -v '^site:5000/' images
		# The path on the site is host/path of upstream.
		list-gen files --kubespray "$release/vars" --enabled "${all[@]}" | sed 's|^https*://|http://site/files/|' | cmp - files
	done
}

@test "offline-vars keeps paths of registries, and conditions in addresses" {
	small_tree
	sed -i 's|^downloads:|&\n  own: {file: true, enabled: true, url: "{{ own_url }}", checksum: ""}|' ks/roles/kubespray_defaults/defaults/main/download.yml
	cat >>ks/roles/kubespray_defaults/defaults/main/download.yml <<-'EOF'
		csi_image_repo: mcr.microsoft.com/k8s/csi
		patched_image_repo: "ghcr.io/own/{{ network }}"
		own_url: >-
		  {%- if network == 'calico' -%} http://a.example/{{ network }}
		  {%- else -%} https://b.example/{{ '1.2' | regex_replace('\.', '_') }} {%- endif -%}
	EOF
	list-gen offline-vars --kubespray ks --files-url http://site --registry site:5000 >offline.yml
	grep -qx 'csi_image_repo: "{{ registry_host }}/k8s/csi"' offline.yml
	grep -qx 'patched_image_repo: "{{ registry_host }}/own/{{ network }}"' offline.yml
	list-gen files --kubespray ks --enabled -e @offline.yml | grep -qx http://site/a.example/calico
	list-gen files --kubespray ks --enabled -e @offline.yml -e network=flannel | grep -qx http://site/b.example/1_2
}

@test "--map-out writes the pairs of kubeplay's flat naming" {
	need_kubespray
	list-gen images --kubespray "$kubespray_dir/v2.26.1/vars" --arch amd64 --map-out map.yaml >/dev/null
	grep -A1 -x -- '- src: quay.io/calico/node' map.yaml | grep -qx '  dest: library/calico-node'
	small_tree
	run -1 --separate-stderr list-gen images --kubespray ks --map-out map2.yaml -e flannel_image_repo=docker.io/calico/node
	[[ $stderr == *'docker.io/calico/node and quay.io/calico/node would both be library/calico-node; keep one of them out of the list'* ]]
	[ ! -e map2.yaml ]
	[ -z "$output" ]
	run list-gen images --kubespray ks --map-out no/such/folder/map.yaml
	[ "$status" -eq 1 ]
	[[ "$output" == *'cannot write no/such/folder/map.yaml: No such file or directory' ]]
}

@test "--enabled refuses a dictionary that kubespray could not evaluate, though nobody wants the entry" {
	small_tree
	sed -i 's/^etcd_type: .*/etcd_type: kubeadm/' ks/roles/kubespray_defaults/vars/main/checksums.yml
	run -0 list-gen files --kubespray ks --arch amd64 -e etcd_version=9.9 # the list looks at no checksum
	run -1 --separate-stderr list-gen files --kubespray ks --arch amd64 --enabled -e etcd_version=9.9
	[ -z "$output" ]
	[[ $stderr == "list-gen: downloads.etcd: ks/"*"/download.yml:"*"'dict object' has no attribute '9.9' in {{ etcd_checksums[image_arch][etcd_version] }}" ]]
	sed -i "s/{{ etcd_type == 'host' }}/{{ etcd_type | ipaddr }}/" ks/roles/kubespray_defaults/defaults/main/download.yml
	run -1 list-gen files --kubespray ks --arch amd64 --enabled
	[[ $output == *"no filter named 'ipaddr'"* ]]
	sed -i "s/{{ etcd_type | ipaddr }}/{{ false }}/; s/sha256:{{ etcd/sha256:{{ github_url | ipaddr }}{{ etcd/" ks/roles/kubespray_defaults/defaults/main/download.yml
	run -0 list-gen files --kubespray ks --arch amd64 --enabled
	[ "$output" = 'https://github.com/runc/v1.2.3/runc.amd64' ]
}

@test "a number that another variable hands on stays a number, as in Ansible" {
	small_tree
	sed -i 's/^    3.4.0: /    3.25: /; s/^etcd_type.*/&\netcd_number: 3.25/' ks/roles/kubespray_defaults/vars/main/checksums.yml
	for value in '{"etcd_version": "{{ etcd_number }}"}' '{"etcd_version": 3.25}'; do
		run -0 list-gen files --kubespray ks --arch amd64 --checksums -e "$value"
		[ "${lines[0]}" = $'https://github.com/etcd/v3.25/etcd-amd64.tar.gz\tsha256:'"$(printf 'b%.0s' {1..64})" ]
	done
	run -1 list-gen files --kubespray ks --arch amd64 --checksums -e etcd_version=3.25
	[[ $output == *"'dict object' has no attribute '3.25'"* ]]
}

@test "-e takes templates with blanks and quotes inside their marks" {
	small_tree
	run -0 list-gen files --kubespray ks --arch amd64 -e "runc_version={% if network == 'calico' %}7{% else %}8{% endif %} kube_version={{ '1' ~ \".2\" }}"
	[ "${lines[1]}" = 'https://github.com/runc/v7/runc.amd64' ]
	[ "${lines[2]}" = 'https://dl.k8s.io/v1.2/amd64/kubelet' ]
}

@test "an unknown construct matters only when a wanted value needs it" {
	small_tree
	f=ks/roles/kubespray_defaults/defaults/main/download.yml
	echo 'unused: "{{ kube_version | ipaddr }}"' >>$f
	run -0 list-gen files --kubespray ks
	sed -i 's/^runc_version: .*/runc_version: "1{{ unused }}"/' $f
	run -1 list-gen files --kubespray ks
	line=$(grep -n '^unused' $f | cut -d: -f1)
	[ "$output" = "list-gen: $f:$line:28: unused: no filter named 'ipaddr' in {{ kube_version | ipaddr }}" ]
}

@test "recursion between variables is found and shown" {
	small_tree
	run -1 list-gen files --kubespray ks -e 'kube_version={{ a }}' -e 'a={{ b }}' -e 'b=x{{ kube_version }}'
	[[ $output == *'endless recursion between variables: kube_version -> a -> b -> kube_version'* ]]
}

@test "templates that never end are given up in time" {
	small_tree
	for evil in '{% for a in range(99999999) %}x{% endfor %}' "{{ 'x' * 99999999999 }}" "{{ ('a' * 40 + '!') | regex_search('^(a|a)+[!]{2}') }}" \
		'{% for a in range(3000) %}{% for b in range(3000) %}{{ a * b }}{% endfor %}{% endfor %}'; do
		run -1 timeout 10 list-gen files --kubespray ks -e "{\"runc_version\": \"$evil\"}"
		[[ $output == *'gave up'* || $output == *'more than 16 MiB'* || $output == *'limit exceeded'* ]]
	done
}

@test "bad files: one clear line each" {
	small_tree
	f=ks/roles/kubespray_defaults/defaults/main/bad.yml
	printf 'a:\n\tb: 1\n' >$f
	run -1 list-gen files --kubespray ks
	[[ $output == "list-gen: $f:2:1: "* && ${#lines[@]} = 1 ]]
	printf 'a: 1\na: 2\n' >$f
	run -1 list-gen files --kubespray ks
	[[ $output == *"$f:2:1: duplicate key \"a\", first in line 1"* ]]
	printf 'a: \x00\x01\x02' >$f
	run -1 list-gen files --kubespray ks
	[[ $output == *"$f: not a text file"* ]]
	head -c 100000 /dev/zero | tr '\0' '[' >$f
	run -1 list-gen files --kubespray ks
	[[ $output == *'nested too deep'* ]]
	{ echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'; for i in {1..9}; do echo "a$i: &a$i [$(printf "*a$((i - 1)),%.0s" {1..10})]"; done; } >$f
	run -1 list-gen files --kubespray ks
	[[ $output == *'aliases make this document too large'* ]]
	python3 -c "print('a: ' + '[' * 100000 + ']' * 100000)" >$f
	run -1 list-gen files --kubespray ks
	[ "$output" = "list-gen: $f:1:260: nested too deep (more than 256 levels)" ]
	printf 'a: *b\n' >$f
	run -1 list-gen files --kubespray ks
	[ "$output" = "list-gen: $f:1:4: alias without its anchor" ]
	printf 'a: &a [1, *a]\n' >$f
	run -1 list-gen files --kubespray ks
	[ "$output" = "list-gen: $f:1:11: an alias inside its own anchor" ]
	printf 'a: \xc3\x28\n' >$f
	run -1 list-gen files --kubespray ks
	[ "$output" = "list-gen: $f: byte 4: not a text file: invalid trailing UTF-8 octet" ]
	echo '- a list' >$f
	run -1 list-gen files --kubespray ks
	[[ $output == *'not a file of variables: it must be a map of names to values'* ]]
}

@test "anchors and merges: the map's own keys win" {
	small_tree
	printf 'base: &base {x: 1, y: 1}\nmore: {<<: *base, y: 2}\nrunc_version: "{{ more.x }}.{{ more.y }}"\n' \
		>ks/roles/kubespray_defaults/defaults/main/late.yml
	run -0 list-gen files --kubespray ks --arch amd64
	[ "${lines[1]}" = 'https://github.com/runc/v1.2/runc.amd64' ]
}

@test "endless nesting in templates is given up, each with its place" {
	small_tree
	f=ks/roles/kubespray_defaults/defaults/main/late.yml
	while IFS=$'\t' read -r expression want; do
		python3 -c "print('runc_version: \"{{ ' + $expression + ' }}\"')" >$f
		run -1 list-gen files --kubespray ks
		[[ $output == "list-gen: $f:1:"*": runc_version: $want"* && ${#lines[@]} = 1 ]]
	done <<-'EOF'
		'(' * 100000 + '1' + ')' * 100000	nested too deep
		'[' * 100000 + ']' * 100000	nested too deep
		'not ' * 100000 + '1'	nested too deep
		'1' + ' if 1 else 2' * 100000	nested too deep
		'[0]' * 100000	a chain of too many parts
		'1' + '+1' * 100000	a chain of too many parts
		'1' + '|int' * 100000	a chain of too many parts
		'hostvars[inventory_hostname].runc_version'	endless recursion between variables: runc_version -> runc_version
	EOF
	{ for i in {0..2000}; do echo "v$i: '{{ v$((i + 1)) }}x'"; done; echo 'runc_version: "{{ v0 }}"'; } >$f
	run -1 list-gen files --kubespray ks
	[[ $output == *': nested too deep (more than 500 levels of evaluation) in {{ v'* ]]
}

@test "the layouts between the releases of ../shared: the lists are the same wherever the files lie" {
	need_kubespray
	# v2.22 and v2.23: roles/download/defaults/main/, checksums apart
	cp -r "$kubespray_dir/v2.21.0/vars" v2.22
	d=v2.22/roles/download/defaults
	mkdir $d/main
	awk -v d=$d/main '/^[a-z_]*checksums:/ { sums = 1 } /^[^ #]/ && !/checksums:/ { sums = 0 } { print > (d (sums ? "/checksums.yml" : "/main.yml")) }' $d/main.yml
	rm $d/main.yml
	# v2.25 to v2.27: kubespray-defaults/defaults/main/main.yml, later roles/kubespray_defaults/vars/main/checksums.yml
	cp -r "$kubespray_dir/v2.26.1/vars" v2.27
	mkdir -p v2.27/roles/kubespray_defaults/vars/main
	mv v2.27/roles/kubespray-defaults/defaults v2.27/roles/kubespray_defaults/
	mv v2.27/roles/kubespray_defaults/defaults/main/checksums.yml v2.27/roles/kubespray_defaults/vars/main/
	for cpu in amd64 arm64; do
		for kind in files images; do
			same_list "$kubespray_dir/v2.21.0/expected/${kind}_$cpu.list" list-gen $kind --kubespray v2.22 --arch $cpu
			same_list "$kubespray_dir/v2.26.1/expected/${kind}_$cpu.list" list-gen $kind --kubespray v2.27 --arch $cpu
		done
	done
}

@test "groups, hostvars, facts and the environment have sensible values, and -e other ones" {
	cat >vars.yml <<-'EOF'
		a_download_url: "a {{ groups['kube_node'] | length }} {{ groups['nope'] | default([]) }} {{ groups.etcd[0] }}"
		b_download_url: "b {{ hostvars['node1'].ansible_distribution }} {{ hostvars[groups['etcd'][0]]['ansible_facts']['os_family'] | default('x') }}"
		c_download_url: "c {{ ansible_facts.os_family }} {{ ansible_facts['distribution_major_version'] }} {{ ansible_os_family }} {{ ansible_pkg_mgr }}"
		d_download_url: "d {{ lookup('env', 'KC_TEST') }} {{ lookup('env', 'NO_KC', default='dd') }} {{ lookup('vars', 'x' ~ 'y', default='vv') }}"
		e_download_url: "e {{ vars['zz'] }} {{ hostvars[inventory_hostname].zz }} {{ group_names | join(',') }}"
		zz: "{{ lookup('vars', 'yy') }}"
		yy: 5
	EOF
	export KC_TEST="env"
	run -0 list-gen files --vars vars.yml --os rocky9
	[ "${lines[0]}" = 'a 1 [] node1' ]
	[ "${lines[1]}" = 'b Rocky RedHat' ]
	[ "${lines[2]}" = 'c RedHat 9 RedHat dnf' ]
	[ "${lines[3]}" = 'd env dd vv' ]
	[ "${lines[4]}" = 'e 5 5 etcd,k8s_cluster,kube_control_plane,kube_node' ]
	run -0 list-gen files --vars vars.yml --os rocky9 -e xy=set -e '{"groups": {"kube_node": ["a", "b"], "etcd": ["b"]}, "yy": 6,
		"hostvars": {"b": {"ansible_facts": {"os_family": "Suse"}}, "node1": {"ansible_distribution": "X", "zz": "over"}},
		"ansible_facts": {"os_family": "Z", "distribution_major_version": "1"}}'
	[ "${lines[0]}" = 'a 2 [] b' ]
	[ "${lines[1]}" = 'b X Suse' ]
	[ "${lines[2]}" = 'c Z 1 RedHat dnf' ]
	[ "${lines[3]}" = 'd env dd set' ]
	[ "${lines[4]}" = 'e 6 over etcd,k8s_cluster,kube_control_plane,kube_node' ]
}

@test "packages in the form of v2.27: conditions in the role of old, NTP by a task" {
	mkdir -p ks/roles/kubernetes/preinstall/{vars,defaults} ks/roles/kubespray-defaults/defaults
	cat >ks/roles/kubernetes/preinstall/vars/main.yml <<-'EOF'
		pkgs:
		  apparmor:
		    - "{{ ansible_os_family == 'Debian' }}"
		  conntrack:
		    - "{{ ansible_os_family in ['Debian', 'RedHat'] }}"
		    - "{{ ansible_distribution != 'openEuler' }}"
		    - "{{ 'k8s_cluster' in group_names }}"
		  curl: []
		  ipset:
		    - "{{ kube_proxy_mode != 'ipvs' }}"
		  mergerfs:
		    - "{{ ansible_distribution == 'Debian' }}"
		    - "{{ ansible_distribution_major_version == '12' }}"
	EOF
	printf 'ntp_enabled: false\nntp_package: >-\n  {%% if ansible_os_family == "RedHat" -%%}\n  chrony\n  {%%- else -%%}\n  ntp\n  {%%- endif -%%}\n' \
		>ks/roles/kubernetes/preinstall/defaults/main.yml
	echo 'kube_proxy_mode: ipvs' >ks/roles/kubespray-defaults/defaults/main.yml
	run -0 list-gen packages --kubespray ks --os debian12
	[ "$output" = $'apparmor\nconntrack\ncurl\nmergerfs' ]
	run -0 list-gen packages --kubespray ks --os debian11 -e ntp_enabled=true -e kube_proxy_mode=iptables
	[ "$output" = $'apparmor\nconntrack\ncurl\nipset\nntp' ]
	run -0 list-gen packages --kubespray ks --os openeuler2203 -e '{"ntp_enabled": true}'
	[ "$output" = $'chrony\ncurl' ]
}

@test "wrong usage: two lines and 2" {
	run -2 list-gen
	[ "${lines[0]}" = 'list-gen: want one of images, files, packages, diff, offline-vars' ]
	run -2 list-gen images
	[ "${lines[0]}" = 'list-gen: no variables given: name a checkout with --kubespray DIR, or files with --vars FILE' ]
	small_tree
	run -2 list-gen packages --kubespray ks
	[[ ${lines[0]} == 'list-gen: no system given: name one with --os'* ]]
	run -2 list-gen packages --kubespray ks --os beos5
	[[ ${lines[0]} == 'list-gen: --os beos5: no such system;'* ]]
	run -2 list-gen images --kubespray ks --arch z80
	[[ ${lines[0]} == 'list-gen: --arch z80: no such CPU;'* ]]
	run -2 list-gen images --kubespray ks -e novalue
	[[ ${lines[0]} == 'list-gen: -e novalue: want NAME=VALUE'* ]]
	run -2 list-gen files --kubespray ks --map-out map.yaml
	[ "${lines[0]}" = 'list-gen: --map-out is for images only' ]
	run -2 list-gen offline-vars --kubespray ks --files-url http://h
	[ "${lines[0]}" = 'list-gen: offline-vars needs --files-url URL and --registry HOST' ]
	run -2 list-gen offline-vars --kubespray ks --files-url ftp://h --registry r
	[ "${lines[0]}" = 'list-gen: --files-url ftp://h: want http://HOST/PATH or https://HOST/PATH' ]
	run -2 list-gen offline-vars --kubespray ks --files-url http://h --registry https://r
	[ "${lines[0]}" = 'list-gen: --registry https://r: want HOST or HOST:PORT, without http://' ]
	run -2 list-gen offline-vars --kubespray ks --files-url http://h --registry r --repos-url 'http://a b'
	[[ ${lines[0]} == 'list-gen: --repos-url http://a b: want http://'* ]]
	run -1 list-gen images --kubespray .
	[[ ${lines[0]} == 'list-gen: .: not a kubespray checkout:'* ]]
}

@test "the lists that are kept here are current" {
	need_kubespray
	cd "$BATS_TEST_DIRNAME/../.." || return
	run -0 scripts/lists --check "$kubespray_dir"/{v2.26.1,v2.28.1,v2.31.0}/vars
}
