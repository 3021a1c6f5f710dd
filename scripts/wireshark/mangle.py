#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""mangle.py HOW IN OUT: shuffle, merge, nosyn or flip the frames of a pcap."""
import random
import struct
import sys

how = sys.argv[1]
data = open(sys.argv[2], 'rb').read()
out, at, frames = open(sys.argv[3], 'wb'), 24, []
while at + 16 <= len(data):
    size, = struct.unpack_from('<I', data, at + 8)
    frames.append((data[at:at + 8], data[at + 16:at + 16 + size]))
    at += 16 + size


def parts(f):
    """Headers' end, payload's end, sequence number, and what a message shares."""
    head = 34 + (f[46] >> 4) * 4
    end = 14 + struct.unpack_from('!H', f, 16)[0]
    return head, end, struct.unpack_from('!I', f, 38)[0], f[26:38] + f[58:62]


if how == 'nosyn':
    frames = [f for f in frames if not f[1][47] & 2]
elif how == 'shuffle':
    rnd, rest = random.Random(1), frames[3:]
    for i in range(0, len(rest), 16):
        block = rest[i:i + 16]
        rnd.shuffle(block)
        rest[i:i + 16] = block
    frames = frames[:3] + rest
elif how == 'merge':
    merged = []
    for stamp, f in frames:
        head, end, seq, key = parts(f)
        f = f[:end]
        if merged and end > head:
            last = merged[-1][1]
            lhead, lend, lseq, lkey = parts(last)
            if (lkey == key and lend > lhead and
                    (lseq + lend - lhead) % 2**32 == seq):
                last += f[head:]
                last[16:18] = struct.pack('!H', len(last) - 14)
                continue
        merged.append((stamp, bytearray(f)))
    assert len(merged) < len(frames)
    frames = merged
elif how == 'flip':
    # the last byte of the first whole disk answer that has data
    for i, (stamp, f) in enumerate(frames):
        head, end, _, _ = parts(f)
        if end - head > 1000 and f[head + 1] == 49 and struct.unpack_from(
                '<I', f, head + 4)[0] == end - head:
            frames[i] = stamp, f[:end - 1] + bytes([f[end - 1] ^ 1])
            break
    else:
        sys.exit('no answer to damage')
out.write(data[:24])
for stamp, f in frames:
    out.write(stamp + struct.pack('<II', len(f), len(f)) + f)
