#!/usr/bin/env bats
# oci-fetch against a real docker-registry, with a proxy in between that counts requests and spoils some.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

setup_file() {
	local top=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}

	export TOP=$top DATA=$BATS_FILE_TMPDIR
	. "$top/tests/lib/registry.bash"
	. "$top/tests/lib/image.bash"
	. "$top/tests/lib/upstream.bash"
	upstream_make "$DATA/up"
	registry_start "$DATA/store"
	export REGISTRY REGISTRY_PID
	push_upstream
}

teardown_file() {
	. "$TOP/tests/lib/registry.bash"
	registry_stop
}

push_upstream() {
	local name

	for name in docker.io/library/multi:1 docker.io/library/single:1 docker.io/library/onlyarm:1 quay.io/a/small:2; do
		skopeo copy -q --all --preserve-digests --dest-tls-verify=false "oci:$DATA/up:$name" "docker://$REGISTRY/${name#*/}"
	done
}

setup() {
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/upstream.bash"
	cd "$BATS_TEST_TMPDIR"
	empty_home
}

teardown() {
	midway_stop
	[ -z "${OWN_PID-}" ] || registry_stop "$OWN_PID"
}

# become_fetch takes the place of the subshell, so that its pid is oci-fetch's.
become_fetch() { exec oci-fetch -o layout --platform linux/amd64 --mirror "docker.io=http://${MIDWAY:-$REGISTRY}" --mirror "quay.io=http://${MIDWAY:-$REGISTRY}" "$@"; }
fetch() { (become_fetch "$@"); }

digest_of() { upstream_digest "$DATA/up" "$1"; }

@test "fetches a list; skopeo reads every image of the layout back" {
	printf '# what we need\r\nmulti:1\n\nquay.io/a/small:2 # small\n' >images.list
	run --separate-stderr fetch -f images.list
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 2 ]
	[ "$(cut -f1,2,4 <<<"${lines[0]}")" = "$(printf 'docker.io/library/multi:1\t%s\tnew' "$(digest_of docker.io/library/multi:1)")" ]
	[ "$(cut -f1,2,4 <<<"${lines[1]}")" = "$(printf 'quay.io/a/small:2\t%s\tnew' "$(digest_of quay.io/a/small:2)")" ]
	[[ $stderr == *"plan: 2 images for linux/amd64"* ]]
	check_blobs layout
	[ ! -e layout/blobs/.partial ]
	skopeo copy -q --override-arch amd64 oci:layout:docker.io/library/multi:1 dir:one
	skopeo copy -q oci:layout:quay.io/a/small:2 dir:two
}

@test "a second run costs one HEAD for each tag and changes nothing" {
	midway_start
	fetch -q multi:1 quay.io/a/small:2
	cp -a layout before
	: >log
	run --separate-stderr fetch multi:1 quay.io/a/small:2
	[ "$status" = 0 ]
	[ "$(cut -f4 <<<"$output" | sort -u)" = kept ]
	[ "$(grep -v 'GET /v2/ ' log | cut -d' ' -f1 | sort | uniq -c | xargs)" = '2 HEAD' ]
	diff -r before layout
	[ "$(stat -c %Y:%i before/index.json | cut -d: -f1)" = "$(stat -c %Y layout/index.json)" ]
}

@test "a registry that gives no lengths is asked no more than others" {
	midway_start
	echo '. nolength' >rules
	fetch -q multi:1
	: >log
	fetch -q multi:1
	[ "$(grep -v 'GET /v2/ ' log | cut -d' ' -f1,2)" = 'HEAD /v2/library/multi/manifests/1' ]
}

@test "an index keeps its bytes when some of its platforms are fetched, and more can be added" {
	fetch -q multi:1
	[ "$(find layout/blobs/sha256 -type f | wc -l)" = 5 ]
	run --separate-stderr fetch --platform all multi:1
	[ "$status" = 0 ]
	[ "$(cut -f2,4 <<<"$output")" = "$(printf '%s\tnew' "$(digest_of docker.io/library/multi:1)")" ]
	[ "$(find layout/blobs/sha256 -type f | wc -l)" = 8 ]
	skopeo copy -q --override-arch arm64 oci:layout:docker.io/library/multi:1 dir:arm
}

