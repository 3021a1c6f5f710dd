#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A cache that is not flushed for long holds up neither a stop nor the tools.
# Deadline: 180
sio_session
null_disk 64 cache_size=16
export DM_DISABLE_UDEV=1
dmsetup create back --table "0 131072 linear /dev/nullb0 0"
closed() { dmsetup remove back; }

# A namespace that ends while a disk of a guest that was in it is being closed
ip netns add brief
ip link add brief0 type veth peer name eth0 netns brief
ended() { ! ip link show brief0 &>/dev/null; }
b() { nsenter --net=/run/netns/brief -- "$@"; }
b iohyp guest create vm8 --insecure
b iohyp blk create vm8/data --path /dev/mapper/back
dmsetup suspend --noflush --nolockfs back
b iohyp guest remove vm8 --force
ip netns del brief
until ended || [[ $SECONDS -ge ${late:=$((SECONDS + 3))} ]]; do
	read -r -t 0.05 <> <(:) || true
done
! ended || fail "a namespace ended before its disks"
dmsetup resume back
wait_for 10 "the block device of the namespace" closed
wait_for 10 "the end of the namespace" ended

# A guest is told of a stop all the same, and others of what is served
dmsetup create back --table "0 131072 linear /dev/nullb0 0"
h iohyp blk create vm7/data --path /dev/mapper/back
wait_for 10 "the disk" test -b /dev/sio0
dmsetup suspend --noflush --nolockfs back
timeout 60 nsenter --net=/run/netns/iohyp -- iohyp stop ||
	fail "stopping waits for a cache"
timeout 10 nsenter --net=/run/netns/iohyp -- iohyp show >/dev/null ||
	fail "the tools wait for a cache"
dmsetup resume back
wait_for 10 "the block device" closed
g ioguest disconnect vm7 --force
sio_unload
