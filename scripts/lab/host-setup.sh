#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Inside a machine of the lab: name the link eth1, give it its address; at the iohyp make the uplink and "outside".
# usage: host-setup.sh HOST LINK-DEVICE MTU
set -euo pipefail

host=$1 dev=$2 mtu=$3
case $host in
iohyp) n=1 ;;
guest) n=2 ;;
guest[2-9]) n=$((${host#guest} + 1)) ;;
*) echo "host-setup: no such host: $host" >&2; exit 1 ;;
esac

if [ "$dev" != none ]; then
	ip link set "$dev" down
	[ "$dev" = eth1 ] || ip link set "$dev" name eth1
	ip link set eth1 mtu "$mtu"
	ethtool -K eth1 tx on tso on gro on >/dev/null 2>&1 ||
		echo "host-setup: eth1 does not take all offloads"
	ip address add "10.77.0.$n/24" dev eth1
	ip -6 address add "fd77::$n/64" dev eth1 nodad
	ip link set eth1 up
fi

[ "$host" = iohyp ] || exit 0
# The uplink and the world behind it: the far end of a veth in a namespace.
ip netns add outside
ip link add eth0 mtu 9000 type veth peer name eth0 mtu 9000 netns outside
ip link set eth0 up
ip -n outside link set lo up
ip -n outside address add 192.0.2.1/24 dev eth0
ip -n outside -6 address add 2001:db8::1/64 dev eth0 nodad
ip -n outside link set eth0 up
