#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each allocation of each request fails once: the request is refused or does
# what it was asked, and leaves nothing behind.
# Deadline: 120
sio_load
two_ns
debug=/sys/kernel/debug
mountpoint -q $debug || mount -t debugfs debugfs $debug
[[ -e $debug/failslab && -e /proc/self/fail-nth ]] ||
	skip "the kernel cannot make allocations fail"
for kind in failslab fail_page_alloc; do
	echo N >$debug/$kind/ignore-gfp-wait
	echo 0 >$debug/$kind/verbose
done
echo 0 >$debug/fail_page_alloc/min-order
h ip link add d0 type dummy

cat >/tmp/nomem.py <<'PY'
import errno, os, socket, struct, sys

family, steps = sys.argv[1], sys.argv[2:]
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
sock.bind((0, 0))

def attr(kind, data):
    n = 4 + len(data)
    return struct.pack('=HH', n, kind) + data + b'\0' * (-n % 4)

def request(kind, cmd, attrs):
    body = struct.pack('=BBH', cmd, 1, 0) + attrs
    return struct.pack('=IHHII', 16 + len(body), kind, 5, 1, 0) + body

sock.send(request(16, 3, attr(2, family.encode() + b'\0')))
reply, ident = sock.recv(65535)[20:], None
while reply:
    n, kind = struct.unpack('=HH', reply[:4])
    if kind == 1:
        ident, = struct.unpack('=H', reply[4:6])
    reply = reply[(n + 3) & ~3:]
sock.recv(65535)                                   # and its acknowledgment

fail = os.open('/proc/thread-self/fail-nth', os.O_RDWR)

def once(msg, n):
    """Errno of the request, and whether its nth allocation failed."""
    os.pwrite(fail, b'%d' % n, 0)
    err = 0
    try:
        sock.send(msg)
    except OSError as e:
        err = -e.errno
    left = int(os.pread(fail, 16, 0).strip(b'\0\n') or b'0')
    os.pwrite(fail, b'0', 0)
    sock.setblocking(False)
    try:
        while True:
            data = sock.recv(65535)
            _, kind, _, _, _ = struct.unpack('=IHHII', data[:16])
            if kind == 2:
                err = struct.unpack('=i', data[16:20])[0]
    except BlockingIOError:
        pass
    except OSError:             # no memory for the answer: who knows
        err = None
    sock.setblocking(True)
    return err, left == 0

def u32(n):
    return struct.pack('=I', n)

def text(s):
    return s.encode() + b'\0'

index = {n: i for i, n in socket.if_nameindex()}
if family == 'splitio_be':
    link = attr(1, u32(index['eth1']))
    guest, nic = attr(4, text('vm7')), attr(7, text('web'))
    rounds = [
        (1, link, 2, link),
        (4, guest + attr(6, b''), 5, guest + attr(14, b'')),
    ]
    if steps:
        rounds = [(8, guest + nic + attr(9, u32(index['d0'])), 9, guest + nic)]
else:
    rounds = [(1, attr(1, u32(index['eth1'])) +
               attr(3, socket.inet_aton('10.77.0.1')) + attr(5, text('vm7')) +
               attr(7, b''), 2, attr(5, text('vm7')))]

# a socket or a port that is not to be had for want of memory, among others
allowed = errno.ENOMEM, errno.ENOBUFS, errno.ENFILE, errno.EADDRINUSE

for make, what, undo, which in rounds:
    n, failed = 0, True
    refused = 0
    while failed:
        n += 1
        err, failed = once(request(ident, make, what), n)
        if not err:
            undone, _ = once(request(ident, undo, which), 1000000)
            if undone and err == 0:
                sys.exit('command %d: errno %d' % (undo, -undone))
            continue
        refused += 1
        if -err not in allowed:
            sys.exit('command %d, allocation %d: errno %d' % (make, n, -err))
    print('command %d: %d allocations, %d refused' % (make, n - 1, refused))
    if n < 5 or not refused:
        sys.exit('nothing was tested')
PY

h python3 /tmp/nomem.py splitio_be
h iohyp link create eth1
h iohyp guest create vm7 --insecure
h python3 /tmp/nomem.py splitio_be nic
g python3 /tmp/nomem.py splitio_fe
expect_eq "$(h iohyp -j show | jq '[.. | objects | .devices? | arrays | length] | add')" 0 "NICs left"
g ioguest connect --name vm7 --peer 10.77.0.1 --insecure --link eth1 --wait 20
h iohyp nic create vm7/web --port d0
wait_for 10 "the NIC" g ip link show web
sio_end
