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

# shows SIDE PATTERN: in a moment
shows()
{
	local tool=iohyp

	[[ $1 == h ]] || tool=ioguest
	wait_for 10 "show" shown "$1" "$tool" "$2"
}

shown()
{
	local out

	out=$("$1" "$2" show)
	echo "$out"
	grep -qE "$3" <<<"$out"
}

# While the session is down, so that the guest is not told to remove it
take_away()
{
	h iohyp link remove eth1
	wait_for "$BACK" "the session to wait" is g state 'waiting|dialing'
	wait_for 10 "nobody to know of the disk" disk_is g data '.wrong == "ok"'
	h iohyp blk remove vm7/data --force
	h iohyp link create eth1
	wait_for "$BACK" "the session" is g state up
	wait_for 10 "the guest to see" disk_is g data '.wrong == "missing"'
}

take_away
dd if=/dev/sio0 of=/dev/null bs=4k count=1 iflag=direct status=none &
waiting=$!
wait_for 10 "a request" disk_is g data '.in_flight == 1'
shows g 'paused, .*; the I/O hypervisor does not have this disk; 1 request held until it has, oldest '

# Another one is not it
for other in nullb1 nullb2; do
	wait_for 10 "the block device" h iohyp blk create vm7/data \
		--path "/dev/$other" --uuid "$uuid"
	wait_for 10 "the guest to see" disk_is g data '.wrong == "changed"'
	shows g 'does not have this disk as it was; 1 request held until it has, oldest '
	shows h 'failed: the guest could not make it: Wrong medium type'
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
shows g 'does not have this disk; all requests fail until it has'
expect_fail 1 'Input/output error' \
	dd if=/dev/sio0 of=/dev/null bs=4k count=1 iflag=direct status=none
exec 9<&-
sio_end
