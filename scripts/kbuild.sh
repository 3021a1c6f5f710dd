#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Stage the sources and build the modules for one kernel; prints the folder.
#
# scripts/kbuild.sh [--werror] [--sparse] [--core] [--kunit] [--gcov] KDIR-or-NAME [OUT]
#
# NAME is one that scripts/kernels.sh knows (headers-6.12, um-6.12-debug ...).
# Each kernel has its own folder, build/mod-NAME, and one build at a time
# there. --core leaves the two ends out and has a folder of its own.
# Everything the compiler says goes to standard error.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
unset MAKEFLAGS MFLAGS MAKELEVEL
export LC_ALL=C

usage()
{
	sed -n 's/^# \(scripts\/kbuild.sh .*\)/usage: \1/p' "$0" >&2
	exit 2
}

args=(W=1)
sparse=''
suffix=''
while [[ ${1-} == --* ]]; do
	case $1 in
	--werror) args+=(KCFLAGS=-Werror) ;;
	--sparse) sparse=1 ;;
	--core) args+=(SIO_CORE=1) suffix=-core ;;
	--kunit) args+=(SIO_KUNIT=1) ;;
	--gcov) args+=(SIO_GCOV=1) suffix=-gcov ;;
	*) usage ;;
	esac
	shift
done
[[ $# -ge 1 && $# -le 2 ]] || usage

if [[ $1 == */* ]]; then
	kdir=$1
	[[ -e $kdir/Makefile ]] || {
		echo "kbuild.sh: $kdir holds no kernel build tree;" \
			"install the headers package of that kernel" >&2
		exit 1
	}
	name=$(sed -n 's/.* UTS_RELEASE "\(.*\)"$/\1/p' \
		"$kdir/include/generated/utsrelease.h" 2>/dev/null) || true
	name=${name:-$(basename "$kdir")}
else
	kdir=$("$top/scripts/kernels.sh" get "$1")
	name=$1
fi
[[ $name == *"${suffix#-}" ]] && suffix=''
out=${2:-$top/build/mod-$name$suffix}

if grep -qs '^CONFIG_UML=y' "$kdir/.config" "$kdir/include/config/auto.conf"
then
	args+=(ARCH=um)
fi

# Type information for BPF is a nicety; without pahole it is left out.
command -v pahole >/dev/null || args+=(CONFIG_DEBUG_INFO_BTF_MODULES=)

mkdir -p "$out"
out=$(cd "$out" && pwd)
exec 9>"$out.lock"
flock 9

# Contents decide, not times: a file is copied only when it differs, so only
# what changed is compiled again, and an older version is noticed as well.
stage()
{
	local file

	cd "$top"
	find Kbuild proto frontend backend kunit -name '*.[ch]' -o -name Kbuild \
		2>/dev/null | grep -v '^proto/user/' | sort >"$out/staged.new" ||
		true
	while read -r file; do
		cmp -s "$file" "$out/$file" && continue
		mkdir -p "$out/$(dirname "$file")"
		cp "$file" "$out/$file"
	done <"$out/staged.new"
	if [[ -e $out/staged ]]; then
		comm -13 "$out/staged.new" "$out/staged" | while read -r file; do
			rm -f "$out/$file" "$out/${file%.c}.o"
		done
	fi
	mv "$out/staged.new" "$out/staged"
}

run_make()
{
	make -C "$kdir" M="$out" "${args[@]}" -j"$(nproc)" "$@" modules >&2
}

stage
run_make
[[ -z $sparse ]] || run_make C=2 CF=-D__CHECK_ENDIAN__
echo "$out"