@test "what one image lacks does not stop the others, and is listed once more with its line" {
	printf 'multi:1\nnosuch:3\nBad//name\nonlyarm:1\nquay.io/a/small:2 platform=any\nsingle:1 platform=some\n' >images.list
	run --separate-stderr fetch -f images.list
	[ "$status" = 1 ]
	[ "$(cut -f1 <<<"$output" | xargs)" = 'docker.io/library/multi:1 quay.io/a/small:2' ]
	end=${stderr#*oci-fetch: }
	[[ $end == "4 of 6 failed:"* ]]
	[[ $end == *"images.list:2: nosuch:3: "*"404"* ]]
	[[ $end == *'images.list:3: Bad//name: "Bad//name": not an image reference: malformed repository'* ]]
	[[ $end == *"images.list:4: onlyarm:1: no image for linux/amd64; it has linux/arm64 "* ]]
	[[ $end == *'images.list:6: single:1 platform=some: "platform=some" behind the name; only platform=any may stand there'* ]]
	[ "$(jq '.manifests | length' layout/index.json)" = 2 ]
}

@test "a platform that an index lacks is an error naming those it has; platform=any takes what there is" {
	run --separate-stderr fetch --platform linux/s390x multi:1
	[ "$status" = 1 ]
	[[ $stderr == *"multi:1: no image for linux/s390x; it has linux/amd64, linux/arm64 "* ]]
	echo 'onlyarm:1 platform=any' | fetch -q -
}

@test "name:tag@digest stands under both names; a digest alone under its own" {
	local digest

	digest=$(digest_of docker.io/library/multi:1)
	run --separate-stderr fetch "multi:other@$digest" "single@$(digest_of docker.io/library/single:1)"
	[ "$status" = 0 ]
	[ "$(cut -f1 <<<"$output" | head -2 | xargs)" = "docker.io/library/multi:other docker.io/library/multi@$digest" ]
	[ "$(jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' layout/index.json | wc -l)" = 3 ]
}

@test "a name is reported once, however many lines lead to it" {
	local digest

	digest=$(digest_of docker.io/library/multi:1)
	printf 'multi:a@%s\nmulti@%s\nonlyarm:1\nlibrary/onlyarm:1 platform=any\nmulti:b@%s\n' "$digest" "$digest" "$digest" >images.list
	run --separate-stderr fetch -f images.list
	[ "$status" = 0 ]
	[ "$(cut -f1 <<<"$output" | sed 's/@.*/@/' | xargs)" = \
		'docker.io/library/multi:a docker.io/library/multi@ docker.io/library/onlyarm:1 docker.io/library/multi:b' ]
}

@test "an older variant of a CPU serves a newer one, and never the other way round" {
	fetch -q --platform linux/amd64/v3,linux/arm64/v9 multi:1
	run --separate-stderr fetch -q --platform linux/arm/v7 multi:1
	[ "$status" = 1 ]
	[[ $stderr == *"no image for linux/arm/v7; it has linux/amd64, linux/arm64 "* ]]
}

@test "two lines that give one name to two images are an error naming both" {
	local a b

	a=$(digest_of docker.io/library/multi:1) b=$(digest_of docker.io/library/single:1)
	printf 'multi:x@%s\nmulti:x@%s\n' "$a" "$b" >images.list
	run --separate-stderr fetch -f images.list
	[ "$status" = 1 ]
	[[ $stderr == *"images.list:2: multi:x@$b: docker.io/library/multi:x would be $b here and $a by images.list:1: multi:x@$a"* ]]
}

@test "--dry-run prints the plan, in JSON too, and writes nothing" {
	run --separate-stderr fetch --dry-run --json multi:1
	[ "$status" = 0 ]
	[ ! -e layout ]
	[ "$(jq -r 'select(.name).state' <<<"$output")" = new ]
	jq -es 'map(select(.plan))[0] | .images == 1 and .manifest_pulls == 2 and .blobs_to_fetch == 3 and .bytes_free > 0 and .bytes_to_fetch > 2500000' <<<"$output"
	fetch -q multi:1
	run --separate-stderr fetch --dry-run --json multi:1
	jq -es 'map(select(.plan))[0] | .manifest_pulls == 0 and .blobs_to_fetch == 0' <<<"$output"
}

@test "--map fetches from src and names by dest" {
	printf -- '- src: docker.io/library/multi\n  dest: quay.io/renamed/it\n' >map.yaml
	run --separate-stderr fetch --map map.yaml quay.io/renamed/it:1
	[ "$status" = 0 ]
	[ "$(cut -f1,2 <<<"$output")" = "$(printf 'quay.io/renamed/it:1\t%s' "$(digest_of docker.io/library/multi:1)")" ]
	printf -- '- src: docker.io/library/multi\n  dest: quay.io/x/y\n- src: docker.io/library/single\n  dest: quay.io/x/y\n' >map.yaml
	run --separate-stderr fetch --map map.yaml quay.io/x/y:1
	[ "$status" = 1 ]
	[[ $stderr == *"quay.io/x/y"* ]]
}

@test "usage errors exit 2 in two lines" {
	run --separate-stderr oci-fetch multi:1
	[ "$status" = 2 ]
	[ "${stderr_lines[0]}" = 'oci-fetch: no layout given: -o DIR says where the images go' ]
	[ "${#stderr_lines[@]}" = 2 ]
	run --separate-stderr oci-fetch -o l --locked multi:1
	[ "$status" = 2 ]
	[[ $stderr == *"--locked needs --lock FILE"* ]]
	run --separate-stderr oci-fetch -o l --mirror docker.io=ftp://mirror multi:1
	[ "$status" = 2 ]
	[ "${stderr_lines[0]}" = 'oci-fetch: --mirror docker.io=ftp://mirror: mirror of docker.io: ftp://mirror: only http and https URLs are fetched' ]
	run --separate-stderr oci-fetch -o l --mirror docker.io=one.example --mirror docker.io=two.example multi:1
	[ "$status" = 2 ]
	[ "${stderr_lines[0]}" = 'oci-fetch: --mirror docker.io=two.example: docker.io has another one already' ]
	run --separate-stderr oci-fetch -o l --from docker://quay.io multi:1
	[ "$status" = 2 ]
	[ ! -e l ]
}

@test "killed in the middle, a second run ends in the same bytes and fetches nothing twice" {
	local pid before after

	midway_start
	printf 'GET.*/blobs/ slow=600000\n' >rules
	become_fetch -q multi:1 quay.io/a/small:2 3>&- &
	pid=$!
	while [ "$(du -sb layout/blobs/.partial 2>/dev/null | cut -f1)0" -lt 8000000 ]; do sleep 0.05; done
	kill -9 "$pid"

	wait "$pid" || true
	rm rules
	[ ! -e layout/index.json ]
	before=$(find layout/blobs -type f ! -name '*.partial' -printf '%s\n' | awk '{ s += $1 } END { print s }')
	sleep 0.3
	: >log
	run --separate-stderr fetch multi:1 quay.io/a/small:2
	[ "$status" = 0 ]
	[[ $stderr == *"are here already)"* ]]
	unset MIDWAY
	fetch -q -o once multi:1 quay.io/a/small:2
	diff -r once layout
	after=$(grep -v HEAD log | awk '$2 != "/v2/" { s += $4 } END { print s }')
	[ $((before + after)) -le $(($(find layout/blobs -type f -printf '%s\n' | awk '{ s += $1 } END { print s }') + 65536)) ]
	run ! grep 'GET.*/manifests/' log
}

@test "what came in small pieces is not fetched again either" {
	local pid size=0

	midway_start
	echo 'GET.*/blobs/ slow=60000' >rules
	become_fetch -q single:1 3>&- &
	pid=$!
	while [ "$size" = 0 ]; do
		sleep 0.1
		size=$(find layout/blobs/.partial -type f -size +5k -printf '%s\n' 2>/dev/null | head -1)
		size=${size:-0}
	done
	kill -9 "$pid"
	wait "$pid" || true
	[ "$size" -lt 200000 ]
	size=$(find layout/blobs/.partial -type f -size +5k -printf '%s\n' | sort | head -1)
	rm rules
	sleep 0.3
	: >log
	fetch -q single:1
	grep -q " bytes=$size-\$" log
}

@test "a body that breaks off is continued, one with a wrong bit is fetched again or never gets a name" {
	midway_start
	printf 'GET.*/blobs/ cut=50000 3\n' >rules
	fetch -q multi:1
	check_blobs layout
	rm -rf layout
	printf 'GET.*/blobs/ flip\n' >rules
	run --separate-stderr fetch multi:1 quay.io/a/small:2
	[ "$status" = 1 ]
	[[ $stderr == *"digest is sha256:"*", expected sha256:"* ]]
	[ "$(jq -c .manifests layout/index.json)" = '[]' ]
	check_blobs layout
	rm rules
	fetch -q multi:1 quay.io/a/small:2
	check_blobs layout
}

@test "HTML instead of a manifest, another digest, a manifest of 1 GB: one line each, the other images complete" {
	midway_start
	printf 'library/multi/manifests html\nlibrary/single/manifests/sha256 wrong\nlibrary/onlyarm/manifests big=1000\n' >rules
	/usr/bin/env time -f '%M' -o peak "$(command -v oci-fetch)" -o layout --platform linux/amd64 --mirror "docker.io=http://$MIDWAY" --mirror "quay.io=http://$MIDWAY" \
		multi:1 "single@$(digest_of docker.io/library/multi:1)" onlyarm:1 quay.io/a/small:2 >out 2>err && false
	cat err
	[ "$(cut -f1 out)" = quay.io/a/small:2 ]
	grep -q '^  multi:1: .*HTML\|^  multi:1: .*html' err
	grep -q '^  single@sha256:' err
	grep -q '^  onlyarm:1: ' err
	# A sanitizer needs memory of its own.
	case ${KUBECRATE_BUILD-} in *-asan | *-tsan | *-valgrind) ;; *) [ "$(tail -1 peak)" -lt 64000 ] ;; esac
	[ "$(awk '/onlyarm/ { s += $4 } END { print s + 0 }' log)" -lt 100000000 ]
}

