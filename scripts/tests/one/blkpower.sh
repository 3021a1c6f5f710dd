#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What was flushed, or written through, is on the medium when it loses power.
# Deadline: 180
sio_session
null_disk 64 cache_size=32
NULLB=nullb1 null_disk 512
export DM_DISABLE_UDEV=1

# A store with a slow cache, and a record of what has left it
store()
{
	blkdiscard /dev/nullb0
	dmsetup create slow --table "0 131072 delay /dev/nullb0 0 0 \
		/dev/nullb0 0 0 /dev/nullb0 0 3000"
	dmsetup create log --table \
		"0 131072 log-writes /dev/mapper/slow /dev/nullb1"
}

# lose_power OUTCOME: while they write, and see what is left then; OUTCOME is
# what a write that ended well is good for
lose_power()
{
	local writers answered flushes

	wait_for 10 "the disk" test -b /dev/sio0
	rm -f /tmp/stop
	answered=$(counter g req_answered)
	timeout 120 python3 scripts/history.py run /dev/sio0 /tmp/history \
		6 64 3 0 /tmp/stop &
	writers=$!
	wait_for 60 "answers" grew g req_answered $((answered + 200))
	# answered too early, a flush has just begun
	flushes=$(disk_is g data true | jq .stats.flushes)
	[[ $1 == sync ]] || wait_for 30 "the answer to a flush" \
		disk_is g data ".stats.flushes > $flushes"
	dmsetup message log 0 mark \
		"$(python3 -c 'import time; print(time.monotonic_ns())')"
	touch /tmp/stop
	wait "$writers" || fail "the writers did not end well"
	sed -i "/^w /s/ ok / $1 /" /tmp/history
	h iohyp blk remove vm7/data
	wait_for 10 "the disk to go" test ! -b /dev/sio0
	wait_for 10 "its device" dmsetup remove log
	dmsetup remove slow
	NULLB=nullb2 null_disk 64
	python3 scripts/history.py lose /tmp/history /dev/nullb1 /dev/nullb2 ||
		fail "no record of the store"
	echo 0 >/sys/kernel/config/nullb/nullb2/power
	rmdir /sys/kernel/config/nullb/nullb2
	python3 scripts/history.py check /tmp/history ||
		fail "no disk may lose that"
}

store
h iohyp blk create vm7/data --path /dev/mapper/log
wait_for 10 "the disk" test -b /dev/sio0
expect_eq "$(cat /sys/block/sio0/queue/write_cache)" "write back" cache
expect_eq "$(cat /sys/block/sio0/queue/fua)" 1 FUA
lose_power ok

# An export that writes through has no cache for its guest to know of: there
# every write is what a synchronous one is.
store
h iohyp blk create vm7/data --path /dev/mapper/log --cache writethrough
wait_for 10 "the disk" test -b /dev/sio0
expect_eq "$(cat /sys/block/sio0/queue/write_cache)" "write through" cache
lose_power sync
sio_end
