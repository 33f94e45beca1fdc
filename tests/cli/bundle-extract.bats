#!/usr/bin/env bats
# bundle-extract: images made by tests/lib/image.bash, judged by umoci, GNU tar and sha256sum.

bats_require_minimum_version 1.5.0

setup() {
	load "$KUBECRATE_TOP/tests/lib/image.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# A layer from a tar file as it is.
layer_of_tar() {
	local hash
	hash=$(sha256sum <"$2" | cut -d' ' -f1)
	jq -cn --argjson d "$(image_blob "$1" "$2" application/vnd.oci.image.layer.v1.tar)" --arg h "sha256:$hash" '{descriptor: $d, diff_id: $h}'
}

name_image() { # NAME LAYER...
	local name=$1
	shift
	image_name img "$name" "$(image_manifest img linux/amd64 '{}' "$@")"
}

hostile() { # CASE: an image of that name
	"$KUBECRATE_TOP/tests/lib/hostile.py" "$1" layer.tar
	name_image "$1" "$(layer_of_tar img layer.tar)"
}

extract() { bundle-extract --platform linux/amd64 "$@"; }

# What a tree is, but for folder times and link counts.
tree() { (cd "$1" && find . \( -type d -printf '%P %y %m %U:%G\n' \) -o -printf '%P %y %m %U:%G %T@ %s %l\n' | sort); }

three_layers() {
	mkdir -p l1/a/b l1/keep l1/op l1/gone/deep l2/a/b l2/op l2/keep l3/a
	echo one >l1/a/b/f; echo g >l1/a/g; ln l1/a/g l1/a/gl; ln -s b/f l1/a/s; echo x >l1/keep/x; echo o >l1/op/old
	ln l1/op/old l1/keep/oldlink; echo d >l1/gone/deep/f
	echo two >l2/a/b/f; touch l2/op/.wh..wh..opq l2/keep/.wh.x l2/.wh.gone; echo new >l2/op/new
	echo three >l3/a/g; chmod 700 l3/a; chmod 444 l3/a/g
	image_layout img
	name_image v1 "$(image_layer img l1)" "$(image_layer img l2)" "$(image_layer img l3 none)"
}

sealed() {
	mkdir -p mod/resources/files mod/empty seal
	head -c 300000 /dev/urandom >mod/resources/files/big
	echo small >mod/resources/files/small; ln -s small mod/resources/files/link
	echo odd >mod/resources/"a
newline and \\"
	bundle-seal files mod --version v1 >/dev/null
	mv mod/modules.d mod/SHA256SUMS.d seal/
	image_layout img
	name_image v1 "$(image_layer img mod)" "$(image_layer img seal)"
}

@test "whiteouts, opaque folders and hard links give the tree that umoci gives" {
	three_layers
	extract oci:img:v1 -o out
	umoci unpack --image img:v1 judge
	diff <(tree out) <(tree judge/rootfs)
	diff -r --no-dereference out judge/rootfs
	[ "$(stat -c %i out/a/gl)" != "$(stat -c %i out/a/g)" ]
	[ ! -e out.partial ]
}

@test "files behind a link of a lower layer get a folder, and a warning; a folder in the upper layer is the image's own wish" {
	mkdir -p low/usr/lib up/lib
	ln -s usr/lib low/lib; echo a >low/usr/lib/a; echo x >up/lib/x
	image_layout img
	low=$(image_layer img low)
	tar -C up -cf implied.tar lib/x
	tar -C up -cf told.tar lib
	name_image implied "$low" "$(layer_of_tar img implied.tar)"
	name_image told "$low" "$(layer_of_tar img told.tar)"
	run --separate-stderr extract oci:img:implied -o one
	[ "$status" = 0 ]
	[[ $stderr == *"lib: a link to usr/lib in layer 1, and layer 2 has files behind it: it becomes a folder"* ]]
	[ "$(cat one/lib/x)" = x ]
	[ ! -L one/lib ]
	run --separate-stderr extract oci:img:told -o two
	[[ $stderr != *"a link to"* ]]
	diff -r one two
}

@test "every source on this machine gives the same tree, and is read where it lies" {
	three_layers
	extract -q oci:img:v1 -o out
	skopeo copy -q oci:img:v1 dir:folder
	skopeo copy -q oci:img:v1 oci-archive:oci.tar:v1
	skopeo copy -q oci:img:v1 docker-archive:docker.tar:docker.io/library/img:v1
	skopeo copy -q oci:img:v1 docker-archive:nameless.tar
	oci-fetch -q -o lay --platform linux/amd64 --from oci-archive:oci.tar </dev/null
	oci-to-registry -q -i lay -o store
	for source in dir:folder oci-archive:oci.tar docker-archive:docker.tar docker-archive:nameless.tar registry:store; do
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -e trace=openat,mkdir,link,linkat -o trace \
			"$(command -v bundle-extract)" -q "$source" --platform linux/amd64 -o got
		diff -r --no-dereference out got
		run ! grep partial.layers trace
		rm -rf got
	done
}

@test "a tar holds the same tree, twice the same bytes, and GNU tar lists it" {
	three_layers
	extract oci:img:v1 -o out
	extract oci:img:v1 --tar out.tar
	extract -q oci:img:v1 --tar - >again.tar
	cmp out.tar again.tar
	tar -tf out.tar >list
	mkdir untarred && tar -xpf out.tar -C untarred
	diff <(tree out) <(tree untarred)
	diff -r --no-dereference out untarred
}

@test "zstd, gzip and plain layers are the same" {
	mkdir l && echo x >l/f && head -c 2000000 /dev/zero >l/zeros
	image_layout img
	for packing in gzip zstd none; do
		name_image $packing "$(image_layer img l $packing)"
		extract oci:img:$packing -o out-$packing
		cmp l/zeros out-$packing/zeros
	done
}

@test "files are compared with SHA256SUMS.d, which sha256sum confirms" {
	sealed
	run --separate-stderr extract oci:img:v1 -o out
	[ "$status" = 0 ]
	[[ $output == out$'\t'linux/amd64$'\t'sha256:* ]]
	[[ $stderr != *'no file is named'* ]]
	(cd out && sha256sum -c --quiet SHA256SUMS.d/files)
	bundle-extract --verify out
}

@test "a file that is not as its seal says fails, and leaves nothing" {
	sealed
	seal=$(image_layer img seal)
	echo other >mod/resources/files/small
	name_image v2 "$(image_layer img mod)" "$seal"
	run extract oci:img:v2 -o out
	[ "$status" = 1 ]
	[[ $output == *'resources/files/small: its content is sha256:'*'but SHA256SUMS.d/files says'* ]]
	[ ! -e out ]
	[ ! -e out.partial ]
	rm mod/resources/files/small
	name_image v3 "$(image_layer img mod)" "$seal"
	run extract oci:img:v3 --tar out.tar
	[ "$status" = 1 ]
	[[ $output == *'resources/files/small: named by SHA256SUMS.d/files, but not in the image'* ]]
	[ ! -e out.tar ]
}

@test "--verify reports what changed, is missing and is extra" {
	sealed
	extract -q oci:img:v1 -o out
	echo mine >out/config.yaml
	run --separate-stderr bundle-extract --verify out
	[ "$status" = 0 ]
	[ "$output" = $'extra\tconfig.yaml' ]
	echo X >>out/resources/files/big; rm out/resources/files/small; ln -sfn big out/resources/files/link; rmdir out/empty
	run --separate-stderr bundle-extract --verify out
	[ "$status" = 1 ]
	[ "$(sort <<<"$output")" = $'changed\tresources/files/big\nchanged\tresources/files/link\nextra\tconfig.yaml\nmissing\tempty\nmissing\tresources/files/small' ]
	[[ $stderr == *'2 files changed and 2 missing; extract it again'* ]]
	run bundle-extract --verify mod
	[ "$status" = 1 ]
	[[ $output == *'mod: has no SHA256SUMS.d'* ]]
}

@test "--verify reads nothing outside of the package" {
	mkdir -p out/SHA256SUMS.d out/modules.d
	echo secret >outside
	printf '%s  ../outside\n' "$(sha256sum <outside | cut -d' ' -f1)" >out/SHA256SUMS.d/evil
	run bundle-extract --verify out
	[ "$status" = 1 ]
	[[ $output == *'out/SHA256SUMS.d/evil: "../outside" is no path inside of the package' ]]
}

@test "--path takes sub-trees, hard links into the rest included" {
	sealed
	extract -q oci:img:v1 -o out --path resources/files/small --path /modules.d/
	[ "$(cd out && find . -type f | sort | xargs)" = './modules.d/files.json ./resources/files/small' ]
	rm -rf img l1
	three_layers
	extract -q oci:img:v1 -o out2 --path keep
	[ "$(cat out2/keep/oldlink)" = o ]
	[ "$(ls out2)" = keep ]
	run extract oci:img:v1 -o out3 --path keep --path kept
	[ "$status" = 1 ]
	[[ $output == 'bundle-extract: oci:img:v1: kept: no such file or folder in the image' ]]
	[ ! -e out3 ]
	[ ! -e out3.partial ]
	run extract oci:img:v1 -o out3 --path gone/deep/f # a whiteout is no file
	[ "$status" = 1 ]
	extract -q oci:img:v1 -o out4 --path /
	diff <(tree out4) <(extract -q oci:img:v1 -o out5 >/dev/null; tree out5)
}

@test "damaged and lying layers are refused and leave nothing" {
	three_layers
	manifest=$(jq -r .manifests[0].digest img/index.json)
	layer=$(jq -r .layers[0].digest "img/blobs/sha256/${manifest#*:}")
	blob=img/blobs/sha256/${layer#*:}
	cp "$blob" whole
	printf X | dd of="$blob" bs=1 seek=200 conv=notrunc status=none
	run extract oci:img:v1 -o out
	[ "$status" = 1 ]
	[[ $output == *'layer 1 of 3: '* ]]
	truncate -s 150 "$blob"
	run extract oci:img:v1 -o out
	[ "$status" = 1 ]
	mv whole "$blob"
	name_image v2 "$(image_layer img l1 | jq -c '.diff_id = "sha256:" + ("0" * 64)')"
	run extract oci:img:v2 -o out
	[ "$status" = 1 ]
	[[ $output == *'its diff ID is sha256:'*'but the config says sha256:0000'* ]]
	[ ! -e out ]
	[ ! -e out.partial ]
}

@test "an owner that no system can have is no other owner" {
	image_layout img
	for owner in 4294967296:0 0:4294967295; do
		python3 - "$owner" <<-'EOF'
			import sys, tarfile
			with tarfile.open("layer.tar", "w", format=tarfile.PAX_FORMAT) as tar:
			    member = tarfile.TarInfo("f")
			    member.uid, member.gid = map(int, sys.argv[1].split(":"))
			    tar.addfile(member)
		EOF
		name_image v1 "$(layer_of_tar img layer.tar)"
		run extract oci:img:v1 -o out
		[ "$status" = 1 ]
		[[ $output == *"f: its owner $owner is none that a system can have" ]]
		[ ! -e out ]
	done
}

# What may come of a case in a folder, beside a refusal.
harmless() {
	case $1 in
	twice) [ "$(cat out/f)" = third ] ;;
	absolute) [ -f out/OUTSIDE/file ] ;;
	file_through_symlink) [ ! -L out/file ] && [ "$(cat out/file)" = evil ] ;;
	hardlink_to_symlink_then_write) [ ! -L out/h ] && [ -L out/s ] ;;
	setuid) [ "$(stat -c %a out/su)" = 755 ] ;;
	device) [ ! -e out/dev/mem ] && [ -f out/file ] ;;
	deep_name) [ "$(find out -name f | wc -l)" = 1 ] ;;
	*) return 1 ;;
	esac
}

