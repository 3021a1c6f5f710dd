#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Frames that lie, sent to a live flow: counted by reason, nothing else moves.
# Deadline: 90
sio_session
sio_nic

cat >/tmp/liar.py <<'PY'
import os, random, socket, struct, sys

port, seed = int(sys.argv[1]), 7
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
raw.bind(('eth1', 3))
raw.settimeout(10)

# The newest message of the guest in one segment; that is, nobody's lie yet.
os.system('ping -c 3 -i 0.05 -W 1 192.0.2.1 >/dev/null &')
real = []
while len(real) < 3:
    f = raw.recv(65535)
    if (len(f) > 66 + 64 and f[12:14] == b'\x08\x00' and f[23] == 6 and
            f[34:36] == struct.pack('!H', port)):
        real.append(f)
f = real[-1]
eth, ip, tcp, msg = f[:14], bytearray(f[14:34]), bytearray(f[34:66]), f[66:]
seq, = struct.unpack('!I', tcp[4:8])
ts, = struct.unpack('!I', tcp[24:28])

def csum(data):
    data += b'\0' * (len(data) % 2)
    s = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while s >> 16:
        s = (s >> 16) + (s & 0xffff)
    return ~s & 0xffff

def send(tcp, msg=b'', bad=0, grow=0, cut=None):
    tcp, head = bytearray(tcp), bytearray(ip)
    n = len(tcp) + len(msg)
    head[2:4] = struct.pack('!H', 20 + n + grow)
    head[10:12] = b'\0\0'
    head[10:12] = struct.pack('!H', csum(bytes(head)))
    tcp[16:18] = b'\0\0'
    s = csum(bytes(head[12:20]) + struct.pack('!HH', 6, n) + bytes(tcp) +
             bytes(msg))
    tcp[16:18] = struct.pack('!H', (s + bad) & 0xffff)
    raw.send((eth + bytes(head) + bytes(tcp) + bytes(msg))[:cut])

def with_(**kw):
    t = bytearray(tcp)
    t[4:8] = struct.pack('!I', kw.get('seq', seq) & 0xffffffff)
    if 'ack' in kw:
        t[8:12] = struct.pack('!I', (struct.unpack('!I', t[8:12])[0] +
                                     kw['ack']) & 0xffffffff)
    t[13] = kw.get('flags', t[13])
    if 'window' in kw:
        t[14:16] = struct.pack('!H', kw['window'])
    t[24:28] = struct.pack('!I', kw.get('ts', ts) & 0xffffffff)
    return t

end, fresh = seq + len(msg), ts + len(msg)
what = sys.argv[2]
if what == 'csum':
    send(tcp, msg, bad=1)
elif what == 'flags':
    for flags in 0x00, 0x02, 0x12, 0x29, 0x03, 0x28:
        send(with_(flags=flags, seq=end, ts=fresh))
elif what == 'rst':
    for d in 1, -1, 1000, 1 << 20, 1 << 31:
        send(with_(flags=0x04, seq=end + d, ts=fresh))
elif what == 'ack':
    send(with_(ack=1 << 24, seq=end, ts=fresh))
elif what == 'wrap':
    send(with_(window=0xff55, seq=end, ts=fresh), msg)
elif what == 'window':
    send(with_(window=0x0100, seq=end, ts=fresh), msg)
elif what == 'dup':
    send(tcp, msg)
elif what == 'options':
    t = bytearray(with_(seq=end))
    t[20:32] = b'\x01' * 12
    send(t, msg)
elif what == 'version':
    send(with_(seq=end, ts=fresh), b'\x63' + msg[1:])
elif what == 'type':
    send(with_(seq=end, ts=fresh), msg[:1] + b'\x7f' + msg[2:])
elif what == 'epoch':
    # the next message in every respect but its epoch
    for epoch in 0, 2, 0xffffffff:
        at, = struct.unpack('<Q', msg[8:16])
        send(with_(seq=end, ts=fresh), msg[:8] +
             struct.pack('<Q', at + len(msg)) + msg[16:24] +
             struct.pack('<I', epoch) + msg[28:])
        end, fresh = end + len(msg), fresh + len(msg)
        msg = msg[:8] + struct.pack('<Q', at + len(msg)) + msg[16:]
elif what == 'clear':
    # a goodbye, in order and with all it needs but a seal
    send(with_(seq=end, ts=fresh), msg[:1] + struct.pack(
        '<BBBIQIIIIHHBB', 16, 0, 64, 72, struct.unpack('<Q', msg[8:16])[0] +
        len(msg), 0, 0, 1, 1 << 20, 0, 0, 0, 0) + bytes(26) +
        struct.pack('<HHHH', 2, 0, 0, 0))
elif what == 'noise':
    rnd = random.Random(seed)
    for i in range(1500):
        t, m = with_(seq=end, ts=fresh), bytearray(msg)
        for _ in range(rnd.randrange(1, 4)):
            if rnd.random() < 0.5:
                t[rnd.choice([12] + list(range(14, 32)))] = rnd.randrange(256)
            else:
                m[rnd.randrange(len(m))] = rnd.randrange(256)
        cut = rnd.randrange(14, len(f)) if rnd.random() < 0.2 else None
        send(t, bytes(m[:rnd.randrange(len(m))] if rnd.random() < 0.3 else m),
             bad=rnd.random() < 0.3, grow=rnd.choice([0, 0, 0, 9]), cut=cut)
PY

# lie WHAT COUNTER-REGEX: afterwards one of these counters is larger
drops()
{
	h iohyp -j show --stats | jq --arg r "^($1)\$" '[.. | objects |
		to_entries[] | select(.key | test($r)) | .value | numbers] |
		add // 0'
}

more() { echo "$1: $(drops "$1")"; [[ $(drops "$1") -gt $2 ]]; }

lie()
{
	local before

	before=$(drops "$2")
	g python3 /tmp/liar.py "$(sess g local_port)" "$1" ||
		fail "no frame to imitate for $1"
	wait_for 10 "$1 to be counted" more "$2" "$before"
	wait_for 10 "$1: ping" g ping -c 1 -W 1 192.0.2.1
}

log=$(dmesg | wc -l)
lie csum drop_csum
lie flags drop_flags
lie rst drop_rst
lie ack drop_ack
lie wrap 'drop_wrap|drop_window'
lie window 'drop_wrap|drop_window'
lie dup drop_dup
lie options drop_options
lie version drop_version
lie type drop_type
lie epoch drop_epoch
lie clear drop_suite
lie noise 'drop_.*'
h iohyp show --stats | grep drop_ || fail "no drops are shown"
for side in g h; do
	expect_eq "$(sess $side state)" up "$side: state"
	expect_eq "$(sess $side epoch)" 1 "$side: epoch, nothing was reset"
done
g ping -q -c 50 -i 0.01 -W 1 192.0.2.1 | grep -q ' 0% packet loss' ||
	fail "packets lost after the lies"
expect_eq "$(dmesg | wc -l)" "$log" "lines of kernel log"
sio_end
