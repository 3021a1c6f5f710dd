#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: checkpatch --strict and codespell have nothing to say about our files.
. "$(dirname "$0")/common"

need_tool codespell
need_tool perl
dir=$("$TOP/scripts/kernels.sh" get checkpatch)

# Types that are wrong by design in some files, and why.
ignored()
{
	case $1 in
	proto/compat/*)	# the one place where versions are compared
		echo LINUX_VERSION_CODE,MACRO_ARG_REUSE,CONSTANT_COMPARISON ;;
	proto/trace.h)	# TRACE_EVENT has a layout of its own
		echo OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE ;;
	proto/user/* | *-tools/* | scripts/*)	# C99's types are at home here
		echo PREFER_KERNEL_TYPES ;;
	*)	echo NONE ;;
	esac
}

# codespell itself, with the same dictionary, is a hundred times faster than
# checkpatch's --codespell, and reads the documents as well.
mapfile -t files < <(our_files | grep -E '\.([ch]|md)$|^README')
[[ ${#files[@]} -eq 0 ]] || codespell "${files[@]}" >"$found" || true

one_file()
{
	perl "$1/checkpatch.pl" --no-tree --strict --terse --no-summary \
		--show-types --ignore "$(ignored "$2")" -f "$2" 2>&1 || true
}
export -f one_file ignored

c_files | xargs -r -P "$(nproc)" -I{} bash -c 'one_file "$@"' _ "$dir" {} \
	>>"$found"
gate_end "$(c_files | wc -l)"