@test "malformed, deeply nested and outdated manifests are refused with their reason" {
	midway_start
	python3 -c 'print("[" * 100000)' >deep
	echo '{"schemaVersion":2,"manif' >short
	echo '{"schemaVersion":1,"fsLayers":[]}' >schema1
	echo '{"schemaVersion":2,"mediaType":"application/vnd.oci.artifact.manifest.v1+json","blobs":[]}' >artifact
	for f in deep short schema1 artifact; do
		printf 'GET.*library/%s/ body=%s\nHEAD.*library/%s/ body=%s\n' $f $f $f $f
		echo "$f:1"
	done >all
	grep body= all >rules
	grep -v body= all >images.list
	run --separate-stderr fetch -f images.list quay.io/a/small:2
	[ "$status" = 1 ]
	[ "$(cut -f1 <<<"$output")" = quay.io/a/small:2 ]
	[[ $stderr == *"images.list:1: deep:1: "*"4 of 5 failed:"* ]]
	[[ $stderr == *"images.list:3: schema1:1: "*"Docker schema1 manifest"*"convert it"* ]]
	[[ $stderr == *"images.list:4: artifact:1: "*"application/vnd.oci.artifact.manifest.v1+json"* ]]
}

@test "--lock notes names, indexes and their manifests; --locked fetches them though a tag moved" {
	local name=moving:1

	skopeo copy -q --all --preserve-digests --dest-tls-verify=false "oci:$DATA/up:docker.io/library/multi:1" "docker://$REGISTRY/library/$name"
	fetch -q --lock images.lock $name
	grep -qx "docker.io/library/moving:1 $(digest_of docker.io/library/multi:1)" images.lock
	[ "$(grep -c '^docker.io/library/moving@\(sha256:[0-9a-f]*\) \1$' images.lock)" = 1 ]
	sort -c images.lock
	skopeo copy -q --all --preserve-digests --dest-tls-verify=false "oci:$DATA/up:docker.io/library/single:1" "docker://$REGISTRY/library/$name"
	run --separate-stderr fetch -o again --lock images.lock --locked $name
	[ "$status" = 0 ]
	[ "$(cut -f2 <<<"$output")" = "$(digest_of docker.io/library/multi:1)" ]
	[[ $stderr == *"warning: moving:1: its tag has moved from $(digest_of docker.io/library/multi:1) to $(digest_of docker.io/library/single:1); the locked one is fetched"* ]]
	diff -r layout again
	run --separate-stderr fetch -o third --lock images.lock --locked --tags-must-match $name quay.io/a/small:2
	[ "$status" = 1 ]
	[[ $stderr == *"moving:1: its tag has moved from"* ]]
	[[ $stderr == *"quay.io/a/small:2: quay.io/a/small:2 is not in images.lock; fetch without --locked to lock it"* ]]
}

