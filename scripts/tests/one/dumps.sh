#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Lists longer than a netlink message are whole, one object is found by name,
# and who listens hears of every change.
# Deadline: 120
sio_load
two_ns
h iohyp monitor >/tmp/h.log &
g ioguest monitor >/tmp/g.log &
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
dial=(g ioguest connect --peer 10.77.0.1 --insecure --link eth1 --name)

# Make and remove something until the monitors have begun to listen.
heard()
{
	h iohyp link create eth1 && h iohyp link remove eth1
	"${dial[@]}" probe && g ioguest disconnect probe
	grep -q eth1 /tmp/h.log && grep -q probe /tmp/g.log
}
wait_for 20 "the monitors" heard
h iohyp link create eth1

# A link that goes by itself is told of like one that is removed.
h ip link add eth9 type veth peer name eth8
h ip addr add 10.99.0.1/24 dev eth9
h ip link set eth9 up
h iohyp link create eth9
h ip link del eth9
wait_for 10 "the end of eth9" grep -q "link_del eth9 " /tmp/h.log

# Counters alone make each of them a few KB.
for i in {1..30}; do
	h ip link add "d$i" type dummy
	echo "guest create vm$i --insecure"
done >/tmp/batch
for i in {1..30}; do
	echo "nic create vm30/n$i --port d$i"
done >>/tmp/batch
echo "nic create vm7/web --uplink eth0" >>/tmp/batch
h iohyp -b /tmp/batch
h iohyp -j show >/tmp/show.json
expect_eq "$(jq '[.guests[].name] | unique | length' /tmp/show.json)" 30 guests
expect_eq "$(jq '[.. | objects | select(.guest? == "vm30") | .name] |
	unique | length' /tmp/show.json)" 30 "NICs of vm30"
expect_eq "$(jq '[.. | objects | select(.guest? == "vm7") | .name] |
	unique | length' /tmp/show.json)" 1 "NICs of vm7"

"${dial[@]}" vm30 --wait 20
"${dial[@]}" vm7 --wait 20

# nics GUEST N: has the guest so many? For wait_for.
nics()
{
	local n

	n=$(g ioguest -j show | jq "[.. | objects | select(.guest? == \"$1\") |
		.name] | unique | length")
	echo "$1 has $n NICs"
	[[ $n -eq $2 ]]
}
wait_for 30 "30 NICs in the guest" nics vm30 30
wait_for 30 "one more" nics vm7 1
for i in {1..30}; do
	wait_for 10 "the guest's n$i" grep -qE "vm30/n$i\b" /tmp/g.log
	wait_for 10 "the iohyp's n$i" grep -qE "vm30/n$i\b" /tmp/h.log
done
g ioguest disconnect vm30
h iohyp guest remove vm30 --force
wait_for 10 "the end of it at the guest" grep -q "dev_del vm30/n30 " /tmp/g.log
wait_for 10 "the end of it at the iohyp" grep -q "guest_del vm30 " /tmp/h.log
h iohyp -j show >/tmp/show.json
expect_eq "$(jq '[.guests[].name] | unique | length' /tmp/show.json)" 29 guests
g ioguest disconnect vm7
for i in {1..29}; do
	h iohyp guest remove "vm$i" --force
done
h iohyp link remove eth1
# shellcheck disable=SC2046 # several
kill $(jobs -p)
wait || true
trap - EXIT
sio_unload
