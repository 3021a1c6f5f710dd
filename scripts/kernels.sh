#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Get kernels, headers and QEMU into a cache, building or unpacking them when they are not there yet.
set -euo pipefail

CACHE=${SPLITIO_CACHE:-${HOME:-/root}/.cache/splitio}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LOG=/dev/null

# shellcheck source-path=SCRIPTDIR source=lab/apt.sh disable=SC1091
. "$HERE/lab/apt.sh"

usage() {
	cat <<EOF
usage: kernels.sh get NAME     print a directory, made on demand
       kernels.sh list         the names, and what the cache has
       kernels.sh refresh      forget the versions: the next get asks the mirror

NAME   um-6.12           UML kernel and KDIR; its modules in mods/lib/modules
       um-6.12-debug     the same with KASAN, lockdep, kmemleak, failslab
       um-6.12-gcov      the same with coverage counters
       headers-6.12 headers-6.1    Debian's headers, a KDIR
       stock-6.12 stock-6.1        Debian's kernel: vmlinuz, lib/modules
       qemu              qemu-system-x86_64 and its libraries
       checkpatch        scripts/ of the kernel source
       ynl               its schema of netlink specs, and what reads them
       promtool          the checker of metrics that Prometheus comes with
Cache: SPLITIO_CACHE, default ~/.cache/splitio. What is there is used as it
is; the network is needed only for what is missing.
EOF
}

say() { echo "kernels: $*" >&2; }

die() {
	say "$*"
	exit 1
}

# Run "$@" with its output in the log; show the tail when it fails.
logged() {
	if ! "$@" >>"$LOG" 2>&1 </dev/null; then
		tail -n 40 "$LOG" >&2
		die "failed: $* (log: $LOG)"
	fi
}

# A directory name make and the shell can live with.
plain_name() { tr '~+: ' '....' <<<"$1"; }

# arch_headers SERIES: regular expression of the amd64 headers' package name.
arch_headers() {
	case $1 in
	6.1) echo '^linux-headers-6\.1\.0-[0-9]+-amd64$' ;;
	*) echo "^linux-headers-${1//./\\.}\\.[0-9]+[+]deb[0-9]+-amd64\$" ;;
	esac
}

# The version all packages of SERIES are taken from: source, headers and image
# belong together, so the first answer of the mirror is kept.
series_version() {
	local series=$1 file=$CACHE/version-$1 found

	if [ -s "$file" ] &&
	   [ -n "$(apt_newest "$(arch_headers "$series")" "$(<"$file")")" ]; then
		cat "$file"
		return
	fi
	found=$(apt_newest "$(arch_headers "$series")")
	[ -n "$found" ] || die "no Linux $series among this machine's packages"
	echo "${found#* }" >"$file.new"
	mv "$file.new" "$file"
	cat "$file"
}

# The tree of linux-source-SERIES at VERSION, unpacked once for all builds, with
# what UML's network driver needs repaired; the stock kernels are untouched.
source_tree() {
	local series=$1 version=$2 dir tmp

	dir=$CACHE/src-$series-$(plain_name "$version")-$(sha256sum \
		<"$HERE/lab/um-vector.patch" | cut -c1-8)
	exec 8>"$CACHE/lock-src-$series"
	flock 8
	if ! [ -e "$dir/.complete" ]; then
		say "unpacking linux-source-$series $version"
		tmp=$CACHE/tmp.src.$$
		rm -rf "$tmp" "$dir"
		apt_unpack "$tmp" "linux-source-$series=$version" ||
			die "cannot fetch linux-source-$series=$version (log: $LOG)"
		mkdir -p "$dir"
		logged tar -C "$dir" --strip-components=1 -xf \
			"$tmp/usr/src/linux-source-$series.tar.xz"
		rm -rf "$tmp"
		logged patch -d "$dir" -p1 -i "$HERE/lab/um-vector.patch"
		touch "$dir/.complete"
	fi
	exec 8>&-
	echo "$dir"
}

# um_hash VARIANT: of all that makes one UML kernel different from another.
um_hash() {
	local frag
	mapfile -t frag < <(um_fragments "$1")
	[ -e "${frag[-1]}" ] || return 1
	cat "${frag[@]}" "$HERE/lab/um-vector.patch" | sha256sum | cut -c1-8
}

# um_fragments VARIANT: the fragments of a UML kernel, in order.
um_fragments() {
	echo "$HERE/lab/um.config"
	[ -z "$1" ] || echo "$HERE/lab/um-$1.config"
}

