#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gate: the modules build with W=1 and no warning on every kernel we support.
# Kernels to build for may be named as arguments.
. "$(dirname "$0")/common"

[[ $# -gt 0 ]] || set -- headers-6.1 headers-6.12 um-6.12-debug
n=0
for name in "$@"; do
	log=$gate_tmp/$name
	opts=(--werror)
	[[ $name != um-*-debug ]] || opts+=(--kunit)
	if ! dir=$(scripts/kbuild.sh "${opts[@]}" "$name" 2>"$log"); then
		tail -n 40 "$log"
		finding "$name: the build failed"
		continue
	fi
	# Where "make install" puts them, the kernel they are for must look.
	kdir=$(scripts/kernels.sh get "$name")
	release=$(modinfo -F vermagic "$dir/splitio.ko" | cut -d ' ' -f 1)
	[[ $(make -n install-modules KDIR="$kdir") == \
	   *"/lib/modules/$release/updates"* ]] ||
		finding "$name: not installed for $release"
	# Some warnings are modpost's and do not stop a build.
	{ grep -iE '\bwarning: ' "$log" || true; } | grep -v \
		'compiler differs from the one used to build' >>"$found" || true
	for ko in "$dir"/*.ko; do
		if [[ -e $ko ]]; then n=$((n + 1)); fi
	done
done
gate_end "$n"
