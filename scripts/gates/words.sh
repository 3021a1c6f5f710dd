#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: no loose ends and nothing of one particular machine in the text.
. "$(dirname "$0")/common"

mapfile -t files < <(our_files | grep -v -e '^COPYING$' -e '^scripts/gates/words\.sh$')
{
	# Work left for later names its issue: TODO(#12).
	grep -InE '\b(TODO|FIXME|XXX|HACK)\b' "${files[@]}" |
		grep -vE '\b(TODO|FIXME)\(#[0-9]+\)' || true
	# Paths that exist on one machine only.
	grep -InE '(^|[^[:alnum:]_./$}-])/(work|home)/' "${files[@]}" || true
	# Where packages come from is the machine's own business.
	grep -InE 'https?://[a-z.]*debian\.org/debian\b' "${files[@]}" || true
	# A fixed sleep is a race that waits to be lost.
	shell_files | xargs grep -HnE '^[^#]*\bsleep [0-9]+([^.0-9]|$)' ||
		true
} >"$found"

# Advice only: lines that look like code in a comment.
advice=$(c_files | xargs -r grep -nE \
	'^[[:space:]]*(//|/\*|\*) .*[^.[:alnum:]][;{]([[:space:]]*\*/)?$' \
	/dev/null || true)
[[ -z $advice ]] || printf 'advice: commented code?\n%s\n' "$advice"
gate_end "${#files[@]}"
