#!/usr/bin/env bats
# bundle-seal: the seal of a folder, judged by sha256sum and jq.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir -p images/resources/registry images/none
	echo one >images/resources/registry/one; echo two >images/resources/two; ln -s two images/resources/link
	printf '# all\nnginx:1.19  # web\n\nredis:6\r\n' >images.list
}

@test "writes sums that sha256sum confirms, and says what the module is" {
	run --separate-stderr bundle-seal --version v1.2 --from images.list --licence MIT --licence Apache-2.0 kubespray-images images
	[ "$status" = 0 ]
	[ "$output" = $'kubespray-images\tv1.2\t2\t8' ]
	(cd images && sha256sum -c --quiet SHA256SUMS.d/kubespray-images)
	cut -c67- images/SHA256SUMS.d/kubespray-images >paths
	(cd images && find . -type f ! -path './SHA256SUMS.d/*' -printf '%P\n' | LC_ALL=C sort) | diff - paths
	jq -c '[.name, .version, .licences, .lists[0].name, .lists[0].lines, .counts, .whiteouts, .symlinks, .empty]' images/modules.d/kubespray-images.json >said
	diff - said <<-'END'
		["kubespray-images","v1.2",["MIT","Apache-2.0"],"images.list",["nginx:1.19","redis:6"],{"files":2,"folders":3,"links":1,"bytes":8},0,{"resources/link":"two"},["none"]]
	END
	[ "$(jq -r .lists[0].digest images/modules.d/kubespray-images.json)" = "sha256:$(sha256sum <images.list | cut -d' ' -f1)" ]
}

@test "seals again to the same bytes, and to new ones when something changed" {
	bundle-seal -q m images; cp -a images before
	bundle-seal -q m images
	diff -r before images
	echo three >images/three
	bundle-seal -q m images
	(cd images && sha256sum -c --quiet SHA256SUMS.d/m)
	grep -q ' three$' images/SHA256SUMS.d/m
}

@test "odd names stand in the sums as coreutils writes them" {
	touch images/"new
line" images/'back\slash' images/"$(printf 'latin\351')"
	bundle-seal -q m images
	(cd images && sha256sum -c --quiet SHA256SUMS.d/m)
	[ "$(wc -l <images/SHA256SUMS.d/m)" = 6 ]
}

@test "refuses what an image could not hold" {
	touch images/.wh.two
	run bundle-seal m images
	[ "$status" = 1 ]
	[ "$output" = 'bundle-seal: images: .wh.two: in an image this name would delete another file; rename it' ]
	rm images/.wh.two; mkfifo images/pipe
	run bundle-seal m images
	[ "$status" = 1 ]
	[[ $output == *'pipe: neither file, folder nor link; remove it' ]]
	rm images/pipe; bundle-seal -q other images
	run bundle-seal m images
	[ "$status" = 1 ]
	[[ $output == *'SHA256SUMS.d/other: of the seal of another module'* ]]
}

@test "wrong usage and wrong names" {
	run bundle-seal m
	[ "$status" = 2 ]
	[[ $output == 'bundle-seal: needs a NAME and a DIR'* ]]
	run bundle-seal 'A b' images
	[ "$status" = 1 ]
	[[ $output == 'bundle-seal: "A b" is no name of a module;'* ]]
	run bundle-seal m none/such
	[ "$status" = 1 ]
	[ "$output" = 'bundle-seal: none/such: no such folder' ]
	run bundle-seal --version
	[ "$status" = 0 ]
	[[ $output == 'bundle-seal (kubecrate) '* ]]
}

@test "killed and run again it ends in the same seal" {
	head -c 30000000 /dev/urandom >images/big
	bundle-seal -q m images; mkdir whole; mv images/SHA256SUMS.d images/modules.d whole/
	for ms in 002 005 010 020; do
		bundle-seal -q m images 3>&- &
		sleep 0.$ms
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
	done
	mkdir -p images/SHA256SUMS.d images/modules.d; touch images/SHA256SUMS.d/m.partial images/modules.d/m.json.partial
	bundle-seal -q m images
	cmp whole/SHA256SUMS.d/m images/SHA256SUMS.d/m
	cmp whole/modules.d/m.json images/modules.d/m.json
}
