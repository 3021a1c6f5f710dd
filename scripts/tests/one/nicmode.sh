#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a guest may not have is refused where somebody reads it, ignored and
# shown otherwise, and does not fill the iohyp's log.
# Deadline: 120
sio_session
sio_nic
mac=$(g ip -j link show web | jq -r '.[0].address')
other=52:54:00:77:00:02

# denied SIDE WORDS: are just these denied, with commas? For wait_for.
denied()
{
	local got tool=iohyp

	[[ $1 == h ]] || tool=ioguest
	got=$("$1" "$tool" -j show |
		jq -r '[.. | objects | .denied? | arrays] | add | join(",")')
	echo "denied: $got"
	[[ $got == "$2" ]]
}

# port FIELD VALUE: of the NIC's port. For wait_for.
port()
{
	local got

	got=$(h ip -d -j link show sio-web | jq -r ".[0].$1")
	echo "$1 of sio-web is $got"
	[[ $got == "$2" ]]
}

nic_open()
{
	h iohyp -j show | jq -e ".. | objects | select(.name? == \"web\") |
		.open == $1" >/dev/null
}

expect_eq "$(h iohyp -j show | jq '.. | objects | .queues? | numbers')" 1 \
	"transmit queues worth having"

# Another address
expect_fail 2 'lets this NIC have its assigned address only' \
	g ip link set web address $other
expect_eq "$(g ip -j link show web | jq -r '.[0].address')" "$mac" MAC
g ip link set web address "$mac"
h iohyp nic set vm7/web --any-mac on
wait_for 10 "another address" g ip link set web address $other
wait_for 10 "nothing to be denied at the iohyp" denied h ''
wait_for 10 "nothing to be denied in the guest" denied g ''
before=$(counter h drop_spoof)
g ping -q -c 1 -W 1 192.0.2.1 >/dev/null 2>&1 || true
expect_eq "$(counter h drop_spoof)" "$before" "spoofed packets"
h iohyp nic set vm7/web --any-mac off
wait_for 10 "the iohyp to show it" denied h 'another address'
wait_for 10 "the guest to show it" denied g 'another address'
expect_out 'not allowed: another address' g ioguest show
g ping -q -c 1 -W 1 192.0.2.1 >/dev/null 2>&1 || true
wait_for 10 "the drop to count" grew h drop_spoof "$before"
g ip link set web address "$mac"
wait_for 10 "the iohyp to show none" denied h ''
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1

# Promiscuous mode: only that is ignored.
g ip link set web promisc on
wait_for 10 "the iohyp to show it" denied h 'promiscuous mode'
denied g 'promiscuous mode' || fail "the guest does not show it"
port promiscuity 0 || fail "the port is promiscuous"
g ip link set web down
wait_for 10 "the NIC to be closed" nic_open false
g ip link set web up
wait_for 10 "the NIC to be open" nic_open true
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
h iohyp nic set vm7/web --any-mac on
wait_for 10 "the port to be promiscuous" port promiscuity 1
h iohyp nic set vm7/web --any-mac off
port promiscuity 0 || fail "the port is still promiscuous"
g ip link set web promisc off

# Two lines in ten seconds for each mode, and a pair more as all began before.
h iohyp nic set vm7/web --any-mac on
begin=$SECONDS
dmesg -C
for i in {1..20}; do
	for on in on off; do
		before=$(g ethtool -S web | awk '/nic_mode_sent/ { print $2 }')
		g ip link set web promisc $on allmulticast $on
		wait_for 10 "mode $on $i" holds \
			"g ethtool -S web | awk '/nic_mode_sent/ { exit \$2 <= $before }'"
	done
done
for mode in promiscuous allmulticast; do
	lines=$(dmesg | grep -c "sio-web: entered $mode mode" || true)
	[[ $lines -ge 1 ]] || fail "the port was never in $mode mode"
	[[ $lines -le $(((SECONDS - begin) / 10 + 2)) ]] ||
		fail "$lines times in $mode mode in $((SECONDS - begin)) s"
done
wait_for 30 "the port to be calm" port promiscuity 0
wait_for 30 "the port to be calm" port allmulti 0
sio_end
