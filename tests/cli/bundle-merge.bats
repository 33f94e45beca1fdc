#!/usr/bin/env bats
# bundle-merge: modules made by tests/lib/image.bash and from folders; judged by skopeo, umoci and GNU tar.

bats_require_minimum_version 1.5.0

setup() {
	load "$KUBECRATE_TOP/tests/lib/image.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# module NAME FOLDER [PLATFORM...]: a sealed module image oci:NAME:v1, content and seal in two layers.
module() {
	local name=$1 folder=$2 platform manifests=() content seal
	shift 2
	[ $# -gt 0 ] || set -- linux/amd64
	cp -a "$folder" "$name.content"
	bundle-seal -q "$name" "$name.content" --version v1
	mkdir "$name.seal" && mv "$name.content/modules.d" "$name.content/SHA256SUMS.d" "$name.seal/"
	image_layout "$name"
	content=$(image_layer "$name" "$name.content" "${packing:-gzip}") seal=$(image_layer "$name" "$name.seal")
	for platform; do manifests+=("$(image_manifest "$name" "$platform" '{"Env":["A=b"],"User":"x"}' "$content" "$seal")"); done
	image_index "$name" v1 "${manifests[@]}"
}

plain_image() { # NAME FOLDER...: an image without a seal, a layer a folder
	local name=$1 layers=() folder
	shift
	image_layout "$name"
	for folder; do layers+=("$(image_layer "$name" "$folder")"); done
	image_name "$name" v1 "$(image_manifest "$name" linux/amd64 '{}' "${layers[@]}")"
}

folders() {
	mkdir -p a/resources/files b/resources/images/sub b/empty
	head -c 500000 /dev/urandom >a/resources/files/big; echo one >a/resources/files/one; chmod 755 a/resources/files/one
	echo two >b/resources/images/sub/two; ln -s sub/two b/resources/images/link; chmod 750 b/resources/images
}

extract() { bundle-extract -q --platform linux/amd64 "$@"; }
index_of() { local d; d=$(jq -r .manifests[0].digest "$1/index.json"); cat "$1/blobs/sha256/${d#*:}"; }
manifest_of() { local d; d=$(index_of "$1" | jq -r ".manifests[${2:-0}].digest"); cat "$1/blobs/sha256/${d#*:}"; }
config_of() { local d; d=$(manifest_of "$1" | jq -r .config.digest); cat "$1/blobs/sha256/${d#*:}"; }
layer_path() { local d; d=$(manifest_of "$1" | jq -r ".layers[$2].digest"); echo "$1/blobs/sha256/${d#*:}"; }
tree() { (cd "$1" && find . \( -type d -printf '%P %y %m %U:%G\n' \) -o -printf '%P %y %m %U:%G %T@ %s %l\n' | sort); }

@test "layers of sealed modules are linked, not read" {
	folders
	module ma a linux/amd64 linux/arm64; module mb b linux/amd64 linux/arm64
	content=$(jq -r '.layers[0].digest' "ma/blobs/sha256/$(index_of ma | jq -r .manifests[0].digest | cut -d: -f2)" | cut -d: -f2)
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -e trace=openat -o trace "$(command -v bundle-merge)" -q -o bundle:v1 oci:ma:v1 oci:mb:v1 >out
	run grep "$content" trace
	[ "$status" = 1 ]
	[ "$(stat -c %i "ma/blobs/sha256/$content")" = "$(stat -c %i "bundle/blobs/sha256/$content")" ]
	[ "$(cut -f1,3 out)" = $'linux/amd64\t4\nlinux/arm64\t4' ]
	extract oci:bundle:v1 -o out-merge
	bundle-extract --verify out-merge
	for file in resources/files/big resources/files/one; do cmp a/$file out-merge/$file; done
	[ "$(readlink out-merge/resources/images/link)" = sub/two ]
	[ -d out-merge/empty ]
}

@test "skopeo and umoci read the bundle and see the tree that bundle-extract gives" {
	folders
	module ma a; bundle-seal -q mb b
	bundle-merge -q -o bundle:v1 oci:ma:v1 linux/amd64@b
	skopeo inspect --raw oci:bundle:v1 | jq -e '.manifests | length == 1'
	skopeo copy -q --override-arch amd64 oci:bundle:v1 oci:judge:v1
	umoci unpack --image judge:v1 unpacked
	extract oci:bundle:v1 -o out
	diff <(tree out) <(tree unpacked/rootfs)
	diff -r --no-dereference out unpacked/rootfs
}

@test "a merge and a chain of COPY give one tree" {
	command -v buildah >/dev/null && [ "$(id -u)" = 0 ] || skip 'needs buildah and root'
	folders
	module ma a; module mb b
	find ma.content ma.seal mb.content mb.seal -exec touch -hd @0 {} +
	bundle-merge -q -o bundle:v1 oci:ma:v1 oci:mb:v1
	extract oci:bundle:v1 -o merged
	buildah="buildah --root $PWD/storage --runroot $PWD/run --storage-driver vfs"
	c=$($buildah from scratch) || skip 'buildah does not run here'
	for part in ma.content ma.seal mb.content mb.seal; do
		$buildah copy -q "$c" "$part" / >/dev/null
		$buildah commit -q --timestamp 0 "$c" "oci:$PWD/copied:v1" >/dev/null
	done
	extract oci:copied:v1 -o copied-out
	bundle-extract -q --verify copied-out
	diff <(tree merged | grep -v '^ d') <(tree copied-out | grep -v '^ d')
	diff -r --no-dereference merged copied-out
}

@test "the same modules give the same bytes, and a re-run changes nothing" {
	folders
	module ma a
	bundle-merge -q -o one:v1 oci:ma:v1 linux/amd64@b --label k=v >first
	sleep 1.1; touch b/resources/images/sub/two
	bundle-merge -q -o two:v1 oci:ma:v1 linux/amd64@b --label k=v >second
	diff first second
	diff -r one two
	bundle-merge -q -o one:v1 oci:ma:v1 linux/amd64@b --label k=v
	diff -r one two
	bundle-merge -q -o one:v2 oci:ma:v1
	[ "$(jq '.manifests | length' one/index.json)" = 2 ]
}

@test "a folder becomes a sorted layer of root's, at SOURCE_DATE_EPOCH" {
	folders
	[ "$(id -u)" != 0 ] || chown -R 1000:1000 b
	SOURCE_DATE_EPOCH=1600000000 bundle-merge -q -o bundle:v1 --compress none linux/amd64@b
	tar --numeric-owner -tvf "$(layer_path bundle 0)" | tr -s ' ' | cut -d' ' -f1,2,4- >list
	diff list - <<-'END'
		drwxr-xr-x 0/0 2020-09-13 12:26 empty/
		drwxr-xr-x 0/0 2020-09-13 12:26 resources/
		drwxr-x--- 0/0 2020-09-13 12:26 resources/images/
		lrwxrwxrwx 0/0 2020-09-13 12:26 resources/images/link -> sub/two
		drwxr-xr-x 0/0 2020-09-13 12:26 resources/images/sub/
		-rw-r--r-- 0/0 2020-09-13 12:26 resources/images/sub/two
	END
	[ "$(config_of bundle | jq -r .created)" = 2020-09-13T12:26:40Z ]
}

@test "config, history, annotations and labels say what the bundle is" {
	folders
	module ma a; bundle-seal -q mb b --version v2
	bundle-merge -q -o bundle:v1 oci:ma:v1 linux/amd64@b --label org.opencontainers.image.version=v7
	[ "$(config_of bundle | jq -c '[.os, .architecture, .config, (.rootfs.diff_ids | length), [.history[].created_by]]')" = \
		'["linux","amd64",{"Labels":{"org.opencontainers.image.version":"v7"}},4,["bundle-merge ma v1","bundle-merge ma v1","bundle-merge mb v2","bundle-merge mb v2"]]' ]
	[ "$(index_of bundle | jq -r '.annotations["io.kubecrate.module.ma"]')" = "v1 $(jq -r .manifests[0].digest ma/index.json)" ]
	[[ $(manifest_of bundle | jq -r '.annotations["io.kubecrate.module.mb"]') == "v2 sha256:"* ]]
	[ "$(manifest_of bundle | jq -r '[.layers[].mediaType] | unique | .[]' | head -1)" = application/vnd.oci.image.layer.v1.tar ]
}

@test "content that shrinks is packed, what is packed already is not" {
	folders
	mkdir text && yes 'some text that repeats' | head -c 3000000 >text/t
	bundle-merge -q -o bundle:v1 linux/amd64@a linux/amd64@text
	[ "$(manifest_of bundle | jq -r '.layers[].mediaType' | xargs)" = 'application/vnd.oci.image.layer.v1.tar application/vnd.oci.image.layer.v1.tar+gzip' ]
	for how in none gzip zstd; do
		bundle-merge -q -o bundle:$how --compress $how linux/amd64@text linux/amd64@a
		extract oci:bundle:$how -o out-$how
		cmp text/t out-$how/t
		cmp a/resources/files/big out-$how/resources/files/big
	done
	skopeo copy -q --override-arch amd64 oci:bundle:gzip oci:judge:v1
	umoci unpack --image judge:v1 unpacked
	diff -r unpacked/rootfs out-gzip
	run bundle-merge -o x:v1 --compress brotli a
	[ "$status" = 2 ]
}

@test "two modules that differ in a path are an error naming path and both" {
	folders
	mkdir -p c/resources/files d/resources e/resources/images
	echo other >c/resources/files/one; echo file >d/resources/files; ln -s elsewhere e/resources/images/link
	module ma a; module mb b; module mc c; module md d; module me e
	while IFS='|' read -r modules text; do
		# shellcheck disable=SC2086
		run bundle-merge -o bundle:v1 $modules
		echo "$modules: $output" >&2
		[ "$status" = 1 ]
		[[ $output == *"bundle-merge: linux/amd64: $text; a path belongs to one module" ]]
		[ ! -e bundle/index.json ]
	done <<-'END'
		oci:ma:v1 oci:mc:v1|resources/files/one: modules ma and mc differ in it
		oci:mc:v1 oci:ma:v1|resources/files/one: modules mc and ma differ in it
		oci:ma:v1 oci:md:v1|resources/files: modules ma and md differ in it: a folder and a file
		oci:md:v1 oci:ma:v1|resources/files: modules md and ma differ in it: a file and a folder
		oci:mb:v1 oci:me:v1|resources/images/link: modules mb and me differ in it
		oci:ma:v1 linux/amd64@c|resources/files/one: modules ma and c differ in it
	END
	plain_image pc c
	run bundle-merge -o bundle:v1 oci:ma:v1 oci:pc:v1
	[ "$status" = 1 ]
	[[ $output == *'is not sealed; reading its 1 layers'*'resources/files/one: modules ma and pc differ in it'* ]]
	bundle-merge -q --no-check -o bundle:v1 linux/amd64@a linux/amd64@c
	extract oci:bundle:v1 -o out
	[ "$(cat out/resources/files/one)" = other ]
}

@test "the same file in two modules is no conflict" {
	folders
	mkdir -p c/resources/files && cp a/resources/files/one c/resources/files/
	module ma a; module mc c
	bundle-merge -q -o bundle:v1 oci:ma:v1 oci:mc:v1
	extract oci:bundle:v1 -o out && bundle-extract -q --verify out
}

@test "a prefix puts an unsealed module below a folder; a sealed one refuses" {
	folders
	ln a/resources/files/one a/resources/files/hard
	plain_image pa a
	bundle-merge -q -o bundle:v1 linux/amd64@deep/er=a /img=oci:pa:v1
	extract oci:bundle:v1 -o out
	diff -r a out/deep/er
	diff -r a out/img
	[ "$(stat -c %i out/img/resources/files/one)" = "$(stat -c %i out/img/resources/files/hard)" ]
	module mb b
	run bundle-merge -o bundle:v2 x=oci:mb:v1
	[ "$status" = 2 ]
	[[ $output == *'x=oci:mb:v1: module mb is sealed, so its paths are fixed; leave out the prefix'* ]]
	run bundle-merge -o bundle:v2 ../x=a
	[ "$status" = 2 ]
	[[ $output == *'the prefix "../x" is no path inside of the package'* ]]
}

@test "a whiteout acts inside its own module only" {
	folders
	mkdir -p w1/w w2/w w2/resources; echo gone >w1/w/gone; echo stays >w1/w/stays; touch w2/w/.wh.gone
	cp -a w2 w3; touch w3/resources/.wh.files
	plain_image harmless w1 w2; plain_image reaching w1 w3
	module ma a
	bundle-merge -q -o bundle:v1 oci:ma:v1 oci:harmless:v1 >out
	[ "$(cut -f3 out)" = 4 ]
	run --separate-stderr bundle-merge -o bundle:v2 oci:ma:v1 oci:reaching:v1
	[ "$status" = 0 ]
	[[ $stderr == *'is rewritten as one layer: its whiteouts reach files of other modules'* ]]
	[ "$(cut -f3 <<<"$output")" = 3 ]
	for tag in v1 v2; do
		extract oci:bundle:$tag -o out-$tag
		[ "$(ls out-$tag/w)" = stays ]
		cmp a/resources/files/big out-$tag/resources/files/big
		bundle-extract -q --verify out-$tag
	done
	bundle-merge -q -o bundle:v3 oci:reaching:v1 oci:ma:v1 >out
	[ "$(cut -f3 out)" = 4 ]
	run bundle-merge -o bundle:v4 --no-check oci:ma:v1 oci:reaching:v1
	[ "$status" = 1 ]
	[[ $output == *'has whiteouts, which might delete files of other modules; leave out --no-check'* ]]
}

@test "Docker's types become OCI's, bytes kept" {
	folders
	module ma a
	old=$(index_of ma | jq -r .manifests[0].digest); old=${old#*:}
	jq -c '.mediaType = "application/vnd.docker.distribution.manifest.v2+json" | .config.mediaType = "application/vnd.docker.container.image.v1+json"
		| .layers[].mediaType = "application/vnd.docker.image.rootfs.diff.tar.gzip"' "ma/blobs/sha256/$old" >docker.json
	image_name ma docker "$(image_blob ma docker.json application/vnd.docker.distribution.manifest.v2+json)"
	bundle-merge -q -o bundle:v1 oci:ma:docker
	[ "$(manifest_of bundle | jq -c '[.mediaType, .config.mediaType, (.layers | map(.mediaType) | unique | .[])]')" = \
		'["application/vnd.oci.image.manifest.v1+json","application/vnd.oci.image.config.v1+json","application/vnd.oci.image.layer.v1.tar+gzip"]' ]
	[ "$(manifest_of bundle | jq -r .layers[0].digest)" = "$(jq -r .layers[0].digest "ma/blobs/sha256/$old")" ]
}

# broken NAME JQ: a module image whose manifest is edited.
broken() {
	local old
	old=$(jq -r '.manifests[0].digest' "$1/index.json"); old=${old#*:}
	[ "$(jq -r '.manifests | type' "$1/blobs/sha256/$old")" = null ] || old=$(jq -r .manifests[0].digest "$1/blobs/sha256/$old" | cut -d: -f2)
	jq -c "$2" "$1/blobs/sha256/$old" >broken.json
	image_name "$1" broken "$(image_blob "$1" broken.json application/vnd.oci.image.manifest.v1+json)"
}

@test "what cannot be in a bundle is refused with its reason" {
	folders
	module ma a
	while IFS='|' read -r edit text; do
		broken ma "$edit"
		run bundle-merge -o bundle:v1 oci:ma:broken
		echo "$output" >&2
		[ "$status" = 1 ]
		[[ $output == *"$text"* ]]
		[ ! -e bundle/index.json ]
	done <<-'END'
		.layers += [.layers[0]]|has 3 layers, but its config names 2 diff IDs
		.layers[0].mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"|is foreign
		.layers[0].mediaType += "+encrypted"|is encrypted
		.layers[0].mediaType = "application/x-thing"|which is no layer of an image
		.artifactType = "application/x-sbom"|an artifact, not an image
	END
}

@test "more than 127 layers are refused" {
	mkdir l && echo x >l/f
	image_layout many
	layer=$(image_layer many l none)
	# shellcheck disable=SC2046
	image_name many v1 "$(image_manifest many linux/amd64 '{}' $(for _ in $(seq 128); do echo "$layer"; done))"
	run bundle-merge -o bundle:v1 oci:many:v1
	[ "$status" = 1 ]
	[[ $output == *'linux/amd64: 128 layers are more than the 127 that an image may have; merge fewer'* ]]
}

@test "a bundle is its modules again: nothing of it is read, and the result is as if they were named" {
	folders
	mkdir -p c/resources/files && echo three >c/resources/files/three
	module ma a linux/amd64 linux/arm64; module mb b linux/amd64 linux/arm64; module mc c linux/amd64 linux/arm64
	bundle-merge -q -o two:v1 oci:ma:v1 oci:mb:v1
	big=$(basename "$(layer_path two 0)")
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -e trace=openat -o trace "$(command -v bundle-merge)" -o again:v1 oci:two:v1 oci:mc:v1 2>err
	run ! grep "$big" trace
	run ! grep 'not sealed' err
	bundle-merge -q -o direct:v1 oci:ma:v1 oci:mb:v1 oci:mc:v1
	cmp again/index.json direct/index.json
	diff -r again direct
	echo other >c/resources/files/one
	rm -r mc mc.content mc.seal && module mc c linux/amd64 linux/arm64
	run --separate-stderr bundle-merge -o none:v1 oci:two:v1 oci:mc:v1
	[ "$status" = 1 ]
	[[ $stderr == *"resources/files/one: modules ma and mc differ in it; a path belongs to one module"* ]]
	run --separate-stderr bundle-merge -o none:v1 sub=oci:two:v1
	[ "$status" = 2 ]
	[[ $stderr == *"module ma is sealed, so its paths are fixed; leave out the prefix"* ]]
}

@test "a bundle in which a module is not sealed is read as a whole" {
	folders
	mkdir -p c && echo three >c/three
	module ma a; plain_image mb b; module mc c
	bundle-merge -q -o two:v1 oci:mb:v1 oci:ma:v1
	run --separate-stderr bundle-merge -o again:v1 oci:two:v1 oci:mc:v1
	[ "$status" = 0 ]
	[[ $stderr == *"module two is not sealed; reading its 3 layers"* ]]
	extract oci:again:v1 -o out
	cmp c/three out/three
	cmp b/resources/images/sub/two out/resources/images/sub/two
}

@test "platforms: a folder's @, an image's own, and who lacks one" {
	folders
	module ma a linux/amd64 linux/arm64; module mb b
	run bundle-merge -o bundle:v1 oci:ma:v1 oci:mb:v1
	[ "$status" = 1 ]
	[[ $output == *'oci:mb:v1: not there for linux/arm64; it has linux/amd64'* ]]
	bundle-merge -q -o bundle:v1 --platform linux/amd64 oci:ma:v1 oci:mb:v1
	cp -a b b2; bundle-seal -q os b; bundle-seal -q os b2
	run bundle-merge -o bundle:v2 oci:ma:v1 linux/amd64@b
	[ "$status" = 1 ]
	[[ $output == *'module os: not there for linux/arm64; add linux/arm64@FOLDER, or choose platforms with --platform'* ]]
	bundle-merge -q -o bundle:v2 oci:ma:v1 linux/amd64@b linux/arm64@b2 >out
	[ "$(cut -f1 out | xargs)" = 'linux/amd64 linux/arm64' ]
	rm -r b/modules.d b/SHA256SUMS.d
	bundle-merge -q -o bundle:v3 oci:ma:v1 linux/amd64@b >out
	[ "$(cut -f1,3 out)" = $'linux/amd64\t3\nlinux/arm64\t2' ]
	run bundle-merge -o bundle:v4 --platform linux/s390x linux/amd64@b
	[ "$status" = 1 ]
	[[ $output == *'no module is for linux/s390x'* ]]
}

@test "a folder for other platforms than those asked for: its module is there for them, or an error or a warning" {
	folders
	cp -a b b2
	run --separate-stderr bundle-merge -o bundle:v1 --platform linux/amd64 a linux/amd64@b linux/arm64@b2
	[ "$status" = 0 ]
	[[ $stderr == *'linux/arm64@b2: for none of the platforms of this bundle, so it is left out'* ]]
	bundle-seal -q os b; bundle-seal -q os b2
	run --separate-stderr bundle-merge -o bundle:v2 --platform linux/amd64 a linux/amd64@b linux/arm64@b2
	[ "$status" = 0 ]
	[[ $stderr != *'left out'* ]]
	run --separate-stderr bundle-merge -o bundle:v3 --platform linux/amd64 a linux/arm64@b2
	[ "$status" = 1 ]
	[[ $stderr == 'bundle-merge: module os: not there for linux/amd64; add linux/amd64@FOLDER, or choose platforms with --platform'* ]]
	run ! grep -q v3 bundle/index.json
}

@test "a folder that is not as it was sealed is refused" {
	folders
	bundle-seal -q ma a
	echo new >a/new
	run bundle-merge -o bundle:v1 linux/amd64@a
	[ "$status" = 1 ]
	[[ $output == *'new: came since the folder was sealed; seal it again: bundle-seal ma a'* ]]
	rm a/new; echo changed >a/resources/files/one
	run bundle-merge -o bundle:v1 linux/amd64@a
	[[ $output == *'resources/files/one: changed since the folder was sealed'* ]]
	rm a/resources/files/one
	run bundle-merge -o bundle:v1 linux/amd64@a
	[[ $output == *'resources/files/one: went away since the folder was sealed'* ]]
	mkdir a/resources/files/one
	run bundle-merge -o bundle:v1 linux/amd64@a
	[[ $output == *'resources/files/one: went away since the folder was sealed'* ]]
	rmdir a/resources/files/one
	rm a/modules.d/ma.json
	run bundle-merge -o bundle:v1 linux/amd64@a
	[[ $output == *'half a seal'*'seal it again: bundle-seal ma a'* ]]
	bundle-seal -q ma a
	echo 'no sum' >>a/SHA256SUMS.d/ma
	run bundle-merge -o bundle:v1 linux/amd64@a
	[[ $output == "bundle-merge: a/SHA256SUMS.d/ma:"*': not a checksum line'* ]]
	[ ! -e bundle/index.json ]
}

@test "a full disk is called so" {
	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	folders
	mkdir small && mount -t tmpfs -o size=200k none small || skip 'cannot mount here'
	run bundle-merge -o small/bundle:v1 a
	umount small
	[ "$status" = 1 ]
	[[ $output == 'bundle-merge: a: cannot write small/bundle/'*': No space left on device' ]]
}

@test "killed at any moment and run again it ends in the same bytes" {
	folders
	head -c 40000000 /dev/urandom >a/resources/files/huge
	bundle-merge -q -o whole:v1 linux/amd64@a
	for ms in 005 010 020 040 060 080; do
		bundle-merge -q -o bundle:v1 linux/amd64@a 3>&- &
		sleep 0.$ms
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
	done
	bundle-merge -q -o bundle:v1 linux/amd64@a
	diff -r whole bundle
}

@test "wrong usage and bad input get one clear line" {
	folders
	while IFS='|' read -r args code text; do
		# shellcheck disable=SC2086
		run bundle-merge $args </dev/null
		echo "$args: $output" >&2
		[ "$status" = "$code" ]
		[[ $output == "bundle-merge: "*"$text"* ]]
	done <<-'END'
		a|2|needs -o LAYOUT:TAG or -o docker://REF
		-o x:v1|2|no modules given
		-o x a|2|-o x: neither LAYOUT:TAG nor docker://REF
		-o x:v1 --label k a|2|--label k: not K=V
		-o x:v1 ./none|1|./none: no such folder
		-o x:v1 oci:none:v1|1|none
		-o x:v1 linux/amd64@|2|names no module
		-o a:v1 linux/amd64@b|1|a: not an OCI layout
	END
}

@test "modules come from a file or stdin, too, and a bad line is named" {
	folders
	bundle-merge -q -o one:v1 a b
	printf '# two\na\n\nb\n' >modules.list
	bundle-merge -q -o two:v1 -f modules.list
	bundle-merge -q -o three:v1 a - <<<b
	bundle-merge -q -o four:v1 <modules.list
	for layout in two three four; do diff -r one "$layout"; done
	echo 'linux/amd64@' >>modules.list
	run bundle-merge -q -o five:v1 -f modules.list
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "bundle-merge: modules.list:5: linux/amd64@: names no module" ]]
}
