#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prove that a test can fail: apply one patch of kunit/mutants/ to a copy of
# the tree and demand that the test it names fails there.
#
# scripts/mutants.sh NAME        (make mutants runs them all)
#
# A patch begins with "Breaks: kunit SUITE.CASE" or "Breaks: one/NAME" and
# "Why: SENTENCE". It must apply without fuzz and build; the test it names
# must pass without it, and fail with it because of a check that did not
# hold, not because the machine did not come up.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
[[ $# -eq 1 ]] || {
	echo "usage: scripts/mutants.sh NAME" >&2
	exit 2
}
patch=$top/kunit/mutants/$1.patch
breaks=$(sed -n 's/^Breaks: *//p' "$patch" | head -n 1)
why=$(sed -n 's/^Why: *//p' "$patch" | head -n 1)
[[ -n $breaks && -n $why ]] || {
	echo "mutant $1: needs the lines Breaks: and Why:"
	exit 1
}

# Planted faults are found within seconds.
export SIO_HISTORY_S=20

# What a failure looks like; a machine that leaked or complained failed, too.
case $breaks in
kunit\ *) failed="^FAIL (${breaks#kunit }|kernel)" ;;
*) failed='^FAIL|trouble in the kernel log' ;;
esac

# Builds in a few folders that stay: only what a patch touches is compiled.
mkdir -p build/mutants
slot=''
while [[ -z $slot ]]; do
	for i in 1 2 3 4 5 6 7 8; do
		exec 7>"build/mutants/slot$i.busy"
		if flock -n 7; then
			slot=$top/build/mutants/slot$i
			break
		fi
	done
done

# In the checkout's build/, because /tmp of the machines is their own.
tree=$(mktemp -d "$top/build/mutants/tree.XXXXXX")
trap 'rm -rf "$tree"' EXIT
cp -a Makefile Kbuild dkms.conf proto frontend backend kunit scripts \
	iohyp-tools guest-tools "$tree/"
cd "$tree"

build()
{
	local part=()

	[[ $breaks != kunit\ * ]] || part=(--core)
	scripts/kbuild.sh "${part[@]}" --kunit um-6.12-debug "$slot" >build.log 2>&1 || {
		tail -n 30 build.log
		return 1
	}
	make -s tools >>build.log 2>&1 || {
		tail -n 30 build.log
		return 1
	}
}

# 0 passed, 1 the named test failed, anything else: something else did.
run_named()
{
	local rc=0

	case $breaks in
	kunit\ *)
		scripts/kunit.sh --mods "$slot" --only "${breaks#kunit }" \
			>test.log 2>&1 || rc=$?
		[[ $rc -ne 1 ]] || grep -qE "$failed" test.log || rc=3
		;;
	one/*)
		SIO_MODS=$slot SIO_TOOLS=$tree/build/tools SIO_LOGS=$tree/logs \
			scripts/tests/run.sh one "${breaks#one/}" \
			>test.log 2>&1 || rc=$?
		[[ $rc -ne 1 ]] || grep -qE "$failed" test.log || rc=3
		;;
	*)
		echo "mutant $1: what is \"$breaks\"?"
		exit 1
		;;
	esac
	return "$rc"
}

# The control, once per test and version of the sources.
sum=$(find proto frontend backend kunit scripts/tests -type f -exec \
	sha256sum {} + | sort | sha256sum | cut -c 1-16)
control=$top/build/mutants/control-$sum-${breaks//[^[:alnum:]._-]/_}
exec 6>"$control.lock"
flock 6
if [[ ! -e $control ]]; then
	build || {
		echo "mutant $1: the unchanged tree does not build"
		exit 1
	}
	run_named "$1" || {
		tail -n 60 test.log
		echo "mutant $1: $breaks does not even pass without the patch"
		exit 1
	}
	: >"$control"
fi
exec 6>&-

patch -p1 -F0 -s --no-backup-if-mismatch <"$patch" || {
	echo "mutant $1: the patch does not apply"
	exit 1
}
build || {
	echo "mutant $1: does not build, which proves nothing"
	exit 1
}
rc=0
run_named "$1" || rc=$?
case $rc in
1)
	echo "ok mutant $1: $breaks fails, as it should ($why)"
	grep -m 1 -E "$failed" test.log
	;;
0)
	echo "mutant $1 survived: $breaks passes although $why"
	exit 1
	;;
*)
	tail -n 60 test.log
	echo "mutant $1: $breaks ended with $rc, not with a failed check"
	exit 1
	;;
esac
