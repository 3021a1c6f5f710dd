#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: the netlink specs agree with the kernel's schema, our headers, policies and commands.
. "$(dirname "$0")/common"

dir=$("$TOP/scripts/kernels.sh" get ynl)
n=0
if python3 scripts/gates/ynl.py "$dir" >"$found" 2>"$gate_tmp/err"; then
	n=$(<"$gate_tmp/err")
else
	finding "$(grep -m 1 'Error' "$gate_tmp/err")"
fi
gate_end "$n"
