#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The link keeps its ordinary life: IP, a VLAN, tcpdump, a bridge on top.
# Deadline: 90
sio_session
sio_nic

# stream SERVER CLIENT ADDRESS: two seconds of TCP between two namespaces
stream()
{
	"$1" iperf3 -s -1 -D -p 5300 --logfile /tmp/iperf.log
	wait_for 10 "iperf3" "$1" ss -Hltn sport = :5300
	"$2" iperf3 -c "$3" -p 5300 -t 1 -J >/tmp/iperf.json ||
		fail "iperf3 to $3: $(jq -r .error /tmp/iperf.json)"
	[[ $(jq '.end.sum_received.bytes | floor' /tmp/iperf.json) -gt 0 ]] ||
		fail "nothing reached $3"
}

both()
{
	g ping -q -c 20 -i 0.01 -W 1 192.0.2.1 | grep -q ' 0% packet loss' ||
		fail "$1: packets of the NIC lost"
	g ping -q -c 20 -i 0.01 -W 1 10.77.0.1 | grep -q ' 0% packet loss' ||
		fail "$1: packets of the link lost"
	expect_eq "$(sess g state)" up "$1: state"
}

both "at first"
stream h g 10.77.0.1
stream g h 10.77.0.2
stream o g 192.0.2.1

g ip link add link eth1 name eth1.5 type vlan id 5
h ip link add link eth1 name eth1.5 type vlan id 5
g ip addr add 10.77.5.2/24 dev eth1.5
h ip addr add 10.77.5.1/24 dev eth1.5
g ip link set eth1.5 up
h ip link set eth1.5 up
wait_for 10 "the VLAN" g ping -c 1 -W 1 10.77.5.1
stream h g 10.77.5.1
both "with a VLAN"

# A VLAN is a link like any other.
h iohyp link create eth1.5 --port 7424
h iohyp guest create tagged --insecure
g ioguest connect --name tagged --insecure --peer 10.77.5.1:7424 \
	--link eth1.5 --wait 20
both "with a session on the VLAN"
g ioguest disconnect tagged
h iohyp guest remove tagged
h iohyp link remove eth1.5

h tcpdump -i eth1 -s 100 -B 32768 -w /tmp/link.pcap -U 2>/tmp/link.log &
dump=$!
trap 'kill $dump 2>/dev/null || true' EXIT
wait_for 10 "tcpdump" grep -q listening /tmp/link.log
stream o g 192.0.2.1
both "under tcpdump"
wait_for 10 "tcpdump to see the session's frames" \
	has_frames 100 /tmp/link.pcap 'tcp port 7423'
wait_for 10 "tcpdump to see the pings on the link" \
	has_frames 20 /tmp/link.pcap icmp
kill "$dump"
wait "$dump" || true
trap - EXIT
both "after tcpdump"

# A bridge on top of the link's device: the session ends, as the address has
# moved to the bridge, and comes back on the bridge.
g ioguest disconnect vm7
h iohyp link remove eth1
h ip addr flush dev eth1
h ip link add br0 type bridge
h ip link set br0 mtu 9000
h ip link set eth1 master br0
h ip addr add 10.77.0.1/24 dev br0
h ip link set br0 up
expect_fail 1 'enslaved; name its master br0' h iohyp link create eth1
h iohyp link create br0
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
wait_for "$BACK" "the NIC" g ip link show web
g ip addr add 192.0.2.7/24 dev web
g ip link set web up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
both "with a bridge"
stream o g 192.0.2.1
stream h g 10.77.0.1
g ioguest disconnect vm7
h iohyp guest remove vm7 --force
h iohyp link remove br0
sio_unload
