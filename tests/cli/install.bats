#!/usr/bin/env bats
# make install: what a packager gets.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	[ "$KUBECRATE_BUILD" = "$KUBECRATE_TOP/build" ] || skip "only of the plain build"
	make -s -C "$KUBECRATE_TOP" install DESTDIR="$PWD/root" PREFIX=/usr
}

@test "every tool comes with its manual page, and mandoc has nothing against it" {
	for tool in "$KUBECRATE_BUILD"/bin/*; do
		tool=${tool##*/}
		[ -x "root/usr/bin/$tool" ]
		run mandoc -T lint -W warning "root/usr/share/man/man1/$tool.1"
		[ -z "$output" ]
		root/usr/bin/"$tool" --version | grep -q "^$tool (kubecrate) [0-9]"
	done
}

@test "a page names every option that --help names" {
	for tool in root/usr/bin/*; do
		"$tool" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u >options
		[ -s options ]
		man=$(mandoc -T utf8 "root/usr/share/man/man1/${tool##*/}.1" | col -b)
		while read -r option; do grep -qe "$option" <<<"$man"; done <options
	done
}

@test "another program builds against the library by pkg-config" {
	cat >user.c <<-'CODE'
		#include <image/ref.h>
		#include <stdio.h>
		int main(void)
		{
			struct oci_ref ref = { 0 };
			if (oci_ref_parse("nginx", &ref, NULL) < 0)
				return 1;
			puts(oci_ref_name(&ref));
			return 0;
		}
	CODE
	sed -i "s|^prefix=.*|prefix=$PWD/root/usr|" root/usr/lib/pkgconfig/liboci.pc
	export PKG_CONFIG_PATH=$PWD/root/usr/lib/pkgconfig
	# shellcheck disable=SC2046
	gcc user.c -o user $(pkg-config --cflags --libs liboci)
	[ "$(./user)" = docker.io/library/nginx:latest ]
}

@test "--version and --help go to stdout, and --help of each tool fits what it says it takes" {
	for tool in root/usr/bin/*; do
		run --separate-stderr "$tool" --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ "${lines[0]}" == "usage: ${tool##*/} "* ]]
	done
}

@test "every tool takes the common options, -j among them" {
	for tool in root/usr/bin/*; do
		run "$tool" -q -v --json --progress none -j 2 --no-such-option
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == "${tool##*/}: --no-such-option: no such option" ]]
		[ "$("$tool" --help | grep -c -- '-j, --jobs N')" = 1 ]
		run "$tool" -j 0
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *'--jobs: "0" is not a number from 1 up' ]]
	done
}

@test "a full stdout is a failure" {
	for tool in root/usr/bin/*; do
		run bash -c "'$tool' --version >/dev/full"
		[ "$status" -eq 1 ]
	done
}

@test "no line of --help is wider than a terminal of 100 columns" {
	for tool in "$KUBECRATE_BUILD"/bin/*; do
		run ! awk 'length($0) > 100 { print FILENAME ": " $0; found = 1 } END { exit !found }' <("$tool" --help)
	done
}

@test "each header stands by itself" {
	local header

	mkdir each
	while read -r header; do
		printf '#include <%s>\nint main(void) { return 0; }\n' "$header" >"each/${header//\//-}.c"
	done < <(cd root/usr/include/liboci && find . -name '*.h' -printf '%P\n')
	[ "$(find each -type f | wc -l)" -gt 100 ]
	gcc -D_GNU_SOURCE -Wall -Werror -fsyntax-only -Iroot/usr/include/liboci each/*.c
}
