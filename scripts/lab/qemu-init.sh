#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# First process of a QEMU machine: mounts, drivers, the link, then the lab's agent on its virtio port.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root TERM=linux

# from the kernel's command line
: "${lab_host:?}" "${lab_link:?}"
trap 'echo "lab: $lab_host: init failed"; poweroff -f' EXIT
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null || :
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || :
mkdir -p /run/lock /run/netns
ln -sf /proc/self/fd /dev/fd
hostname "$lab_host"

for module in virtio_pci virtio_console virtio_net virtio_rng; do
	modprobe "$module"
done
if modprobe configfs 2>/dev/null; then
	mount -t configfs configfs /sys/kernel/config
fi
# files that came with --add may hold modules
[ ! -e /lab-added ] || depmod
# nodes whose opening loads their module, which systemd-tmpfiles makes elsewhere
while IFS=' :' read -r module node major minor; do
	[ "$module" != '#' ] || continue
	mkdir -p "$(dirname "/dev/$node")"
	[ -e "/dev/$node" ] ||
		mknod "/dev/$node" "${major:0:1}" "${major:1}" "$minor"
done <"/lib/modules/$(uname -r)/modules.devname"
ip link set lo up
[ ! -x /usr/bin/udevadm ] || /usr/lib/systemd/systemd-udevd --daemon

# until NAME TEST...: the drivers find their devices in their own time
until_true() {
	local until=$((SECONDS + 60))
	until "${@:2}"; do
		if [ "$SECONDS" -ge "$until" ]; then
			echo "lab: no $1"
			return 1
		fi
		sleep 0.1
	done
}
port=/dev/vport0p1
find_port() {
	local name
	for name in /sys/class/virtio-ports/*/name; do
		if [ -e "$name" ] && [ "$(<"$name")" = org.splitio.lab ]; then
			port=/dev/$(basename "${name%/name}")
			[ -c "$port" ] && return
		fi
	done
	return 1
}
until_true 'virtio port' find_port
if [ "$lab_link" != none ]; then
	until_true 'link device' test -e /sys/class/net/eth0
	lab-host-setup "$lab_host" eth0 "$lab_link"
else
	lab-host-setup "$lab_host" none 0
fi
cd /root
trap - EXIT
exec lab-agent "$port"
