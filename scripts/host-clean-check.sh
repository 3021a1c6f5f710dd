#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prove that the lab leaves the machine it runs on as it was.
#
# scripts/host-clean-check.sh [COMMAND...]: run a command (default: bring a
# pair of machines up, use them, take them down) between two snapshots of
# /etc, /usr, /lib/modules, links, namespaces and mounts, and compare them.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

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

scripts/packages.sh build lab
scripts/lab/host-snapshot.sh >"$tmp/before"
if [[ $# -gt 0 ]]; then
	"$@"
else
	use_lab
fi
scripts/lab/host-snapshot.sh >"$tmp/after"
if ! diff -u "$tmp/before" "$tmp/after"; then
	echo "host-clean-check: the machine has changed" >&2
	exit 1
fi
echo "host-clean-check: $(wc -l <"$tmp/after") entries, all as before"
