#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run the KUnit suites in a UML machine; every case must be reported "ok".
#
# scripts/kunit.sh [--mods DIR] [--only SUITE.CASE] [--gcov OUT] [--res FILE]
#
# scripts/kunit.sh --list       the cases the sources declare, SUITE.CASE
#
# --mods uses modules built before; --only runs what the glob names; --gcov
# uses the coverage kernel and leaves its counters in OUT; --res gets a line
# "ok|FAIL|skip SUITE.CASE" for each case.
# Exit status 0 when all is well, 1 when a case failed, 3 when the machine
# or a module did not get as far as reporting.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"

if [[ ${1-} == --inside ]]; then
	# shellcheck source=scripts/tests/lib.sh
	. scripts/tests/lib.sh
	[[ -e /sys/module/kunit ]] || modprobe kunit
	[[ -z ${KUNIT_ONLY-} ]] ||
		printf %s "$KUNIT_ONLY" >/sys/module/kunit/parameters/filter_glob
	# Cases make single allocations fail, those that may sleep as well; the
	# kernel need not write a trace of each.
	echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
	echo 0 >/sys/kernel/debug/failslab/verbose
	sio_insmod splitio
	sio_insmod splitio_kunit
	for file in /sys/kernel/debug/kunit/*/results; do
		[[ ! -e $file ]] || cat "$file"
	done >"$OUT/results"
	if [[ $LAB_KERNEL == *gcov ]]; then
		cd /sys/kernel/debug/gcov
		# The files have no size, so tar would leave them empty.
		find . -name '*.gcda' -path '*/proto/*' | while read -r f; do
			cat "$f" >"$OUT/$(basename "$f")"
		done
		cd "$top"
	fi
	rmmod splitio_kunit
	rmmod splitio
	echo finished >>"$OUT/results"
	exit 0
fi

# The suites and cases the sources declare, so that none can get lost.
declared()
{
	awk '
/static struct kunit_case / { list = $4; sub(/\[.*/, "", list) }
/KUNIT_CASE(_[A-Z]+)?\(/ {
	name = $0
	sub(/.*KUNIT_CASE(_[A-Z]+)?\(/, "", name)
	sub(/[,)].*/, "", name)
	cases[list] = cases[list] " " name
}
/static struct kunit_suite / { in_suite = 1 }
in_suite && /\.name/ { split($0, q, "\""); suite = q[2] }
in_suite && /\.test_cases/ {
	of = $0
	sub(/.*= */, "", of)
	sub(/,.*/, "", of)
}
in_suite && /^};/ {
	n = split(cases[of], c, " ")
	for (i = 1; i <= n; i++)
		print suite "." c[i]
	in_suite = 0
}' kunit/*_kunit.c | sort -u
}

if [[ ${1-} == --list ]]; then
	declared
	exit 0
fi

mods='' only='' gcov='' res=''
while [[ $# -gt 0 ]]; do
	[[ $# -ge 2 ]] || set -- usage x
	case $1 in
	--mods) mods=$2 ;;
	--only) only=$2 ;;
	--gcov) gcov=$2 ;;
	--res) res=$2 ;;
	*)
		sed -n 's/^# \(scripts\/kunit.sh.*\)/usage: \1/p' "$0" >&2
		exit 2
		;;
	esac
	shift 2
done

engine=--debug
if [[ -n $gcov ]]; then
	engine=--gcov
	[[ -n $mods ]] || mods=$(scripts/kbuild.sh --core --kunit --gcov um-6.12-gcov)
fi
[[ -n $mods ]] || mods=$(scripts/kbuild.sh --werror --core --kunit um-6.12-debug)

mkdir -p "${gcov:-build/kunit}"
out=$(mktemp -d "${gcov:-build/kunit}/run.XXXXXX")
trap 'rm -rf "$out"' EXIT
limit=${SIO_LEFT:-600}
[[ $limit -lt 600 ]] || limit=600

lab=0
scripts/lab/one.sh "$engine" --mods "$mods" --timeout "$limit" --out "$out" \
	--env "KUNIT_ONLY=$only" --dmesg "$out/dmesg" -- \
	scripts/kunit.sh --inside >"$out/console" 2>&1 || lab=$?

declared >"$out/declared"

# What was reported: only the outer level; parameters of a case count inside.
if [[ -e $out/results ]]; then
	awk '
	/^    # Subtest: / { suite = $3; plan = -1; seen = 0; total = 0 }
	/^    1\.\.[0-9]/ { split($1, p, "\\."); plan = p[3] }
	/^    # Totals: / || /^# Totals: / { total = 1 }
	/^    (not )?ok [0-9]/ {
		ok = $1 == "ok"
		name = ok ? $3 : $4
		verdict = ok ? "ok" : "FAIL"
		if (ok && /# SKIP/)
			verdict = "skip"
		print verdict, suite "." name
		seen++
	}
	/^(not )?ok [0-9]/ {
		if (seen != plan)
			print "FAIL", suite ".plan_of_" plan "_had_" seen
		if (!total && seen > 1)
			print "FAIL", suite ".no_totals"
	}' "$out/results" >"$out/verdicts"
else
	: >"$out/verdicts"
fi

# A declared case without a verdict has failed: silence is no success.
glob=${only:-*}
while read -r name; do
	# shellcheck disable=SC2053 # the right side is a pattern
	[[ $name == $glob ]] || continue
	grep -q "^[a-zA-Z]* $name\$" "$out/verdicts" ||
		echo "FAIL $name (no result)" >>"$out/verdicts"
done <"$out/declared"

status=0
[[ -s $out/declared ]] || {
	echo "kunit: no suites declared in kunit/"
	status=3
}
[[ -s $out/verdicts ]] || {
	echo "kunit: no results"
	status=3
}
! grep -q '^FAIL' "$out/verdicts" || status=1
if [[ ! -e $out/results ]] || ! grep -q '^finished' "$out/results"; then
	echo "kunit: the machine did not finish"
	status=3
elif [[ $lab -ne 0 ]]; then
	echo "FAIL kernel.log (the machine ended with status $lab)" \
		>>"$out/verdicts"
	[[ $status -ne 0 ]] || status=1
fi

if [[ -n $gcov ]]; then
	cp "$out"/*.gcda "$gcov/" 2>/dev/null || status=3
fi
[[ -z $res ]] || cp "$out/verdicts" "$res"
cat "$out/verdicts"
if [[ $status -ne 0 ]]; then
	grep -B 12 '^ *not ok' "$out/results" 2>/dev/null | head -n 200 || true
	tail -n 60 "$out/console"
fi
exit "$status"
