#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: every kernel-doc comment is complete and well formed.
. "$(dirname "$0")/common"

dir=$("$TOP/scripts/kernels.sh" get checkpatch)
mapfile -t files < <(c_files)
if [[ ${#files[@]} -gt 0 ]]; then
	perl "$dir/kernel-doc" -none -Wall "${files[@]}" >"$gate_tmp/log" \
		2>&1 || true
	# Newer scripts warn about the short form of a return value only
	# when asked for everything; all of it counts.
	cat "$gate_tmp/log" >"$found"
fi
gate_end "${#files[@]}"
