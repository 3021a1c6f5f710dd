#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A disk over a seeded bad link: requests are executed once and answered once.
# Deadline: 240
sio_session
null_disk
h iohyp blk create vm7/data --path /dev/nullb0 --digest
wait_for 10 "the disk" test -b /dev/sio0

# Each message under each fault, while requests of all sizes are under way.
for fault in drop dup reorder delay,us=30000 corrupt; do
	h iohyp fault set eth1 "$fault,type=blk_rsp,count=0,ppm=50000,seed=3" \
		"$fault,type=blk_busy,count=0,ppm=200000,seed=4" \
		"$fault,type=blk_pull,count=0,ppm=200000,seed=5"
	g ioguest fault set eth1 "$fault,type=blk_req,count=0,ppm=50000,seed=6" \
		"$fault,type=blk_data,count=0,ppm=50000,seed=7"
	made=$(($(counter h faults) + $(counter g faults)))
	timeout 100 fio --name="$fault" --filename=/dev/sio0 --direct=1 \
		--ioengine=libaio --iodepth=16 --rw=randrw --bsrange=4k-256k \
		--size=24m --offset=8m --verify=crc32c --verify_fatal=1 \
		--do_verify=1 --output-format=terse >/tmp/fio.log 2>&1 ||
		{ cat /tmp/fio.log; fail "$fault: damage, or no end"; }
	[[ $(($(counter h faults) + $(counter g faults))) -gt $made ]] ||
		fail "$fault: no fault was made"
	h iohyp fault clear eth1
	g ioguest fault clear eth1
	wait_for 10 "$fault: an idle disk" idle_disk
done
[[ $(counter g req_resent) -gt 0 ]] || fail "nothing was sent again"
[[ $(counter h req_replayed) -gt 0 ]] || fail "no answer was sent again"
expect_eq "$(counter g req_answered)" "$(counter g req_sent)" \
	"requests answered and sent"
expect_eq "$(counter h req_executed)" "$(counter g req_sent)" \
	"requests executed and sent"
expect_eq "$(sess g epoch)" 1 "epoch: the session lived through all that"
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
sio_end
