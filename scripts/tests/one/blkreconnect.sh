#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whatever ends a session, a disk's requests wait, and are done once.
# Deadline: 240
sio_session
null_disk
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0
(umask 077 && sed -n 's/^key=//p' /tmp/vm7.join >/tmp/vm7.key)
uuid=$(g ioguest -j show | jq -r '.sessions[0].devices[0].uuid')
epoch=$(sess g epoch)

# The disk stays busy from here on; writers end when there is a file.
exec 9</dev/sio0
python3 scripts/history.py run /dev/sio0 /tmp/history 4 128 5 0 /tmp/stop &
writers=$!
moved() { grew g req_answered "$1"; }
wait_for 10 "the first answers" moved 20

back()
{
	wait_for "$BACK" "$1: the guest's session" is g state up
	wait_for "$BACK" "$1: the iohyp's session" is h state up
	[[ $(sess g epoch) -gt $epoch ]] ||
		fail "$1: epoch $(sess g epoch) after $epoch"
	epoch=$(sess g epoch)
	wait_for "$BACK" "$1: answers" moved $(($(counter g req_answered) + 20))
}

g ip link set eth1 down
wait_for "$BACK" "the reason" is g why link_down
wait_for "$BACK" "silence to be noticed" is h why 'peer_silent|link_down'
expect_eq "$(g ioguest -j show | jq -r '.sessions[0].devices[0].state')" \
	paused "state of the disk"
g ip link set eth1 up
back "link down and up"

h iohyp link remove eth1
wait_for "$BACK" "the session to wait" is h state waiting
h iohyp blk remove vm7/data --force
h iohyp link create eth1
wait_for "$BACK" "the session" is g state up
# the guest keeps what it uses; made again, it knows of no slot and no epoch
wait_for 10 "the block device" h iohyp blk create vm7/data \
	--path /dev/nullb0 --uuid "$uuid"
back "link removed and created, and the disk"

rmmod splitio_be || fail "the back-end cannot go while it serves"
wait_for "$BACK" "the session to wait" is g state 'waiting|dialing'
sio_insmod splitio_be
h iohyp guest create vm7 --key-file /tmp/vm7.key
h iohyp blk create vm7/data --path /dev/nullb0 --uuid "$uuid"
h iohyp link create eth1
back "back-end loaded again"

touch /tmp/stop
wait "$writers" || fail "the writers did not end well"
exec 9<&-
python3 scripts/history.py check /tmp/history || fail "no disk may do that"
! grep -q ' fail' /tmp/history || fail "a request failed"
wait_for 10 "an idle disk" idle_disk
sio_end
