#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Install what is missing of the packages that scripts/packages names in the given sections.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LIST=$HERE/packages

usage() {
	echo "usage: packages.sh [--list] SECTION..."
	echo "sections: $(sed -n 's/^\[\([a-z]*\)\].*/\1/p' "$LIST" | xargs)"
}

# section NAME: its packages, one a line, "?" kept.
section() {
	awk -v want="[$1]" '
	{ sub(/#.*/, "") }
	/^\[/ { in_it = ($1 == want); found = found || in_it; next }
	in_it && NF { print $1 }
	END { exit !found }' "$LIST"
}

# Print those of the arguments that are not installed.
missing() {
	local have
	have=$(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' \
		"${@#\?}" 2>/dev/null | awk '$2 == "ii" { print $1 }') || true
	local pkg
	for pkg in "$@"; do
		grep -qxF "${pkg#\?}" <<<"$have" || echo "$pkg"
	done
}

only_list=
case ${1:-} in
-h | --help) usage; exit 0 ;;
--list) only_list=1; shift ;;
esac
[ $# -gt 0 ] || { usage >&2; exit 2; }

all=()
for name in "$@"; do
	names=$(section "$name") || { usage >&2; exit 2; }
	mapfile -t -O "${#all[@]}" all <<<"$names"
done
if [ -n "$only_list" ]; then
	printf '%s\n' "${all[@]#\?}" | sort -u
	exit 0
fi

mapfile -t want < <(missing "${all[@]}" | sort -u)
[ ${#want[@]} -gt 0 ] || exit 0
must=()
may=()
for pkg in "${want[@]}"; do
	case $pkg in
	\?*) may+=("${pkg#\?}") ;;
	*) must+=("$pkg") ;;
	esac
done

# What the release does not have is asked for only once.
stamp=${SPLITIO_CACHE:-${HOME:-/root}/.cache/splitio}/packages-absent
if [ ${#must[@]} -eq 0 ] && [ -e "$stamp" ] &&
   [ -z "$(printf '%s\n' "${may[@]}" | grep -vxFf "$stamp" || true)" ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "packages: missing: ${must[*]} ${may[*]}" >&2
	echo "packages: run this as root, or install them yourself" >&2
	exit 1
fi

log=$(mktemp "${TMPDIR:-/tmp}/packages.$$.XXXXXX")
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
quiet() {
	if ! "$@" >"$log" 2>&1 </dev/null; then
		cat "$log" >&2
		echo "packages: failed: $*" >&2
		exit 1
	fi
}

quiet apt-get -q update
have=()
absent=()
for pkg in "${may[@]}"; do
	if apt-cache show "$pkg" >/dev/null 2>&1; then
		have+=("$pkg")
	else
		absent+=("$pkg")
	fi
done
if [ ${#absent[@]} -gt 0 ]; then
	mkdir -p "${stamp%/*}"
	printf '%s\n' "${absent[@]}" >"$stamp"
fi
must+=("${have[@]}")
[ ${#must[@]} -gt 0 ] || exit 0
echo "packages: installing ${must[*]}" >&2
if command -v debconf-set-selections >/dev/null; then
	# tshark: captures are root's affair here, nothing becomes setuid
	echo wireshark-common wireshark-common/install-setuid boolean false |
		debconf-set-selections
	echo iperf3 iperf3/start_daemon boolean false | debconf-set-selections
fi
quiet apt-get -q install -y --no-install-recommends "${must[@]}"
