#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Swap on a disk: memory that is short, of a group and of all, ends in no deadlock.
# Deadline: 300
sio_session
# outside of this machine's memory, or nothing would be won by swapping
truncate -s 512M "/run/lab/swap.img"
h iohyp blk create vm7/swap --path "/run/lab/swap.img"
wait_for 10 "the disk" test -b /dev/sio0
mkswap -q /dev/sio0
swapon /dev/sio0

# fill MIB: have that much memory, and find in it what was put there
fill()
{
	timeout 200 python3 - "$1" <<'PY'
import mmap, struct, sys
size = int(sys.argv[1]) << 20
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
	fill 48
) || fail "a group short of memory"
[[ $(swapped out) -gt 8192 ]] || fail "$(swapped out) pages were swapped out"
[[ $(swapped in) -gt 8192 ]] || fail "$(swapped in) pages were swapped in"

# all memory there is, and some more
out=$(swapped out)
fill $(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024 + 32)) ||
	fail "a machine short of memory"
[[ $(swapped out) -gt $((out + 4096)) ]] ||
	fail "$(($(swapped out) - out)) pages were swapped out"
swapoff /dev/sio0
disk_is g swap '.stats.errors == 0' || fail "requests failed"
h iohyp blk remove vm7/swap
wait_for 10 "the disk to go" test ! -b /dev/sio0
sio_end
