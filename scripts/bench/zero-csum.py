#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Copy a pcap; where a TCP checksum field of 0xffff verifies, write 0 instead.

Linux stores 0xffff for a checksum that comes out as 0 when it finishes a
partial one in software (skb_checksum_help(), CSUM_MANGLED_0), for TCP as for
UDP. Both are zero in one's complement, so receivers take either; tshark calls
0xffff bad (tcp.checksum.ffff). A frame whose sum is wrong keeps its 0xffff.
"""
import struct
import sys

IPV4, TCP = b"\x08\x00", 6
FIELD = 16


def ones_sum(data):
    """One's complement sum of big endian words, as in RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total >> 16) + (total & 0xffff)
    return total


def segment(frame):
    """Where the TCP segment begins and ends; None if it is not a whole one."""
    if len(frame) < 34 or frame[12:14] != IPV4 or frame[23] != TCP:
        return None
    start = 14 + (frame[14] & 15) * 4
    end = 14 + struct.unpack_from(">H", frame, 16)[0]
    if end > len(frame) or end - start < FIELD + 2:
        return None
    return start, end


def is_mangled_zero(frame, start, end):
    field = start + FIELD
    if frame[field:field + 2] != b"\xff\xff":
        return False
    pseudo = frame[26:34] + struct.pack(">HH", TCP, end - start)
    return ones_sum(bytes(pseudo + frame[start:end])) == 0xffff


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as src:
        data = bytearray(src.read())
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, changed, frames = 24, 0, 0
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        at += 16
        frames += 1
        frame = data[at:at + length]
        where = segment(frame)
        if where and is_mangled_zero(frame, *where):
            field = at + where[0] + FIELD
            data[field:field + 2] = b"\0\0"
            changed += 1
        at += length
    with open(target, "wb") as dst:
        dst.write(data)
    print(f"wire: {changed} of {frames} frames had a valid 0xffff "
          "for a checksum of 0")


main()
