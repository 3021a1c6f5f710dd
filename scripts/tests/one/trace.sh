#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tracepoints tell of every step of a request, in order, on both sides.
# Deadline: 180
sio_session
null_disk 32
export DM_DISABLE_UDEV=1
dmsetup create slow --table "0 65536 linear /dev/nullb0 0"
h iohyp blk create vm7/data --path /dev/mapper/slow
wait_for 10 "the disk" test -b /dev/sio0
wait_for 10 "an idle disk" idle_disk
TRACE=/sys/kernel/tracing
echo 1 >$TRACE/events/splitio/enable

# traced EVENT [PATTERN]: lines of that event; for wait_for too.
traced() { grep -E " $1: .*${2-}" $TRACE/trace; }

# steps PATTERN: names of the events about the requests like that, and of
# the messages about them, in order.
steps()
{
	local id

	id=$(traced sio_req_queue "$1" | tail -n 1 |
		grep -o 'session=.* seq=[0-9]*')
	[[ -n $id ]] || fail "no request like $1: $(<$TRACE/trace)"
	grep -E "$id " $TRACE/trace | sed -E 's/.* sio_req_([a-z]+): /\1 /
		s/^([rt]x) .* type=([a-z]+) .*/\1:\2/; s/ session=.*//' |
		paste -sd ' '
}

# write SECTOR BYTES: one request
write()
{
	timeout 60 dd if=/dev/zero of=/dev/sio0 bs="$2" count=1 oflag=direct,seek_bytes \
		seek="$(($1 * 512))" conv=notrunc status=none
}

echo >$TRACE/trace
write 64 4096
want='queue tx:request rx:request receive take submit end answer'
want+=' tx:response rx:response complete'
expect_eq "$(steps 'op=write sector=64 bytes=4096')" "$want" "steps of a write"
traced sio_req_submit | grep -q 'session=vm7 .* op=write sector=64 bytes=4096 status=0' ||
	fail "fields: $(traced sio_req_submit)"

# Each side's handle of the device is the same one.
expect_eq "$(traced 'sio_req_[a-z]+' 'op=write' | grep -o 'dev=[0-9]*' | sort -u | wc -l)" 1 \
	"handles in the trace"

# What does not come with the request is pulled.
echo >$TRACE/trace
write 128 262144
steps 'op=write sector=128 bytes=262144' >/tmp/steps
grep -qE 'take pull tx:pull rx:pull tx:data .*rx:data .*submit end answer' /tmp/steps ||
	fail "a large write: $(</tmp/steps)"

# A lost answer: the guest asks again and is told again, nothing is done twice.
echo >$TRACE/trace
h iohyp fault set eth1 drop,type=49,count=1
write 72 4096
h iohyp fault clear eth1
steps 'op=write sector=72' >/tmp/steps
grep -qE 'tx:response (.* )?(resend|replay) ' /tmp/steps ||
	fail "a lost answer: $(</tmp/steps)"
expect_eq "$(grep -ow submit /tmp/steps | wc -l)" 1 "executions of that write"
grep -q 'complete$' /tmp/steps || fail "not complete: $(</tmp/steps)"

# One that is given up, and the fence before the next session's.
dmsetup suspend slow
write 80 4096 2>/tmp/err &
job=$!
wait_for 10 "the write" traced sio_req_submit sector=80
g ioguest blk abort data
! wait $job || fail "a write that was given up succeeded"
wait_for 10 "the quarantine" traced sio_req_quarantine 'sector=80 .*status=[1-9]'
wait_for "$BACK" "the fence" traced sio_fence 'session=vm7 .* waits=1'
! traced sio_req_complete sector=80 || fail "an answer in spite of that"
dmsetup resume slow
wait_for 10 "the end of it" traced sio_req_end sector=80
wait_for "$BACK" "the session" is g state up

echo 0 >$TRACE/events/splitio/enable
h iohyp blk remove vm7/data
wait_for 10 "the disk to go" test ! -b /dev/sio0
wait_for 10 "its device" dmsetup remove slow
sio_end