@test "a disk that is too small is refused at once, saying how much is missing; a full one leaves nothing half" {
	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	mkdir disk
	mount -t tmpfs -o size=1m tmpfs disk
	run --separate-stderr fetch -o disk/layout multi:1
	umount disk
	[ "$status" = 1 ]
	[[ $stderr == *"disk/layout: the images need 2.9 MB and its file system has "*" free: "*" MB are missing; nothing was fetched"* ]]
	mount -t tmpfs -o size=8m,nr_inodes=9 tmpfs disk
	run --separate-stderr fetch -o disk/layout multi:1 quay.io/a/small:2
	umount disk
	[ "$status" = 1 ]
	[[ $stderr == *"No space left on device"* ]]
}

@test "a read-only folder, a folder that is no layout, one of another version: refused, untouched" {
	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	mkdir ro other version
	mount -t tmpfs -o ro tmpfs ro
	run --separate-stderr fetch -o ro/layout multi:1
	umount ro
	[ "$status" = 1 ]
	[[ $stderr == *"ro/layout: Read-only file system"* ]]
	echo mine >other/letter
	run --separate-stderr fetch -o other multi:1
	[ "$status" = 1 ]
	[[ $stderr == *"other: not an OCI layout"* ]]
	[ "$(ls other)" = letter ]
	fetch -q -o version multi:1
	echo '{"imageLayoutVersion":"2.0.0"}' >version/oci-layout
	cp -a version before
	run --separate-stderr fetch -o version quay.io/a/small:2
	[ "$status" = 1 ]
	[[ $stderr == *"version: OCI layout version 2.0.0; this tool knows 1.0.0"* ]]
	diff -r before version
}