@test "hostile layers cannot touch anything outside" {
	mkdir outside && echo precious >outside/secret
	image_layout img
	for case in $("$KUBECRATE_TOP/tests/lib/hostile.py" list); do
		[ "$case" != sparse_bombs ] || continue # would write as much as there is room for
		hostile "$case"
		for target in "-o out" "--tar out.tar"; do
			# shellcheck disable=SC2086
			run timeout 20 bundle-extract "oci:img:$case" --platform linux/amd64 $target
			echo "$case $target: $status $output" >&2
			[ "$status" -le 1 ]
			[[ $output != *AddressSanitizer* ]]
			if [ "$status" = 1 ]; then [ ! -e out ] && [ ! -e out.partial ] && [ ! -e out.tar ]; fi
			if [ "$status$target" = "0-o out" ]; then harmless "$case"; fi
			[ "$(find outside -type f)" = outside/secret ]
			[ "$(cat outside/secret)" = precious ]
			[ "$(stat -c %h outside/secret)" = 1 ]
			[ ! -e /OUTSIDE ]
			rm -rf out out.tar
		done
	done
}

@test "the text of refusals names the member and the reason" {
	image_layout img
	while read -r case text; do
		hostile "$case"
		run extract "oci:img:$case" -o out
		echo "$output" >&2
		[ "$status" = 1 ]
		[[ $output == *"$text"* ]]
	done <<-'END'
		dot_dot ../outside/file: leads out of the folder
		symlink_then_file way: a folder and something else in one layer
		hardlink_out leads out of the folder
		hardlink_absolute link: a hard link to OUTSIDE/secret, which no layer has
		hardlink_to_folder link: a hard link to d, which is no file
		whiteout_dot_dot .wh...: a whiteout without a name
		long_name File name too long
		sparse_bomb bomb: a sparse file of 4000000000000000 bytes; holes may be 1024 GiB at most
		sparse_map bomb: a sparse file of
	END
}

