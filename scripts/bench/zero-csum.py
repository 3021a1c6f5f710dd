#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Copy a pcap, TCP checksums 0xffff written as 0, which is the same number.

With --harm instead, the last byte of the 1000th frame is changed.
"""
import struct
import sys


def main():
    harm = sys.argv[1] == "--harm"
    source, target = sys.argv[-2:]
    with open(source, "rb") as src:
        data = bytearray(src.read())
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, changed, frames = 24, 0, 0
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        at += 16
        frames += 1
        if harm and frames == 1000:
            data[at + length - 1] ^= 1
        if not harm and data[at + 12:at + 14] == b"\x08\x00" and data[at + 23] == 6:
            check = at + 14 + (data[at + 14] & 15) * 4 + 16
            if data[check:check + 2] == b"\xff\xff":
                data[check:check + 2] = b"\0\0"
                changed += 1
        at += length
    with open(target, "wb") as dst:
        dst.write(data)
    if not harm:
        print(f"wire: {changed} of {frames} frames had 0xffff "
              "for a checksum of 0")


main()
