#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two flows: both are opened, both carry packets, both ways.
sio_session --flows 2
wait_for 20 "two flows at the iohyp" is h flows 2
wait_for 20 "two flows at the guest" is g flows 2
sio_nic
expect_eq "$(sess h epoch)" 1 "epoch: joining is no new session"
expect_out '2 flows' g ioguest show

# What passes on the link, by the guest's TCP port: one for each flow.
ports()
{
	tcpdump -nr /tmp/flows.pcap "$1 and greater 200" 2>/dev/null |
		grep -oE '10\.77\.0\.2\.[0-9]+' | sort -u
}

h tcpdump -i eth1 -s 100 -w /tmp/flows.pcap -U 'tcp port 7423' 2>/tmp/dump &
dump=$!
trap 'kill $dump 2>/dev/null || true' EXIT
wait_for 10 "tcpdump" grep -q listening /tmp/dump
for reverse in '' -R; do
	o iperf3 -s -1 -D --logfile /tmp/iperf.log
	wait_for 10 "iperf3" o ss -Hltn sport = :5201
	g iperf3 -c 192.0.2.1 -P 8 -t 1 $reverse -J >/tmp/iperf.json ||
		fail "iperf3 $reverse: $(jq -r .error /tmp/iperf.json)"
	rate=$(jq '.end.sum_received.bits_per_second | floor' /tmp/iperf.json)
	[[ $rate -gt 0 ]] || fail "iperf3 $reverse moved nothing"
	echo "8 streams $reverse: $((rate / 1000000)) Mbit/s"
done
kill "$dump"
wait "$dump" || true
trap - EXIT
expect_eq "$(ports 'src host 10.77.0.2' | wc -l)" 2 "flows to the iohyp"
expect_eq "$(ports 'src host 10.77.0.1' | wc -l)" 2 "flows from the iohyp"
expect_eq "$(counter h drop_csum)" 0 drop_csum

# One loss takes all flows down; all come back.
g ip link set eth1 down
wait_for "$BACK" "the session to wait" is g why link_down
g ip link set eth1 up
wait_for "$BACK" "two flows again" is g flows 2
wait_for "$BACK" "ping" g ping -c 1 -W 1 192.0.2.1
sio_end
