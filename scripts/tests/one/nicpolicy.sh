#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a NIC lets pass, what it says of itself, and ports that keep silent.
# Deadline: 90
sio_session
o ip link set eth0 mtu 4000
h ip link set eth0 mtu 4000
quiet=$(sys_counter o eth0 packets)
outside_rx() { o ip -j -s link show eth0 | jq '.[0].stats64.rx.packets'; }
h sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1
wait_for 10 "carrier" holds '! o ip link show eth0 | grep -q NO-CARRIER'
o tcpdump -i eth0 -w /tmp/up.pcap -U 2>/tmp/up.log &
dump=$!
trap 'kill $dump 2>/dev/null || true' EXIT
wait_for 10 "tcpdump" grep -q listening /tmp/up.log

# Bringing a port up sends nothing: the only frames with its address are the
# guest's own, once the guest has the NIC up.
mac=52:54:00:77:00:01
h iohyp nic create vm7/web --uplink eth0 --mac "$mac" --mtu 2000
wait_for 10 "the NIC" g ip link show web
expect_out 'state UP|LOWER_UP' h ip link show sio-web
