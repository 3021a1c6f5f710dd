#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: no source file is left out of the modules and tools, by its place.
. "$(dirname "$0")/common"

log=$gate_tmp/log
dir=$(scripts/kbuild.sh --werror --kunit um-6.12-debug 2>"$log") || {
	tail -n 30 "$log"
	echo "objects: the build failed"
	exit 1
}

n=0
while read -r file; do
	n=$((n + 1))
	case $file in
	proto/user/*)	ls build/tools/obj/"${file%.c}.o" ;;
	proto/*)	grep -Fx "${file%.c}.o" "$gate_tmp/splitio" ;;
	frontend/*)	grep -Fx "${file%.c}.o" "$gate_tmp/splitio_fe" ;;
	backend/*)	grep -Fx "${file%.c}.o" "$gate_tmp/splitio_be" ;;
	kunit/*)	grep -Fx "${file%.c}.o" "$gate_tmp/splitio_kunit" ;;
	*-tools/*)	ls build/tools/obj/"${file%.c}.o" ;;
	*)		continue ;;
	esac >/dev/null 2>&1 || finding "$file: is in no module and no tool"
done < <(
	for mod in splitio splitio_fe splitio_be splitio_kunit; do
		tr ' ' '\n' 2>/dev/null <"$dir/$mod.mod" |
			sed "s|^$dir/||" >"$gate_tmp/$mod" || true
	done
	make --no-print-directory tools >/dev/null 2>&1 || true
	our_files | grep '\.c$' || true
)
gate_end "$n"
