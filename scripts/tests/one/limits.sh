#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Limits of the link and of the port are followed, down and up again.
# Deadline: 90
sio_session
sio_nic

# limit DEV NAME MIN MAX: is the guest's limit between the two? For wait_for.
limit()
{
	local value

	value=$(g ip -j -d link show "$1" | jq ".[0].$2")
	echo "$2 of $1 is $value"
	[[ $value -ge $3 && $value -le $4 ]]
}

download()
{
	o iperf3 -s -1 -D --logfile /tmp/iperf.log
	wait_for 10 "iperf3" o ss -Hltn sport = :5201
	g iperf3 -c 192.0.2.1 -n 4M -J >/tmp/iperf.json ||
		fail "iperf3 $1: $(jq -r .error /tmp/iperf.json)"
}

# The longest message, and with it the longest packet of the NIC.
wait_for 10 "the whole length" limit web tso_max_size 65000 65535
wait_for 10 "packets as long" limit web gso_max_size 65000 65535
g ip link set eth1 gso_max_size 16000
for name in tso_max_size gso_max_size; do
	wait_for 10 "$name to shrink with the link's" limit web $name 15000 16000
done
download "over a link with short packets"
expect_eq "$(counter g tx_drop_big)" 0 "packets no message could hold"
g ip link set eth1 gso_max_size 65536
for name in tso_max_size gso_max_size; do
	wait_for 10 "$name to grow with the link's" limit web $name 65000 65535
done
download "over a link with long packets again"

# What the administrator of the guest made smaller stays.
g ip link set web gso_max_size 30000
g ip link set eth1 gso_max_size 40000
wait_for 10 "tso_max_size to shrink" limit web tso_max_size 39000 40000
g ip link set eth1 gso_max_size 65536
wait_for 10 "tso_max_size to grow" limit web tso_max_size 65000 65535
limit web gso_max_size 30000 30000 || fail "gso_max_size of web has changed"

# The port's MTU, up to what the administrator asked for.
h ip link set sio-web mtu 1400
wait_for 10 "the MTU to shrink with the port's" limit web mtu 1400 1400
expect_fail 2 . g ip link set web mtu 1401
h ip link set sio-web mtu 1500
wait_for 10 "the MTU to be allowed again" g ip link set web mtu 1500
wait_for 10 "long packets" g ping -c 1 -W 1 -M "do" -s 1472 192.0.2.1
h iohyp nic set vm7/web --mtu 1450
wait_for 10 "the MTU asked for" limit web mtu 1450 1450
h ip link set sio-web mtu 1400
wait_for 10 "the MTU to shrink again" limit web mtu 1400 1400
h ip link set sio-web mtu 1500
wait_for 10 "the MTU asked for once more" g ip link set web mtu 1450
expect_fail 2 . g ip link set web mtu 1451
sio_end
