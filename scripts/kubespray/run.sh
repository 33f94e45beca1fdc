#!/usr/bin/env bash
# run.sh: the cluster, step by step, inside the kubespray image; what is done is written down and not done again
#
# /kubecrate/config   inventory.yaml, env.yml, ca.crt, id (from install.sh)
# /kubecrate/state    done/, log/, offline.yml, ssh/ (kept between runs)
# /kubecrate          this script, playbooks/ and roles/ of our own
# /kubespray          kubespray's own tree, unchanged
set -uo pipefail

home=${KUBECRATE_HOME:-/kubecrate}
kubespray=${KUBESPRAY:-/kubespray}
config=$home/config state=$home/state
export PATH=$home/tools/bin:$PATH ANSIBLE_CONFIG=$home/ansible.cfg ANSIBLE_FORCE_COLOR=0 PYTHONUNBUFFERED=1

usage() {
	cat <<-'EOF'
		Usage: run.sh deploy-cluster [--from STEP]
		       run.sh add-node NODE,... [--from STEP]
		       run.sh remove-node NODE,... [--dead]
		       run.sh remove-cluster
		       run.sh steps

		STEP is the number or the name of a playbook (03, 03-cluster-kubernetes). --dead: the nodes are not asked any more.
	EOF
}

die() {
	printf 'run.sh: %s\n' "$*" >&2
	exit 1
}

usage_error() {
	printf 'run.sh: %s\nTry: run.sh --help\n' "$*" >&2
	exit 2
}

# grep -q would close the pipe early, and the writer's death would count as a failure.
finds() { grep "$@" >/dev/null; }

steps_of() {
	case $1 in
	deploy-cluster) find "$home/playbooks" -name '0[0-9]-*.yml' -printf '%f\n' | sort ;;
	add-node) printf '%s\n' 00-default-ssh-config.yml 01-cluster-bootstrap-os.yml 10-scale-nodes.yml ;;
	remove-node) echo 20-remove-nodes.yml ;;
	remove-cluster) echo 21-remove-cluster.yml ;;
	esac
}

# Another inventory, other variables, another CA, other nodes or another kubespray make it another piece of work.
fingerprint() {
	{
		cat "$config/inventory.yaml" "$config/env.yml" "$config/ca.crt" "$state/offline.yml" 2>/dev/null
		find "$home/playbooks" "$home/roles" "$kubespray/roles"/kubespray*defaults -type f -exec sha256sum {} + 2>/dev/null | sort
		echo "$*"
	} | sha256sum | cut -c 1-16
}

# offline.yml points this very kubespray release at the package's servers.
offline_variables() {
	local url registry

	url=$(sed -n 's/^offline_resources_url: "\(.*\)"$/\1/p' "$config/env.yml")
	registry=$(sed -n 's/^registry_host: "\(.*\)"$/\1/p' "$config/env.yml")
	if grep -q '^offline_resources_enabled: false' "$config/env.yml"; then
		echo '---' >"$state/offline.yml"
		return
	fi
	command -v list-gen >/dev/null || die "list-gen is not in this image, so offline.yml cannot be made; build the image with the tools"
	list-gen offline-vars --kubespray "$kubespray" --files-url "$url/files" --registry "$registry" >"$state/offline.yml.new" ||
		die "list-gen could not make offline.yml"
	mv "$state/offline.yml.new" "$state/offline.yml"
}

playbook() {
	local step=$1 log=$state/log/${1%.yml}.log rc=0
	shift

	ansible-playbook -i "$config/inventory.yaml" -e "@$state/offline.yml" -e "@$config/env.yml" \
		-e "kubecrate_home=$home" "$@" "$home/playbooks/$step" 2>&1 | playbook_follow "$log.now" || rc=$?
	cat "$log.now" >>"$log"
	((rc == 0)) || blame "$log.now"
	rm -f "$log.now"
	return "$rc"
}

