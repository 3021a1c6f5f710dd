#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Deadline: 400
# With systemd and udev: after a boot of either end all is back, and mounted;
# on the way down mounts go first; and it ends although the iohyp is gone.
. scripts/tests/systemd.sh
mkdir -p /m /mnt/data /etc/splitio /var/log/journal
mount -t tmpfs tmpfs /m
sio_load
two_ns
null_disk 64
NULLB=nullb1 null_disk 32
echo 'start=2048, type=83' | sfdisk -q /dev/nullb1
rm -rf /etc/systemd/system /usr/local/sbin/*
mkdir -p /etc/systemd/system
mkfs.ext4 -q /dev/nullb0

# The configuration of both ends, as an administrator leaves it.
h iohyp link create eth1
h iohyp guest create vm7 --join-file /etc/splitio/vm7.join
h iohyp nic create vm7/web --uplink eth0
h iohyp blk create vm7/data --path /dev/nullb0
h iohyp blk create vm7/parts --path /dev/nullb1
g ioguest connect --join /etc/splitio/vm7.join --link eth1 --wait 20
g ioguest wait vm7/data --timeout 20
g ioguest blk set data --on-loss fail:600
h iohyp save
g ioguest save
g ioguest stop
h iohyp stop

# Both installed by their installers, into the file systems they boot from.
sd_make guest
sd_make iohyp
for name in guest iohyp; do
	mkdir -p "/m/$name/mnt/new"
	cp "$MODDIR"/splitio*.ko "$SIO_TOOLS"/io* "/m/$name/mnt/new/"
	cp -a Kbuild proto iohyp-tools guest-tools "/m/$name/mnt/new/"
done
sd_chroot guest /mnt/new/guest-tools/install-frontend --from /mnt/new
sd_chroot iohyp /mnt/new/iohyp-tools/install-backend --from /mnt/new
ln -sf /dev/null /m/iohyp/etc/systemd/system/systemd-udevd.service
ln -sf /dev/null /m/iohyp/etc/systemd/system/systemd-udev-trigger.service
echo '/dev/splitio/data /mnt/data ext4 _netdev,x-systemd.device-timeout=120' \
	>/m/guest/etc/fstab
# stands for what an iohyp mounts of its own or of another one's disks
mkdir /m/iohyp/mnt/net
echo 'tmpfs /mnt/net tmpfs _netdev' >/m/iohyp/etc/fstab

# order NAME FIRST SECOND: these lines of its log, the last of each, are there
# in this order.
order()
{
	local log first second

	log=$(sd_log "$1" -o cat)
	first=$(grep -nE "$2" <<<"$log" | tail -n 1 | cut -d : -f 1) || :
	second=$(grep -nE "$3" <<<"$log" | tail -n 1 | cut -d : -f 1) || :
	[[ $first && $second && $first -lt $second ]] ||
		fail "$1: not in this order: $2, $3: $(tail -n 60 <<<"$log")"
}

# A guest that boots before its iohyp waits for it, and the boot with it.
expect_out 'nothing is set up' h iohyp show
sd_boot guest
wait_for 60 "the guest to dial" g ioguest show vm7
! sd_in guest mountpoint -q /mnt/data || fail "mounted without an iohyp"
sd_boot iohyp
wait_for 60 "the iohyp to boot" sd_is iohyp running
for unit in splitio-iohyp.service:iohyp splitio-guest.service:guest; do
	expect_out '(=| )remote-fs-pre.target( |$)' sd_in "${unit#*:}" \
		systemctl show -p Before "${unit%:*}"
done
expect_out '^link eth1' h iohyp show
expect_out 'nic web .* port sio-web on eth0' h iohyp show
wait_for 60 "the guest to boot" sd_is guest running
expect_eq "$(sess g state)" up "state of the session"

# The disk by every name it has
uuid=$(g ioguest -j blk show data | jq -r '.devices[0].uuid')
disk=$(g ioguest -j blk show data | jq -r '.devices[0].disk')
grep -qF "data --path /dev/nullb0 --uuid $uuid" /etc/splitio/iohyp.conf ||
	fail "another UUID than was saved: $uuid"
for name in splitio/data "disk/by-id/splitio-$uuid"; do
	expect_eq "$(sd_in guest readlink -f "/dev/$name")" "$disk" "$name"
done
expect_eq "$(sd_in guest udevadm info -q property "$disk" |
	grep -E '^ID_SERIAL(_SHORT)?=' | sort | xargs)" \
	"ID_SERIAL=splitio-$uuid ID_SERIAL_SHORT=${uuid//-/}" "serial"
expect_eq "$(<"/sys/block/${disk##*/}/wwid")" "splitio.$uuid" "wwid"
parts=$(g ioguest -j blk show parts | jq -r '.devices[0] | .uuid, .disk' |
	xargs)
