# Starts Debian's docker-registry on a free port of the loopback address. Ports stand below those that the kernel gives to
# whoever asks for any.
# shellcheck shell=bash
declare -gA REGISTRY_DIRS # pid -> folder of its configuration and log

# registry_start STORE [YAML [CERTIFICATE KEY]]: serves the registry store in folder STORE; YAML is more configuration
# (such as auth:); with a certificate it speaks TLS. Sets REGISTRY (host:port), REGISTRY_PID and
# REGISTRY_LOG, which goes when the registry is stopped.
registry_start() {
	local store=$1 more=${2-} cert=${3-} key=${4-} dir try i url tls=''

	dir=$(mktemp -d "${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:-${TMPDIR:-/tmp}}}/registry.XXXXXX")
	REGISTRY_LOG=$dir/log
	[ -z "$cert" ] || tls=", tls: { certificate: \"$cert\", key: \"$key\" }"
	for ((try = 0; try < 20; try++)); do
		REGISTRY=127.0.0.1:$((RANDOM % 20000 + 12000))
		url=http${cert:+s}://$REGISTRY/v2/
		printf '%s\n' 'version: 0.1' 'log: { level: warn }' "storage: { filesystem: { rootdirectory: \"$store\" }, delete: { enabled: true } }" \
			"http: { addr: \"$REGISTRY\"$tls }" "$more" >"$dir/config.yml"
		docker-registry serve "$dir/config.yml" >"$REGISTRY_LOG" 2>&1 </dev/null 3>&- &
		REGISTRY_PID=$!
		# A port that someone else holds ends the server at once; a login that is wanted is an answer too.
		for ((i = 0; i < 100; i++)); do
			kill -0 "$REGISTRY_PID" 2>/dev/null || break
			curl -ksS -o /dev/null "$url" 2>/dev/null && kill -0 "$REGISTRY_PID" 2>/dev/null && REGISTRY_DIRS[$REGISTRY_PID]=$dir && return
			sleep 0.05
		done
		registry_stop "$REGISTRY_PID"
	done
	cat "$REGISTRY_LOG" >&2
	return 1
}

# registry_stop [PID]: the one started last when none is named.
# shellcheck disable=SC2120
registry_stop() {
	local pid=${1:-$REGISTRY_PID}

	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	[ -z "$pid" ] || rm -rf "${REGISTRY_DIRS[$pid]-}"
}
