#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: sparse, with endian checks, has nothing to say about the modules.
. "$(dirname "$0")/common"

need_tool sparse
log=$gate_tmp/log
if ! scripts/kbuild.sh --werror --sparse headers-6.12 >"$gate_tmp/out" \
	2>"$log"; then
	tail -n 30 "$log"
	echo "sparse: the build failed"
	exit 1
fi
grep -E '(: warning: |: error: |too many (warnings|errors))' "$log" \
	>"$found" || true
gate_end "$(grep -c '^  CHECK ' "$log" || true)"
