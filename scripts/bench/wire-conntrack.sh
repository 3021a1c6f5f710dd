#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Inside one machine: strict conntrack on the middle bridge calls nothing
# invalid, neither in traffic, nor over 20 reconnects, nor with 1 % loss.
# scripts/check-wire.sh starts it.
set -euo pipefail

TOP=$PWD
PATH=$SIO_TOOLS:$PATH
export TOP
# shellcheck source=scripts/tests/lib.sh
. scripts/tests/lib.sh

invalid()
{
	m nft -j list counters table bridge strict |
		jq '.nftables[].counter? | select(.name == "'"$1"'") | .packets'
}

# none_invalid WHEN
none_invalid()
{
	local n

	n=$(invalid invalid)
	echo "conntrack: $n invalid, $(invalid tracked) tracked: $1"
	[[ $(invalid tracked) -gt 0 ]] || fail "conntrack sees nothing"
	[[ $n -eq 0 ]] || {
		dmesg | grep nf_ct | tail -n 20 || true
		fail "conntrack calls $n packets invalid: $1"
	}
}

traffic()
{
	local opt

	for opt in "" -R; do
		# shellcheck disable=SC2086 # none or one
		g iperf3 -c 192.0.2.1 -t "$1" -J $opt >/tmp/iperf.json ||
			fail "iperf3: $(jq -r .error /tmp/iperf.json)"
	done
}

dial()
{
	g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20 >/dev/null
	wait_for 10 "the NIC" g ip link show web
	g ip addr add 192.0.2.7/24 dev web
	g ip link set web up
	wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
}

sio_load
two_ns
middle_ns
for end in "g eth1" "m g0" "m h0" "h eth1"; do
	"${end% *}" ethtool -K "${end#* }" tx off tso off gso off gro off \
		>/dev/null 2>&1 || true
done
m nft -f - <<'END'
table bridge strict {
	counter tracked { }
	counter invalid { }
	chain forward {
		type filter hook forward priority 0;
		ct state established counter name tracked
		ct state invalid counter name invalid drop
	}
}
END
m sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=0 \
	net.netfilter.nf_conntrack_tcp_loose=0
# only told in the first namespace; a hint for whoever looks at the log
m sysctl -qw net.netfilter.nf_conntrack_log_invalid=6 || true

h iohyp link create eth1
h iohyp fault set eth1 isn=0xffff0000
h iohyp guest create vm7 --join-file /tmp/vm7.join
h iohyp nic create vm7/web --uplink eth0
o iperf3 -s -D
dial
traffic 2
none_invalid "after traffic"
for ((i = 0; i < 20; i++)); do
	g ioguest disconnect vm7 >/dev/null
	wait_for 10 "the NIC to go" holds '! g ip link show web'
	dial
done
traffic 1
none_invalid "after 20 reconnects"
m tc qdisc add dev h0 root netem loss 1% limit 100000
m tc qdisc add dev g0 root netem loss 1% limit 100000
traffic 3
m tc -s qdisc show dev h0 | sed -n 2p
none_invalid "with 1 % loss"
m tc qdisc del dev h0 root
m tc qdisc del dev g0 root

# The same rule must count what is not a connection.
m nft reset counters table bridge strict >/dev/null
stray_ack
counts() { [[ $(invalid invalid) -gt 0 ]]; }
wait_for 10 "the rule to count a stray frame" counts
echo "conntrack: a planted stray frame is invalid"
