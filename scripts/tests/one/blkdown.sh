#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is done to a disk while its session is down waits, or is bounded by the policy.
# Deadline: 240
sio_session
null_disk 64
NULLB=nullb1 null_disk 32
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
h iohyp blk create vm7/other --path /dev/nullb1
wait_for 10 "the other disk" test -b /dev/sio1
sfdisk -q /dev/sio0 <<<$'label: gpt\n,16M'
wait_for 10 "the partition" test -b /dev/sio0p1
down()
{
	h ip link set eth1 down
	wait_for "$BACK" "the guest to notice" is g state 'waiting|dialing'
}
up()
{
	h ip link set eth1 up
	wait_for "$BACK" "the session" is g state up
}
policy() { disk_is g data "$1"; }

# All of these want an answer of the disk, some of them a frozen queue. None
# may keep another, or the session, from going on.
echo 200 >/sys/block/sio0/queue/io_timeout
down
jobs=()
later()
{
	"$@" &
	jobs+=($!)
}
# not to be found in the cache
later dd if=/dev/sio0 of=/dev/null bs=4k count=1 skip=100 iflag=direct \
	status=none
wait_for 10 "the read to wait" disk_is g data '.in_flight == 1'
later dd if=/dev/urandom of=/dev/sio0 bs=4k count=64 seek=1024 status=none
later blockdev --flushbufs /dev/sio0
later blockdev --rereadpt /dev/sio1
later bash -c 'echo mq-deadline >/sys/block/sio0/queue/scheduler'
later bash -c 'echo 16 >/sys/block/sio0/queue/nr_requests'
later bash -c 'mkfs.ext4 -q /dev/sio0p1 && mkdir /mnt/x && mount /dev/sio0p1 /mnt/x && umount /mnt/x'
wait_for 10 "more than a timeout" disk_is g data '.oldest_ms > 1000'
kill -0 "${jobs[@]:0:1}" || fail "a read was answered by nobody"
g ioguest show >/tmp/show
grep -E 'request.* held until the session is up, oldest' /tmp/show ||
	{ cat /tmp/show; fail "show does not say what waits"; }
up
for job in "${jobs[@]}"; do
	wait "$job" || fail "one of them failed"
done
grep -q '\[mq-deadline\]' /sys/block/sio0/queue/scheduler ||
	fail "another scheduler"
wait_for 10 "an idle disk" idle_disk
expect_eq "$(counter g req_answered)" "$(counter g req_sent)" \
	"requests answered and sent"

# Policies: fail:N after N seconds, fail at once; waiting is what there is
# otherwise. What the guest asks for later fails until the session is up.
read_disk() { dd if="/dev/$1" of=/dev/null bs=4k count=1 iflag=direct status=none; }
g ioguest blk set data --on-loss fail:2
down
read_disk sio1 &
waits=$!
expect_fail 1 'Input/output error' read_disk sio0
wait_for 10 "the policy" policy '.failing'
expect_fail 1 'Input/output error' read_disk sio0
kill -0 "$waits" || fail "the other disk does not wait"
up
wait "$waits" || fail "the other disk failed"
wait_for 10 "the disk" policy '.failing == false and .state == "ready"'
read_disk sio0 || fail "the disk fails still"
g ioguest blk set data --on-loss fail
down
expect_fail 1 'Input/output error' read_disk sio0
up
wait_for 10 "the disk" policy '.failing == false and .state == "ready"'
read_disk sio0 || fail "the disk fails still"

# A disk that comes and goes while its partitions cannot be read: with faults
# the announcement arrives and the reads do not
g ioguest blk set data --on-loss wait
h iohyp blk remove vm7/other
wait_for 10 "the other disk to go" test ! -b /dev/sio1
h iohyp fault set eth1 "drop,type=blk_rsp,count=0"
h iohyp blk create vm7/other --path /dev/nullb1
wait_for 10 "its scan" disk_is g other '.in_flight == 1'
down
h iohyp fault clear eth1
g timeout 60 ioguest blk abort other || fail "abort waits for the scan"
wait_for 10 "the scan to end" disk_is g other '.in_flight == 0'
wait_for 10 "the disk" test -b /dev/sio1

# Removal: by force while the session is down and requests wait
read_disk sio0 2>/dev/null &
waits=$!
wait_for 10 "the read to wait" disk_is g data '.in_flight == 1'
timeout 60 nsenter --net=/run/netns/guest -- ioguest disconnect vm7 --force ||
	fail "disconnecting waits"
! wait "$waits" || fail "a read of a disk that is gone succeeded"
wait_for 10 "the disks to go" test ! -b /dev/sio0 -a ! -b /dev/sio1
h iohyp guest remove vm7 --force
h iohyp link remove eth1
sio_unload
