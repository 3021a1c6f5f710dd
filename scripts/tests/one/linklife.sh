#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Links that are renamed, move to another namespace or are deleted under
# traffic take their sessions down cleanly, and bring them back.
# Deadline: 120
sio_session
sio_nic
ip netns add attic

# Traffic all the time, from a TCP sender that fills the link.
o socat -u TCP-LISTEN:9000,fork,reuseaddr OPEN:/dev/null &
sink=$!
while :; do
	g socat -u OPEN:/dev/zero TCP:192.0.2.1:9000,connect-timeout=1 \
		2>/dev/null || read -r -t 0.1 <> <(:) || true
done &
source=$!

stop()
{
	local pids

	mapfile -t pids < <(pgrep -P "$source,$sink")
	kill "$source" "$sink" "${pids[@]}" || true
	wait "$source" "$sink" || true
}
trap 'stop 2>/dev/null' EXIT

flowing()
{
	local before

	wait_for "$BACK" "$1: the session" is g state up
	wait_for "$BACK" "$1: the session" is h state up
	before=$(counter h rx_packets)
	wait_for "$BACK" "$1: traffic" grew h rx_packets $((before + 100))
}

veth()
{
	ip -n guest link add eth1 mtu 9000 type veth \
		peer name eth1 mtu 9000 netns iohyp
	ip -n guest addr add 10.77.0.2/24 dev eth1
	ip -n iohyp addr add 10.77.0.1/24 dev eth1
	ip -n guest link set eth1 up
	ip -n iohyp link set eth1 up
}

flowing "at first"

# A name is only a name.
g ip link set eth1 name lan1
flowing "guest's link renamed"
expect_out '^link lan1 ' g ioguest show
g ip link set lan1 name eth1
h ip link set eth1 name lan1
flowing "iohyp's link renamed"
expect_out '^link lan1 ' h iohyp show
h ip link set lan1 name eth1
flowing "renamed back"

# Another namespace is another machine.
g ip link set eth1 netns attic
wait_for "$BACK" "the reason" is g why link_gone
expect_out "net device does not exist" g ioguest show
ip -n attic link set eth1 netns guest
g ip addr add 10.77.0.2/24 dev eth1
g ip link set eth1 up
flowing "guest's link back from another namespace"

h ip link set eth1 netns attic
wait_for "$BACK" "the session to end" is h state waiting
wait_for 10 "the link to go" holds '! h iohyp show | grep -q "^link"'
ip -n attic link set eth1 netns iohyp
h ip addr add 10.77.0.1/24 dev eth1
h ip link set eth1 up
h iohyp link create eth1
flowing "iohyp's link back from another namespace"

# Deleted, both ends at once, and made again.
g ip link del eth1
wait_for "$BACK" "the reason" is g why link_gone
wait_for "$BACK" "the session to end" is h state waiting
veth
h iohyp link create eth1
flowing "both links made again"

# With a whole namespace; the NIC goes with the guest.
stop 2>/dev/null
trap - EXIT
ip netns del guest
wait_for "$BACK" "the session to end" is h state waiting
h iohyp guest remove vm7 --force
ip netns del iohyp
sio_unload
wait_for 10 "the namespaces to go" holds \
	'! ip link show type veth | grep -q eth'
! dmesg | grep 'waiting for .* to become free' ||
	fail "a net device was leaked"
