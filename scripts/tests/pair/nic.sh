#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A NIC between two machines; it waits while the iohyp is gone, and works again
# when it is back; one flow and two.
# shellcheck source=scripts/tests/pair/common
# shellcheck disable=SC2119 # the options of what pair/common has are optional
. scripts/tests/pair/common

nic_works()
{
	local up down

	wait_for 20 "ping" g ping -c 1 -W 1 192.0.2.1
	g ping -q -c 50 -i 0.02 -W 2 192.0.2.1 | grep -q ' 0% packet loss' ||
		fail "packets lost on an idle link"
	up=$(pair_iperf "to outside" -t 2)
	down=$(pair_iperf "from outside" -t 2 -R)
	echo "$1: to outside $up, from outside $down Mbit/s"
	[[ $up -gt 0 && $down -gt 0 ]] || fail "$1: no traffic"
}

pair_up
pair_server
pair_serve web
pair_dial
pair_address web
nic_works "one flow"
g ioguest show
h iohyp show

# a link that is down for a while
lab pull guest
wait_for 30 "the guest to notice" g sh -c \
	'ioguest show vm7 | grep -qiE "wait|dial|silent"'
lab plug guest
g ioguest wait vm7 --state up --timeout 30
nic_works "after a pulled link"

# the iohyp loses its memory
lab cut iohyp
wait_for 30 "the guest to say that it waits" g sh -c \
	'ioguest show vm7 | grep -qiE "wait|dial|silent"'
g ioguest show
g ip link show web >/dev/null || fail "the NIC went away with the iohyp"
[[ $(g cat /sys/class/net/web/carrier) == 0 ]] ||
	fail "the NIC has a carrier without an iohyp"
lab boot iohyp
pair_load iohyp
pair_server
pair_serve web
g ioguest wait vm7 --state up --timeout 60
nic_works "after the iohyp's boot"

# two flows
g ioguest disconnect vm7
wait_for 10 "the NIC to go" g sh -c '! ip link show web 2>/dev/null'
pair_dial --flows 2
pair_address web
nic_works "two flows"
expect_out 'flow' g ioguest show vm7
g ioguest show
g ioguest disconnect vm7
h iohyp nic remove vm7/web
h iohyp guest remove vm7
h iohyp link remove eth1
pair_scan
