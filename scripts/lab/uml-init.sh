#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# First process of a UML machine: a writable copy of the host's file system in memory, then the job in $labdir.
# The kernel passes labdir= of its command line to us in the environment.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root TERM=dumb LC_ALL=C.UTF-8

mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev 2>/dev/null || [ -c /dev/tty0 ]
exec </dev/null >/dev/tty0 2>&1
stty -F /dev/tty0 raw -echo

# Whatever goes wrong from here on ends the machine, without a status file.
poweroff_now() {
	set +e
	sync
	# returns when the console's buffer is on the host
	stty -F /dev/tty0 raw 2>/dev/null
	echo 1 >/proc/sys/kernel/sysrq
	echo o >/proc/sysrq-trigger
	while :; do
		read -r -t 60 <> <(:) || :
	done
}
trap poweroff_now EXIT

# The host's root stays read-only below; what is written lands in memory.
mount -t tmpfs -o size=50% tmpfs /mnt
mkdir /mnt/up /mnt/work /mnt/root
mount -t overlay -o "lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work" \
	overlay /mnt/root
cd /mnt/root
pivot_root . mnt
cd /
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || :
mount -t configfs configfs /sys/kernel/config 2>/dev/null || :
mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null || :
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
umount -l /mnt

# The one place where the host is written: this run's own folder.
mkdir -p /run/lab /run/lock /run/netns /run/oldtmp
mount -t hostfs -o "${labdir:?}" none /run/lab

# An own /tmp, in which only the paths the job names are those of the host.
mount --bind /tmp /run/oldtmp
mount -t tmpfs -o mode=1777 tmpfs /tmp
while IFS= read -r path; do
	case $path in
	/tmp/*) ;;
	*) continue ;;
	esac
	# within one that is there already: making it anew would empty it
	[ ! -e "$path" ] || continue
	if [ -d "/run/oldtmp/${path#/tmp/}" ]; then
		mkdir -p "$path"
	else
		mkdir -p "${path%/*}"
		: >"$path"
	fi
	mount --bind "/run/oldtmp/${path#/tmp/}" "$path"
done </run/lab/paths
umount -l /run/oldtmp

# GRE and friends put no devices of their own into new namespaces
echo 2 >/proc/sys/net/core/fb_tunnels_only_for_init_net
ip link set lo up
hostname "$(cat /run/lab/hostname)"
# the few drivers of this kernel that are modules, for modprobe and depmod
cp -a "$(cat /run/lab/kdir)/mods/lib/modules/." /lib/modules/
dmesg -n 8

# shellcheck disable=SC1091
. /run/lab/job
