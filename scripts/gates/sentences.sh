#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: docs/troubleshooting.md has every sentence the tools print, and no other.
. "$(dirname "$0")/common"

n=0
if python3 scripts/gates/sentences.py >"$found" 2>"$gate_tmp/err"; then
	n=$(<"$gate_tmp/err")
else
	finding "$(tail -n 1 "$gate_tmp/err")"
fi
gate_end "$n"
