#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Execute the walkthrough of README.md on two virtual machines: make demo.
#
# The commands are taken from the README as they stand there. Each must end
# with status 0 and print what the README shows, numbers and addresses apart.
# Everything is kept in build/demo.log; build/demo.walkthrough is the block
# for the README with the output of this run. With KEEP=1 the machines stay
# up. KERNEL=6.1 takes the other kernel, LIMIT=S another limit in seconds.
# scripts/demo.sh --write puts this run's output into the README instead of
# comparing it.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
kernel=${KERNEL:-6.12}
limit=${LIMIT:-360}
log=$top/build/demo.log
name=demo-$$
tmp=''
is_up=''

lab() { scripts/lab/lab --name "$name" "$@"; }

say() { echo "$*" | tee -a "$log"; }

cleanup()
{
	local rc=$?

	trap '' INT TERM HUP
	trap - EXIT
	if [[ -n $is_up && $rc -ne 0 ]]; then
		dump >>"$log" 2>&1 || true
	fi
	if [[ -n $is_up && ${KEEP-} == 1 ]] && lab ps >>"$log" 2>&1; then
		say "demo: the machines stay up:"
		say "    scripts/lab/lab --name $name sh guest (or iohyp)"
		say "    scripts/lab/lab --name $name down     ends them"
	elif [[ -n $is_up ]]; then
		lab down || rc=1
	fi
	[[ -z $tmp ]] || rm -rf "$tmp"
	[[ $rc -eq 0 ]] || echo "demo: failed; $log has it all" >&2
	exit "$rc"
}

dump()
{
	local host

	for host in iohyp guest; do
		echo "--- $host: links, show, kernel log"
		lab run --timeout 10 "$host" -- ip -d addr || true
		case $host in
		iohyp) lab run --timeout 10 iohyp -- iohyp show --stats ;;
		*) lab run --timeout 10 guest -- ioguest show --stats ;;
		esac || true
		lab log "$host" | tail -n 60
	done
}

die()
{
	say "demo: $*"
	exit 1
}

# prepare WHAT CMD...: quiet on the terminal unless it fails.
prepare()
{
	local t0=$SECONDS

	printf 'demo: %s ... ' "$1"
	shift
	if ! "$@" >>"$log" 2>&1 </dev/null; then
		echo failed
		tail -n 30 "$log"
		exit 1
	fi
	echo "$((SECONDS - t0)) s"
}

# The files the machines get: what "make install" would put there.
stage()
{
	local from release mod to=$tmp/root

	# shellcheck disable=SC2086 # checks build with -Werror, people do not
	from=$(scripts/kbuild.sh ${SIO_LOGS:+--werror} "headers-$kernel")
	release=$(modinfo -F vermagic "$from/splitio.ko" | cut -d ' ' -f 1)
	make -s install-tools DESTDIR="$to"
	to=$to/lib/modules/$release/updates
	mkdir -p "$to"
	for mod in splitio splitio_be splitio_fe; do
		strip -g -o "$to/$mod.ko" "$from/$mod.ko"
	done
}

