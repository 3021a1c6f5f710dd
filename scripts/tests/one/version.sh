#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A peer that speaks another protocol version is refused by name, and counted.
# Deadline: 90
modprobe -a nf_tables 2>/dev/null || true
sio_load
two_ns
h iohyp link create eth1
h iohyp guest create vm7 --join-file /tmp/vm7.join

# rewrite SIDE TYPE SET...: the version of what comes in is another one there;
# the header begins 32 bytes after that of TCP, and so does its version.
rewrite()
{
	local side=$1 type=$2

	shift 2
	"$side" nft -f - <<-NFT || skip "no nft for a device's ingress"
	table netdev v {
		chain c {
			type filter hook ingress device "eth1" priority 0
			ip protocol tcp @th,264,8 $type @th,256,8 set $1 ${2-}
		}
	}
	NFT
}
dial=(g ioguest connect --join /tmp/vm7.join --link eth1)

# The guest's hello (1) is of version 2: a real iohyp of ours refuses it.
before=$(counter h drop_version)
rewrite h 1 2
expect_fail 1 'speaks another protocol version \(version 1\)' \
	"${dial[@]}" --wait 20
wait_for 10 "the iohyp to count it" grew h drop_version "$before"
expect_eq "$(sess h why)" never_dialed "what the iohyp thinks of the guest"

# The iohyp is of version 9, and its refusal (5) looks the same as ours.
rewrite g 5 9 '@th,768,8 set 9'
"${dial[@]}"
wait_for 10 "the reason" is g why version
expect_out 'session vm7 .*another protocol version \(version 9\)' \
	g ioguest show

# It dials on, and so is there when the other side has been upgraded.
h nft delete table netdev v
g nft delete table netdev v
wait_for "$BACK" "the session" is g state up

# Whoever comes up with another version later is dropped, and moves nothing.
before=$(counter g drop_version)
rewrite g 32 2
h iohyp nic create vm7/web --uplink eth0
wait_for 10 "the NIC" g ip link show web
g ip addr add 192.0.2.7/24 dev web
g ip link set web up
! g ping -c 1 -W 1 192.0.2.1 >/dev/null || fail "a packet of version 2 passed"
wait_for 10 "the guest to count it" grew g drop_version "$before"
g nft delete table netdev v
wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
expect_eq "$(sess g state)" up "state of the session"
sio_end
