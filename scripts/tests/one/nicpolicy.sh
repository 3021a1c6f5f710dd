#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a NIC lets pass, what it says of itself, and ports that keep silent.
# Deadline: 90
sio_session
h sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1
o ip link set eth0 mtu 4000
h ip link set eth0 mtu 4000
mac=52:54:00:77:00:01

# Bringing a port up sends nothing: all frames outside sees with its address
# would be the port's own, as the guest keeps its NIC down.
o tcpdump -i eth0 -w /tmp/up.pcap -U "ether src $mac" 2>/tmp/up.log &
dump=$!
trap 'kill $dump 2>/dev/null || true' EXIT
wait_for 10 "tcpdump" grep -q listening /tmp/up.log
h iohyp nic create vm7/web --uplink eth0 --mac "$mac" --mtu 2000
wait_for 10 "the NIC" g ip link show web
port=$(h ip -j -d link show sio-web)
for flag in UP NOARP; do
	jq -e --arg f $flag '.[0].flags | index($f)' <<<"$port" >/dev/null ||
		fail "the port is not $flag"
done
expect_eq "$(jq -r '.[0].inet6_addr_gen_mode' <<<"$port")" none \
	"the port's address generation"
expect_eq "$(h sysctl -n net.ipv6.conf.sio-web.disable_ipv6)" 1 \
	"the port's disable_ipv6"
expect_eq "$(h ip -j addr show sio-web | jq '.[0].addr_info | length')" 0 \
	"addresses of the port"

# The NIC's own face.
expect_eq "$(g ip -j link show web | jq -r '.[0].address')" "$mac" "MAC"
expect_eq "$(g ip -j link show web | jq '.[0].mtu')" 2000 MTU
expect_out 'driver: splitio' g ethtool -i web
expect_out 'tcp-segmentation-offload: on' g ethtool -k web
expect_out 'tx-checksumming: on' g ethtool -k web
expect_out . g ethtool -S web
expect_out 'Combined|TX' g ethtool -l web

# Frames by now? The first one from the guest shows that tcpdump would see.
g sysctl -qw net.ipv6.conf.web.disable_ipv6=1
g ip addr add 192.0.2.7/24 dev web
expect_eq "$(tcpdump -nr /tmp/up.pcap 2>/dev/null | wc -l)" 0 \
	"frames of a port that was brought up"
g ip link set web up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
wait_for 10 "a frame outside" has_frames 1 /tmp/up.pcap
kill "$dump"
wait "$dump" || true
trap - EXIT

# MTU: within the port's, not beyond.
g ip link set web mtu 1400
g ip link set web mtu 2000
! g ip link set web mtu 2001 2>/dev/null || fail "an MTU of 2001 was taken"
! g ip link set web mtu 60 2>/dev/null || fail "an MTU of 60 was taken"
h iohyp nic set vm7/web --mtu 3000
expect_out 'mtu 3000 ' h ip link show sio-web
wait_for 10 "a larger MTU" g ip link set web mtu 3000
o ip link set eth0 mtu 4000
wait_for 10 "large packets" g ping -c 1 -W 1 -M "do" -s 2972 192.0.2.1

# TSO is intact: outside sees the guest's segments as one packet.
o tcpdump -i eth0 -s 100 -w /tmp/tso.pcap -U \
	"ether src $mac and greater 10000" 2>/tmp/tso.log &
dump=$!
h tcpdump -i eth0 -s 100 -w /tmp/back.pcap -U \
	"ether dst $mac and greater 10000" 2>/tmp/back.log &
dump="$dump $!"
trap 'kill $dump 2>/dev/null || true' EXIT
wait_for 10 "tcpdump" grep -q listening /tmp/tso.log
wait_for 10 "tcpdump" grep -q listening /tmp/back.log
for reverse in '' -R; do
	o iperf3 -s -1 -D --logfile /tmp/iperf.log
	wait_for 10 "iperf3" o ss -Hltn sport = :5201
	g iperf3 -c 192.0.2.1 -t 1 $reverse -J >/tmp/iperf.json ||
		fail "iperf3 $reverse: $(jq -r .error /tmp/iperf.json)"
done
wait_for 10 "packets of more than 10000 bytes outside" \
	has_frames 10 /tmp/tso.pcap
wait_for 10 "such packets to the guest" has_frames 10 /tmp/back.pcap
# shellcheck disable=SC2086 # two of them
kill $dump
# shellcheck disable=SC2086 # two of them
wait $dump || true
trap - EXIT

# Multicast and VLAN lists reach the port.
g ip maddr add 33:33:00:00:77:77 dev web
wait_for 10 "the multicast address on the port" \
	holds 'h ip maddr show dev sio-web | grep -q 33:33:00:00:77:77'
g ip maddr del 33:33:00:00:77:77 dev web
wait_for 10 "it to leave the port" \
	holds '! h ip maddr show dev sio-web | grep -q 33:33:00:00:77:77'
g ip link add link web name web.7 type vlan id 7
g ip addr add 198.51.100.7/24 dev web.7
g ip link set web.7 up
o ip link add link eth0 name eth0.7 type vlan id 7
o ip addr add 198.51.100.1/24 dev eth0.7
o ip link set eth0.7 up
wait_for 10 "the VLAN" g ping -c 1 -W 1 198.51.100.1
g ping -q -c 20 -i 0.01 -s 1800 -W 1 198.51.100.1 |
	grep -q ' 0% packet loss' || fail "packets of the VLAN lost"
g ip link del web.7

# Another source address is dropped and counted, unless it is allowed.
before=$(counter h drop_spoof)
g ip link add link web name mv0 address 52:54:00:77:00:02 type macvlan \
	mode bridge
g ip addr add 192.0.2.8/24 dev mv0
g ip link set mv0 up
! g ping -q -c 2 -i 0.1 -W 1 -I mv0 192.0.2.1 >/dev/null 2>&1 ||
	fail "a foreign source address passed"
[[ -z $(o ip neigh show 192.0.2.8) ]] || fail "a spoofed frame got outside"
wait_for 10 "the drop to count" grew h drop_spoof "$before"
h iohyp nic set vm7/web --any-mac on
# The answer does not come back: a macvtap in bridge mode has one address.
g ping -q -c 1 -W 1 -I mv0 192.0.2.1 >/dev/null 2>&1 || true
wait_for 10 "outside to hear the second address" \
	holds 'o ip neigh show 192.0.2.8 | grep -q 52:54:00:77:00:02'
o ip neigh flush dev eth0
h iohyp nic set vm7/web --any-mac off
before=$(counter h drop_spoof)
g ping -q -c 1 -W 1 -I mv0 192.0.2.1 >/dev/null 2>&1 || true
wait_for 10 "the drop to count again" grew h drop_spoof "$before"
g ip link del mv0

# Carrier follows uplink and session.
o ip link set eth0 down
wait_for 10 "no carrier, as the uplink has none" \
	holds 'g ip link show web | grep -q NO-CARRIER'
o ip link set eth0 up
wait_for 10 "carrier" holds '! g ip link show web | grep -q NO-CARRIER'
g ip link set eth1 down
wait_for "$BACK" "no carrier without a session" \
	holds 'g ip link show web | grep -q NO-CARRIER'
g ip link set eth1 up
wait_for "$BACK" "carrier" holds '! g ip link show web | grep -q NO-CARRIER'
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
sio_end
