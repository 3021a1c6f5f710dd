#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: the Wireshark dissector has the structs and numbers of proto/wire.h.
. "$(dirname "$0")/common"

n=0
if python3 scripts/gates/dissector.py >"$found" 2>"$gate_tmp/err"; then
	n=$(<"$gate_tmp/err")
else
	finding "$(tail -n 1 "$gate_tmp/err")"
fi
gate_end "$n"
