#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Lines and branches of proto/ that the KUnit suites reach, file by file, and
# which branches of the pure code they do not.
# The annotated sources are left in build/coverage/.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
unset MAKEFLAGS MFLAGS MAKELEVEL

scripts/packages.sh build lab
dir=build/coverage
rm -rf "$dir"
mkdir -p "$dir"
mods=$(scripts/kbuild.sh --core --kunit --gcov um-6.12-gcov 2>"$dir/build.log") || {
	tail -n 30 "$dir/build.log" >&2
	exit 1
}
scripts/kunit.sh --mods "$mods" --gcov "$dir" >"$dir/kunit.log" 2>&1 || {
	tail -n 60 "$dir/kunit.log"
	echo "coverage: the suites did not pass"
	exit 1
}
cp "$mods"/proto/*.gcno "$dir/"

printf '%-32s %16s %16s\n' file lines branches
cd "$dir"
for data in *.gcda; do
	gcov -b -c -o . "${data%.gcda}.gcno" 2>>gcov.log
done | awk '
function share(a, b)
{
	return sprintf("%d/%d %5.1f%%", a, b, b ? 100 * a / b : 100)
}
function pair(s, q)
{
	# "Lines executed:93.33% of 15"
	sub(/.*:/, "", s)
	split(s, q, /% of /)
}
/^File / {
	file = $2
	gsub("\047", "", file)
	ours = sub(/.*\/proto\//, "proto/", file) && file ~ /\.[ch]$/
	if (ours && !(file in lines)) {
		lines[file] = branches[file] = hit[file] = took[file] = 0
		order[++n] = file
	}
}
ours && /^Lines executed/ {
	pair($0, q)
	if (q[2] > lines[file] || q[1] * q[2] / 100 > hit[file]) {
		lines[file] = q[2]
		hit[file] = int(q[1] * q[2] / 100 + 0.5)
	}
}
ours && /^Taken at least once/ {
	pair($0, q)
	branches[file] = q[2]
	took[file] = int(q[1] * q[2] / 100 + 0.5)
}
/^$/ { ours = 0 }
END {
	for (i = 1; i <= n; i++) {
		f = order[i]
		printf "%-32s %16s %16s\n", f, share(hit[f], lines[f]),
		       share(took[f], branches[f])
		a += hit[f]; b += lines[f]; c += took[f]; d += branches[f]
	}
	printf "%-32s %16s %16s\n", "all", share(a, b), share(c, d)
	if (!n)
		exit 1
}'

# Code that takes its clock and allocator as arguments; all of it is reached,
# but for these.
pure='frame hdr noise reasm rtt seal seq slot vnet'

# Macros in which the compiler leaves a branch that it decides itself, as for
# constants; a warning about ourselves; the way a test goes round an allocator.
made='(hton|ntoh)[sl]\(|clamp(_t)?\(|(test|__set|__clear)_bit\('
made+='|(find|for_each_set)[a-z_]*bit[a-z_]*\(|skb_csum_is_sctp\('
made+='|WARN_ON_ONCE\(|KUNIT_STATIC_STUB_REDIRECT\('

# A branch in code that is never run is missed where that code begins.
missed()
{
	local noun

	for noun in $pure; do
		awk -v file="proto/$noun.c" '
		/^ *([0-9]+\*?|#####|=====|-): *[0-9]+:/ {
			line = $0
			sub(/^[^:]*: */, "", line)
			text = line
			sub(/:.*/, "", line)
			sub(/^[0-9]+:[ \t]*/, "", text)
			if ($1 ~ /^#####/)
				print file ":" line "\tnever run\t" text
		}
		/^branch .* taken 0( |$)/ {
			if (last != line)
				print file ":" line "\tone way only\t" text
			last = line
		}' "$noun.c.gcov"
	done
}
missed >missed.list

printf '\nPure code that no case reaches:\n'
grep -vE "$made" missed.list | awk -F '\t' '{ printf "  %-20s %-14s %s\n", $1, $2, $3 }' ||
	true
printf '\nBranches a macro makes, in the pure code:\n'
grep -E "$made" missed.list | awk -F '[:\t]' '
	$1 != file { printf "%s  %s:", file ? "\n" : "", $1; file = $1 }
	{ printf " %s", $2 }
	END { print "" }' || true
