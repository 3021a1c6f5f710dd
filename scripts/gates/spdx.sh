#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: every source file starts with its licence and what it is for.
. "$(dirname "$0")/common"

n=0
while read -r file; do
	case $file in
	*.c | *.h | *.sh | *.bash | Makefile | Kbuild | .ci/run | */common) ;;
	*)	head -n 1 "$file" | grep -aq '^#!' || continue ;;
	esac
	n=$((n + 1))
	start=1
	! head -n 1 "$file" | grep -q '^#!' || start=2
	sed -n "${start}p" "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0' ||
		finding "$file:$start: no SPDX line"
	# The sentence, or the beginning of a comment that holds it.
	sed -n "$((start + 1)),$((start + 2))p" "$file" |
		grep -qE '^(#|/\*| \*|//|"""|"|\.\\").*[[:alnum:]]' ||
		finding "$file:$((start + 1)): does not say what the file is for"
done < <(our_files)
gate_end "$n"
