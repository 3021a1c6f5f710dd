#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk over a seeded bad link does nothing that no disk may do.
# Deadline: 240
python3 scripts/history.py selftest || fail "faults were not found"
sio_session
null_disk
h iohyp blk create vm7/data --path /dev/nullb0
wait_for 10 "the disk" test -b /dev/sio0

rules=()
for fault in drop dup reorder delay,us=20000; do
	rules+=("$fault,count=0,ppm=100000,type=")
done
h iohyp fault set eth1 "${rules[@]/%/blk_rsp,seed=11}" \
	"${rules[@]/%/blk_pull,seed=12}"
g ioguest fault set eth1 "${rules[@]/%/blk_req,seed=13}" \
	"${rules[@]/%/blk_data,seed=14}"
made=$(($(counter h faults) + $(counter g faults)))
timeout 100 python3 scripts/history.py run /dev/sio0 /tmp/history 6 64 16 \
	120 || fail "the writers did not end"
[[ $(($(counter h faults) + $(counter g faults))) -gt $made ]] ||
	fail "no fault was made"
h iohyp fault clear eth1
g ioguest fault clear eth1
python3 scripts/history.py check /tmp/history || fail "no disk may do that"
! grep -q ' fail' /tmp/history || fail "a request failed"
[[ $(counter g req_resent) -gt 0 ]] || fail "nothing was sent again"
wait_for 10 "an idle disk" idle_disk
expect_eq "$(counter h req_executed)" "$(counter g req_sent)" \
	"requests executed and sent"
sio_end
