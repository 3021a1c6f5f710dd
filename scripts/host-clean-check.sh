#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prove that the lab leaves the machine it runs on as it was.
#
# scripts/host-clean-check.sh [COMMAND...]: run a command (default: bring a
# pair of machines up, use them, take them down) between two snapshots of
# /etc, /usr, /lib/modules, links, namespaces and mounts, and compare them.
# The command has folders of its own for temporary files and for the state of
# labs, and a mark in its environment; so what others do here at the same time,
# with labs of their own as well, is told from what it leaves.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mark=SIO_CLEAN_CHECK=$tmp

use_lab()
{
	local name=clean-$$ rc=0

	scripts/kbuild.sh um-6.12 >/dev/null 2>"$tmp/build.log" || {
		tail -n 20 "$tmp/build.log" >&2
		return 1
	}
	scripts/lab/lab --name "$name" up --engine uml \
		--mods build/mod-um-6.12 || rc=$?
	[[ $rc -ne 0 ]] || scripts/lab/lab --name "$name" run guest -- \
		sh -c 'echo changed >/etc/motd; ping -c 1 10.77.0.1' || rc=$?
	scripts/lab/lab --name "$name" down || rc=$?
	return "$rc"
}

# Processes that were started by the command, or by one it started.
processes()
{
	local environ pid

	for environ in /proc/[0-9]*/environ; do
		pid=${environ//[!0-9]/}
		[[ $pid -ne $BASHPID ]] || continue
		tr '\0' '\n' <"$environ" 2>/dev/null | grep -qxF "$mark" ||
			continue
		ps -o pid=,args= -p "$pid" || true
	done 2>/dev/null
}

if [[ ${1-} == --use-lab ]]; then
	use_lab
	exit
fi
scripts/packages.sh build lab
scripts/lab/host-snapshot.sh >"$tmp/before"
mkdir "$tmp/run" "$tmp/tmp"
[[ $# -gt 0 ]] || set -- "$0" --use-lab
rc=0
env "$mark" "XDG_RUNTIME_DIR=$tmp/run" "TMPDIR=$tmp/tmp" "$@" || rc=$?

# What was told to end may take a moment.
deadline=$((SECONDS + 10))
left=$(processes)
while [[ -n $left && $SECONDS -lt $deadline ]]; do
	read -r -t 0.1 <> <(:) || true
	left=$(processes)
done
scripts/lab/host-snapshot.sh >"$tmp/after"
diff -u "$tmp/before" "$tmp/after" >"$tmp/diff" || true
{
	sed 1,2d "$tmp/diff" | grep '^[-+]' || true
	find "$tmp/run" "$tmp/tmp" -mindepth 1 -maxdepth 2 \
		-printf '+ temporary: %P\n'
	[[ -z $left ]] || echo "+ process: ${left//$'\n'/$'\n'+ process: }"
} >"$tmp/left"
if [[ -s $tmp/left ]]; then
	cat "$tmp/left"
	trap - EXIT
	echo "host-clean-check: the machine has changed;" \
		"temporary files and labs of the command are in $tmp" >&2
	exit 1
fi
[[ $rc -eq 0 ]] || {
	echo "host-clean-check: nothing is left, but the command failed: $rc" >&2
	exit 1
}
echo "host-clean-check: $(wc -l <"$tmp/after") entries, all as before"
