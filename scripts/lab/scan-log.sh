#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Look for trouble in a kernel log: scan-log.sh FILE... prints what it found, and fails when it found any.
set -euo pipefail

bad='BUG:|WARNING:|KASAN|UBSAN|Oops|general protection|Call Trace'
bad+='|possible recursive locking|possible circular|circular locking'
bad+='|inconsistent lock state|possible irq lock inversion|bad unlock balance'
bad+='|suspicious RCU usage|lock held when returning|still has locks held'
bad+='|held lock freed|Invalid wait context|DEBUG_LOCKS_WARN'
bad+='|sleeping function called|scheduling while atomic|workqueue lockup'
bad+='|blocked for more than|rcu: INFO|stall on CPU|soft lockup'
bad+='|refcount_t|list_(add|del) corruption|ODEBUG:|Bad page state'
bad+='|new suspected memory leak|unreferenced object'
bad+='|unregister_netdevice: waiting|leaked reference|ref_tracker:'
bad+='|Kernel panic|Unable to handle|invalid opcode|segfault|Objects remaining'

status=0
for log in "$@"; do
	if ! [ -r "$log" ]; then
		echo "$log: no such log"
		status=1
	elif grep -nE -m 40 "$bad" "$log"; then
		status=1
	fi
done
exit "$status"
