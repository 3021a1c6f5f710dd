#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two machines with one join file: the first stays, the second takes over
# when the first is cut off.
# Deadline: 90
NS_ALL+=(clone)
sio_load
two_ns
# The clone reaches the iohyp on a link of its own.
ip -n clone link add eth1 mtu 9000 type veth \
	peer name eth2 mtu 9000 netns iohyp
ip -n clone addr add 10.78.0.2/24 dev eth1
ip -n iohyp addr add 10.78.0.1/24 dev eth2
ip -n clone link set eth1 up
ip -n iohyp link set eth2 up
c() { nsenter --net=/run/netns/clone -- "$@"; }

h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join
h iohyp link create eth2
sed 's/^address=.*/address=10.78.0.1/' /tmp/vm7.join >/tmp/clone.join
chmod 600 /tmp/clone.join
g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20
sio_nic

expect_fail 1 'another machine under this name is alive' \
	c ioguest connect --join /tmp/clone.join --link eth1 --wait 20
expect_eq "$(sess g state)" up "state of the first"
expect_eq "$(sess g epoch)" 1 "epoch of the first"
g ping -q -c 5 -i 0.01 -W 1 192.0.2.1 | grep -q ' 0% packet loss' ||
	fail "the clone disturbed the first"

# Without --wait it keeps trying, and says why it waits.
c ioguest connect --join /tmp/clone.join --link eth1
wait_for 10 "the clone's reason" \
	holds "c ioguest show | grep -q 'another machine under this name'"
expect_eq "$(sess g state)" up "state of the first"

# The first is cut: the second is heard, and gets the device.
ip -n guest link set eth1 down
wait_for "$BACK" "the second to take over" \
	c ioguest wait vm7 --state up --timeout 1
wait_for 10 "its NIC" c ip link show web
expect_eq "$(sess h peer)" 10.78.0.2 "who the iohyp talks to"
[[ $(sess h epoch) -gt 1 ]] || fail "the epoch stayed"
c ip addr add 192.0.2.8/24 dev web
c ip link set web up
wait_for 10 "ping" c ping -c 1 -W 1 192.0.2.1

# The first comes back: now it is the clone.
ip -n guest link set eth1 up
wait_for "$BACK" "the first one's reason" is g why clone
c ping -q -c 5 -i 0.01 -W 1 192.0.2.1 | grep -q ' 0% packet loss' ||
	fail "the first disturbed the second"
g ioguest disconnect vm7
c ioguest disconnect vm7
h iohyp guest remove vm7 --force
h iohyp link remove eth2
h iohyp link remove eth1
sio_unload
