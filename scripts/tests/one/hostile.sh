#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A peer on the segment whose frames are well made and whose words are lies:
# nothing that is refused moves the state of its flow.
sio_load
two_ns
h iohyp link create eth1
mac() { "$1" ip -j link show eth1 | jq -r '.[0].address'; }
h ip neigh replace 10.77.0.9 dev eth1 lladdr "$(mac g)"

# Frames of a guest that is none; its address is on no machine, so that no
# kernel answers for it.
cat >/tmp/peer.py <<'PY'
import socket, struct, sys

FIN, SYN, ACK = 1, 2, 16
MAC = bytes.fromhex(sys.argv[1].replace(':', ''))
THERE, PORT = socket.inet_aton('10.77.0.1'), 7423
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x800))
wire.bind(('eth1', 0))
wire.settimeout(10)

def csum(data):
    data += bytes(len(data) % 2)
    s = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while s >> 16:
        s = (s >> 16) + (s & 0xffff)
    return ~s & 0xffff

class Flow:
    """A pseudo-TCP flow, open after its cookie went there and back."""

    def __init__(self, port, addr='10.77.0.9', isn=1000, ts0=5000):
        self.addr, self.port = socket.inet_aton(addr), port
        self.isn, self.ts0, self.peer_isn, self.peer_ts0 = isn, ts0, -1, 0
        self.put(SYN, isn, 0, ts0, 0,
                 b'\2\4\5\xb4\1\3\3\16\4\2', window=65535)
        seg = self.get()
        assert seg['flags'] == SYN | ACK and seg['ack'] == isn + 1, seg
        self.peer_isn = seg['seq']      # behind MSS and SACK-permitted
        self.peer_ts0 = struct.unpack('!I', seg['opts'][8:12])[0]
        self.send()

    def put(self, flags, seq, ack, tsval, tsecr, more=b'', data=b'',
            window=0xff00):
        opt = b'\1\1\x08\x0a' + struct.pack('!II', tsval, tsecr) + more
        opt += b'\1' * (-len(opt) % 4)
        tcp = struct.pack('!HHIIBBHHH', self.port, PORT, seq, ack,
                          (20 + len(opt)) << 2, flags, window, 0, 0) + opt
        sums = self.addr + THERE + struct.pack('!HH', 6, len(tcp) + len(data))
        tcp = tcp[:16] + struct.pack('!H', csum(sums + tcp + data)) + tcp[18:]
        ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp) + len(data),
                         1, 0x4000, 64, 6, 0, self.addr, THERE)
        ip = ip[:10] + struct.pack('!H', csum(ip)) + ip[12:]
        wire.send(MAC + b'\2\0\0\0\0\x09\x08\0' + ip + tcp + data)

    def get(self):
        """The next segment for this flow."""
        while True:
            ip = wire.recv(65536)[14:]
            tcp = ip[20:]
            if ip[9] != 6 or ip[16:20] != self.addr or ip[12:16] != THERE:
                continue
            if struct.unpack('!HH', tcp[:4]) != (PORT, self.port):
                continue
            seq, ack = struct.unpack('!II', tcp[4:12])
            return {'seq': seq, 'ack': ack, 'flags': tcp[13],
                    'opts': tcp[20:tcp[12] >> 2]}

    def send(self, off=0, data=b'', msg=None, flags=ACK, ack=0, more=b''):
        """Bytes at an offset, of the message that begins at MSG."""
        msg = off if msg is None else msg
        self.put(flags, self.isn + 1 + off, self.peer_isn + 1 + ack,
                 self.ts0 + 1 + msg, self.peer_ts0, more, data)

    def acked(self, off=0):
        """What the other side has, asked by a keep-alive at offset OFF."""
        self.send(off - 1)
        seg = self.get()
        assert len(seg['opts']) == 12, seg      # no SACK
        return seg['ack'] - self.isn - 1

def expect(got, want, what):
    if got != want:
        sys.exit('%s: %s instead of %s' % (what, got, want))
PY
# peer WHAT [ARG...]: run what comes on standard input after that
peer()
{
	local what=$1

	shift
	{ cat /tmp/peer.py && cat; } | g python3 - "$(mac h)" "$@" ||
		fail "$what"
}

