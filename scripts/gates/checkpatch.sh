#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: checkpatch --strict has nothing to say about any C file of ours.
. "$(dirname "$0")/common"

need_tool codespell
need_tool perl
# The Python that codespell itself uses knows where its dictionary is.
read -r python _ < <(sed -n '1s/^#! *//p' "$(command -v codespell)")
words=$("$python" -c 'import codespell_lib, os
print(os.path.dirname(codespell_lib.__file__))')/data/dictionary.txt
[[ -s $words ]] || {
	echo "checkpatch: codespell has no dictionary at $words"
	exit 1
}
dir=$("$TOP/scripts/kernels.sh" get checkpatch)

# Types that are wrong by design in some files, and why.
ignored()
{
	case $1 in
	proto/compat/*)	# the one place where versions are compared
		echo LINUX_VERSION_CODE,MACRO_ARG_REUSE ;;
	proto/trace.h)	# TRACE_EVENT has a layout of its own
		echo OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE ;;
	proto/user/* | *-tools/* | scripts/*)	# C99's types are at home here
		echo PREFER_KERNEL_TYPES ;;
	*)	echo NONE ;;
	esac
}

n=0
while read -r file; do
	n=$((n + 1))
	perl "$dir/checkpatch.pl" --no-tree --strict --terse --no-summary \
		--codespell --codespellfile "$words" --show-types \
		--ignore "$(ignored "$file")" -f "$file" >>"$found" \
		2>"$gate_tmp/err" || true
	cat "$gate_tmp/err" >>"$found"
done < <(c_files)
gate_end "$n"
