#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run the tests: make check [TIER="gates kunit one ..."] [T=GLOB].
#
# scripts/check.sh --list prints their names instead. A line per test, the
# seconds of each tier, and as last line "N passed, N failed, N skipped".
# A test without a result has failed; so has, in CI, a skip that
# scripts/tests/skips does not list. Logs are in build/check/.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
unset MAKEFLAGS MFLAGS MAKELEVEL
all_tiers="gates kunit one pair qemu demo mutants"
limit_s=$((75 * 60))
export SIO_LOGS=$top/build/check

# --- one test, in a process of its own ------------------------------------

left()
{
	local s=$((SIO_CHECK_END - $(date +%s)))

	[[ $s -gt 0 ]] || s=0
	echo "$s"
}

# result VERDICT TIER/NAME SECONDS [REASON]: the line, and the record.
result()
{
	local line
	line=$(printf '%-4s %s (%s s)%s' "$1" "$2" "$3" "${4:+ $4}")
	echo "$line"
	echo "$line" >>"$SIO_LOGS/results"
}

# seconds_since T: with one decimal.
seconds_since()
{
	awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'
}

may_skip()
{
	[[ ${CI-} != true ]] || grep -qE "^$1[[:space:]]+[^[:space:]]" \
		scripts/tests/skips
}

start_test()
{
	case $1 in
	gates) exec timeout -k 10 "$SIO_LEFT" "scripts/gates/$2.sh" ;;
	mutants) exec timeout -k 10 "$SIO_LEFT" scripts/mutants.sh "$2" ;;
	demo) exec timeout -k 60 "$SIO_LEFT" scripts/demo.sh ;;
	*) exec scripts/tests/run.sh "$1" "$2" ;;
	esac
}

# KUnit boots once for all its cases.
run_kunit()
{
	local log=$SIO_LOGS/kunit/log rc=0 t0 verdict name secs

	t0=$(date +%s.%N)
	mkdir -p "$SIO_LOGS/kunit"
	rm -f "$log.res"
	scripts/kunit.sh ${T:+--only "${T#kunit/}"} --res "$log.res" \
		>"$log" 2>&1 </dev/null &
	trap 'kill -TERM $!; wait; exit 143' TERM INT HUP
	wait $! || rc=$?
	trap - TERM INT HUP
	secs=$(seconds_since "$t0")
	if [[ ! -s $log.res ]]; then
		result FAIL kunit/run "$secs"
	else
		while read -r verdict name why; do
			result "$verdict" "kunit/$name" - "$why"
		done <"$log.res"
		if [[ $rc -ne 0 ]] && ! grep -q '^FAIL' "$log.res"; then
			result FAIL kunit/run "$secs"
		fi
	fi
	[[ $rc -eq 0 ]] || tail -n 80 "$log" | sed 's/^/    /'
}

run_one()
{
	local tier=${1%%/*} name=${1#*/} log rc=0 t0 secs

	t0=$(date +%s.%N)
	log=$SIO_LOGS/$tier/$name.log
	mkdir -p "$(dirname "$log")"
	SIO_LEFT=$(left)
	export SIO_LEFT
	if [[ $SIO_LEFT -eq 0 ]]; then
		result FAIL "$1" 0 "no time left"
		return
	fi
	if [[ $tier == kunit ]]; then
		run_kunit
		return
	fi
	# timeout has a process group of its own: tell it when we are ended.
	start_test "$tier" "$name" >"$log" 2>&1 </dev/null &
	trap 'kill -TERM $!; wait; exit 143' TERM INT HUP
	wait $! || rc=$?
	trap - TERM INT HUP
	secs=$(seconds_since "$t0")
	case $rc in
	0)
		result ok "$1" "$secs"
		grep '^advice: ' "$log" | sed 's/^/    /' || true
		return
		;;
	77)
		if may_skip "$1"; then
			result skip "$1" "$secs" \
				"$(sed -n 's/^SKIP: //p' "$log" | tail -n 1)"
			return
		fi
		result FAIL "$1" "$secs" "skipped, and no reason is listed"
		;;
	124) result FAIL "$1" "$secs" "out of time" ;;
	*) result FAIL "$1" "$secs" ;;
	esac
	tail -n "${LOG_LINES:-60}" "$log" | sed 's/^/    /'
}

if [[ ${1-} == --run ]]; then
	run_one "$2"
	exit 0
fi

# --- which tests ----------------------------------------------------------

kunit_cases()
{
	scripts/kunit.sh --list | sed 's/^/kunit\//'
}