@test "holes are counted over all members of a layer, written or not; a tar file must have room for a big member" {
	image_layout img
	hostile sparse_bombs
	run extract oci:img:sparse_bombs --path none -o out
	[ "$status" = 1 ]
	[[ $output == *'bomb5: a sparse file of 200000000000 bytes; holes may be 1024 GiB at most' ]]
	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	mkdir small && mount -t tmpfs -o size=1m none small || skip 'cannot mount here'
	run extract oci:img:sparse_bombs --tar small/out.tar
	[ "$status" = 1 ]
	[[ $output == *'bomb0: has 200000000000 bytes, but only '*' are free on small/out.tar' ]]
	run bash -c 'bundle-extract -q oci:img:sparse_bombs --platform linux/amd64 --tar - >small/out.tar'
	umount small
	[ "$status" = 1 ]
	[[ $output == *'bomb0: has 200000000000 bytes, but only '*' are free on stdout' ]]
}

@test "--special keeps devices and setuid bits" {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	image_layout img
	hostile setuid
	extract oci:img:setuid --special -o out
	[ "$(stat -c %a out/su)" = 6755 ]
	mknod probe c 1 3 || skip 'this machine makes no devices'
	hostile device
	extract oci:img:device --special -o out2
	[ -c out2/dev/mem ]
}

