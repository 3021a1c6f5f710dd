#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Lines and branches of proto/ that the KUnit suites reach, file by file.
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

printf '%-24s %14s %14s\n' file lines branches
cd "$dir"
for data in *.gcda; do
	gcov -b -o . "${data%.gcda}.gcno" 2>>gcov.log
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
		printf "%-24s %14s %14s\n", f, share(hit[f], lines[f]),
		       share(took[f], branches[f])
		a += hit[f]; b += lines[f]; c += took[f]; d += branches[f]
	}
	printf "%-24s %14s %14s\n", "all", share(a, b), share(c, d)
	if (!n)
		exit 1
}'
