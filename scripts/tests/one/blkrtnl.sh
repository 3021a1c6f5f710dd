#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk comes back while who holds rtnl waits for it.
sio_session
sio_nic
null_disk
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
exec 9</dev/sio0

# To cut the link, and to mend it, takes no rtnl.
h nft add table netdev cut
h nft add chain netdev cut in \
	'{ type filter hook ingress device eth1 priority -500; policy drop; }'
wait_for "$BACK" "the session to go down" is g state 'waiting|dialing'

# The kernel takes a filter for a tap device from the caller's memory, under
# rtnl; here that memory is a page of the disk which nobody has read yet.
g python3 - <<'PYTHON' &
import ctypes, fcntl, mmap, os, struct
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
TUNSETIFF, TUNATTACHFILTER, IFF_TAP = 0x400454ca, 0x401054d5, 0x0002
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"hold", IFF_TAP))
disk = os.open("/dev/sio0", os.O_RDONLY)
page = libc.mmap(None, ctypes.c_size_t(4096), mmap.PROT_READ,
                 mmap.MAP_PRIVATE, disk, ctypes.c_long(8 << 20))
libc.ioctl(tap, ctypes.c_ulong(TUNATTACHFILTER), ctypes.c_void_p(page))
PYTHON
holder=$!
wait_for 10 "its request" disk_is g data ".in_flight == 1"
h nft delete table netdev cut
# not wait_for: what that shows in the end needs rtnl
timeout "$BACK" tail --pid="$holder" -f /dev/null ||
	fail "who holds rtnl still waits for the disk"
wait "$holder" || fail "the holder of rtnl did not end well"
wait_for "$BACK" "the session" is g state up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
exec 9<&-
wait_for 10 "an idle disk" idle_disk
sio_end
