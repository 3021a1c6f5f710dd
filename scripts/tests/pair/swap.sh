#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A machine whose memory is full finds its pages again on a disk: what is sent
# and received for that must find memory, too.
# shellcheck source=scripts/tests/pair/common
# shellcheck disable=SC2119 # the options of what pair/common has are optional
. scripts/tests/pair/common

pair_up
h truncate -s 1G /run/lab/swap.img
pair_guest
h iohyp blk create vm7/swap --path /run/lab/swap.img
h iohyp link create eth1
pair_dial
wait_for 10 "the disk" g test -b /dev/sio0
g mkswap -q /dev/sio0
g swapon /dev/sio0

# word FILE WORD: the number behind a word of the guest's /proc
word() { g sed -nE "s/^$2:? +([0-9]+).*/\1/p" "/proc/$1"; }

# A quarter more than there is, each page with contents of its own
size=$(($(word meminfo MemTotal) * 1280))
lab run --timeout 240 guest -- python3 "$TOP/scripts/tests/fill-memory.py" \
	"$size" || fail "pages were lost"
out=$(($(word vmstat pswpout) * 4096))
echo "$((size >> 20)) MiB used, $((out >> 20)) MiB swapped out"
[[ $out -ge $((size / 4)) ]] || fail "too little was swapped out"
g ioguest show --stats
g swapoff /dev/sio0
g ioguest disconnect vm7
h iohyp guest remove vm7 --force
h iohyp link remove eth1
pair_scan
