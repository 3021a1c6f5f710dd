#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An iohyp that starts anew gives a guest the same names, and the guest's log
# does not grow with what its iohyp does.
# Deadline: 120
sio_load
two_ns
(umask 077 && head -c 32 /dev/urandom | base64 >/tmp/vm7.key)

iohyp_up()
{
	h iohyp guest create vm7 --key-file /tmp/vm7.key
	h iohyp nic create vm7/web --uplink eth0
	h iohyp nic create vm7/db --uplink eth0
	h iohyp link create eth1
}

uuid()
{
	g ioguest -j show | jq -r '.sessions[0].devices[] |
		select(.name == "web") | .uuid'
}

# Has the guest another web than it had? For wait_for.
is_other()
{
	local now

	now=$(uuid)
	echo "was $before, is $now"
	[[ $now && $now != "$before" ]]
}

iohyp_up
g ioguest connect --name vm7 --peer 10.77.0.1 --key-file /tmp/vm7.key \
	--link eth1 --wait 20
wait_for 10 "the NICs" g ip link show web
wait_for 10 "the NICs" g ip link show db
before=$(uuid)

# Who waits or listens goes on with the module that comes.
h iohyp guest create vm8 --insecure
nsenter --net=/run/netns/iohyp -- iohyp -j monitor >/tmp/events 2>/tmp/said &
monitor=$!
nsenter --net=/run/netns/iohyp -- iohyp wait vm8 &
waiter=$!
nsenter --net=/run/netns/iohyp -- iohyp wait vm8 --timeout 600 --state gone &
goner=$!
# Two sockets, and asleep: subscribed, and has looked.
listens()
{
	[[ $(find "/proc/$1/fd" -lname 'socket:*' | wc -l) -eq 2 ]] &&
		grep -q '^State:.S' "/proc/$1/status"
}
for pid in $monitor $waiter $goner; do
	wait_for 10 "process $pid to listen" listens "$pid"
done

# As after a reboot: other UUIDs under the names the guest has still in use.
rmmod splitio_be
wait $goner || fail "vm8 was not gone with the module"
wait_for 10 "the module's end" grep -qx \
	'iohyp: warning: the kernel module splitio_be has gone; events follow when it is loaded again' \
	/tmp/said
wait_for "$BACK" "the session to end" is g state "waiting|dialing"
g ip link show web >/dev/null || fail "the guest has given up its NIC"
sio_insmod splitio_be
iohyp_up
kill -0 $waiter || fail "it did not wait for vm8 to be made again"
h iohyp guest create vm8 --insecure
g ioguest connect --name vm8 --peer 10.77.0.1 --insecure --link eth1 --wait 20
wait $waiter || fail "vm8 is up, and the wait for it ended with $?"
is_told() { jq -es 'any(.event == "session" and .session.name == "vm8")' /tmp/events; }
wait_for 10 "an event of the new module" is_told
kill -INT $monitor
wait $monitor || fail "the monitor ended with $?"
g ioguest disconnect vm8
h iohyp guest remove vm8
wait_for "$BACK" "another NIC" is_other
for dev in web db; do
	wait_for 10 "the iohyp to hear of $dev" holds \
		"h iohyp show | grep -qE '^ *nic $dev +ready'"
	g ip link show "$dev" >/dev/null || fail "the new $dev has another name"
done
expect_eq "$(g ip -j link show | jq '[.[] | select(.ifname | test("^sio"))] | length')" \
	0 "NICs under names the iohyp did not give"

# Ten lines to begin with, then none for an hour: whatever the iohyp does.
sysctl -qw net.core.message_cost=3600
for i in {1..15}; do
	h iohyp nic create vm7/flap --uplink eth0
	wait_for 10 "NIC $i" g ip link show flap
	h iohyp nic remove vm7/flap
	wait_for 10 "NIC $i to go" holds '! g ip link show flap'
done
lines=$(dmesg | grep -c 'device flap of vm7')
[[ $lines -le 20 ]] || fail "$lines lines in the log, two a device"
[[ $lines -gt 0 ]] || fail "no line in the log"
sio_end
