# What can be shown of the Red Hat family without booting one: client files, served repository, dnf in a root of its own.
bats_require_minimum_version 1.5.0

setup_file() {
	local d=$BATS_FILE_TMPDIR
	cd "$d"
	mkdir -p pkg/resources/nginx/{repos,rocky/9/os/x86_64} state/www spec temp
	printf 'Name: site-probe\nVersion: 1\nRelease: 1\nSummary: probe\nLicense: Apache-2.0\nBuildArch: noarch\n%%description\nprobe\n%%install\nmkdir -p %%{buildroot}/opt\necho here >%%{buildroot}/opt/probe\n%%files\n/opt/probe\n' >spec/probe.spec
	rpmbuild -bb --quiet --define "_topdir $d/rb" --define "_rpmdir $d/pkg/resources/nginx/rocky/9/os/x86_64" --define '_rpmfilename %%{NAME}-%%{VERSION}.%%{ARCH}.rpm' spec/probe.spec >/dev/null 2>&1
	createrepo_c -q pkg/resources/nginx/rocky/9/os/x86_64
	GNUPGHOME=$d/gpg
	export GNUPGHOME
	mkdir -m 700 gpg
	gpg --batch --quiet --passphrase '' --quick-gen-key 'rpm <rpm@test>' rsa3072 sign never
	gpg --batch --quiet --detach-sign --armor pkg/resources/nginx/rocky/9/os/x86_64/repodata/repomd.xml
	gpg --armor --export >pkg/resources/nginx/repos/kubecrate-rocky9.asc
	gpgconf --kill all
	printf '[kubecrate]\nname=package\nbaseurl=@URL@/rocky/9/os/$basearch\nenabled=1\nrepo_gpgcheck=1\ngpgcheck=0\ngpgkey=@URL@/repos/kubecrate-rocky9.asc\n' >pkg/resources/nginx/repos/rocky9.repo
	ln -s "$d/pkg/resources/nginx" state/www/pkg
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	root=$BATS_TEST_DIRNAME/../..
}

# with COMMAND...: the installer's parts, for a Rocky 9 node that serves at 127.0.0.1:$port
with() {
	bash -c 'package=$PWD/pkg library='"$root"'/scripts/install/library state=$PWD/state dry_run=0 quiet=0 say_faults=()
		shopt -s lastpipe
		for f in $library/*.sh; do source "$f"; done
		say_init; os_family=yum os_dist=rocky os_release=9 os_name=rocky9 runtime=native domain=localhost
		http_port='"${port:-8080}"' https_port=$((http_port + 1)) push_port=$((http_port + 2))
		'"$1"
}

@test "the client file of a Rocky 9 node, over file:// and over HTTP" {
	[[ $(with 'os_client_file') == "$PWD/pkg/resources/nginx/repos/rocky9.repo" ]]
	[[ $(with 'repository_render "$(os_client_file)" "file://$package/resources/nginx"' | grep baseurl) == "baseurl=file://$PWD/pkg/resources/nginx/rocky/9/os/\$basearch" ]]
	[[ $(with 'echo "$(trust_path) $(time_config) $(time_unit)"') == '/etc/pki/ca-trust/source/anchors/kubecrate.crt /etc/chrony.conf chronyd.service' ]]
}

@test "dnf installs into a root of its own from what our nginx serves, and checks the signature" {
	port=$((RANDOM % 20000 + 12000))
	mkdir -p config && cp "$root"/scripts/install/config/* config/
	mkdir -p pkg/config && cp "$root"/scripts/install/config/* pkg/config/
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout state/k -out state/c 2>/dev/null
	mkdir -p state/tls && mv state/k state/tls/registry.key && mv state/c state/tls/registry.crt
	echo pkg >state/current
	printf 'pkg\t%s\n' "$PWD/pkg" >state/packages
	with 'serve_nginx_conf' | sed "s|/run/kubecrate|$PWD/temp|; s|user www-data;|user root;|" >nginx.conf
	nginx -c "$PWD/nginx.conf" 2>nginx.log || { cat nginx.log; false; }
	mkdir -p etc
	with "repository_render \"\$(os_client_file)\" http://127.0.0.1:$port" >etc/kubecrate.repo
	# A proxy that the node knows for the world outside is not asked.
	run dnf -y -q --noplugins --setopt=proxy=http://127.0.0.1:1 --installroot="$PWD/root" --releasever=9 --setopt=reposdir="$PWD/etc" --setopt=cachedir="$PWD/cache" --forcearch=x86_64 install site-probe
	kill "$(cat temp/nginx.pid)"
	[[ $status == 0 ]] || { echo "$output"; false; }
	[[ $(cat root/opt/probe) == here ]]
}

@test "a repository that was changed after it was signed is refused" {
	cp -r pkg/resources/nginx changed
	echo '<!-- -->' >>changed/rocky/9/os/x86_64/repodata/repomd.xml
	mkdir -p etc2
	with "repository_render \"\$(os_client_file)\" file://$PWD/changed" >etc2/kubecrate.repo
	run dnf -y -q --noplugins --installroot="$PWD/root2" --releasever=9 --setopt=reposdir="$PWD/etc2" --setopt=cachedir="$PWD/cache2" --setopt='*.skip_if_unavailable=0' --forcearch=x86_64 install site-probe
	[[ $status != 0 && $output == *signature* ]] || { echo "$output"; false; }
}
