#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The Wireshark dissector shows a disk's data, a packet and control requests as
# they were sent. scripts/gates/dissector.sh has what is made up or damaged.
# Deadline: 240
lua=$TOP/scripts/wireshark/splitio.lua

# see FILE OPTION...: tshark with the dissector; silence of Lua is demanded.
see()
{
	tshark -X "lua_script:$lua" -r "$@" 2>/tmp/err || {
		cat /tmp/err
		fail "tshark on $1"
	}
	! grep -i lua /tmp/err || fail "Lua on $1"
}

sio_load
two_ns
# segments of a message in frames of their own, as on a cable
g ethtool -K eth1 tso off gso off >/dev/null
h ethtool -K eth1 tso off gso off >/dev/null
h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join
nsenter --net=/run/netns/guest tcpdump -i eth1 -s 0 -B 16384 -U \
	-w /tmp/a.pcap tcp port 7423 2>/tmp/tcpdump.log &
dump=$!
wait_for 10 "tcpdump" grep -q 'listening on' /tmp/tcpdump.log
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
sio_nic
g ping -c 1 -s 300 -p 5a6b7c 192.0.2.1 >/dev/null
null_disk 64
h iohyp blk create vm7/data --path /dev/nullb0 --digest
wait_for 10 "the disk" test -b /dev/sio0
head -c 1048576 /dev/urandom >/tmp/pattern
dd if=/tmp/pattern of=/dev/sio0 bs=1M seek=3 oflag=direct status=none
dd if=/dev/sio0 of=/dev/null bs=64k skip=48 count=16 iflag=direct status=none
wait_for 10 "the disk to be idle" idle_disk
g ioguest disconnect vm7
wait_for 10 "the end in the capture" has_frames 1 /tmp/a.pcap \
	'tcp[tcpflags] & tcp-fin != 0'
kill -INT "$dump"
wait "$dump" || true
grep -q '^0 packets dropped by kernel' /tmp/tcpdump.log ||
	fail "the capture is not complete: $(</tmp/tcpdump.log)"

cat >/tmp/judge.py <<'PY'
"""Compare the fields that tshark printed of the capture with what was sent."""
import collections
import sys

FIRST, SIZE = 3 << 20, 1 << 20
found = {1: bytearray(SIZE), 0: bytearray(SIZE)}
bytes_of, requests = {1: 0, 0: 0}, {}
types, parts, whole = collections.Counter(), 0, 0
control = collections.Counter()
pings = 0
for line in sys.stdin:
    f = dict(zip(sys.argv[1:], line.rstrip('\n').split('\t')))
    if f['splitio.segment'].endswith(' of a message'):
        parts += 1
        whole += f['splitio.whole_in'] != ''
    if not f['splitio.type']:
        continue
    kind, data = int(f['splitio.type']), bytes.fromhex(f['splitio.data'])
    types[kind] += 1
    if kind == 1:
        assert f['splitio.hello.name'] == 'vm7', line
    if kind in (16, 17):
        assert f['splitio.sealed'], line
        control[kind] += 1
        assert kind == 16 or f['splitio.response_to'], line
    if kind == 32 and f['icmp.type'] == '8' and '5a6b7c' * 20 in f['data.data']:
        assert f['ip.dst'].split(',') == ['10.77.0.1', '192.0.2.1'], line
        pings += 1
    if kind not in (48, 49, 52):
        continue
    assert f['splitio.flags'] == '0x01', line
    key = f['splitio.dev'], f['splitio.slot'], f['splitio.slot_seq']
    off = 0
    if kind == 48:
        requests[key] = (int(f['splitio.blk_req.op']),
                         int(f['splitio.blk_req.sector']))
    elif kind == 49:
        assert f['splitio.blk_rsp.status'] == '0', line
        assert f['splitio.response_to'], line
        off = int(f['splitio.blk_rsp.off'])
    else:
        off = int(f['splitio.blk_span.off'])
    op, sector = requests[key]
    at = sector * 512 - FIRST + off
    if op in found and data and 0 <= at < SIZE:
        found[op][at:at + len(data)] = data
        bytes_of[op] += len(data)
with open('/tmp/pattern', 'rb') as file:
    want = file.read()
for op in 0, 1:
    assert found[op] == want, f'op {op}: {bytes_of[op]} bytes, and others'
for kind in 1, 2, 3, 4, 6, 7:
    assert types[kind] == 1, types
assert control[16] >= 4 and control[16] == control[17], control
assert pings == 1, pings
assert parts > 100 and parts == whole, (parts, whole)
print(types)
PY
fields=(splitio.type splitio.flags splitio.dev splitio.slot splitio.slot_seq
	splitio.segment splitio.whole_in splitio.hello.name splitio.sealed
	splitio.response_to splitio.blk_req.op splitio.blk_req.sector
	splitio.blk_rsp.off splitio.blk_rsp.status splitio.blk_span.off
	splitio.data icmp.type ip.dst data.data)
# a filter makes tshark's first pass dissect as well
echo "capture: $(stat -c %s /tmp/a.pcap) bytes"
see /tmp/a.pcap -2 -Y splitio -T fields "${fields[@]/#/-e}" >/tmp/fields
python3 /tmp/judge.py "${fields[@]}" </tmp/fields ||
	fail "the dissector shows something else than was sent"
see /tmp/a.pcap -Y "$(grep -v '^#' "$TOP/scripts/wireshark/wrong.filter") ||
	tcp.port == 7423 && !splitio" >/tmp/found
[[ ! -s /tmp/found ]] || fail "tshark minds: $(head -n 5 /tmp/found)"
python3 "$TOP/scripts/wireshark/mangle.py" flip /tmp/a.pcap /tmp/m.pcap
expect_eq "$(see /tmp/m.pcap -Y splitio.bad_crc | wc -l)" 1 "bad digests"

h iohyp guest remove vm7 --force
h iohyp link remove eth1
sio_unload
