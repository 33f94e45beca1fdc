#!/usr/bin/env bats
# file-fetch against nginx (the well-behaved server) and tests/lib/faulty.py (the other one).

bats_require_minimum_version 1.5.0

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/site
	mkdir -p "$SITE/www/release/v1/bin" "$SITE/nginx"
	printf '#!/bin/sh\necho tool\n' >"$SITE/www/release/v1/bin/tool"
	seq 600000 | head -c 3000000 >"$SITE/www/release/v1/big.tar.gz"
	cp /bin/true "$SITE/www/release/v1/bin/elf"
	(cd "$SITE/www/release/v1" && sha256sum big.tar.gz >big.tar.gz.sha256)
	start_nginx
	start_faulty
}

teardown_file() {
	kill "$NGINX_PID" "$FAULTY_PID"
}

start_nginx() {
	for _ in 1 2 3 4 5; do
		PORT=$((RANDOM % 20000 + 12000))
		printf '%s\n' "user root; daemon off; pid $SITE/nginx/pid; error_log $SITE/nginx/error.log;" 'events {}' \
			"http { access_log $SITE/nginx/access.log; client_body_temp_path $SITE/nginx; proxy_temp_path $SITE/nginx;" \
			"fastcgi_temp_path $SITE/nginx; uwsgi_temp_path $SITE/nginx; scgi_temp_path $SITE/nginx;" \
			"server { listen 127.0.0.1:$PORT; root $SITE/www; location /moved/ { rewrite ^/moved/(.*) /\$1 redirect; } } }" \
			>"$SITE/nginx.conf"
		nginx -e "$SITE/nginx/error.log" -c "$SITE/nginx.conf" 3>&- &
		export NGINX_PID=$! NGINX=127.0.0.1:$PORT
		for _ in $(seq 50); do
			kill -0 "$NGINX_PID" 2>/dev/null || break
			curl -s -o /dev/null "http://$NGINX/" && return
			sleep 0.1
		done
	done
	cat "$SITE/nginx/error.log" >&2
	return 1
}

start_faulty() {
	mkfifo "$SITE/port"
	python3 "$KUBECRATE_TOP/tests/lib/faulty.py" "$SITE/www/release/v1" "$SITE/faulty.log" >"$SITE/port" 3>&- &
	export FAULTY_PID=$!
	read -r PORT <"$SITE/port"
	export FAULTY=127.0.0.1:$PORT
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	SUM=$(sha256sum <"$SITE/www/release/v1/big.tar.gz" | cut -d' ' -f1)
}

@test "makes the tree HOST/PATH and lists it in SHA256SUMS" {
	run --separate-stderr file-fetch -o out "http://$NGINX/release/v1/bin/tool" "http://$NGINX/release/v1/big.tar.gz sha256:$SUM"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "$NGINX/release/v1/big.tar.gz	sha256:$SUM	3000000	new" ]
	cmp "out/$NGINX/release/v1/big.tar.gz" "$SITE/www/release/v1/big.tar.gz"
	(cd out && sha256sum --quiet -c SHA256SUMS)
	[ "$(stat -c %a "out/$NGINX/release/v1/bin/tool")" = 755 ]
	[ "$(stat -c %a "out/$NGINX/release/v1/big.tar.gz")" = 644 ]
}

@test "an ELF file gets the mode of a program" {
	file-fetch -q -o out "http://$NGINX/release/v1/bin/elf"
	[ "$(stat -c %a "out/$NGINX/release/v1/bin/elf")" = 755 ]
}

@test "a second run keeps everything and changes no byte" {
	printf 'http://%s/release/v1/big.tar.gz sha256:%s\r\n# comment\nhttp://%s/release/v1/bin/tool\n' "$NGINX" "$SUM" "$NGINX" >list
	file-fetch -q -o out -f list
	tar -cf before.tar out
	run --separate-stderr file-fetch -o out - <list
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == *kept && "${lines[1]}" == *kept ]]
	tar -cf after.tar out
	cmp before.tar after.tar
}

@test "two runs on one folder take turns" {
	local pid

	mkdir out
	flock out sleep 1 3>&- &
	pid=$!
	until ! flock -n out true; do sleep 0.05; done
	run file-fetch -o out "http://$NGINX/release/v1/bin/tool"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'out: another run is working on it; waiting' ]
	wait "$pid"
}

