# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# health.sh: do the servers answer, as a node would ask them?

health_check() {
	((dry_run)) && return 0
	health_files
	health_registry
	health_read_only
	health_images
}

# A server that has just been started gets ten seconds.
fetch() {
	local i out=''

	for ((i = 0; i < 50; i++)); do
		out=$(curl -sS --noproxy '*' -m 20 "$@" 2>&1) && { printf '%s' "$out"; return 0; }
		[[ $out == *refused* || $out == *"curl: (7)"* || $out == *" 502"* ]] || break
		sleep 0.2
	done
	printf '%s' "$out"
	return 1
}

health_files() {
	local out

	out=$(fetch -f -o /dev/null "http://$ip:$http_port/repos/") || die "http://$ip:$http_port/ does not answer: $out"
}

registry_curl=()
health_registry() {
	local out

	registry_curl=(--resolve "$domain:$https_port:$ip")
	# Without a CA of ours the node's own list must do, which is what the others will go by.
	[[ ! -s $state/tls/ca.crt ]] || registry_curl+=(--cacert "$state/tls/ca.crt")
	out=$(fetch -f -o /dev/null "${registry_curl[@]}" "https://$domain:$https_port/v2/") || die "https://$domain:$https_port/v2/ does not answer: $out"
}

health_read_only() {
	local code

	code=$(fetch -o /dev/null -w '%{http_code}' -X POST "${registry_curl[@]}" "https://$domain:$https_port/v2/library/none/blobs/uploads/") || true
	[[ $code == 403 ]] || die "pushing through port $https_port is not refused (status $code)"
}

# Every tag of the package is asked for, many over one connection.
health_images() {
	local bad count

	health_tags >"$state/health.urls"
	count=$(grep -c ^url "$state/health.urls") || true
	((count)) || die "the package's registry store holds no image"
	bad=$(curl -s --noproxy '*' -m 300 "${registry_curl[@]}" -I -w '%{http_code} %{url_effective}\n' -K "$state/health.urls" | awk '/^[0-9][0-9][0-9] https/ && $1 != 200') || true
	rm -f "$state/health.urls"
	[[ -z $bad ]] || die "$(wc -l <<<"$bad") of $count images are not served: $(head -n 3 <<<"$bad" | tr '\n' ' ')"
	step_note="$count images served"
}

health_tags() {
	local root=$package/resources/registry/docker/registry/v2/repositories tag repo

	echo 'header = "Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"'
	while read -r tag; do
		repo=${tag%/_manifests/tags/*} tag=${tag##*/}
		printf 'url = "https://%s:%s/v2/%s/manifests/%s"\noutput = /dev/null\n' "$domain" "$https_port" "$repo" "$tag"
	done < <(find "$root" -mindepth 4 -type d -path '*/_manifests/tags/*' ! -name index ! -name current ! -path '*/index/*' -printf '%P\n')
}