@test "two runs on one layout take turns" {
	local pid

	midway_start
	printf 'GET.*/blobs/ slow=1500000\n' >rules
	become_fetch -q multi:1 3>&- &
	pid=$!
	while [ ! -e layout/blobs/.partial ]; do sleep 0.02; done
	run --separate-stderr fetch quay.io/a/small:2
	wait "$pid"
	[ "$status" = 0 ]
	[[ $stderr == *"layout: another run is working on it; waiting"* ]]
	[ "$(jq '.manifests | length' layout/index.json)" = 2 ]
}

@test "--from selects from another layout, whole or by name, by hard links" {
	run --separate-stderr oci-fetch -o all --from "oci:$DATA/up" --platform all
	[ "$status" = 0 ]
	[ "$(wc -l <<<"$output")" = 4 ]
	diff "$DATA/up/blobs/sha256/$(digest_of docker.io/library/multi:1 | cut -d: -f2)" all/blobs/sha256/
	fetch -q -o some --from "oci:$DATA/up" quay.io/a/small:2
	[ "$(jq '.manifests | length' some/index.json)" = 1 ]
	run --separate-stderr fetch -o some --from "oci:$DATA/up" nosuch:1
	[ "$status" = 1 ]
	[[ $stderr == *"nosuch:1: "* ]]
}

@test "--from several sources takes each name where it is" {
	fetch -q -o first --from "oci:$DATA/up" quay.io/a/small:2
	fetch -q -o second --from "oci:$DATA/up" multi:1
	fetch -q --from oci:first --from oci:second multi:1 quay.io/a/small:2
	[ "$(jq '.manifests | length' layout/index.json)" = 2 ]
	check_blobs layout
}

@test "--from a registry store links its files; from archives it reads; all give one layout" {
	fetch -q multi:1 quay.io/a/small:2
	oci-to-registry -i layout -o store >/dev/null
	oci-fetch -q -o stored --platform linux/amd64 --from registry:store multi:1 a/small:2
	# A store has no hosts, so what was of quay.io is of docker.io there.
	[ "$(jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' stored/index.json | xargs)" = 'docker.io/a/small:2 docker.io/library/multi:1' ]
	check_blobs stored
	[ "$(find stored/blobs/sha256 -type f -size +100k -links +1 | wc -l)" = "$(find stored/blobs/sha256 -type f -size +100k | wc -l)" ]
	run --separate-stderr oci-fetch -o whole --platform linux/amd64 --from registry:store
	[ "$status" = 0 ]
	[ "$(wc -l <<<"$output")" = 2 ]
	diff -r stored whole
	oci-to-archive -i layout --format oci -o all.tar
	oci-fetch -q -o archived --platform linux/amd64 --from oci-archive:all.tar multi:1 quay.io/a/small:2
	diff -r layout archived
}

@test "a dry run from a local source counts no pulls" {
	run --separate-stderr oci-fetch -o layout --json --dry-run --platform linux/amd64 --from "oci:$DATA/up" multi:1
	[ "$status" = 0 ]
	jq -es 'map(select(.plan))[0] | .manifest_pulls == 0 and .bytes_needed == 0' <<<"$output"
}