@test "list-gen's lines are its lines, and nothing is written beside the folder" {
	printf 'http://%s/release/v1/big.tar.gz\tsha256:%s\n' "$NGINX" "$SUM" >list
	TMPDIR=/no/such/folder HOME=/no/such/folder file-fetch -q -o out - <list
	[ "$(find . -type f | sort | paste -sd' ')" = "./list ./out/$NGINX/release/v1/big.tar.gz ./out/SHA256SUMS" ]
}

@test "a file that changed at the server is fetched again" {
	echo one >"$SITE/www/moving"
	file-fetch -q -o out "http://$NGINX/moving"
	sleep 1.1
	echo two >"$SITE/www/moving"
	run --separate-stderr file-fetch -o out "http://$NGINX/moving"
	[[ "$output" == *new ]]
	[ "$(cat "out/$NGINX/moving")" = two ]
}

@test "the wrong checksum: the file gets no name, the others stay" {
	bad=$(printf 'x' | sha256sum | cut -d' ' -f1)
	run --separate-stderr file-fetch -o out "http://$NGINX/release/v1/big.tar.gz sha256:$bad" "http://$NGINX/release/v1/bin/tool"
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"digest is sha256:$SUM, expected sha256:$bad"* ]]
	[ ! -e "out/$NGINX/release/v1/big.tar.gz" ]
	[ -e "out/$NGINX/release/v1/bin/tool" ]
}

@test "what was there survives a fetch that fails" {
	file-fetch -q -o out "http://$NGINX/release/v1/big.tar.gz sha256:$SUM"
	bad=$(printf 'x' | sha256sum | cut -d' ' -f1)
	run file-fetch -q -o out "http://$NGINX/release/v1/big.tar.gz sha256:$bad"
	[ "$status" -eq 1 ]
	file-fetch -q --verify out
}

@test "takes the checksum that the site publishes" {
	printf 'http://%s/ {url}.sha256\n' "$NGINX" >published-sums.list
	KUBECRATE_LISTS=$PWD run --separate-stderr file-fetch -v -o out "http://$NGINX/release/v1/big.tar.gz"
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"checksum from http://$NGINX/release/v1/big.tar.gz.sha256"* ]]
	[[ "$stderr" != *"without a known checksum"* ]]
}

# The tools for the deploy node from a site with the paths of all their sites, and sums in the form that each of them has.
tools_site() { # DIR LIST
	local url file dir sum

	while read -r url; do
		file=$1/${url#https://} dir=${1}/${url#https://}
		dir=${dir%/*}
		mkdir -p "$dir"
		echo "this is $url" >"$file"
		sum=$(sha256sum <"$file" | cut -d' ' -f1)
		case $url in
		https://dl.k8s.io/*) printf '%s' "$sum" >"$file.sha256" ;;
		*/cri-tools/*) echo "$sum" >"$file.sha256" ;;
		https://get.helm.sh/*) echo "$sum  ${url##*/}" >"$file.sha256sum" ;;
		*/yq/*) # rhash --bsd: many algorithms, and some are as long as SHA256
			for algorithm in CRC32 MD5 SHA3-256 GOST12-256 SHA256 SHA512; do
				case $algorithm in
				SHA256) echo "SHA256 (${url##*/}) = $sum" ;;
				SHA512) echo "SHA512 (${url##*/}) = $(sha512sum <"$file" | cut -d' ' -f1)" ;;
				*) echo "$algorithm (${url##*/}) = $(echo $algorithm | sha256sum | cut -d' ' -f1)" ;;
				esac
			done >"$dir/checksums-bsd" ;;
		*) printf '%s  %s\n%s  other.tar.gz\n' "$sum" "${url##*/}" "${sum//a/b}" >"$dir/SHA256SUMS" ;;
		esac
	done < <(grep -v '^#' "$2")
}

@test "the table of published checksums is read only when a line has none" {
	KUBECRATE_LISTS=$PWD/none run -0 file-fetch -q -o out "http://$NGINX/release/v1/big.tar.gz sha256:$SUM"
	KUBECRATE_LISTS=$PWD/none run -1 file-fetch -q -o out2 "http://$NGINX/release/v1/big.tar.gz"
	[[ $output == *none/published-sums.list* ]]
}