@test "modes, times, owners and user attributes are kept" {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	mkdir -p l/d && echo x >l/f && chmod 640 l/f && chmod 1777 l/d && chown 1234:567 l/f
	setfattr -n user.note -v kept l/f && touch -d @1600000000.5 l/f && touch -d @1500000000 l/d
	tar -C l --xattrs --format=posix --numeric-owner -cf layer.tar .
	image_layout img
	name_image v1 "$(layer_of_tar img layer.tar)"
	extract oci:img:v1 -o out
	[ "$(stat -c '%a %u:%g %.1Y' out/f)" = '640 1234:567 1600000000.5' ]
	[ "$(stat -c '%a %Y' out/d)" = '1777 1500000000' ]
	[ "$(getfattr --only-values -n user.note out/f)" = kept ]
	extract oci:img:v1 --tar out.tar
	tar --xattrs -xpf out.tar ./f 2>/dev/null || tar --xattrs -xpf out.tar f
	[ "$(getfattr --only-values -n user.note f)" = kept ]
}

@test "killed at any moment and run again it ends in the same tree" {
	sealed
	head -c 60000000 /dev/urandom >mod/resources/files/huge
	bundle-seal -q files mod
	name_image v1 "$(image_layer img mod none)"
	for ms in 005 020 040 060 090 130; do
		bundle-extract -q oci:img:v1 --platform linux/amd64 -o out 3>&- &
		sleep "0.$ms"
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		[ ! -e out ] || { bundle-extract -q --verify out; rm -rf out; }
	done
	extract -q oci:img:v1 -o out
	[ ! -e out.partial ]
	diff -r --no-dereference mod out
}

@test "two runs on one folder take turns" {
	sealed
	bundle-extract oci:img:v1 --platform linux/amd64 -o out >one 2>&1 3>&- &
	local first=$! a=0 b=0
	extract oci:img:v1 -o out >two 2>&1 || b=$?
	wait $first || a=$?
	[ $((a + b)) = 1 ]
	grep -q 'out: not empty' one two
	bundle-extract --verify out
}

@test "no socket is opened, and nothing written elsewhere" {
	sealed
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -e trace=socket,connect,openat,mkdir -o trace "$(command -v bundle-extract)" -q oci:img:v1 --platform linux/amd64 -o out
	[ -e out/resources/files/big ]
	run grep -E '(socket|connect)\(' trace
	[ "$status" = 1 ]
	run grep -E 'AT_FDCWD, "/[^"]*".*O_CREAT' trace
	[ "$status" = 1 ]
}

