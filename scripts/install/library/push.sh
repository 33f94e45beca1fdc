# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# push.sh: the package's images go to a registry the customer already has

push_images() {
	local args=() tool

	config_read
	[[ -n ${conf[default.push_registry]} ]] || fault "$config_file: push needs default.push_registry, such as harbor.example.com/k8s"
	[[ -d $package/resources/registry/docker ]] || fault "$package/resources/registry is not there; is the package whole?"
	faults_end "Correct these and run it again."
	state_begin
	# A package holds one CPU's part of each image, which registries refuse as an index of several.
	args=(-i "registry:$package/resources/registry" --to "${conf[default.push_registry]}" --flatten)
	[[ -z ${conf[default.push_map]} ]] || args+=(--map "${conf[default.push_map]}")
	[[ -z ${conf[default.push_ca]} ]] || args+=(--ca "${conf[default.push_ca]}")
	if ((dry_run)); then step "push the images to ${conf[default.push_registry]}" run oci-push "${args[@]}"; return; fi
	tool=$(tool oci-push) || exit 1
	push_login
	step "push the images to ${conf[default.push_registry]}" push_run "$tool" "${args[@]}"
}

# A line for each image goes to the log; what had arrived is not sent again by the next run.
push_run() {
	tool_run "$push_work/out" "$@" ${push_auth:+--authfile "$push_auth"} || die "oci-push failed: $(last_words "$(<"$push_work/out.words")")"
	log "$(<"$push_work/out")"
	step_note="$(cut -f1 "$push_work/out" | sort -u | wc -l) images"
}

# The login is a file that only root reads, in the form docker and podman keep it.
push_login() {
	push_auth='' push_work=$(mktemp -d /run/kubecrate-push.XXXXXX)
	trap 'rm -rf "$push_work"' EXIT
	[[ -n ${conf[default.push_username]} ]] || return 0
	push_auth=$push_work/auth.json
	(
		umask 077
		printf '{"auths":{"%s":{"auth":"%s"}}}\n' "${conf[default.push_registry]%%/*}" \
			"$(printf '%s:%s' "${conf[default.push_username]}" "${conf[default.push_password]}" | base64 -w0)" >"$push_auth"
	)
}