@test "each tool of the deploy node is checked against what its own site publishes" {
	lists=$KUBECRATE_TOP/lists
	tools_site "$SITE/www" "$lists/tools-amd64.list"
	KUBECRATE_LISTS=$lists run --separate-stderr file-fetch -v -o out --mirror "https://=http://$NGINX/" -f "$lists/tools-amd64.list"
	[ "$status" -eq 0 ]
	[[ "$stderr" != *"without a known checksum"* ]]
	[ "$(grep -c 'checksum from https://' <<<"$stderr")" = "$(grep -c '^https' "$lists/tools-amd64.list")" ]
	[[ "$stderr" == *"checksum from https://dl.k8s.io/"*"/kubectl.sha256"* ]]
	for file in kubectl helm yq_linux crictl etcd nerdctl; do # whatever the site changes without its sums is refused
		path=$(cd "$SITE/www" && find . -path "*$file*" -type f ! -name '*sum*' ! -name '*sha256*' ! -name SHA256SUMS | head -n 1)
		cp "$SITE/www/$path" kept
		echo more >>"$SITE/www/$path"
		rm -rf out
		KUBECRATE_LISTS=$lists run --separate-stderr file-fetch -o out --mirror "https://=http://$NGINX/" -f "$lists/tools-amd64.list"
		[ "$status" -eq 1 ]
		[[ "$stderr" == *"${path#./}"*"expected sha256:"* ]]
		[ ! -e "out/$path" ]
		[ "${#lines[@]}" -eq 5 ]
		mv kept "$SITE/www/$path"
	done
}

@test "a mirror is asked, and the path stays the URL's" {
	file-fetch -q -o out --mirror "https://dl.k8s.io/=http://$NGINX/" "https://dl.k8s.io/release/v1/big.tar.gz sha256:$SUM"
	[ -e out/dl.k8s.io/release/v1/big.tar.gz ]
}

@test "redirects are followed" {
	file-fetch -q -o out "http://$NGINX/moved/release/v1/big.tar.gz sha256:$SUM"
	cmp "out/$NGINX/moved/release/v1/big.tar.gz" "$SITE/www/release/v1/big.tar.gz"
}

@test "a line may name its own path, and one path from two URLs is an error naming both" {
	file-fetch -q -o out "http://$NGINX/release/v1/bin/tool > tools/tool"
	[ -x out/tools/tool ]
	run file-fetch -o out2 "http://$NGINX/release/v1/bin/tool > x" "http://$NGINX/release/v1/big.tar.gz > x"
	[ "$status" -eq 1 ]
	[[ "$output" == *"/bin/tool both become x"* ]]
	[ ! -e out2 ]
}

@test "a file of one line in the place of another's folder is an error naming both" {
	run file-fetch -o out "http://$NGINX/release/v1/bin/tool > a/x/y" "http://$NGINX/release/v1/big.tar.gz > a/x"
	[ "$status" -eq 1 ]
	[[ "$output" == *"a/x/y needs a folder where "*" has the file a/x;"* ]]
	[ ! -e out ]
}

@test "lock, then locked: the same bytes, and a changed file is refused" {
	echo first >"$SITE/www/pinned"
	file-fetch -q -o out --lock l "http://$NGINX/pinned"
	[ "$(cut -d' ' -f3 l)" = 6 ]
	file-fetch -q -o again --lock l --locked "http://$NGINX/pinned"
	echo second >"$SITE/www/pinned"
	run file-fetch -o third --lock l --locked "http://$NGINX/pinned"
	[ "$status" -eq 1 ]
	[[ "$output" == *expected* ]]
	run file-fetch -o third --lock l --locked "http://$NGINX/release/v1/bin/tool"
	[[ "$output" == *"is not in the lock l"* ]]
}

@test "--verify names changed, missing and extra files" {
	file-fetch -q -o out "http://$NGINX/release/v1/bin/tool" "http://$NGINX/release/v1/bin/elf" "http://$NGINX/release/v1/big.tar.gz"
	echo x >>"out/$NGINX/release/v1/bin/tool"
	rm "out/$NGINX/release/v1/bin/elf"
	echo x >"out/$NGINX/other"
	run --separate-stderr file-fetch --verify out
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "missing	$NGINX/release/v1/bin/elf" ]
	[ "${lines[1]}" = "changed	$NGINX/release/v1/bin/tool" ]
	[ "${lines[2]}" = "extra	$NGINX/other" ]
}

