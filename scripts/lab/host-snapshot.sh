#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Print what a run must leave as it was on this host: /etc, /usr, /lib/modules, links, namespaces, mounts.
#
# make host-clean-check compares two of these. A line per file (type, mode,
# owner, size, time, name, link target) and a digest per file of /etc; the
# contents of /usr are told by size and time, which nothing of ours sets back.
set -euo pipefail
export LC_ALL=C

# What programs of the host rewrite by themselves while we look on.
skip='^/etc/(mtab|resolv\.conf|adjtime|ld\.so\.cache)$|/__pycache__(/|$)'

files() {
	find "$@" -xdev -printf '%y %m %U:%G %s %T@ %p %l\n' 2>/dev/null |
		awk -v skip="$skip" '$6 !~ skip {
			# a directory changes its time when a file in it is replaced
			if ($1 == "d") { $4 = "-"; $5 = "-" }
			print
		}' | sort -k6
}

# A lab that is up has a state folder from before its namespace is made until
# after it is gone, so a namespace without one was left behind.
namespaces() {
	local ns
	ip netns list | awk '{ print $1 }' | sort | while read -r ns; do
		[ ! -e "/run/splitio-lab/${ns#splitio-}" ] || continue
		[ -e "/run/netns/$ns" ] || continue
		echo "$ns"
	done
}

echo "== /etc"
find /etc -xdev -type f -print0 2>/dev/null | sort -z |
	xargs -0r sha256sum 2>/dev/null | awk -v skip="$skip" '$2 !~ skip'
files /etc | awk '{ $5 = "-"; print }'
echo "== /usr"
files /usr
echo "== /lib/modules"
[ ! -d /lib/modules ] || files /lib/modules/
# the kernel loads bridge, veth and tun by itself when they are first used
echo "== modules of this project"
[ ! -r /proc/modules ] || awk '/^splitio/ { print $1 }' /proc/modules | sort
echo "== links"
ip -o link show | sed -E 's/^[0-9]+: //; s/ (qlen|state) [^ ]+//g' | sort
echo "== addresses"
ip -o address show | sed -E 's/^[0-9]+: //; s/(valid|preferred)_lft [^ ]+//g' |
	sort
echo "== namespaces"
namespaces
echo "== mounts"
# the first "ip netns add" of a boot turns this folder into a mount for good
awk '{ print $5, $9, $10 }' /proc/self/mountinfo | grep -v '^/run/netns' | sort
