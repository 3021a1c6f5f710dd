#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk that takes long is waited for, one that fails says so, others go on.
# Deadline: 300
sio_session
null_disk 32
NULLB=nullb1 null_disk 32
export DM_DISABLE_UDEV=1
dmsetup create slow <<-TABLE
	0 8192 linear /dev/nullb0 0
	8192 8 error
	8200 57336 linear /dev/nullb0 8200
TABLE
h iohyp blk create vm7/slow --path /dev/mapper/slow
wait_for 10 "the disk" test -b /dev/sio0
h iohyp blk create vm7/quick --path /dev/nullb1
wait_for 10 "the other disk" test -b /dev/sio1
dd if=/dev/urandom of=/tmp/rnd bs=1M count=4 status=none

# write DISK MIB, read DISK MIB: one request, of what is there in /tmp/rnd
write()
{
	timeout 200 dd if=/tmp/rnd of="$1" bs=1M count=1 skip="$2" \
		seek="$2" oflag=direct conv=notrunc status=none
}

read_back()
{
	timeout 200 dd if="$1" bs=1M count=1 skip="$2" iflag=direct \
		status=none | cmp - <(tail -c +$(($2 * 1048576 + 1)) \
		/tmp/rnd | head -c 1048576) || fail "$1: other data at $2 MiB"
}

# Errors arrive as errors, in a part of a request too; what is beside does not.
expect_fail 1 'Input/output error' dd if=/dev/zero of=/dev/sio0 bs=4k count=1 \
	seek=1024 oflag=direct conv=notrunc
expect_fail 1 'Input/output error' dd if=/dev/sio0 of=/dev/null bs=4k \
	count=1 skip=1024 iflag=direct
expect_fail 1 'Input/output error' dd if=/dev/zero of=/dev/sio0 bs=512k \
	count=1 seek=8 oflag=direct conv=notrunc
dd if=/dev/zero of=/dev/sio0 bs=4k count=1 seek=1025 oflag=direct \
	conv=notrunc status=none || fail "error beside the error"
disk_is g slow '.stats.errors == 3' || fail "errors of the guest's disk"
disk_is h slow '.stats.errors == 3' || fail "errors of the export"

# Longer than the guest waits for an answer, at first and at last
busy=$(counter g req_busy)
dmsetup suspend slow
write /dev/sio0 0 &
old=$!
wait_for 10 "a request under way" disk_is h slow '.in_flight == 1'
wait_for 70 "a minute without an answer" disk_is g slow '.oldest_ms > 60000'
expect_out 'slow .*; 1 request without an answer, oldest [^ ]' g ioguest show
expect_out 'slow .*; waiting for /dev/mapper/slow: 1 request, oldest [^ ]' \
	h iohyp show
disk_is h slow '.in_flight == 1' || fail "submitted more than once"
[[ $(counter g req_busy) -gt $busy ]] || fail "nobody said that it takes time"
write /dev/sio1 0
read_back /dev/sio1 0

# Nothing new of a new session may pass it, on this disk
h iohyp link remove eth1
wait_for "$BACK" "the session to end" is g state 'waiting|dialing'
h iohyp link create eth1
wait_for "$BACK" "the session" is g state up
wait_for 10 "the fence" disk_is h slow '.fenced == 1 and .fence_ms > 0'
expect_out 'fencing, 1 request of before the reconnection not ended for [^ ]' \
	h iohyp show
write /dev/sio0 1 &
new=$!
wait_for 10 "the new request" disk_is h slow '.held == 1'
disk_is h slow '.in_flight == 1' || fail "a request passed the fence"
write /dev/sio1 1
read_back /dev/sio1 1

dmsetup resume slow
wait "$old" || fail "the slow write failed"
wait "$new" || fail "the write behind it failed"
disk_is h slow '.fenced == 0 and .held == 0' || fail "the fence stays"
read_back /dev/sio0 0
read_back /dev/sio0 1
wait_for 10 "an idle disk" idle_disk
expect_eq "$(counter h req_executed)" "$(counter g req_sent)" \
	"requests executed and sent"
h iohyp blk remove vm7/slow
wait_for 10 "the disk to go" test ! -b /dev/sio0
wait_for 10 "its device" dmsetup remove slow

# Slow is not lost: how long answers take is learned
dmsetup create lazy --table "0 65536 delay /dev/nullb0 0 40"
h iohyp blk create vm7/lazy --path /dev/mapper/lazy
wait_for 10 "the disk" test -b /dev/sio0
lazy()
{
	dd if=/dev/sio0 of=/dev/null bs=4k count=40 iflag=direct status=none
}
lazy
resent=$(counter g req_resent)
lazy
resent=$(($(counter g req_resent) - resent))
[[ $resent -lt 20 ]] || fail "$resent of 40 slow requests were sent again"
h iohyp blk remove vm7/lazy
wait_for 10 "the disk to go" test ! -b /dev/sio0
wait_for 10 "its device" dmsetup remove lazy
sio_end