@test "a body that breaks off is resumed" {
	file-fetch -q -o out "http://$FAULTY/cut=1000000,once/big.tar.gz sha256:$SUM"
	cmp "out/$FAULTY/cut=1000000,once/big.tar.gz" "$SITE/www/release/v1/big.tar.gz"
}

@test "a killed run is taken up where it was" {
	url="http://$FAULTY/stall=2000000,once/big.tar.gz"
	file-fetch -q -o out "$url sha256:$SUM" &
	pid=$!
	for _ in $(seq 100); do
		[ "$(stat -c %s out/*/*/*.partial 2>/dev/null || echo 0)" -ge 1000000 ] && break
		sleep 0.1
	done
	kill -9 $pid
	file-fetch -q -o out "$url sha256:$SUM"
	cmp "out/$FAULTY/stall=2000000,once/big.tar.gz" "$SITE/www/release/v1/big.tar.gz"
	[[ "$(tail -n 1 "$SITE/faulty.log")" == *bytes=* ]]
}

@test "a login page instead of a file is an error" {
	run file-fetch -o out "http://$FAULTY/html/big.tar.gz"
	[ "$status" -eq 1 ]
	[[ "$output" == *HTML* || "$output" == *html* ]]
}

@test "file: is refused unless allowed, ftp: always" {
	echo local >here
	run file-fetch -o out "file://$PWD/here"
	[ "$status" -eq 1 ]
	[[ "$output" == *"--allow-file takes them"* ]]
	file-fetch -q -o out --allow-file "file://$PWD/here > here"
	[ "$(cat out/here)" = local ]
	for url in ftp://h/x sftp://h/x gopher://h/x data:text/plain,x dict://h/x s3://bucket/x javascript:x HTTP+unix://h/x file:x file://host/x; do
		run file-fetch -o out "$url"
		[ "$status" -eq 1 ]
		[[ "$output" == *"$url: only http:// and https:// URLs are fetched"* ]]
	done
	[ ! -e out/h ]
}

@test "malformed lines name their place" {
	for line in 'not-a-url' 'http://h/a sha256:12' 'http://h/a > ../up' 'http://h/' 'http://h/a?b=c' 'http://h/a sha256:00 x'; do
		echo "$line" >list
		run file-fetch -o out -f list
		[ "$status" -eq 1 ]
		[[ "$output" == "file-fetch: list:1: "* ]]
	done
	[ ! -e out ]
}

@test "wrong usage is exit 2 with a hint" {
	run file-fetch --no-such
	[ "$status" -eq 2 ]
	[ "${lines[1]}" = "Try 'file-fetch --help'." ]
	run file-fetch "http://h/a"
	[ "$status" -eq 2 ]
	run file-fetch -o out -j 0 "http://h/a"
	[ "$status" -eq 2 ]
}

@test "records as JSON lines" {
	file-fetch -q --json -o out "http://$NGINX/release/v1/bin/tool" | jq -e '.state == "new" and .bytes == 20'
}

@test "a full disk is one clear line" {
	mkdir small
	mount -t tmpfs -o size=1m tmpfs small
	run file-fetch -o small/out "http://$NGINX/release/v1/big.tar.gz sha256:$SUM"
	umount small
	[ "$status" -eq 1 ]
	[[ "$output" == *"No space left on device"* ]]
}

@test "without checksums, too, a killed run's finished files are not fetched again" {
	list="http://$FAULTY/ok/bin/elf
http://$FAULTY/stall=1500000,once/big.tar.gz"
	file-fetch -q -o out - <<<"$list" &
	pid=$!
	for _ in $(seq 100); do
		[ "$(stat -c %s out/*/stall=1500000*/*.partial 2>/dev/null || echo 0)" -ge 1000000 ] && [ -s out/.etags ] && break
		sleep 0.1
	done
	kill -9 $pid
	: >"$SITE/faulty.log"
	run -0 file-fetch -q -o out - <<<"$list"
	[[ "${lines[0]}" == "$FAULTY/ok/bin/elf	"*'	kept' ]]
	[[ "${lines[1]}" == *'	new' ]]
	[ "$(grep -c '"GET".*/bin/elf' "$SITE/faulty.log")" = 0 ]
	cmp "out/$FAULTY/stall=1500000,once/big.tar.gz" "$SITE/www/release/v1/big.tar.gz"
	file-fetch -q --verify out
}

