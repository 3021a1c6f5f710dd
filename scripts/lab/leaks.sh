# SPDX-License-Identifier: GPL-2.0
# Ask kmemleak, inside a debug kernel, what nobody points to any more; read by the job one.sh writes.
# shellcheck shell=bash

# Objects younger than five seconds are never reported, hence the wait for the
# clock; a second scan clears what only looked lost while it was moved about.
find_leaks() {
	local file=/sys/kernel/debug/kmemleak until found

	[ -e "$file" ] || return 0
	until=$((SECONDS + 6))
	while [ "$SECONDS" -lt "$until" ]; do
		sleep 0.5
	done
	echo scan >"$file"
	echo scan >"$file"
	found=$(cat "$file")
	[ -n "$found" ] || return 0
	echo "$found" | tee /dev/kmsg
	return 1
}
