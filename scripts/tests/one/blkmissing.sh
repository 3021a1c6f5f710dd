#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk in use that a session comes back without waits, and says for what.
sio_session
null_disk 64
NULLB=nullb1 null_disk 32
NULLB=nullb2 null_disk 64 blocksize=4096
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
uuid=$(g ioguest -j show | jq -r '.sessions[0].devices[0].uuid')
exec 9</dev/sio0
expect_eq "$(g ioguest -j show | jq -r '.sessions[0].devices[0].wrong')" ok \
	"what is wrong with the disk"

# While the session is down, so that the guest is not told to remove it
take_away()
{
	h iohyp link remove eth1
	wait_for "$BACK" "the session to wait" is g state 'waiting|dialing'
	disk_is g data '.wrong == "ok"' || fail "nobody can know of the disk"
	h iohyp blk remove vm7/data --force
	h iohyp link create eth1
	wait_for "$BACK" "the session" is g state up
	wait_for 10 "the guest to see" disk_is g data '.wrong == "missing"'
}

take_away
dd if=/dev/sio0 of=/dev/null bs=4k count=1 iflag=direct status=none &
waiting=$!
wait_for 10 "a request" disk_is g data '.in_flight == 1'
expect_out 'paused, .*; the I/O hypervisor does not have this disk; 1 request held until it has, oldest ' \
	g ioguest show

# Another one is not it
for other in nullb1 nullb2; do
	wait_for 10 "the block device" h iohyp blk create vm7/data \
		--path "/dev/$other" --uuid "$uuid"
	wait_for 10 "the guest to see" disk_is g data '.wrong == "changed"'
	expect_out 'does not have this disk as it was; 1 request held until it has, oldest ' \
		g ioguest show
	expect_out 'failed: the guest could not make it: Wrong medium type' \
		h iohyp show
	take_away
done

wait_for 10 "the block device" h iohyp blk create vm7/data \
	--path /dev/nullb0 --uuid "$uuid"
wait "$waiting" || fail "the request that waited failed"
wait_for 10 "the disk" disk_is g data '.state == "ready" and .wrong == "ok"'

# Nobody has to wait for ever
take_away
g ioguest blk abort vm7/data
wait_for 10 "the guest to tell" disk_is g data '.failing'
expect_out 'does not have this disk; all requests fail until it has' \
	g ioguest show
expect_fail 1 'Input/output error' \
	dd if=/dev/sio0 of=/dev/null bs=4k count=1 iflag=direct status=none
exec 9<&-
sio_end