@test "an escaped URL becomes the name that a server looks for" {
	echo plus >"$SITE/www/a+b c"
	run -0 file-fetch -q -o out "http://$NGINX/a%2Bb%20c"
	[[ "$output" == "$NGINX/a+b c	sha256:"* ]]
	cmp "out/$NGINX/a+b c" "$SITE/www/a+b c"
	file-fetch -q --verify out
	run file-fetch -o out "http://$NGINX/a%2Bb%20c" "http://$NGINX/a+b%20c"
	[ "$status" -eq 1 ]
	[[ "$output" == *"both become $NGINX/a+b c"* ]]
	for bad in %2e%2e/x a%00b a%0ab .; do
		run file-fetch -q -o other "http://$NGINX/$bad"
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	[ ! -e other ]
}

@test "the tree's own records are no names for files" {
	for name in SHA256SUMS .etags; do
		run file-fetch -o out "http://$NGINX/release/v1/bin/tool > $name"
		[ "$status" -eq 1 ]
		[[ "$output" == *"$name: the tree keeps its own records there"* ]]
	done
}

@test "modes are the same under every umask, and mended when files are kept" {
	(umask 077 && file-fetch -q -o out "http://$NGINX/release/v1/bin/tool" "http://$NGINX/release/v1/big.tar.gz")
	modes=$(find out -mindepth 1 -printf '%m %P\n' | sort)
	[ -z "$(find out -type d ! -perm 755)" ]
	[ -z "$(find out -type f ! -name tool ! -perm 644)" ]
	[ "$(stat -c %a "out/$NGINX/release/v1/bin/tool")" = 755 ]
	chmod 600 "out/$NGINX/release/v1/bin/tool" "out/$NGINX/release/v1/big.tar.gz"
	file-fetch -q -o out "http://$NGINX/release/v1/bin/tool" "http://$NGINX/release/v1/big.tar.gz"
	[ "$(find out -mindepth 1 -printf '%m %P\n' | sort)" = "$modes" ]
}

@test "--checksum-file takes the forms of GNU and BSD, many algorithms, ./ and capitals" {
	(cd "$SITE/www/release/v1" && sha256sum --tag ./bin/tool && md5sum --tag ./bin/tool && sha512sum bin/elf | sed 's,  .*/,  *,; s,  \*, *,' && sha256sum big.tar.gz | awk '{ print toupper($1) "  " $2 }') >sums
	sed -i 's,(./bin/tool),(./'"$NGINX"'/release/v1/bin/tool),' sums
	run -0 --separate-stderr file-fetch -o out --checksum-file sums "http://$NGINX/release/v1/bin/"{tool,elf} "http://$NGINX/release/v1/big.tar.gz"
	[[ "$stderr" != *'without a known checksum'* ]]
	sed -i 's/= ../= 00/; s/^[0-9a-fA-F][0-9a-fA-F]/00/' sums
	run file-fetch -q -o other --checksum-file sums "http://$NGINX/release/v1/bin/"{tool,elf} "http://$NGINX/release/v1/big.tar.gz"
	[ "$status" -eq 1 ]
	[[ "$output" == *'3 of 3 failed'* ]]
}

@test "a locked file is the lock's, though the list has a sum by another algorithm" {
	line="http://$NGINX/release/v1/bin/tool sha512:$(sha512sum <"$SITE/www/release/v1/bin/tool" | cut -d' ' -f1)"
	file-fetch -q -o out --lock lock "$line"
	file-fetch -q -o out --lock lock --locked "$line"
	sed -i 's/sha256:..../sha256:0000/' lock
	run file-fetch -q -o other --lock lock --locked "$line"
	[ "$status" -eq 1 ]
	[[ "$output" == *'expected sha256:0000'* ]]
	[ ! -e "other/$NGINX/release/v1/bin/tool" ]
}

@test "--verify goes on where a folder or a link stands in a file's place" {
	file-fetch -q -o out "http://$NGINX/release/v1/bin/"{tool,elf}
	mv "out/$NGINX/release/v1/bin/elf" aside
	ln -s "$PWD/aside" "out/$NGINX/release/v1/bin/elf"
	rm "out/$NGINX/release/v1/bin/tool"
	mkdir "out/$NGINX/release/v1/bin/tool"
	run --separate-stderr file-fetch --verify out
	[ "$status" -eq 1 ]
	[ "$output" = "changed	$NGINX/release/v1/bin/elf
changed	$NGINX/release/v1/bin/tool" ]
}
