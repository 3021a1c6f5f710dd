#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run a script in a UML kernel booted for it; the host's file system is its root, in a copy that is forgotten.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)

# shellcheck source-path=SCRIPTDIR source=uml.sh disable=SC1091
. "$HERE/uml.sh"

usage() {
	cat <<EOF
usage: one.sh [OPTIONS] -- SCRIPT [ARGS]
  --debug | --plain | --gcov   which UML kernel (default: --debug)
  --kernel NAME    another one of scripts/kernels.sh, e.g. um-6.12
  --mods DIR       MODDIR in the script's environment
  --env NAME=VAL   another variable, as often as you like
  --out DIR        a folder the script may write to, as \$OUT
  --mem M          memory, default 512M
  --timeout S      end it after so many seconds, default 300
  --dmesg FILE     keep the kernel log here
  --leaks          look for memory leaks at the end (debug kernel)
  --no-scan        trouble in the kernel log does not fail the run
The script runs as root in the checkout, with KDIR, MODDIR and OUT set. Exit
status: that of the script; 1 when the machine stayed silent or its kernel
log shows trouble; 124 when the time is over.
EOF
}

kernel=um-6.12-debug mods='' out='' mem=512M limit=300 dmesg='' leaks=0 scan=1
vars=()
while [ $# -gt 0 ]; do
	case $1 in
	--debug) kernel=um-6.12-debug ;;
	--plain) kernel=um-6.12 ;;
	--gcov) kernel=um-6.12-gcov ;;
	--leaks) leaks=1 ;;
	--no-scan) scan=0 ;;
	--kernel | --mods | --env | --out | --mem | --timeout | --dmesg)
		[ $# -ge 2 ] || { usage >&2; exit 2; }
		case $1 in
		--kernel) kernel=$2 ;;
		--mods) mods=$(cd "$2" && pwd) ;;
		--env) vars+=("$2") ;;
		--out) mkdir -p "$2"; out=$(cd "$2" && pwd) ;;
		--mem) mem=$2 ;;
		--timeout) limit=$2 ;;
		--dmesg) dmesg=$2 ;;
		esac
		shift
		;;
	-h | --help) usage; exit 0 ;;
	--) shift; break ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || { usage >&2; exit 2; }
if ! script=$(command -v -- "$1") || ! script=$(realpath -- "$script"); then
	echo "one: no such script: $1" >&2
	exit 2
fi
shift

kdir=$("$HERE/../kernels.sh" get "$kernel")
run=$(mktemp -d "${TMPDIR:-/tmp}/splitio-one.$$.XXXXXX")
group=''
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	# the group is the one we made; UML has made itself another
	[ -z "$group" ] || kill -KILL -- "-$group" 2>/dev/null || :
	if [ -n "$group" ] && read -r uml <"$run/uml/one$$/pid"; then
		kill -KILL -- "$uml" "-$uml" || :
	fi 2>/dev/null
	rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$run/lab" "$run/uml"
lab=$run/lab
echo one >"$lab/hostname"
echo "$kdir" >"$lab/kdir"
printf '%s\n' "$TOP" "$script" "$kdir" ${mods:+"$mods"} >"$lab/paths"
{
	printf 'cd %q\n' "$TOP"
	printf 'export KDIR=%q MODDIR=%q LAB_KERNEL=%q\n' "$kdir" "$mods" "$kernel"
	for v in "${vars[@]}"; do
		printf 'export %q\n' "$v"
	done
	if [ -n "$out" ]; then
		printf 'mkdir /run/out\nmount -t hostfs -o %q none /run/out\n' "$out"
		echo 'export OUT=/run/out'
	fi
	echo 'status=0'
	printf '( trap - EXIT; exec %q' "$script"
	[ $# -eq 0 ] || printf ' %q' "$@"
	echo ' ) || status=$?'
	if [ "$leaks" -eq 1 ]; then
		printf '. %q\n' "$HERE/leaks.sh"
		echo "find_leaks || status=\$((status ? status : 1))"
	fi
	# the token: without this file the run has failed
	echo "echo status \$status >/run/lab/status"
} >"$lab/job"

log=$lab/dmesg
: >"$log"
# A core of a crashed UML is as large as its memory, and tells nobody anything.
ulimit -c 0
start=$(date +%s)
set -m
setpriv --pdeathsig KILL timeout -s KILL "$limit" \
	setpriv --pdeathsig KILL "$kdir/linux" "mem=$mem" "${UML_ARGS[@]}" \
	labdir="$lab" uml_dir="$run/uml/" umid="one$$" \
	ssl=null con0=null,fd:1 con1=null,fd:3 \
	</dev/null 3>>"$log" 2>>"$run/stderr" | cat &
group=$(jobs -p %%)
set +m
wait "$group" 2>/dev/null || :
wait || :
group=''
took=$(($(date +%s) - start))

[ -z "$dmesg" ] || cp "$log" "$dmesg"
status=''
if [ -e "$lab/status" ]; then
	read -r _ status <"$lab/status" || :
fi
if ! [[ $status =~ ^[0-9]+$ ]]; then
	echo "one: $script: the machine ended without a status after $took s; its log ends with:" >&2
	tail -n 40 "$log" >&2
	grep -avE "$UML_CHATTER" "$run/stderr" >&2 || :
	[ "$took" -lt "$limit" ] || exit 124
	exit 1
fi
if [ "$scan" -eq 1 ] && ! found=$("$HERE/scan-log.sh" "$log"); then
	echo "one: $script: trouble in the kernel log:" >&2
	echo "$found" >&2
	if [ "$status" -eq 0 ]; then
		tail -n 60 "$log" >&2
		status=1
	fi
fi
exit "$status"
