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
cut()
{
	h nft add table netdev cut
	h nft add chain netdev cut in \
		'{ type filter hook ingress device eth1 priority -500; policy drop; }'
	wait_for "$BACK" "the session to go down" is g state 'waiting|dialing'
}

# hold MIB: have somebody hold rtnl who waits for the disk. The kernel takes a
# filter for a tap device from the caller's memory, under rtnl; here that
# memory is a page of the disk which nobody has read yet.
hold()
{
	g python3 - "$1" <<'PYTHON' &
import ctypes, fcntl, mmap, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
TUNSETIFF, TUNATTACHFILTER, IFF_TAP = 0x400454ca, 0x401054d5, 0x0002
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"hold", IFF_TAP))
disk = os.open("/dev/sio0", os.O_RDONLY)
page = libc.mmap(None, ctypes.c_size_t(4096), mmap.PROT_READ,
                 mmap.MAP_PRIVATE, disk,
                 ctypes.c_long(int(sys.argv[1]) << 20))
libc.ioctl(tap, ctypes.c_ulong(TUNATTACHFILTER), ctypes.c_void_p(page))
PYTHON
	holder=$!
	wait_for 10 "its request" disk_is g data ".in_flight == 1"
}

# ends PID WHO: not wait_for, as what that shows in the end needs rtnl
ends()
{
	timeout "$BACK" tail --pid="$1" -f /dev/null || fail "$2 still waits"
	wait "$1" || fail "$2 did not end well"
}

cut
hold 8
h nft delete table netdev cut
ends "$holder" "who holds rtnl"
wait_for "$BACK" "the session" is g state up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1

# Nor does rtnl keep anybody from giving the disk up.
cut
hold 16
g ioguest disconnect vm7 --force &
ends $! "who gives the disk up"
ends "$holder" "who holds rtnl"
exec 9<&-
h iohyp blk remove vm7/data --force
h nft delete table netdev cut
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
sio_end
