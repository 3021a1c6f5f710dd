#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk over a seeded bad link, and sessions that end, does nothing no disk may do; SIO_HISTORY_S seconds.
# Deadline: 240 + SIO_HISTORY_S
python3 scripts/history.py selftest || fail "faults were not found"
sio_session
null_disk
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0

rules=()
for fault in drop dup reorder delay,us=20000; do
	rules+=("$fault,count=0,ppm=50000,type=")
done
break_link()
{
	h iohyp fault set eth1 "${rules[@]/%/blk_rsp,seed=$((seed + 1))}" \
		"${rules[@]/%/blk_pull,seed=$((seed + 2))}"
	g ioguest fault set eth1 "${rules[@]/%/blk_req,seed=$((seed + 3))}" \
		"${rules[@]/%/blk_data,seed=$((seed + 4))}"
}
faults() { echo $(($(counter h faults) + $(counter g faults))); }
answers() { grew g req_answered $(($1 + 300)); }

timeout $((SIO_HISTORY_S + 200)) python3 scripts/history.py run /dev/sio0 \
	/tmp/history 8 64 16 0 /tmp/stop &
writers=$!
end=$((SECONDS + SIO_HISTORY_S))
for ((seed = 10; SECONDS < end; seed += 10)); do
	made=$(faults)
	break_link
	wait_for 60 "answers in spite of faults" answers \
		"$(counter g req_answered)"
	[[ $(faults) -gt $made ]] || fail "no fault was made"
	# in the middle of it all another session
	epoch=$(sess g epoch)
	h ip link set eth1 down
	wait_for "$BACK" "the session to end" is g state 'waiting|dialing'
	h ip link set eth1 up
	wait_for "$BACK" "the session" is g state up
	[[ $(sess g epoch) -gt $epoch ]] || fail "the session was the old one"
done
h iohyp fault clear eth1
g ioguest fault clear eth1
touch /tmp/stop
wait "$writers" || fail "the writers did not end"
echo "$(grep -vc ' - - ' /tmp/history) operations, $(faults) faults"
python3 scripts/history.py check /tmp/history || fail "no disk may do that"
! grep -q ' fail' /tmp/history || fail "a request failed"
[[ $(counter g req_resent) -gt 0 ]] || fail "nothing was sent again"
wait_for 10 "an idle disk" idle_disk
expect_eq "$(counter h req_executed)" "$(counter g req_sent)" \
	"requests executed and sent"
sio_end
