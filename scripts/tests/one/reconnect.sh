#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whatever ends a session, it comes back by itself and the NIC stays.
# Deadline: 120
sio_session
sio_nic
nic=$(g ip -j link show web | jq '.[0].ifindex')
epoch=$(sess g epoch)

back()
{
	wait_for "$BACK" "$1: traffic" g ping -c 1 -W 1 192.0.2.1
	wait_for "$BACK" "$1: the guest's session" is g state up
	wait_for "$BACK" "$1: the iohyp's session" is h state up
	expect_eq "$(g ip -j link show web | jq '.[0].ifindex')" "$nic" \
		"$1: ifindex of the NIC"
	[[ $(sess g epoch) -gt $epoch ]] ||
		fail "$1: epoch $(sess g epoch) after $epoch"
	expect_eq "$(sess h epoch)" "$(sess g epoch)" "$1: epochs"
	epoch=$(sess g epoch)
}

g ip link set eth1 down
wait_for "$BACK" "the reason" is g why link_down
wait_for "$BACK" "silence to be noticed" is h why 'peer_silent|link_down'
expect_out 'vm7 .*down or has no carrier' g ioguest show
g ip link set eth1 up
back "link down and up"

h iohyp link remove eth1
wait_for "$BACK" "the session to wait" is h state waiting
expect_out vm7 h iohyp show
wait_for "$BACK" "a reason" is g why 'no_syn_answer|refused|peer_fin'
h iohyp link create eth1
back "link removed and created"

# An address that is gone is told; frames may pass as long as ARP remembers.
h ip addr del 10.77.0.1/24 dev eth1
expect_out '^link .*lost its address' h iohyp show
h ip addr add 10.77.0.1/24 dev eth1
wait_for "$BACK" "traffic" g ping -c 1 -W 1 192.0.2.1
epoch=$(($(sess g epoch) - 1))
back "address removed and added"

# The whole back-end goes; its ports stay, and serve again. The guests come
# when there is a link, so that is made last: they are told what there is.
(umask 077 && sed -n 's/^key=//p' /tmp/vm7.join >/tmp/vm7.key)
uuid=$(g ioguest -j show | jq -r '.sessions[0].devices[0].uuid')
mac=$(g ioguest -j show | jq -r '.sessions[0].devices[0].mac')
rmmod splitio_be || fail "the back-end cannot go while it serves"
wait_for "$BACK" "the session to wait" is g state 'waiting|dialing'
expect_eq "$(g ip -j link show web | jq '.[0].ifindex')" "$nic" \
	"ifindex of the NIC without a back-end"
wait_for 10 "no carrier" holds 'g ip link show web | grep -q NO-CARRIER'
sio_insmod splitio_be
h iohyp guest create vm7 --key-file /tmp/vm7.key
h iohyp nic create vm7/web --port sio-web --uuid "$uuid" --mac "$mac"
h iohyp link create eth1
back "back-end loaded again"
sio_end
