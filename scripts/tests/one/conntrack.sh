#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A strict connection tracker between the two never sees a foul frame.
# Deadline: 90
sio_load
modprobe -a nf_conntrack_bridge nft_ct nft_counter 2>/dev/null || true
two_ns
middle_ns
m nft -f - <<-NFT || skip "no nft with conntrack for bridges"
	table bridge t {
		chain c {
			type filter hook forward priority 0;
			ct state invalid counter drop
			ct state new,established,related counter accept
		}
	}
NFT
m sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=0
m sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0
m sysctl -qw net.netfilter.nf_conntrack_checksum=1

# packets N: counter of the Nth rule
packets()
{
	m nft -j list chain bridge t c | jq "[.nftables[].rule? // empty |
		.expr[] | .counter? // empty | .packets][$1]"
}

h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
sio_nic
for reverse in '' -R; do
	o iperf3 -s -1 -D --logfile /tmp/iperf.log
	wait_for 10 "iperf3" o ss -Hltn sport = :5201
	g iperf3 -c 192.0.2.1 -t 1 $reverse -J >/tmp/iperf.json ||
		fail "iperf3 $reverse: $(jq -r .error /tmp/iperf.json)"
done
for i in 1 2 3 4 5; do
	g ioguest disconnect vm7
	g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
	wait_for 10 "the NIC" g ip link show web
	g ip addr add 192.0.2.7/24 dev web
	g ip link set web up
	wait_for 10 "ping $i" g ping -c 1 -W 1 192.0.2.1
	# and one that the iohyp ends
	h iohyp link remove eth1
	wait_for "$BACK" "the end $i" is g state 'waiting|dialing'
	h iohyp link create eth1
	wait_for "$BACK" "the session $i" is g state up
done
# An idle session is asked after; the side that asks first keeps doing so.
asked() { echo $(($(counter g keepalives) + $(counter h keepalives))); }
asked_since() { [[ $(asked) -gt $1 ]]; }
wait_for 20 "a keep-alive" asked_since "$(asked)"
[[ $(packets 1) -gt 1000 ]] || fail "the tracker saw $(packets 1) packets"
expect_eq "$(packets 0)" 0 "packets the tracker calls invalid"

# An acknowledgment out of nowhere shows that the counter counts.
stray_ack
counts() { [[ $(packets 0) -gt 0 ]]; }
wait_for 10 "the counter to count" counts
sio_end
