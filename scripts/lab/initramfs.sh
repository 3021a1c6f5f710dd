#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make the initramfs of the lab's QEMU machines: initramfs.sh STOCK AGENT OUT, from a kernel of kernels.sh.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stock=$1 agent=$2 out=$3
release=$(<"$stock/release")
tmp=$(mktemp -d "${TMPDIR:-/tmp}/splitio-initramfs.$$.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root

tools=(bash grep ip bridge tc ss nft ethtool ping iperf3 curl jq tcpdump socat
	conntrack sysctl kmod stat timeout nsenter unshare setsid column
	mkfs.ext4 mount umount udevadm cryptsetup dmsetup wipefs fio)
# by name, or * for all of a prefix; their dependencies come along
modules=(virtio_pci virtio_net virtio_console virtio_blk virtio_rng
	failover net_failover
	veth macvlan macvtap tap tun dummy ifb vxlan bonding macsec wireguard
	8021q bridge br_netfilter ipvlan nlmon vrf af_packet pktgen
	'nf_*' 'nft_*' 'nfnetlink*' 'sch_*' 'cls_*' 'act_*'
	curve25519-x86_64 libcurve25519 libcurve25519-generic
	libchacha20poly1305 libchacha chacha-x86_64 libpoly1305
	poly1305-x86_64 libblake2s libblake2s-generic blake2s-x86_64 blake2s
	crc32c_generic crc32c-intel
	null_blk loop nbd nvme-tcp nvmet nvmet-tcp dm-mod dm-crypt
	xts ecb aes_generic aesni-intel cryptd sha256_generic sha256-ssse3
	sha512_generic sha512-ssse3 algif_skcipher algif_hash
	dm-flakey dm-log-writes configfs ext4)

mkdir -p "$root"/{dev,proc,sys,run,tmp,root,etc,mnt,var/log}
mkdir -p "$root"/usr/{bin,sbin,lib,lib64,share}
for dir in bin sbin lib lib64; do
	ln -s "usr/$dir" "$root/$dir"
done
ln -s ../run "$root/var/run"

# add_program FILE: it and the libraries it is linked with, at their places
add_program() {
	local lib
	install -D "$1" "$root/usr/bin/${1##*/}"
	for lib in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do
		[ -e "$root$lib" ] || install -D "$(realpath "$lib")" "$root$lib"
	done
}
for tool in "${tools[@]}"; do
	file=$(command -v "$tool" || PATH=$PATH:/usr/sbin:/sbin command -v "$tool") || {
		echo "initramfs: without $tool, which is not installed" >&2
		continue
	}
	[ -e "$root/usr/bin/$tool" ] || {
		add_program "$(realpath "$file")"
		real=$(basename "$(realpath "$file")")
		[ "$real" = "$tool" ] || ln -sf "$real" "$root/usr/bin/$tool"
	}
done
for name in modprobe insmod rmmod lsmod modinfo depmod; do
	ln -sf ../bin/kmod "$root/usr/sbin/$name"
done
# udev is one program: it names the disks by our rule, which --add brings
mkdir -p "$root/usr/lib/systemd"
ln -s ../../bin/udevadm "$root/usr/lib/systemd/systemd-udevd"
# who makes a mapping waits for what these rules do last
mkdir -p "$root/usr/lib/udev/rules.d"
cp /lib/udev/rules.d/{55-dm,95-dm-notify}.rules "$root/usr/lib/udev/rules.d/"
ln -s ../bin/dmsetup "$root/usr/sbin/dmsetup"
install "$(command -v busybox)" "$root/usr/bin/busybox"
"$root/usr/bin/busybox" --list | while read -r name; do
	[ -e "$root/usr/bin/$name" ] || [ -e "$root/usr/sbin/$name" ] ||
		ln -s busybox "$root/usr/bin/$name"
done
# tc's tables of distributions, services by name, an nsswitch that needs no NSS
[ ! -d /usr/lib/tc ] || cp -a /usr/lib/tc "$root/usr/lib/"
echo root:x:0:0:root:/root:/bin/bash >"$root/etc/passwd"
echo root:x:0: >"$root/etc/group"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
cp /etc/services /etc/protocols "$root/etc/" 2>/dev/null || :
echo 'hosts: files' >"$root/etc/nsswitch.conf"

# the modules and all they need, from modules.dep
from=$stock/lib/modules/$release
to=$root/usr/lib/modules/$release
mkdir -p "$to"
printf '%s\n' "${modules[@]}" | tr - _ >"$tmp/wanted"
awk -v wanted="$tmp/wanted" '
BEGIN {
	while ((getline line < wanted) > 0) {
		if (sub(/\*$/, "", line))
			prefix[line]
		else
			exact[line]
	}
}
{
	file = substr($1, 1, length($1) - 1)
	name = file
	sub(/.*\//, "", name)
	sub(/\.ko.*/, "", name)
	gsub(/-/, "_", name)
	take = name in exact
	for (p in prefix)
		if (index(name, p) == 1)
			take = 1
	if (!take)
		next
	print file
	for (i = 2; i <= NF; i++)
		print $i
}' "$from/modules.dep" | sort -u >"$tmp/files"
tar -C "$from" -cf - -T "$tmp/files" | tar -C "$to" -xf -
cp "$from"/modules.{order,builtin,builtin.modinfo} "$to/" 2>/dev/null || :
depmod -b "$root" "$release"

install "$agent" "$root/usr/sbin/lab-agent"
install "$HERE/host-setup.sh" "$root/usr/sbin/lab-host-setup"
install "$HERE/qemu-init.sh" "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$out.$$"
mv "$out.$$" "$out"
