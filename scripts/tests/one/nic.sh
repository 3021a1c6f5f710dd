#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The main path: a NIC in the guest whose packets meet the world at the iohyp.
sio_load
two_ns
h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join
expect_eq "$(stat -c %a /tmp/vm7.join)" 600 "mode of the join file"
expect_out 'wait' h iohyp nic create vm7/web --uplink eth0
g ioguest connect --join /tmp/vm7.join --link eth1
wait_for 10 "the session" g ioguest wait vm7 --state up --timeout 5
wait_for 10 "the NIC" holds '[[ -e /sys/class/net/ ]] && g ip link show web'
g ip addr add 192.0.2.7/24 dev web
g ip addr add 2001:db8::7/64 dev web nodad
g ip link set web up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
g ping -q -c 100 -i 0.01 -W 1 192.0.2.1 | grep -q ' 0% packet loss' ||
	fail "packets lost on an idle link"
wait_for 10 "IPv6" g ping -c 1 -W 1 2001:db8::1
g ping -q -c 20 -i 0.01 -s 8000 192.0.2.1 | grep -q ' 0% packet loss' ||
	fail "IP fragments lost"
o iperf3 -s -1 -D --logfile /tmp/iperf.log
wait_for 10 "iperf3" o ss -Hltn sport = :5201
g iperf3 -c 192.0.2.1 -t 2 -J >/tmp/up.json ||
	fail "iperf3: $(jq -r .error /tmp/up.json)"
echo "to outside: $(jq '.end.sum_received.bits_per_second/1e6|floor' \
	/tmp/up.json) Mbit/s"
o iperf3 -s -1 -D --logfile /tmp/iperf.log
wait_for 10 "iperf3" o ss -Hltn sport = :5201
g iperf3 -R -c 192.0.2.1 -t 2 -J >/tmp/down.json ||
	fail "iperf3 -R: $(jq -r .error /tmp/down.json)"
echo "from outside: $(jq '.end.sum_received.bits_per_second/1e6|floor' \
	/tmp/down.json) Mbit/s"
g ioguest show
h iohyp show --stats
expect_eq "$(counter h drop_csum)" 0 drop_csum
expect_eq "$(counter h drop_vnet)" 0 drop_vnet
expect_eq "$(counter g drop_vnet)" 0 drop_vnet

# A port that was there before is left as it was.
ip -n iohyp link add p0 type veth peer name p0 netns outside
h ip link set p0 addrgenmode none up
o ip link set p0 up
groups=$(h ip maddr show dev p0)
h iohyp nic create vm7/two --port p0
wait_for 10 "the second NIC" g ip link show two
g ip link set two up
g ip maddr add 33:33:00:00:77:77 dev two
wait_for 10 "the multicast address on the port" \
	holds 'h ip maddr show dev p0 | grep -q 33:33:00:00:77:77'
h iohyp nic remove vm7/two
wait_for 10 "the second NIC to go" holds '! g ip link show two'
expect_eq "$(h ip maddr show dev p0)" "$groups" "groups of the port"
h ip addr add 198.51.100.1/24 dev p0
o ip addr add 198.51.100.2/24 dev p0
wait_for 10 "packets where there was a port" h ping -c 1 -W 1 198.51.100.2

h iohyp nic remove vm7/web
wait_for 10 "the NIC to go" holds '! g ip link show web'
! h ip link show sio-web 2>/dev/null || fail "the port stayed"
g ioguest disconnect vm7
h iohyp guest remove vm7
h iohyp link remove eth1
sio_unload
