#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: the man pages are well formed.
. "$(dirname "$0")/common"

need_tool mandoc
mapfile -t files < <(our_files | grep '\.8$' || true)
if [[ ${#files[@]} -gt 0 ]]; then
	mandoc -Tlint -Wwarning "${files[@]}" >"$found" || true
fi
gate_end "${#files[@]}"
