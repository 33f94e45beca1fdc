#!/usr/bin/env bash
# install.sh: makes this node the deploy node of an offline cluster, and the cluster from it
# shellcheck disable=SC2034  # the parts in library/ use what is set here
# Who types "sh install.sh" gets another shell, or bash without half of what it can.
if [ -z "${BASH_VERSION:-}" ] || [ -n "${POSIXLY_CORRECT:-}" ]; then
	unset POSIXLY_CORRECT
	exec bash "$0" "$@"
fi
set -o pipefail
# Before 4.4 an empty list counted as unset.
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)) || set -u
# The last part of a pipe runs in this shell, so that die ends the installer from there as well.
shopt -s lastpipe
export LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
# Servers and package managers, which are not root, read what is made here; secrets have modes of their own.
umask 022

package=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
library=$package/library
state=${KUBECRATE_STATE:-/var/lib/kubecrate}
log_file=${KUBECRATE_LOG:-/var/log/kubecrate/install.log}
config_file='' dry_run=0 quiet=0 skip_verify=0 renew=0 dead=0 from='' nodes='' type=''

for part in "$library"/*.sh; do
	# shellcheck disable=SC1090
	source "$part"
done

usage() {
	cat <<-EOF
		Usage: install.sh [TYPE] [OPTION...]

		  all                   the deploy node, then the cluster (when no TYPE is given)
		  compose               this node serves files, OS packages and images
		  cluster               the cluster on the nodes of the inventory
		  push                  the package's images go to your own registry
		  add-nodes NODE,...    nodes that now stand in the inventory join the cluster
		  remove-node NODE,...  nodes leave the cluster
		  remove                the cluster, then everything on this node
		  remove-cluster        the cluster only
		  remove-compose        this node becomes what it was before
		  health-check          do the servers answer, is every image there?
		  verify                the package against its checksums
		  debug                 what to send when something fails
		  help                  this text

		  -c, --config FILE     the settings (config.yaml beside install.sh)
		  -n, --dry-run         check everything, say what would be done, change nothing
		      --from STEP       cluster: begin at this step (03, or its name)
		      --dead            remove-node: these nodes never answer again
		      --skip-verify     leave the checksums out this time
		      --renew           make a new registry certificate
		  -q, --quiet           only failures

		Log: $log_file
	EOF
}

arguments() {
	while (($#)); do
		case $1 in
		-h | --help) type=help ;;
		-n | --dry-run) dry_run=1 ;;
		-q | --quiet) quiet=1 ;;
		--skip-verify) skip_verify=1 ;;
		--renew) renew=1 ;;
		--dead) dead=1 ;;
		-c | --config) [[ -n ${2:-} ]] || usage_error "$1 wants a file"; config_file=$2; shift ;;
		--config=*) config_file=${1#*=} ;;
		--from) [[ -n ${2:-} ]] || usage_error "$1 wants a step"; from=$2; shift ;;
		--from=*) from=${1#*=} ;;
		-*) usage_error "unknown option $1" ;;
		*) if [[ -z $type ]]; then type=$1; elif [[ -z $nodes ]]; then nodes=$1; else usage_error "one argument too many: $1"; fi ;;
		esac
		shift
	done
	type=${type:-all}
	[[ -z $nodes || $type == @(add-nodes|remove-node) ]] || usage_error "$type takes no argument, found $nodes"
	((!dead)) || [[ $type == remove-node ]] || usage_error "--dead is of remove-node only"
	[[ -z $from || $type == @(all|cluster|add-nodes) ]] || usage_error "--from is of cluster only"
}

# state_begin: from here on this run may change the node
state_begin() {
	((EUID == 0)) || die "install.sh must run as root"
	state_lock
	log_open "$type $nodes"
}

main() {
	say_init
	arguments "$@"
	case $type in
	help) usage ;;
	all) compose_install; cluster_install ;;
	compose) compose_install ;;
	cluster) config_read; cluster_install ;;
	push) push_images ;;
	add-nodes | remove-node) [[ -n ${nodes//,/} ]] || usage_error "$type wants NODE,..."; cluster_nodes "$type" "$nodes" ;;
	remove) cluster_remove; compose_remove ;;
	remove-cluster) cluster_remove ;;
	remove-compose) compose_remove ;;
	health-check) compose_health ;;
	verify) step "verify the package" verify_package ;;
	debug) debug_collect ;;
	*) usage_error "unknown type $type" ;;
	esac
}

main "$@"
