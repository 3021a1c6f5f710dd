#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A session ends with the address it uses, on either side, and not without a
# word; it comes back with the address, or the guest's new one.
# Deadline: 90
sio_session
sio_nic

# The iohyp's: another one in the same subnet is no substitute.
h ip addr del 10.77.0.1/24 dev eth1
h ip addr add 10.77.0.9/24 dev eth1
wait_for "$BACK" "the session to end" is h why no_address
wait_for "$BACK" "the guest to know" is g state "waiting|dialing"
expect_out 'guest vm7 .*lost its address' h iohyp show
epoch=$(sess h epoch)
dials=$(sess g dials)
wait_for "$BACK" "the guest to dial on in vain" \
	holds "[[ \$(sess g dials) -gt $dials ]]"
expect_eq "$(sess h epoch)" "$epoch" "epoch without an address"
h ip addr del 10.77.0.9/24 dev eth1
h ip addr add 10.77.0.1/24 dev eth1
wait_for "$BACK" "the session again" is g state up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1

# The guest's
g ip addr del 10.77.0.2/24 dev eth1
wait_for "$BACK" "the session to end" is g why no_address
wait_for "$BACK" "the iohyp to know" is h state waiting
expect_out 'session vm7 .*lost its address' g ioguest show
g ip addr add 10.77.0.3/24 dev eth1
wait_for "$BACK" "the session from another address" is h peer '10\.77\.0\.3'
wait_for "$BACK" "the session again" is g state up
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
sio_end
