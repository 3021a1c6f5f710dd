#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: who may include whom.
#
# proto knows neither end, the ends do not know each other, and the tools see
# the uAPI headers and the code the two tools share.
. "$(dirname "$0")/common"

# The file an include of FILE names, if it is one of ours.
resolve()
{
	local file=$1 name=$2 dir

	for dir in "$(dirname "$file")" . proto/uapi; do
		if [[ -f $dir/$name ]]; then
			realpath -m --relative-to=. "$dir/$name"
			return
		fi
	done
	echo "$name"
}

may_include()
{
	local from=$1 to=$2

	case $from in
	proto/user/*)	[[ $to == proto/uapi/* || $to == proto/user/* ]] ;;
	proto/*)	[[ $to == proto/* && $to != proto/user/* ]] ;;
	frontend/*)	[[ $to == frontend/* || $to == proto/* &&
			   $to != proto/user/* ]] ;;
	backend/*)	[[ $to == backend/* || $to == proto/* &&
			   $to != proto/user/* ]] ;;
	iohyp-tools/*)	[[ $to == iohyp-tools/* || $to == proto/uapi/* ||
			   $to == proto/user/* ]] ;;
	guest-tools/*)	[[ $to == guest-tools/* || $to == proto/uapi/* ||
			   $to == proto/user/* ]] ;;
	kunit/*)	[[ $to != proto/user/* && $to != *-tools/* ]] ;;
	*)		true ;;
	esac
}

n=0
while IFS=: read -r file line name; do
	n=$((n + 1))
	to=$(resolve "$file" "$name")
	# Anything that is no file of ours is the kernel's or the system's.
	[[ -f $to ]] || continue
	may_include "$file" "$to" ||
		finding "$file:$line: may not include $to"
done < <(c_files | xargs -r grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' |
	sed -E 's/^([^:]*):([0-9]*):[^"<]*["<]([^">]*)[">].*/\1:\2:\3/')
gate_end "$n"
