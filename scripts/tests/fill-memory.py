#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Have so many BYTES of memory, and find in each page what was put there."""
import mmap
import struct
import sys

PAGE = 4096

size = int(sys.argv[1]) // PAGE * PAGE
memory = mmap.mmap(-1, size)
for page in range(0, size, PAGE):
    memory[page:page + PAGE] = struct.pack('<Q', page + 1) * (PAGE // 8)
for page in range(0, size, PAGE):
    if memory[page:page + PAGE] != struct.pack('<Q', page + 1) * (PAGE // 8):
        sys.exit(f'page at {page} has become another')
