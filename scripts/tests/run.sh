#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run one test script: scripts/tests/run.sh TIER NAME.
#
# Tier one runs inside a UML debug machine booted for it; the other tiers run
# here and start their machines themselves. A line "# Deadline: N" in the
# script changes the limit in seconds. Exit status 0 passed, 1 failed,
# 77 skipped, 124 out of time.
#
# Environment: SIO_MODS (modules for tier one), SIO_TOOLS (tools for PATH),
# SIO_LEFT (seconds that are left at all), SIO_LOGS (where logs go),
# SIO_HISTORY_S (how long the history of a disk shall be, in seconds).
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"
export TOP=$top
export SIO_HISTORY_S=${SIO_HISTORY_S:-60}

if [[ ${1-} == --inside ]]; then
	# shellcheck disable=SC2034 # for the test
	TEST=$2/$3
	PATH=$SIO_TOOLS:$PATH
	# shellcheck source=scripts/tests/lib.sh
	. scripts/tests/lib.sh
	# shellcheck source=/dev/null
	. "scripts/tests/$2/$3.sh"
	exit 0
fi

[[ $# -eq 2 ]] || {
	echo "usage: scripts/tests/run.sh TIER NAME" >&2
	exit 2
}
tier=$1 name=$2
script=scripts/tests/$tier/$name.sh
[[ -e $script ]] || {
	echo "run.sh: no $script" >&2
	exit 2
}

tools=${SIO_TOOLS:-$top/build/tools}
logs=${SIO_LOGS:-$top/build/check}/$tier
mkdir -p "$logs"
case $tier in
one) limit=60 ;;
pair) limit=240 ;;
*) limit=900 ;;
esac
own=$(sed -n 's/^# Deadline: \([0-9]*\( + SIO_HISTORY_S\)\?\).*/\1/p' \
	"$script")
limit=$((${own:-$limit}))
[[ -z ${SIO_LEFT-} || $limit -lt $SIO_LEFT ]] || limit=$SIO_LEFT

case $tier in
one)
	mods=${SIO_MODS:-$(scripts/kbuild.sh --werror --kunit um-6.12-debug \
		2>"$logs/build.log")} || {
		tail -n 30 "$logs/build.log"
		exit 1
	}
	[[ -n ${SIO_TOOLS-} ]] || make -s tools
	exec scripts/lab/one.sh --debug --mods "$mods" --timeout "$limit" \
		--env "SIO_TOOLS=$tools" \
		--env "SIO_HISTORY_S=$SIO_HISTORY_S" \
		--dmesg "$logs/$name.dmesg" -- \
		scripts/tests/run.sh --inside one "$name"
	;;
*)
	[[ -n ${SIO_TOOLS-} ]] || make -s tools
	export SIO_TOOLS=$tools
	exec timeout -k 30 "$limit" scripts/tests/run.sh --inside \
		"$tier" "$name"
	;;
esac