# um_build DIR SERIES VARIANT VERSION
um_build() {
	local dir=$1 series=$2 variant=$3 version=$4 src jobs frag release

	src=$(source_tree "$series" "$version")
	mapfile -t frag < <(um_fragments "$variant")
	jobs=$(nproc)
	say "building UML $version ${variant:-plain}, $jobs jobs; about 6 to 10 minutes"
	mkdir -p "$dir"
	logged make -C "$src" ARCH=um O="$dir" defconfig
	logged "$src/scripts/kconfig/merge_config.sh" -m -O "$dir" \
		"$dir/.config" "${frag[@]}"
	logged make -C "$src" ARCH=um O="$dir" olddefconfig
	um_missing "$dir" "${frag[@]}"
	logged nice -n 5 make -C "$src" ARCH=um O="$dir" -j "$jobs" \
		linux modules
	logged make -C "$src" ARCH=um O="$dir" INSTALL_MOD_PATH="$dir/mods" \
		modules_install
	release=$(make -s -C "$src" ARCH=um O="$dir" kernelrelease)
	logged depmod -b "$dir/mods" "$release"
}

# Tell which options of the fragments Kconfig dropped: it does so silently.
um_missing() {
	local dir=$1 opt
	shift
	while read -r opt; do
		grep -qxF "$opt" "$dir/.config" || say "not taken: $opt"
	done < <(grep -hE '^CONFIG_[A-Z0-9_]+=[^n]' "$@")
}

