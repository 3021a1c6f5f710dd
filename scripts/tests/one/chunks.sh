#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Messages arrive in pieces: no segmentation offload on the link, a small MTU
# on one side, and a share of the frames reordered or lost.
sio_load
two_ns
middle_ns
g ip link set eth1 mtu 1500
h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join
h iohyp nic create vm7/web --uplink eth0
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 10
wait_for 10 "the NIC" g ip link show web
g ip addr add 192.0.2.7/24 dev web
g ip link set web up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
g ethtool -K eth1 tso off gso off tx off >/dev/null
h ethtool -K eth1 tso off gso off tx off >/dev/null

head -c 8M /dev/urandom >/tmp/data

# transfer WHAT FROM TO ADDRESS: eight megabytes arrive as they were sent
transfer()
{
	local pid

	rm -f /tmp/got
	"$3" socat -u TCP-LISTEN:7000,reuseaddr OPEN:/tmp/got,creat &
	pid=$!
	wait_for 10 "a listener" holds \
		"[[ -n \$($3 ss -Hltn sport = :7000) ]]"
	"$2" timeout 30 socat -u OPEN:/tmp/data "TCP:$4:7000" ||
		fail "$1: not sent"
	wait "$pid" || fail "$1: not received"
	cmp /tmp/data /tmp/got || fail "$1: other bytes"
}

transfer "in pieces" g o 192.0.2.1
transfer "in pieces, down" o g 192.0.2.7
[[ $(counter h rx_chunks) -gt 100 ]] || fail "nothing came in pieces"
[[ $(counter g rx_chunks) -gt 100 ]] || fail "nothing went in pieces"
expect_eq "$(counter h drop_reasm)" 0 drop_reasm
expect_eq "$(counter h drop_csum)" 0 drop_csum

m tc qdisc add dev h0 root netem delay 1ms reorder 20% 50% \
	limit 100000
transfer "reordered" g o 192.0.2.1
[[ $(counter h rx_gaps) -gt 0 ]] || fail "no gap was seen"
# TCP mends what is thrown away: what came late must have been taken.
late=$(counter h rx_late)
lost=$(($(counter h drop_dup) + $(counter h drop_expired)))
[[ $((lost * 4)) -lt $late ]] ||
	fail "$late chunks came late, $lost chunks and messages were dropped"
m tc qdisc replace dev h0 root netem loss 0.3%
transfer "with loss" g o 192.0.2.1
m tc qdisc del dev h0 root
wait_for 5 "ping after all that" g ping -c 1 -W 1 192.0.2.1
h iohyp show --stats
g ioguest show
