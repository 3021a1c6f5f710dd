#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every refusal is a sentence with the cure, and leaves nothing behind.
two_ns
expect_fail 1 'splitio_be is not loaded: modprobe splitio_be' \
	h iohyp link create eth1
expect_fail 1 'splitio_fe is not loaded: modprobe splitio_fe' \
	g ioguest connect --name vm7 --peer 10.77.0.1 --insecure --link eth1
sio_load

state()
{
	local ns

	for ns in "${NS_ALL[@]}"; do
		ip -n "$ns" -o -4 addr
		ip -n "$ns" -o link | sed 's/ qdisc .*mode/ mode/; s/,LOWER_UP\|NO-CARRIER,//g'
	done
	h iohyp show | sed 's/ waiting [0-9]* m\?s/ waiting/'
	g ioguest show
}

# What happens between base and same leaves nothing behind.
base() { known=$(state); }

same()
{
	local now

	now=$(state)
	[[ $now == "$known" ]] ||
		fail "$1 left behind: $(diff <(echo "$known") <(echo "$now"))"
}

no() { expect_fail "$@"; }

# Links
base
no 1 'no net device eth9 in this network namespace' h iohyp link create eth9
no 1 'must be an Ethernet device' h iohyp link create lo
no 1 'no net device eth0 in this' g iohyp link create eth0
no 1 'no such address; ip address add' h iohyp link create eth0
no 1 'no such address; ip address add' h iohyp link create eth1 --local 10.9.9.9
no 1 'IPv6 is not supported in this release' h iohyp link create eth1 --local fe80::1
no 2 'not an IPv4 or IPv6 address' h iohyp link create eth1 --local 10.9.9
no 2 'not a number from 1 to 65535' h iohyp link create eth1 --port 65536
no 2 'prt' h iohyp link create eth1 --prt 5
no 2 . h iohyp link create
no 2 . h iohyp lnk create eth1
same "a refused link"
h ip link add br9 type bridge
h ip link set eth0 master br9
no 1 'enslaved; name its master br9' h iohyp link create eth0
no 1 'enslaved to br9: give --uplink br9' \
	h iohyp nic create vm7/web --uplink eth0
h ip link set eth0 nomaster
h ip link set eth1 mtu 1000
no 1 'MTU is 1000; at least [0-9]+ is needed' h iohyp link create eth1
h ip link set eth1 mtu 9000
h iohyp link create eth1 --port 7000
no 1 'The link eth1 exists already' h iohyp link create eth1
h iohyp link remove eth1
o iperf3 -s -1 -D
h iperf3 -s -1 -D -p 7423
wait_for 10 "a listener" h ss -Hltn sport = :7423
no 1 'taken by another program; choose one with --port' \
	h iohyp link create eth1
h iohyp link create eth1 --port 7000

# Guests
base
no 2 'the guest needs its key' h iohyp guest create vm7
no 2 'exclude each other' h iohyp guest create vm7 --insecure --key-file /x
no 1 '/nonexistent' h iohyp guest create vm7 --key-file /nonexistent
no 1 'holds no key' h iohyp guest create vm7 --key-file /dev/null
no 1 'letters, digits' h iohyp guest create 'v m' --insecure
no 1 'is 1 to 31 letters' h iohyp guest create "$(printf 'a%.0s' {1..40})" --insecure
same "a refused guest"
h iohyp guest create vm7 --join-file /tmp/vm7.join
base
no 1 'exists already' h iohyp guest create vm7 --insecure
no 1 'exists' h iohyp guest create vm8 --join-file /tmp/vm7.join
no 1 . h iohyp guest remove vm8
no 1 . h iohyp wait vm8 --timeout 1
no 1 waiting h iohyp wait vm7 --timeout 1

# NICs
nic=(h iohyp nic create)
no 1 . "${nic[@]}" vm8/web --uplink eth0
no 1 'no net device eth9' "${nic[@]}" vm7/web --uplink eth9
no 2 'give either' "${nic[@]}" vm7/web
no 2 'not of the form GUEST/DEVICE' "${nic[@]}" web --uplink eth0
no 2 'not a MAC address' "${nic[@]}" vm7/web --uplink eth0 --mac 1:2:3
no 1 . "${nic[@]}" vm7/web --uplink eth0 --mac 01:00:5e:00:00:01
no 1 . "${nic[@]}" vm7/web --uplink eth0 --mac 00:00:00:00:00:00
no 1 "a device's name is 1 to 15" "${nic[@]}" vm7/abcdefghijklmnop --uplink eth0
no 1 'does not fit eth0 with its 1500' \
	"${nic[@]}" vm7/web --uplink eth0 --mtu 1501