# peak COMMAND...: fails when it takes 64 MB or more.
peak() {
	env time -f %M -o peak "$@" >/dev/null
	echo "$(tail -n 1 peak) kB: $*"
	[ "$(tail -n 1 peak)" -lt 64000 ]
}

@test "100,000 files in as many folders take less than 64 MB, in a bundle and out of it" {
	local layer

	case $KUBECRATE_BUILD in *-asan | *-tsan | *-valgrind) skip 'a checker has its own memory' ;; esac
	image_layout many
	mkdir -p seal/modules.d seal/SHA256SUMS.d
	python3 - <<-'CODE'
		import hashlib, io, json, tarfile
		sums = {}
		with tarfile.open("layer.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
		    for i in range(100000):
		        member = tarfile.TarInfo(f"resources/files/blobs/sha256/{hashlib.sha256(str(i).encode()).hexdigest()}/data")
		        member.size = len(str(i))
		        tar.addfile(member, io.BytesIO(str(i).encode()))
		        sums[member.name] = hashlib.sha256(str(i).encode()).hexdigest()
		seal = json.dumps({"name": "os", "version": "1", "licences": [], "lists": [], "whiteouts": 0, "symlinks": {}, "empty": [],
		    "counts": {"files": 100000, "folders": 0, "links": 0, "bytes": 0}})
		open("seal/modules.d/os.json", "w").write(seal)
		sums["modules.d/os.json"] = hashlib.sha256(seal.encode()).hexdigest()
		open("seal/SHA256SUMS.d/os", "w").writelines(f"{sums[path]}  {path}\n" for path in sorted(sums))
	CODE
	layer=$(layer_of_tar many layer.tar)
	image_name many v1 "$(image_manifest many linux/amd64 '{}' "$layer" "$(image_layer many seal)")"
	image_name many plain "$(image_manifest many linux/amd64 '{}' "$layer")"
	mkdir other && echo x >other/file
	peak bundle-merge -q -o out:v1 oci:many:v1 linux/amd64@other
	peak bundle-merge -q -o out:v2 oci:many:plain linux/amd64@other
	peak bundle-extract -q oci:out:v1 --platform linux/amd64 --tar /dev/null
	peak bundle-extract -q oci:out:v1 --platform linux/amd64 -o package
	peak bundle-extract -q --verify package
	rm -r package/modules.d package/SHA256SUMS.d
	peak bundle-merge -q -o out:v3 linux/amd64@package linux/amd64@other
	peak bundle-seal -q os package
	peak bundle-merge -q -o out:v4 linux/amd64@package linux/amd64@other
}

@test "bad input gets one clear line" {
	three_layers
	mkdir full && touch full/f
	while IFS='|' read -r args code text; do
		# shellcheck disable=SC2086
		run bundle-extract $args
		echo "$args: $output" >&2
		[ "$status" = "$code" ]
		[[ $output == "bundle-extract: "*"$text"* ]]
	done <<-'END'
		oci:img:v1 --platform linux/s390x -o o|1|oci:img:v1: not there for linux/s390x; it has linux/amd64
		oci:img:v9 --platform linux/amd64 -o o|1|no image v9
		oci:none:v1 -o o|1|none
		oci:img:v1 --platform linux/amd64 -o full|1|full: not empty; name a folder that is not there, or empty it
		oci:img:v1 --platform linux/amd64|2|needs either -o DIR or --tar FILE
		oci:img:v1 --platform all -o o|2|a package is for one platform
		-o o|2|needs a BUNDLE
		--verify full oci:img:v1|2|--verify DIR stands alone
		oci:img:v1 --platform linux/amd64 -o o --path ../x|1|--path: ../x: leads out of the folder
	END
	[ "$(ls full)" = f ]
}

@test "a folder that cannot be written, and a full disk, leave nothing" {
	sealed
	run extract oci:img:v1 -o /proc/out
	[ "$status" = 1 ]
	[[ $output == *'/proc/out'* ]]
	run bash -c 'bundle-extract -q oci:img:v1 --platform linux/amd64 --tar - >/dev/full'
	[ "$status" = 1 ]
	[[ $output == *'No space left on device'* ]]
	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	mkdir small && mount -t tmpfs -o size=200k none small || skip 'cannot mount here'
	run extract oci:img:v1 -o small/out
	ls -A small >left
	umount small
	[ "$status" = 1 ]
	[[ $output == *'No space left on device'* ]]
	[ ! -s left ]
}