# Chunks that can be part of no message, or not of theirs
before=$(counter h drop_reasm)
peer "chunks" <<'PY'
flow = Flow(4001)
expect(flow.acked(), 0, 'acknowledged of nothing')
flow.send(0, b'short of a header')
flow.send(20, b'within a header', msg=0)
flow.send(0, bytes(64))     # a message of 0 bytes
expect(flow.acked(), 0, 'acknowledged of nonsense')
head = bytes(4) + struct.pack('<I', 200) + bytes(56)
flow.send(0, head)
expect(flow.get()['ack'] - flow.isn - 1, 64, 'acknowledged of a first chunk')
flow.send(64, bytes(137), msg=0)
expect(flow.acked(64), 64, 'acknowledged of what lies beyond its message')
PY
expect_eq $(($(counter h drop_reasm) - before)) 4 drop_reasm

# Messages that are begun and never ended, more than one flow may have: each is
# counted, whether it made room or became too old
given_up() { echo $(($(counter h drop_evicted) + $(counter h drop_expired))); }
before=$(given_up)
peer "messages without an end" <<'PY'
flow = Flow(4002)
head = bytes(4) + struct.pack('<I', 200) + bytes(56)
for i in range(65):
    flow.send(200 * i, head)
PY
all_given_up() { echo "$(given_up), $before before"; [[ $(given_up) -ge $((before + 65)) ]]; }
wait_for 10 "the messages to be given up" all_given_up
expect_eq "$(given_up)" $((before + 65)) "messages given up"

# Where no sender can stand
before=$(counter h drop_window)
peer "far ahead" <<'PY'
flow = Flow(4003)
flow.send((64 << 20) + 1)
flow.send((64 << 20) + 1, bytes(4) + struct.pack('<I', 200) + bytes(56))
expect(flow.acked(), 0, 'acknowledged of what lies far ahead')
PY
expect_eq $(($(counter h drop_window) - before)) 2 drop_window

# SACK for what was never sent, and a FIN before what was
before=$(counter h drop_ack)
peer "a block too far" <<'PY'
flow = Flow(4004)
end = flow.peer_isn + 1
for left, right in ((end, end + 1), (end - 1, end - 1), (end, end - 1)):
    flow.send(more=b'\1\1\5\12' + struct.pack('!II', left % 2**32,
                                               right % 2**32))
PY
expect_eq $(($(counter h drop_ack) - before)) 3 drop_ack
before=$(counter h drop_flags)
peer "a FIN too early" <<'PY'
flow = Flow(4005)
flow.send(0, bytes(4) + struct.pack('<I', 200) + bytes(56))
expect(flow.get()['ack'] - flow.isn - 1, 64, 'acknowledged of a first chunk')
flow.send(10, flags=FIN | ACK)
expect(flow.acked(64), 64, 'acknowledged after an impossible FIN')
flow.send(64, flags=FIN | ACK)
expect(flow.get()['ack'] - flow.isn - 1, 65, 'acknowledged of a FIN')
PY
expect_eq $(($(counter h drop_flags) - before)) 1 drop_flags

# Half-open flows: an address crowds out itself, and all together the oldest;
# a guest that comes then is served.
h iohyp guest create vm7 --join-file /tmp/vm7.join
for i in {10..25}; do
	h ip neigh replace "10.77.0.$i" dev eth1 lladdr "$(mac g)"
done
# A flow that stays half-open lives 5 s: on a slow machine it takes more of them.
echo 5000 >/tmp/ports
crowd()
{
	local addrs=$1 flows=$2 counter=$3 ports

	ports=$(cat /tmp/ports)
	echo $((ports + flows)) >/tmp/ports
	peer "half-open flows" "$addrs" "$flows" "$ports" <<'PY'
addrs, flows, ports = map(int, sys.argv[2:])
for port in range(ports, ports + flows):
    for i in range(9, 9 + addrs):
        Flow(port, '10.77.0.%d' % i)
PY
	[[ $(counter h "$counter") -gt 0 ]]
}
wait_for 20 "one of an address to go" crowd 1 130 drop_open_peer
expect_eq "$(counter h drop_open_link)" 0 drop_open_link
wait_for 40 "the oldest of all to go" crowd 17 64 drop_open_link
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
g ioguest disconnect vm7
h iohyp guest remove vm7 --force

h iohyp link remove eth1
sio_unload