for name in splitio/parts-part1 "disk/by-id/splitio-${parts% *}-part1"; do
	expect_eq "$(sd_in guest readlink -f "/dev/$name")" \
		"${parts#* }p1" "$name"
done
expect_eq "$(g ioguest -j blk show data |
	jq -r '.devices[0] | "\(.on_loss):\(.on_loss_s)"')" fail:600 "policy"
expect_out '^/dev/sio[0-9]+ /mnt/data ext4' sd_in guest \
	grep /mnt/data /proc/mounts

# The iohyp boots anew, and the guest goes on.
sd_in guest sh -c 'echo before >/mnt/data/file && sync'
sd_in iohyp systemctl poweroff
wait_for 40 "the iohyp to go down" sd_off iohyp
order iohyp 'Finished splitio-iohyp.service' 'Mounted mnt-net.mount'
order iohyp 'Unmounted mnt-net.mount' 'Stopping splitio-iohyp.service'
expect_out 'nothing is set up' h iohyp show
expect_out 'blk data .*paused' g ioguest show
sd_boot iohyp
wait_for 60 "the iohyp to boot" sd_is iohyp running
wait_for "$BACK" "the disk" disk_is g data '.state == "ready"'
sd_in guest sh -c 'echo after >>/mnt/data/file && sync'

# The way down: unmounted, then the goodbye, and the file system is clean.
sd_in guest systemctl poweroff
wait_for 40 "the guest to go down" sd_off guest
order guest 'Unmounted mnt-data.mount' 'Stopping splitio-guest.service'
expect_out 'guest vm7 .*waiting' h iohyp show
! sd_log guest -o cat | grep -E 'requests fail|I/O error' ||
	fail "a disk with a session failed"
expect_eq "$(dumpe2fs -h /dev/nullb0 2>/dev/null |
	sed -n 's/^Filesystem state: *//p')" clean "file system"

# Once more up; then the iohyp is gone for good, with writes on their way.
sd_boot guest
wait_for 60 "the guest to boot" sd_is guest running
expect_eq "$(sd_in guest cat /mnt/data/file | xargs)" "before after" "the file"
g ioguest blk set data --on-loss wait
ip -n iohyp link set eth1 down
wait_for "$BACK" "the session to end" is g state 'waiting|dialing'
# it hangs, as it shall, until the disk fails
sd_in guest sh -c 'echo lost >/mnt/data/lost && sync' &
began=$(date +%s)
sd_in guest systemctl poweroff
wait_for 60 "the guest to go down" sd_off guest
took=$(($(date +%s) - began))
[[ $took -lt 30 ]] || fail "powering off took $took s without an iohyp"
echo "off $took s after it was asked to, without an iohyp"
expect_out 'disk vm7/data has no session; its requests fail in 5 s' \
	sd_log guest -o cat

ip -n iohyp link set eth1 up
sd_in iohyp systemctl poweroff
wait_for 40 "the iohyp to go down" sd_off iohyp
sio_unload
