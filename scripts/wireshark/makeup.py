#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A flow with a message of each type, and some that are wrong, as a pcap."""
import struct
import sys

out = open(sys.argv[1], 'wb')
out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
A, T = 0xfffffff0, 0x1000
offset = 0x7f00000000          # 127 wraps later; the number wraps once more


def frame(seq, tsval, window, flags, payload):
    tcp = struct.pack('!HHIIBBHHHBBBBII', 40000, 7423, seq % 2**32, 1, 0x80,
                      flags, window, 0, 0, 1, 1, 8, 10, tsval % 2**32, 0)
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp) + len(payload), 1,
                     0x4000, 64, 6, 0, b'\x0a\x4d\0\x02', b'\x0a\x4d\0\x01')
    f = b'\2\0\0\0\0\1\2\0\0\0\0\2\x08\0' + ip + tcp + payload
    out.write(struct.pack('<IIII', 1, 0, len(f), len(f)) + f)


def message(kind, body, version=1, suite=0, dev=0, seq=0, recs=0, length=None,
            lie=0):
    global offset
    size = 64 + len(body)
    hdr = struct.pack('<BBBBIQIIIIHHBBHI16sI', version, kind, 0, 64,
                      size if length is None else length, offset + lie, dev, 9,
                      3, seq, 5 if seq else 0, 2, suite, recs, 0, 0, bytes(16),
                      0)
    data = hdr + body
    for at in range(0, len(data), 100):
        frame(A + 1 + offset + at, T + 1 + offset,
              0xff00 | offset >> 32 & 0xff, 0x18, data[at:at + 100])
    offset += size


def rec(kind, body, flags=0):
    data = struct.pack('<IBBH', 8 + len(body), kind, flags, 0) + body
    return data + bytes(-len(data) % 4)


name = b'vm9'.ljust(32, b'\0')
mac = b'\2\1\2\3\4\5'
vnet = bytes(12)
dev = struct.pack('<IIBBHII', 77, 8, 2, 1, 4, 1500, 0x1f) + mac
dev += struct.pack('<H', 1) + b'disk'.ljust(32, b'\0') + bytes(range(16))
blk = dev + struct.pack('<IQIIIIIIIIIHH', 0x22, 1 << 33, 512, 4096, 512, 1 << 20,
                        1 << 22, 100, 4096, 200, 1 << 16, 64, 0)
inner = b'\2\0\0\0\0\3\2\0\0\0\0\4\x88\xb5' + b'payload' * 9
frame(A, T, 65535, 2, b'')
message(1, name + struct.pack('<QQB7s', 0x13, 1, 1, bytes(7)) + bytes(112))
message(5, struct.pack('<QB7s', 1234, 5, bytes(7)), version=9)
message(8, name + struct.pack('<IHH', 6, 3, 0) + bytes(48))
ctl = struct.pack('<HHHH', 3, 0, 1, 0)
message(16, ctl + rec(2, dev) + rec(3, struct.pack('<II', 78, 1)) +
        rec(4, struct.pack('<III', 79, 1, 16)) + rec(6, blk) +
        rec(10, struct.pack('<II', 80, 2) + struct.pack('<IHBB', 55, 6, 19, 0)) +
        rec(5, struct.pack('<IIIIHH', 81, 1, 5, 1400, 2, 1) + mac + bytes(2) +
            mac + mac[::-1] + struct.pack('<H', 301)), seq=1)
message(32, rec(1, vnet + inner), dev=4, recs=1)
message(32, rec(1, vnet + inner[:30], 1), dev=4, recs=1)
message(32, rec(1, vnet + inner[30:], 2), dev=4, recs=1)
message(48, rec(7, struct.pack('<QIIBBHI', 1 << 40, 8192, 4096, 13, 2, 0, 0)),
        dev=4, seq=7, recs=1)
message(49, rec(8, struct.pack('<IB3s', 4096, 19, bytes(3))), dev=4, seq=7,
        recs=1)
message(50, b'', dev=4, seq=7)
message(51, rec(9, struct.pack('<II', 12288, 4096)), dev=4, seq=7, recs=1)
message(52, rec(9, struct.pack('<II', 12288, 5) + b'datum'), dev=4, seq=7,
        recs=1)
# what is wrong, each in its own way
message(32, rec(1, vnet + inner), version=2, recs=1)
message(33, b'')
message(32, rec(1, vnet + inner), recs=1, length=20)
message(32, rec(1, vnet + inner), recs=1, lie=4)
message(17, ctl, seq=1)
message(48, rec(7, bytes(3)) + bytes(30), dev=4, seq=8, recs=1)
message(32, struct.pack('<IBBH', 4000, 1, 0, 0) + bytes(40), recs=1)
message(32, rec(99, bytes(30)), recs=1)
message(32, rec(1, vnet + inner), recs=3)