# The fenced block after the comment that begins "<!-- walkthrough".
walkthrough()
{
	awk '/^<!-- walkthrough/ { here = 1; next }
	     here && /^```/ { if (block) exit; block = 1; next }
	     block' README.md
}

# What differs from run to run: addresses, times, numbers, and requests that
# happen to be under way. Percentages stay.
normal()
{
	sed -E -e 's/([0-9a-f]{2}:){5}[0-9a-f]{2}/MAC/g' \
		-e 's/; [^;]*\<[0-9]+ requests?[^;]*, oldest [0-9.]+ (us|ms|s)//g' \
		-e 's/[0-9.]+ ?(us|ms|s|min|milliseconds)( |,|;|:|$)/TIME\2/g' \
		-e 's/([0-9]+)%/\1PERCENT/g' -e 's/flows?/flow/g' \
		-e 's/(^|[^0-9])[0-9]+(\.[0-9]+)?([^0-9P]|$)/\1N\3/g' \
		-e 's/(^|[^0-9])[0-9]+(\.[0-9]+)?([^0-9P]|$)/\1N\3/g' \
		-e 's/[[:space:]]+/ /g' -e 's/ $//'
}

# execute HOST COMMAND: shows it and its output; status is the command's.
execute()
{
	local rc=0 left=$((limit - SECONDS))

	[[ $left -gt 0 ]] || die "$limit seconds are over"
	[[ $left -lt 60 ]] || left=60
	say "$1# $2"
	lab run --timeout "$left" "$1" -- bash -c "exec 2>&1; $2" \
		</dev/null >"$tmp/output" 2>&1 || rc=$?
	tee -a "$log" <"$tmp/output"
	echo "$SECONDS $2" >>"$tmp/ended"
	{ echo "$1# $2"; cat "$tmp/output"; } >>"$tmp/walkthrough"
	[[ $rc -eq 0 ]] || die "that ended with status $rc"
}

# compare: the output with what the README has for it, $tmp/expected.
compare()
{
	[[ -z $write ]] || return 0
	normal <"$tmp/expected" >"$tmp/want"
	normal <"$tmp/output" >"$tmp/have"
	diff -u --label README.md "$tmp/want" --label here "$tmp/have" \
		>"$tmp/diff" && return
	cat "$tmp/diff" >>"$log"
	say "demo: the README shows something else for this:"
	cat "$tmp/diff"
	exit 1
}

# copy FILE FROM TO: over the channel the lab has to its machines.
copy()
{
	lab run --timeout 30 "$2" -- cat "$1" >"$tmp/copied" </dev/null
	[[ -s $tmp/copied ]] || die "$1 is empty at $2"
	lab run --timeout 30 -i "$3" -- bash -c "umask 077; cat >$1" \
		<"$tmp/copied"
	rm -f "$tmp/copied"
}

# The guest's copy must outlast the iohyp's modules: one that has ended by the
# time they are gone would show nothing.
copy_goes_on()
{
	lab run --timeout 20 guest -- pidof dd >>"$log" 2>&1 </dev/null ||
		die "the copy had ended before the iohyp's modules were gone"
	outlasted=1
}

# README.md with this run's output in its block.
write_readme()
{
	awk -v new="$tmp/walkthrough" '
	/^<!-- walkthrough/ { here = 1 }
	!skip { print }
	here && /^```/ && !skip {
		while ((getline line < new) > 0)
			print line
		skip = 1
		here = 0
		next
	}
	skip == 1 && /^```/ { print; skip = 0 }' README.md >"$tmp/README"
	cat "$tmp/README" >README.md
}

walk()
{
	local line done=0 pending='' outlasted=''
	local copying='^# copy ([a-z0-9._-]+) from ([a-z]+) to ([a-z]+)'

	while IFS= read -r line <&3; do
		if [[ $line =~ ^((guest|iohyp|outside)#|#)\  ]]; then
			[[ -z $pending ]] || compare
			pending=''
			: >"$tmp/expected"
		fi
		if [[ $line =~ ^(guest|iohyp|outside)#\ (.*) ]]; then
			execute "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
			pending=1
			done=$((done + 1))
			[[ $line != 'iohyp# iohyp stop && modprobe -r '* ]] ||
				copy_goes_on
		elif [[ $line =~ ^#\  ]]; then
			say "$line"
			echo "$line" >>"$tmp/walkthrough"
			if [[ $line =~ $copying ]]; then
				copy "${BASH_REMATCH[@]:1:3}"
			fi
		else
			echo "$line" >>"$tmp/expected"
		fi
	done 3<"$tmp/steps"
	[[ -z $pending ]] || compare
	[[ -n $outlasted ]] || die "README.md does not stop the iohyp during a copy"
	[[ $done -ge 20 ]] || die "only $done commands found in README.md"
	commands=$done
}

# row WHAT VALUE: a line of the table, which has no gaps.
row()
{
	[[ -n ${2-} ]] || die "no figure for: $1"
	printf '  %-46s %s\n' "$1" "$2" | tee -a "$log"
}

# from PATTERN AWK: of the first line of this run's output that matches.
from() { awk "/$1/ { $2; exit }" "$tmp/walkthrough"; }

# ended PATTERN: second at which the first command that matches had ended.
ended() { awk -v p="$1" '$0 ~ p { print $1; exit }' "$tmp/ended"; }

# shellcheck disable=SC2016 # expanded by awk
table()
{
	local away

	away=$(($(ended 'iohyp restore') - $(ended 'iohyp save')))
	say ""
	say "demo: what was done, and measured on these emulated machines"
	row "ping to outside, average" \
		"$(from '^rtt ' 'split($0, f, "/"); print f[5] " ms"')"
	row "download from outside onto the encrypted disk" \
		"$(from 'bytes.s$' 'printf "%.1f MB/s", $1 / 1e6')"
	row "fio --verify, 4 KB, 32 at a time: writes, reads" \
		"$(from '^{"write_iops"' 'split($0, f, /[:,]/); print f[2] " and " f[4] " per s"')"
	row "blocks of the backing file in clear" \
		"$(from '^ciphertext only' 'print "none"')"
	row "copy while the iohyp's modules were replaced" \
		"$(from '^the same' "print \"identical; iohyp away for $away s\"")"
}

write=''
case ${1-} in
'') ;;
--write) write=1 ;;
*)
	echo "usage: scripts/demo.sh [--write]" >&2
	exit 2
	;;
esac
[[ $(id -u) -eq 0 ]] || {
	echo "demo.sh: needs root, for network namespaces and tap devices" >&2
	exit 1
}
mkdir -p build
: >"$log"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/splitio-demo.$$.XXXXXX")
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

prepare "packages" scripts/packages.sh demo lab build
prepare "modules for $kernel, tools" stage
walkthrough >"$tmp/steps"
: >"$tmp/walkthrough"
# Fetching and building are not what the limit is about.
SECONDS=0
is_up=1
prepare "two machines" lab up --engine qemu --kernel "$kernel" \
	--add "$tmp/root"
say "demo: $(lab ps | head -n 1)"
say ""
walk
cp "$tmp/walkthrough" build/demo.walkthrough
[[ -z $write ]] || write_readme
table
say ""
lab scan >"$tmp/scan" || {
	tee -a "$log" <"$tmp/scan"
	die "trouble in a kernel log"
}
say "demo: $commands commands did what README.md says, in $SECONDS s"
