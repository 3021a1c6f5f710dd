# SPDX-License-Identifier: GPL-2.0
# A private APT root in the cache: packages are fetched from it and unpacked, the host's APT is not edited.
# shellcheck shell=bash

# CACHE and LOG are set by the script that reads this file.
APT_ROOT=$CACHE/apt

# The name of the release this machine runs.
apt_codename() {
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

# Print "deb [options] URI SUITE main" for the suites of this Debian that the
# machine itself uses, and for its backports on the same mirror.
apt_sources() {
	local codename f

	codename=$(apt_codename)
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -e "$f" ] || continue
		awk -v code="$codename" '
		function flush_para(   i, j, nu, ns, u, s) {
			nu = split(val["uris"], u, " ")
			ns = split(val["suites"], s, " ")
			if (val["types"] ~ /(^| )deb( |$)/ && val["enabled"] != "no")
				for (i = 1; i <= nu; i++)
					for (j = 1; j <= ns; j++)
						entry(u[i], s[j], val["signed-by"])
			split("", val)
		}
		function entry(uri, suite, key) {
			if (suite != code && index(suite, code "-") != 1)
				return
			key = key ~ /^\// ? "[signed-by=" key "] " : ""
			print "deb " key uri " " suite " main"
			if (suite == code)
				print "deb " key uri " " suite "-backports main"
		}
		/^#/ { next }
		/^[ \t]*$/ { flush_para(); next }
		/^[A-Za-z]/ {
			name = tolower(substr($0, 1, index($0, ":") - 1))
			val[name] = substr($0, index($0, ":") + 1)
			gsub(/^[ \t]+|[ \t]+$/, "", val[name])
		}
		END { flush_para() }' "$f"
		echo
	done
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -e "$f" ] || continue
		awk -v code="$codename" '
		$1 == "deb" {
			opt = ""
			rest = $0
			sub(/^deb[ \t]+/, "", rest)
			if (rest ~ /^\[/) {
				opt = substr(rest, 1, index(rest, "]")) " "
				rest = substr(rest, index(rest, "]") + 1)
			}
			split(rest, w, " ")
			if (w[2] != code && index(w[2], code "-") != 1)
				next
			print "deb " opt w[1] " " w[2] " main"
			if (w[2] == code)
				print "deb " opt w[1] " " w[2] "-backports main"
		}' "$f"
	done
}

# apt_run TOOL ARGS...: apt-get or apt-cache on the private root.
apt_run() {
	local tool=$1
	shift
	"$tool" -o Dir::State="$APT_ROOT/state" \
		-o Dir::State::status="$APT_ROOT/status" \
		-o Dir::Cache="$APT_ROOT/cache" \
		-o Dir::Etc::SourceList="$APT_ROOT/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null \
		-o Dir::Etc::PreferencesParts=/dev/null \
		-o Debug::NoLocking=1 -o APT::Get::Assume-Yes=true \
		-o APT::Sandbox::User=root -q "$@"
}

# Make the root and load the package lists, at most once in an hour.
apt_prepare() {
	mkdir -p "$APT_ROOT/state/lists/partial" "$APT_ROOT/cache/archives/partial"
	cp /var/lib/dpkg/status "$APT_ROOT/status"
	apt_sources | awk 'NF && !seen[$0]++' >"$APT_ROOT/sources.list"
	if ! [ -s "$APT_ROOT/sources.list" ]; then
		echo "apt: /etc/apt names no Debian mirror for this release" >&2
		return 1
	fi
	if [ -z "$(find "$APT_ROOT/updated" -mmin -60 2>/dev/null)" ]; then
		echo "apt: loading package lists" >&2
		apt_run apt-get update >>"$LOG" 2>&1
		touch "$APT_ROOT/updated"
	fi
}

# apt_newest REGEX [VERSION]: "PACKAGE VERSION" of the newest package (or the
# one of VERSION) whose name matches; nothing when there is none.
apt_newest() {
	local names

	mapfile -t names < <(apt_run apt-cache search --names-only "$1" |
		cut -d' ' -f1)
	[ ${#names[@]} -gt 0 ] || return 0
	apt_run apt-cache madison "${names[@]}" |
		awk -F' *[|] *' -v want="${2:-}" '
		/Packages$/ {
			sub(/^ +/, "", $1)
			if (want == "" || $2 == want)
				print $1, $2
		}' | sort -u | sort -V -k2,2 | tail -n 1
}

# apt_needs PACKAGE REGEX: the dependency of PACKAGE whose name matches.
apt_needs() {
	apt_run apt-cache depends "$1" |
		awk -v re="$2" '/Depends:/ && $2 ~ re { print $2; exit }'
}

# apt_unpack DIR PACKAGE=VERSION...: fetch and unpack, without dependencies.
apt_unpack() {
	local dir=$1 tmp deb
	shift
	tmp=$(mktemp -d "$CACHE/tmp.deb.XXXXXX")
	mkdir -p "$dir"
	if ! (cd "$tmp" && apt_run apt-get download "$@" >>"$LOG" 2>&1); then
		rm -rf "$tmp"
		return 1
	fi
	for deb in "$tmp"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -rf "$tmp"
}