scripts_in()
{
	local file

	for file in "$1"/*"$2"; do
		[[ ! -e $file ]] || echo "$3/$(basename "$file" "$2")"
	done
}

tests_of()
{
	case $1 in
	gates) scripts_in scripts/gates .sh gates ;;
	# One machine runs all cases, if any is chosen; without a T it also
	# runs when there are none, and fails.
	kunit)
		if [[ -z ${T-} || -n $(kunit_cases | chosen) ]]; then
			echo kunit/run
		fi
		;;
	one | pair | qemu) scripts_in "scripts/tests/$1" .sh "$1" ;;
	demo) echo demo/demo ;;
	mutants) scripts_in kunit/mutants .patch mutants ;;
	*)
		echo "check.sh: no tier $1; there are: $all_tiers" >&2
		exit 2
		;;
	esac
}

# T is a glob over NAME or TIER/NAME.
chosen()
{
	local name

	while read -r name; do
		# shellcheck disable=SC2053 # the right side is a pattern
		if [[ -z ${T-} || $name == $T || ${name#*/} == $T ||
		      $name == kunit/run ]]; then
			echo "$name"
		fi
	done
}

tiers=${TIER:-$all_tiers}
if [[ ${1-} == --list ]]; then
	for tier in $tiers; do
		if [[ $tier == kunit ]]; then
			kunit_cases
		else
			tests_of "$tier"
		fi | chosen
	done
	exit 0
fi

# --- all of them ----------------------------------------------------------

if [[ $(id -u) -ne 0 && " $tiers " =~ \ (pair|qemu|demo)\  ]]; then
	echo "check.sh: run this as root, for network namespaces and tap" \
		"devices; TIER=\"gates kunit\" needs none" >&2
	exit 1
fi
export T=${T-}
SIO_CHECK_END=$(($(date +%s) + limit_s))
export SIO_CHECK_END
mkdir -p build
exec 8>build/check.lock
flock -n 8 || {
	echo "check.sh: another check runs in this checkout; waiting" >&2
	flock 8
}
rm -rf "$SIO_LOGS"
mkdir -p "$SIO_LOGS"
: >"$SIO_LOGS/results"
: >"$SIO_LOGS/seconds"
scripts/packages.sh build check lab

# Whoever ends us ends the tests, too: first who would start more of them,
# then those that run, which clean up behind themselves.
workers=''
end_workers()
{
	local pid tests=()

	trap '' TERM INT HUP
	if [[ -n $workers ]]; then
		mapfile -t tests < <(pgrep -P "$workers")
		kill -TERM "$workers" || true
		for pid in "${tests[@]}"; do
			kill -TERM "$pid" || true
		done
		wait "$workers" || true
		for pid in "${tests[@]}"; do
			tail --pid="$pid" -f /dev/null
		done
	fi
	exit 143
}
trap end_workers TERM INT HUP

# What all tests of a tier need is made before it, once.
prepare()
{
	case $1 in
	gates) scripts/kernels.sh get checkpatch ;;
	one)
		scripts/kernels.sh get promtool
		scripts/kbuild.sh --werror --kunit um-6.12-debug
		make -s tools WERROR=-Werror
		;;
	pair)
		scripts/kbuild.sh --werror um-6.12
		make -s tools WERROR=-Werror
		;;
	qemu | demo)
		scripts/kbuild.sh --werror headers-6.12
		make -s tools WERROR=-Werror
		;;
	esac
}

count()
{
	grep -c "^$1 " "$SIO_LOGS/results" || true
}

for tier in $tiers; do
	t0=$(date +%s.%N)
	tests_of "$tier" | chosen >"$SIO_LOGS/$tier.tests"
	[[ -s $SIO_LOGS/$tier.tests ]] || continue
	echo "== $tier"
	jobs=1
	case $tier in
	gates | one | mutants) jobs=${JOBS:-$(nproc)} ;;
	esac
	if ! prepare "$tier" >"$SIO_LOGS/$tier.prepare.log" 2>&1 8>&-; then
		result FAIL "$tier/prepare" "$(seconds_since "$t0")"
		tail -n 60 "$SIO_LOGS/$tier.prepare.log" | sed 's/^/    /'
	fi
	xargs -P "$jobs" -n 1 scripts/check.sh --run \
		<"$SIO_LOGS/$tier.tests" 8>&- &
	workers=$!
	wait "$workers" || true
	workers=''
	while read -r name; do
		grep -q "^[a-zA-Z]* *$name (" "$SIO_LOGS/results" ||
			[[ $name == kunit/run ]] ||
			result FAIL "$name" 0 "no result"
	done <"$SIO_LOGS/$tier.tests"
	if [[ $tier == kunit ]] && ! grep -q " kunit/" "$SIO_LOGS/results"; then
		result FAIL kunit/run 0 "no result"
	fi
	echo "$tier $(seconds_since "$t0")" >>"$SIO_LOGS/seconds"
done

failed=$(count FAIL)
passed=$(count ok)
echo
awk '{ printf "%s%s %s s", sep, $1, $2; sep = ", " } END { print "" }' \
	"$SIO_LOGS/seconds"
[[ $failed -eq 0 ]] || grep '^FAIL ' "$SIO_LOGS/results"
[[ $((passed + failed)) -gt 0 ]] || echo "no test was executed"
echo "$passed passed, $failed failed, $(count skip) skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