# headers_unpack DIR SERIES VERSION
headers_unpack() {
	local dir=$1 version=$3 arch common kbuild f

	arch=$(apt_newest "$(arch_headers "$2")" "$version")
	arch=${arch% *}
	common=$(apt_needs "$arch=$version" '^linux-headers-.*-common$')
	kbuild=$(apt_needs "$arch=$version" '^linux-kbuild-')
	say "unpacking $arch $version"
	apt_unpack "$dir" "$arch=$version" "$common=$version" \
		"$kbuild=$version" ||
		die "cannot fetch $arch=$version (log: $LOG)"
	# the packages name each other by absolute path
	for f in "$dir"/usr/src/*/Makefile "$dir"/usr/src/*/.kernelvariables; do
		[ -e "$f" ] || continue
		sed -i "s|/usr/src/linux|$dir/usr/src/linux|g
			s|/usr/lib/linux-kbuild|$dir/usr/lib/linux-kbuild|g" "$f"
	done
	for f in "$dir"/usr/src/*/*; do
		[ -L "$f" ] || continue
		case $(readlink "$f") in
		/usr/*) ln -sfn "$dir$(readlink "$f")" "$f" ;;
		esac
	done
	# without the BTF of the kernel kbuild leaves BTF out and needs no pahole
	rm -f "$dir/usr/src/$arch/vmlinux"
	echo "usr/src/$arch" >"$dir/.inner"
}

# stock_unpack DIR SERIES VERSION
stock_unpack() {
	local dir=$1 version=$3 image release

	image=$(apt_newest "$(arch_headers "$2")" "$version")
	image=${image% *}
	image=${image/headers/image}
	release=${image#linux-image-}
	say "unpacking $image $version"
	apt_unpack "$dir" "$image=$version" ||
		apt_unpack "$dir" "$image-unsigned=$version" ||
		die "cannot fetch $image=$version (log: $LOG)"
	ln -s "boot/vmlinuz-$release" "$dir/vmlinuz"
	echo "$release" >"$dir/release"
	# depmod follows the same layout on merged and unmerged systems
	[ -e "$dir/lib/modules" ] || ln -s usr/lib "$dir/lib"
	logged depmod -b "$dir" "$release"
}

# qemu_unpack DIR VERSION: the packages this machine has not got installed.
qemu_unpack() {
	local dir=$1 version=$2 tmp deb

	say "unpacking qemu-system-x86 $version"
	tmp=$(mktemp -d "$CACHE/tmp.qemu.XXXXXX")
	mkdir -p "$tmp/partial"
	logged apt_run apt-get install --download-only --reinstall \
		--no-install-recommends -o Dir::Cache::archives="$tmp" \
		-t "$(apt_codename)-backports" \
		"qemu-system-x86=$version" "qemu-system-common=$version" \
		"qemu-system-data=$version"
	for deb in "$tmp"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -rf "$tmp"
	cat >"$dir/qemu-system-x86_64" <<-'EOF'
		#!/bin/sh
		# Start the QEMU of this directory with its own libraries and data.
		here=$(cd "$(dirname "$0")" && pwd)
		lib=$here/usr/lib/x86_64-linux-gnu
		export LD_LIBRARY_PATH="$lib:$here/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
		export QEMU_MODULE_DIR="$lib/qemu"
		exec "$here/usr/bin/qemu-system-x86_64" -L "$here/usr/share/qemu" -L "$here/usr/share/seabios" "$@"
	EOF
	chmod +x "$dir/qemu-system-x86_64"
	logged "$dir/qemu-system-x86_64" --version
}

# checkpatch_unpack DIR SERIES VERSION
checkpatch_unpack() {
	local dir=$1 src f

	src=$(source_tree "$2" "$3")
	for f in checkpatch.pl spelling.txt const_structs.checkpatch kernel-doc; do
		cp "$src/scripts/$f" "$dir/"
	done
	cp -r "$src/scripts/coccinelle" "$dir/"
}

# ynl_unpack DIR SERIES VERSION
ynl_unpack() {
	local dir=$1 src

	src=$(source_tree "$2" "$3")
	cp "$src/Documentation/netlink/genetlink.yaml" "$dir/"
	cp -r "$src/tools/net/ynl/." "$dir/"
}

# promtool_unpack DIR VERSION: of the package only that, which runs alone.
promtool_unpack() {
	local dir=$1 version=$2 tmp

	say "unpacking promtool of prometheus $version"
	tmp=$CACHE/tmp.promtool.$$
	apt_unpack "$tmp" "prometheus=$version" ||
		die "cannot fetch prometheus=$version (log: $LOG)"
	mv "$tmp/usr/bin/promtool" "$dir/"
	rm -rf "$tmp"
	logged "$dir/promtool" --version
}

# found PATTERN: the newest complete directory of that name, if any.
found() {
	local dir

	dir=$(compgen -G "$CACHE/$1/.complete" | sort -V | tail -n 1)
	[ -n "$dir" ] || return 1
	dir=${dir%/.complete}
	if [ -e "$dir/.inner" ]; then
		echo "$dir/$(<"$dir/.inner")"
	else
		echo "$dir"
	fi
}

# pattern NAME: what complete directories of NAME are called; dies if unknown.
pattern() {
	local hash
	case $1 in
	um-[67].*)
		hash=$(um_hash "$(variant "$1")") ||
			die "no such kernel: $1 (see list)"
		echo "$1_*-$hash"
		;;
	headers-[67].* | stock-[67].* | qemu | checkpatch | ynl | promtool)
		echo "$1_*"
		;;
	*) die "no such thing: $1 (try: kernels.sh list)" ;;
	esac
}

# variant um-SERIES[-VARIANT]
variant() {
	local rest=${1#um-}
	case $rest in
	*-*) echo "${rest#*-}" ;;
	esac
}

# make_it NAME PATTERN: called with the lock of NAME held.
make_it() {
	local name=$1 pat=$2 series version dir tmp

	LOG=$CACHE/log/$name.log
	: >"$LOG"
	(
		flock 7
		apt_prepare
	) 7>"$CACHE/lock-apt" || {
		tail -n 20 "$LOG" >&2
		die "the package lists cannot be loaded (log: $LOG)"
	}
	case $name in
	qemu)
		version=$(apt_newest '^qemu-system-x86$')
		version=${version#* }
		;;
	promtool)
		version=$(apt_newest '^prometheus$')
		version=${version#* }
		;;
	checkpatch | ynl) series=6.12 ;;
	*)
		series=${name#*-}
		series=${series%%-*}
		;;
	esac
	[ -n "${version:-}" ] || version=$(series_version "$series")
	dir=$CACHE/${pat/'*'/$(plain_name "$version")}
	# paths are recorded inside, so everything is made where it stays
	rm -rf "$dir"
	mkdir -p "$dir"
	case $name in
	um-*) um_build "$dir" "$series" "$(variant "$name")" "$version" ;;
	headers-*) headers_unpack "$dir" "$series" "$version" ;;
	stock-*) stock_unpack "$dir" "$series" "$version" ;;
	qemu) qemu_unpack "$dir" "$version" ;;
	promtool) promtool_unpack "$dir" "$version" ;;
	checkpatch) checkpatch_unpack "$dir" "$series" "$version" ;;
	ynl) ynl_unpack "$dir" "$series" "$version" ;;
	esac
	touch "$dir/.complete"
	say "$name is ready"
}

get() {
	local name=$1 pat

	pat=$(pattern "$name")
	found "$pat" && return
	mkdir -p "$CACHE/log"
	exec 9>"$CACHE/lock-$name"
	if ! flock -n 9; then
		say "waiting for another build of $name"
		flock 9
	fi
	if found "$pat"; then
		return
	fi
	make_it "$name" "$pat"
	found "$pat"
}

list() {
	local name pat
	for name in um-6.12 um-6.12-debug um-6.12-gcov headers-6.12 \
		    headers-6.1 stock-6.12 stock-6.1 qemu checkpatch ynl \
		    promtool; do
		pat=$(pattern "$name")
		printf '%-14s %s\n' "$name" "$(found "$pat" || echo '-')"
	done
}

main() {
	case ${1:-} in
	get)
		[ $# -eq 2 ] || { usage >&2; exit 2; }
		get "$2"
		;;
	list) list ;;
	refresh) rm -f "$CACHE"/version-* "$CACHE/apt/updated" ;;
	-h | --help | help) usage ;;
	*)
		usage >&2
		exit 2
		;;
	esac
}

# read to the end before it runs: a build takes long, this file may be edited
main "$@"; exit
