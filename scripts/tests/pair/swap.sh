#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A machine whose memory is full finds its pages again on a disk: what is sent
# and received for that must find memory, too.
# shellcheck source=scripts/tests/pair/common
# shellcheck disable=SC2119 # the options of what pair/common has are optional
. scripts/tests/pair/common

pair_up
h truncate -s 1G /run/lab/swap.img
lab run -i iohyp -- env "PATH=$pair_path" \
	iohyp guest create vm7 --key-file - <<<"$pair_key"
h iohyp blk create vm7/swap --path /run/lab/swap.img
h iohyp link create eth1
pair_dial
wait_for 10 "the disk" g test -b /dev/sio0
g mkswap -q /dev/sio0
g swapon /dev/sio0

# A quarter more than there is, each page with contents of its own
lab run --timeout 240 -i guest -- python3 - <<'PYTHON' || fail "pages were lost"
import mmap, re, struct, sys
def number(file, word):
    return int(re.search(rf'^{word}:? +(\d+)', open(file).read(), re.M)[1])
size = number('/proc/meminfo', 'MemTotal') * 1280 & -4096
memory = mmap.mmap(-1, size)
for page in range(0, size, 4096):
    memory[page:page + 4096] = struct.pack('<Q', page + 1) * 512
for page in range(0, size, 4096):
    if memory[page:page + 4096] != struct.pack('<Q', page + 1) * 512:
        sys.exit(f'page at {page} has become another')
out = number('/proc/vmstat', 'pswpout') * 4096
print(f'{size >> 20} MiB used, {out >> 20} MiB swapped out')
if out < size // 4:
    sys.exit('too little was swapped out')
PYTHON
g ioguest show --stats
g swapoff /dev/sio0
g ioguest disconnect vm7
h iohyp guest remove vm7 --force
h iohyp link remove eth1
pair_scan