# playbook_follow LOG: everything goes there; which part is at work is seen as well
playbook_follow() {
	local line play

	while IFS= read -r line; do
		printf '%s\n' "$line" >&3
		[[ $line == 'PLAY ['* ]] || continue
		play=${line#PLAY [}
		echo "➜   ${play%%]*}"
	done 3>"$1"
}

# blame LOG: which task failed on which node, and in which words
blame() {
	awk '
		/^TASK \[|^PLAY \[/ { task = $0; sub(/ \**$/, "", task) }
		/^fatal: |^failed: / { print "  " task; print "  " substr($0, 1, 600) }
		/^ERROR!/ { print "  " $0 }' "$1"
	grep -qE '(UNREACHABLE!|^fatal|^failed|^ERROR)' "$1" || tail -n 15 "$1"
	if grep -q 'UNREACHABLE!' "$1"; then
		sed -n 's/^fatal: \[\([^]]*\)\]: UNREACHABLE!.*/\1/p' "$1" | sort -u | while read -r node; do
			echo "  node $node cannot be reached over ssh; $(blame_ssh "$1" "$node")"
		done
	fi
}

blame_ssh() {
	if grep "^fatal: \[$2\]: UNREACHABLE!" "$1" | finds 'IDENTIFICATION HAS CHANGED'; then
		echo "it shows another host key than before: if it was installed anew, forget it by install.sh remove-node $2 --dead"
	else
		echo 'is it up, are address, user and password right?'
	fi
}

# run_steps ACTION FROM [ansible option...]
run_steps() {
	local action=$1 from=$2 print step begun=0 all=0
	shift 2
	print=$(fingerprint "$@") done=$state/done/$action
	mkdir -p "$done" "$state/log"
	[[ -z $from ]] || steps_of "$action" | finds "^$from" || usage_error "there is no step $from; the steps are: $(steps_of "$action" | tr '\n' ' ')"
	while read -r step; do
		[[ -z $from || $step == "$from"* ]] && begun=1
		((begun)) || { echo "➜ $step: left out (--from $from)"; continue; }
		if [[ -z $from && -f $done/$step && $(<"$done/$step") == "$print" ]]; then
			echo "✔ $step: done before"
			continue
		fi
		all=1
		run_step "$step" "$@" </dev/null || exit 1
		echo "$print" >"$done/$step"
	done < <(steps_of "$action")
	# A node may leave and come back: only the cluster as a whole stays done.
	[[ $action == deploy-cluster ]] || rm -rf "$done"
	((all)) || echo "✔ every step was done before; --from 00 does them again"
}

run_step() {
	local step=$1 start=$SECONDS

	echo "➜ $step"
	if playbook "$@"; then
		echo "✔ $step ($((SECONDS - start)) s)"
	else
		echo "✖ $step; log: log/${step%.yml}.log"
		return 1
	fi
}

# The limit of a node that joins or leaves holds the control plane too: its facts are needed.
limit_of() { echo "kube_control_plane:etcd:${1//,/:}"; }

main() {
	local action=${1:-} nodes='' from='' dead=()

	shift
	while (($#)); do
		case $1 in
		--from) from=${2:-}; [[ -n $from ]] || usage_error "--from wants a step"; shift ;;
		--dead) dead=(-e reset_nodes=false -e allow_ungraceful_removal=true) ;;
		-*) usage_error "unknown option $1" ;;
		*) nodes=$1 ;;
		esac
		shift
	done
	case $action in
	-h | --help | '') usage; exit 0 ;;
	steps) for action in deploy-cluster add-node remove-node remove-cluster; do steps_of "$action" | sed "s/^/$action	/"; done; exit 0 ;;
	add-node | remove-node) [[ -n $nodes ]] || usage_error "$action wants NODE,..." ;;
	deploy-cluster | remove-cluster) ;;
	*) usage_error "unknown action $action" ;;
	esac
	[[ -r $config/inventory.yaml && -r $config/env.yml ]] || die "$config has no inventory.yaml and env.yml; start this from install.sh"
	mkdir -p "$state/ssh" "$state/log"
	chmod 700 "$state/ssh"
	offline_variables
	case $action in
	deploy-cluster) run_steps "$action" "$from" ;;
	add-node) run_steps "$action" "$from" --limit "$(limit_of "$nodes")" ;;
	remove-node) run_steps "$action" "$from" -e "node=$nodes" -e skip_confirmation=true "${dead[@]}" ;;
	remove-cluster) run_steps "$action" "$from" -e skip_confirmation=true; rm -rf "$state/done" ;;
	esac
}

main "$@"
