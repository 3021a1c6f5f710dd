#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A volatile cache that is lost with its iohyp fails one flush, and only one.
# Deadline: 240
sio_session
null_disk 64 cache_size=16
export DM_DISABLE_UDEV=1
works="0 131072 linear /dev/nullb0 0"
dmsetup create disk --table "$works"
h iohyp blk create vm7/data --path /dev/mapper/disk
wait_for 10 "the disk" test -b /dev/sio0
(umask 077 && sed -n 's/^key=//p' /tmp/vm7.join >/tmp/vm7.key)
uuid=$(g ioguest -j show | jq -r '.sessions[0].devices[0].uuid')
exec 9<>/dev/sio0

write() { dd if=/dev/zero of=/dev/sio0 bs=4k count=1 oflag=direct status=none; }
flush() { timeout 60 python3 -c 'import os; os.fsync(9)'; }
flush_works() { flush || fail "$1: flush"; }
flush_fails_once()
{
	expect_fail 1 'Input/output error' flush
	flush_works "$1, told already"
}
down()
{
	h ip link set eth1 down
	wait_for "$BACK" "the guest to notice" is g state 'waiting|dialing'
}
serve()
{
	h iohyp guest create vm7 --key-file /tmp/vm7.key
	wait_for 10 "the block device" h iohyp blk create vm7/data \
		--path /dev/mapper/disk --uuid "$uuid"
}
ready()
{
	wait_for "$BACK" "the session" is g state up
	wait_for 10 "the disk" disk_is g data '.state == "ready"'
}

# An iohyp that is there no more, and another
lose()
{
	h iohyp guest remove vm7 --force
	serve
	h ip link set eth1 up
	ready
}
orderly()
{
	rmmod splitio_be || fail "the back-end cannot go while it serves"
	"$@"
	sio_insmod splitio_be
	serve
	h iohyp link create eth1
	ready
}

write
flush_works "nothing lost yet"
down
lose
flush_works "all was flushed"

write
down
lose
flush_fails_once "lost"

# A flush that waits meanwhile must not find the new cache clean
write
down
flush 2>/dev/null &
waiting=$!
wait_for 10 "the flush to wait" disk_is g data '.in_flight == 1'
lose
! wait "$waiting" || fail "a flush that waited succeeded"
flush_works "the flush that waited has told"

# Who goes in order flushes, and says whether that worked
write
orderly true
flush_works "an orderly reload"
write
dmsetup reload disk --table \
	"0 131072 flakey /dev/nullb0 0 0 3600 1 error_writes"
dmsetup resume disk
mend()
{
	dmsetup reload disk --table "$works"
	dmsetup resume disk
}
orderly mend
flush_fails_once "an orderly reload that could not flush"

# Who goes in order tells what it executed: what is answered by that is not
# executed again, and needs nobody to come back
h iohyp fault set eth1 "drop,type=blk_rsp,count=0"
executed=$(counter h req_executed)
dd if=/dev/urandom of=/dev/sio0 bs=4k seek=9 count=1 oflag=direct status=none &
waiting=$!
wait_for 10 "its execution" grew h req_executed "$executed"
rmmod splitio_be || fail "the back-end cannot go while it serves"
timeout 20 tail --pid="$waiting" -f /dev/null || fail "nobody told of the write"
wait "$waiting" || fail "the write failed"
sio_insmod splitio_be
serve
h iohyp link create eth1
ready

exec 9<&-
expect_eq "$(counter g req_answered)" "$(counter g req_sent)" \
	"requests answered and sent"
sio_end
