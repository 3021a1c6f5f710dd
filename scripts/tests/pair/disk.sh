#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An iohyp loses power under disks in use: what was flushed or written through
# is there when it has booted, and a flush tells of what is not.
# shellcheck source=scripts/tests/pair/common
# shellcheck disable=SC2119 # the options of what pair/common has are optional
. scripts/tests/pair/common

uuid=6d1ff5ba-2f0c-4b4e-9d0e-0b5b0f7a0c1

# Files in a file system of the iohyp's, which loses what is in its page cache;
# iohyp blk create would have them pass that by. Below is a file of this host.
serve_disks()
{
	h mount -o loop /run/lab/store.img /mnt
	h losetup /dev/loop1 /mnt/cached
	h losetup /dev/loop2 /mnt/idle
	h losetup /dev/loop3 /mnt/through
	pair_guest
	h iohyp blk create vm7/cached --path /dev/loop1 --uuid "${uuid}1"
	h iohyp blk create vm7/idle --path /dev/loop2 --uuid "${uuid}2"
	h iohyp blk create vm7/through --path /dev/loop3 \
		--cache writethrough --uuid "${uuid}3"
	h iohyp link create eth1
}

node_of()
{
	g ioguest -j show | jq -r --arg n "$1" \
		'.sessions[0].devices[] | select(.name == $n).disk'
}

# flush NAME: a flush of its disk, which may end badly
flush() { g python3 -c "import os; os.fsync(os.open('$(node_of "$1")', 2))"; }

# judge NAME OUTCOME KIND: what a write that ended well is good for, and what
# may have failed
judge()
{
	local failed

	g sh -ec "sed -i '/^w /s/ ok / $2 /' /tmp/$1; echo 'x $lost_ns' >>/tmp/$1
		python3 $TOP/scripts/history.py reread /tmp/$1 $(node_of "$1")
		python3 $TOP/scripts/history.py check /tmp/$1" ||
		fail "$1: no disk may do that"
	# shellcheck disable=SC2016 # that is awk's
	failed=$(g awk -v kind="$3" '$4 == "fail" {
		# a synchronous write, with a flush behind it, or any other
		what = $1 == "w" && $5 >= 64 ? "f" : $1
		if (what != kind)
			print
	}' "/tmp/$1")
	expect_eq "$failed" "" "$1: requests that failed"
}

pair_up
h truncate -s 512M /run/lab/store.img
h mkfs.ext4 -q /run/lab/store.img
h mount -o loop /run/lab/store.img /mnt
for name in cached idle through; do
	h dd if=/dev/zero of="/mnt/$name" bs=1M count=64 status=none
done
h umount /mnt
serve_disks
pair_dial
writers=()
for name in cached through; do
	wait_for 10 "the disk" g test -b "$(node_of "$name")"
	lab run --timeout 240 guest -- python3 "$TOP/scripts/history.py" run \
		"$(node_of "$name")" "/tmp/$name" 4 64 7 0 /tmp/stop &
	writers+=($!)
done
g dd if=/dev/urandom of="$(node_of idle)" bs=4k count=1 oflag=direct status=none
wait_for 60 "answers" grew g req_answered 600

lab cut iohyp
wait_for 30 "the guest to say that it waits" is g state 'waiting|dialing'
g ioguest show
# nobody answers any more, nor again yet; all have something under way
lost_ns=$(g python3 -c 'import time; print(time.monotonic_ns())')
g touch /tmp/stop
lab boot iohyp
pair_load iohyp
serve_disks
g ioguest wait vm7 --state up --timeout 60
expect_fail 1 'Input/output error' flush idle
flush idle || fail "the loss was told already"
for writer in "${writers[@]}"; do
	wait "$writer" || fail "the writers did not end well"
done
judge cached ok f
judge through sync none
g ioguest disconnect vm7
h iohyp guest remove vm7 --force
h iohyp link remove eth1
pair_scan
