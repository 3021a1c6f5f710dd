#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Swap on a disk: a group short of memory finds all of its pages again.
# Deadline: 180
sio_session
null_disk 96
h iohyp blk create vm7/swap --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
mkswap -q /dev/sio0
swapon /dev/sio0

swapped() { sed -n "s/^pswp$1 //p" /proc/vmstat; }

echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/small
echo $((16 << 20)) >/sys/fs/cgroup/small/memory.max
(
	echo "$BASHPID" >/sys/fs/cgroup/small/cgroup.procs
	timeout 120 python3 scripts/tests/fill-memory.py $((48 << 20))
) || fail "a group short of memory"
[[ $(swapped out) -gt 8192 ]] || fail "$(swapped out) pages were swapped out"
[[ $(swapped in) -gt 8192 ]] || fail "$(swapped in) pages were swapped in"

swapoff /dev/sio0
disk_is g swap '.stats.errors == 0' || fail "requests failed"
h iohyp blk remove vm7/swap
wait_for 10 "the disk to go" test ! -b /dev/sio0
sio_end
