#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A seeded bad link: requests are executed once, streams arrive whole, and
# what is broken is dropped by its right name.
# Deadline: 120
sio_session
sio_nic

# Each request and each answer under each fault: executed once.
nics=0
for fault in drop dup reorder delay,us=60000; do
	for type in ctl_req ctl_rsp; do
		h iohyp fault set eth1 "$fault,type=$type,count=2"
		g ioguest fault set eth1 "$fault,type=$type,count=2"
		executed=$(counter g ctl_executed)
		sent=$(counter h ctl_sent)
		h iohyp nic create vm7/n$((++nics)) --uplink eth0
		wait_for 20 "$fault $type: the NIC" \
			h iohyp wait "vm7/n$nics" --timeout 1
		h iohyp nic remove "vm7/n$nics"
		wait_for 20 "$fault $type: the NIC to go" \
			holds "! g ip link show n$nics"
		wait_for 20 "$fault $type: all answered" is h held 0
		expect_eq $(($(counter g ctl_executed) - executed)) \
			$(($(counter h ctl_sent) - sent)) \
			"$fault $type: requests executed and sent"
	done
done
wait_for 10 "requests sent again" grew h ctl_resent 0
wait_for 10 "answers sent again" grew g ctl_replayed 0
expect_eq "$(sess g epoch)" 1 "epoch: the session lived through all that"
h iohyp fault clear eth1
g ioguest fault clear eth1

# 1 % of packets lost, doubled and swapped: TCP does not mind.
# shellcheck disable=SC2054 # the commas belong to a rule
rules=(drop,type=packet,count=0,ppm=10000,seed=7
	dup,type=packet,count=0,ppm=10000,seed=8
	reorder,type=packet,count=0,ppm=10000,seed=9
	corrupt,type=packet,count=0,ppm=5000,seed=10)
h iohyp fault set eth1 "${rules[@]}"
g ioguest fault set eth1 "${rules[@]}"
faults=$(($(counter h faults) + $(counter g faults)))
head -c 8M /dev/urandom >/tmp/there
o socat -u TCP-LISTEN:9000,reuseaddr CREATE:/tmp/here &
wait_for 10 "a listener" o ss -Hltn sport = :9000
g timeout 60 socat -u OPEN:/tmp/there TCP:192.0.2.1:9000 ||
	fail "the transfer broke"
wait $!
cmp /tmp/there /tmp/here || fail "the transfer was damaged"
g socat -u TCP-LISTEN:9000,reuseaddr CREATE:/tmp/here2 &
wait_for 10 "a listener" g ss -Hltn sport = :9000
o timeout 60 socat -u OPEN:/tmp/there TCP:192.0.2.7:9000 ||
	fail "the transfer back broke"
wait $!
cmp /tmp/there /tmp/here2 || fail "the transfer back was damaged"
[[ $(($(counter h faults) + $(counter g faults))) -gt $faults ]] ||
	fail "no fault was made"

# A wrong checksum: counted as such, nothing delivered.
g ioguest fault set eth1 badsum,type=packet,count=0
before=$(counter h drop_csum) rx=$(counter h rx_packets)
! g ping -q -c 3 -i 0.05 -W 1 192.0.2.1 >/dev/null ||
	fail "a wrong checksum was believed"
wait_for 10 "a wrong checksum to count" grew h drop_csum "$before"
expect_eq "$(counter h rx_packets)" "$rx" "packets with a wrong checksum"
g ioguest fault clear eth1
h iohyp fault clear eth1
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
sio_end
