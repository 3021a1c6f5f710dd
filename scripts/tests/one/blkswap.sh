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

# Have 48 MiB of memory, and find in it what was put there
fill()
{
	timeout 120 python3 - <<'PY'
import mmap, struct, sys
size = 48 << 20
memory = mmap.mmap(-1, size)
for page in range(0, size, 4096):
    memory[page:page + 4096] = struct.pack('<Q', page + 1) * 512
for page in range(0, size, 4096):
    if memory[page:page + 4096] != struct.pack('<Q', page + 1) * 512:
        sys.exit(f'page at {page} has become another')
PY
}
swapped() { sed -n "s/^pswp$1 //p" /proc/vmstat; }

echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/small
echo $((16 << 20)) >/sys/fs/cgroup/small/memory.max
(
	echo "$BASHPID" >/sys/fs/cgroup/small/cgroup.procs
	fill
) || fail "a group short of memory"
[[ $(swapped out) -gt 8192 ]] || fail "$(swapped out) pages were swapped out"
[[ $(swapped in) -gt 8192 ]] || fail "$(swapped in) pages were swapped in"

swapoff /dev/sio0
disk_is g swap '.stats.errors == 0' || fail "requests failed"
h iohyp blk remove vm7/swap
wait_for 10 "the disk to go" test ! -b /dev/sio0
sio_end