no 2 'not a number from 68 to 65000' \
	"${nic[@]}" vm7/web --uplink eth0 --mtu 67
no 2 'none of bridge' "${nic[@]}" vm7/web --uplink eth0 --mode loud
no 1 'too long' "${nic[@]}" vm7/web --uplink eth0 \
	--port-name abcdefghijklmnop
no 1 'exists already; choose another --port-name' \
	"${nic[@]}" vm7/web --uplink eth0 --port-name eth1
no 1 'a link that guests dial' "${nic[@]}" vm7/web --port eth1
same "a refused NIC"
h ip link add dum0 type dummy
h ip addr add 192.0.2.99/24 dev dum0
no 1 'has addresses; ip address flush dev dum0' \
	"${nic[@]}" vm7/web --port dum0
h ip addr flush dev dum0
no 1 "port's MTU is 1500; a NIC's cannot be larger" \
	"${nic[@]}" vm7/web --port dum0 --mtu 1501
h ip link set dum0 master br9
no 1 'enslaved to br9' "${nic[@]}" vm7/web --port dum0
h ip link set dum0 nomaster
h ip link set eth0 down
base
no 1 'eth0 is down; first: ip link set eth0 up' \
	"${nic[@]}" vm7/web --uplink eth0
same "a NIC on a dead uplink"
h ip link set eth0 up
"${nic[@]}" vm7/web --uplink eth0 --mac 52:54:00:00:00:01
base
no 1 'device of this name already' "${nic[@]}" vm7/web --uplink eth0
no 1 'address .*(belongs|taken|in use)' \
	"${nic[@]}" vm7/two --uplink eth0 --mac 52:54:00:00:00:01
no 1 'belongs to vm7/web already' "${nic[@]}" vm7/two --port sio-web
uuid=$(h iohyp -j show |
	jq -r '.. | objects | select(.name? == "web") | .uuid')
no 1 'The UUID belongs to vm7/web already' \
	"${nic[@]}" vm7/two --uplink eth0 --uuid "$uuid"
h ip addr add 10.66.0.1/24 dev sio-web
no 1 'The device is the port of vm7/web' h iohyp link create sio-web
h ip addr del 10.66.0.1/24 dev sio-web
no 1 'passthru shares it with no other' "${nic[@]}" vm7/two --uplink eth0 --mode passthru
no 1 . h iohyp guest remove vm7
no 1 'has no device' h iohyp nic remove vm7/two
no 2 'nothing to set' h iohyp nic set vm7/web
no 2 'neither on nor off' h iohyp nic set vm7/web --any-mac maybe
no 1 . h iohyp nic set vm7/web --mtu 1501

# Dials
dial=(g ioguest connect)
no 2 'link IFNAME is missing' "${dial[@]}" --join /tmp/vm7.join
no 1 'no net device eth9' "${dial[@]}" --join /tmp/vm7.join --link eth9
no 1 'must be an Ethernet device' "${dial[@]}" --join /tmp/vm7.join --link lo
no 1 '/nonexistent' "${dial[@]}" --join /nonexistent --link eth1
no 2 'give either --key-file' \
	"${dial[@]}" --name vm7 --peer 10.77.0.1 --link eth1
no 2 'number from 1 to 16' \
	"${dial[@]}" --join /tmp/vm7.join --link eth1 --flows 17
no 1 'answers, but not on this TCP port' "${dial[@]}" --name vm7 \
	--peer 10.77.0.1:7001 --insecure --link eth1 --wait 10
no 1 . g ioguest disconnect vm7

# Not root: reading is open, nothing else is.
nobody=(setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all)
no 1 'needs root' h "${nobody[@]}" iohyp link remove eth1
no 1 'needs root' h "${nobody[@]}" iohyp guest create vm9 --insecure
no 1 'needs root' h "${nobody[@]}" iohyp nic create vm7/two --uplink eth0
no 1 'needs root' g "${nobody[@]}" ioguest connect --name vm7 \
	--peer 10.77.0.1 --insecure --link eth1
expect_out vm7 h "${nobody[@]}" iohyp show
same "a second NIC, a refused change or dial"

h iohyp guest remove vm7 --force
h iohyp link remove eth1
sio_unload
