#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Figures beside their peers: two machines, one topology, medians of
# interleaved runs. Leaves build/bench.json; ROUNDS= and SECONDS_EACH= choose.
#
# vnic   the virtual NIC, MTU 9000 inside
# bare   iohyp as a plain bridge eth1 + eth0, address on eth1, MTU 8900
# vxlan  guest to iohyp, bridged to eth0, MTU 8850 inside
# Exit status 0 when it measured, whatever the figures; 1 when it could not.
# shellcheck disable=SC2119 # the options of what pair/common has are optional
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
export TOP=$top TEST=bench/bench
rounds=${ROUNDS:-3} secs=${SECONDS_EACH:-3}
out=$top/build/bench
scripts/packages.sh lab
make -s tools
rm -rf "$out"
mkdir -p "$out"
# shellcheck source=scripts/tests/lib.sh
. scripts/tests/lib.sh
# shellcheck source=scripts/tests/pair/common
. scripts/tests/pair/common
# shellcheck source=scripts/bench/disk.sh
. scripts/bench/disk.sh

ADDR=192.0.2.7/24

# Only one of them is the way to outside at a time.
enter()
{
	case $1 in
	vnic)
		# made each time: a device with a macvtap cannot be in a bridge
		h iohyp nic create vm7/web --uplink eth0 >/dev/null
		wait_for 10 "the NIC" g ip link show web
		g ip link set web up
		g ip addr add "$ADDR" dev web
		dev=web
		;;
	bare)
		h ip link set eth1 master br0
		h ip link set eth0 master br0
		g ip addr add "$ADDR" dev eth1
		dev=eth1
		;;
	vxlan)
		h ip link set vx0 master br0 up
		h ip link set eth0 master br0
		g ip link set vx0 up
		g ip addr add "$ADDR" dev vx0
		dev=vx0
		;;
	esac
	o ip neigh flush dev eth0
	wait_for 10 "ping ($1)" g ping -c 1 -W 1 192.0.2.1
}

leave()
{
	g ip addr del "$ADDR" dev "$dev"
	case $1 in
	vnic)
		h iohyp nic remove vm7/web
		wait_for 10 "the NIC to go" g sh -c \
			'! ip link show web 2>/dev/null'
		;;
	bare)
		h ip link set eth1 nomaster
		h ip link set eth0 nomaster
		;;
	vxlan)
		g ip link set vx0 down
		h ip link set vx0 nomaster down
		h ip link set eth0 nomaster
		;;
	esac
}

put() { echo "$1 $2 $3" >>"$out/values"; }

# received SIDE DEV: packets; not from /sys, which shows the iohyp's for o
received()
{
	"$1" ip -j -s link show dev "$2" | jq '.[0].stats64.rx.packets'
}

# pktgen FROM DEV TO DEV ADDRESS: packets of 60 bytes from a kernel thread for
# two seconds; prints how many arrive in a second.
pktgen()
{
	local mac a b t0 t1

	mac=$("$3" ip -j link show dev "$4" | jq -r '.[0].address')
	a=$(received "$3" "$4")
	t0=$(date +%s%N)
	# shellcheck disable=SC2016 # expanded over there
	"$1" bash -c 'p=/proc/net/pktgen
	echo rem_device_all >$p/kpktgend_0
	echo "add_device $0" >$p/kpktgend_0
	for w in "count 0" "pkt_size 60" "delay 0" "clone_skb 0" \
		"dst $2" "dst_mac $1"; do echo "$w" >"$p/$0"; done
	(read -r -t 2 <> <(:) || echo stop >$p/pgctrl) &
	echo start >$p/pgctrl
	wait
	echo rem_device_all >$p/kpktgend_0' "$2" "$mac" "$5" || fail "pktgen"
	t1=$(date +%s%N)
	b=$(received "$3" "$4")
	echo $(((b - a) * 1000000000 / (t1 - t0)))
}

measure()
{
	local rtt

	enter "$1"
	put "$1" tcp_up "$(pair_iperf "$1" -t "$secs")"
	put "$1" tcp_down "$(pair_iperf "$1" -t "$secs" -R)"
	rtt=$(g ping -q -c 200 -i 0.005 192.0.2.1 |
		sed -n 's|^rtt [^=]*= \([0-9.]*\)/\([0-9.]*\)/.*|\1 \2|p')
	[[ -n $rtt ]] || fail "no ping times ($1)"
	put "$1" ping_min "${rtt% *}"
	put "$1" ping_avg "${rtt#* }"
	put "$1" pps_up "$(pktgen g "$dev" o eth0 192.0.2.1)"
	put "$1" pps_down "$(pktgen o eth0 g "$dev" 192.0.2.7)"
	leave "$1"
}

pair_up
g modprobe pktgen
h modprobe pktgen
h ip link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0
h ip link set br0 up
for side in "g 10.77.0.2 10.77.0.1" "h 10.77.0.1 10.77.0.2"; do
	read -r cmd here there <<<"$side"
	"$cmd" ip link add vx0 type vxlan id 7 local "$here" remote "$there" \
		dstport 4789 dev eth1
	"$cmd" ip link set vx0 mtu 8850
done
pair_server
pair_serve web
pair_dial
wait_for 10 "the NIC" g ip link show web
h iohyp nic remove vm7/web
wait_for 10 "the NIC to go" g sh -c '! ip link show web 2>/dev/null'
for ((round = 1; round <= rounds; round++)); do
	for way in vnic bare vxlan; do
		measure "$way"
	done
done
disk_setup
for ((round = 1; round <= rounds; round++)); do
	for way in local sio nvme nbd; do
		disk_measure "$way"
	done
done
pair_scan

lab="two UMLs (Linux 6.12, vector tap, link MTU 8900), outside behind a veth at the iohyp; inner MTU: NIC 9000, bare 8900, VXLAN 8850; medians of $rounds interleaved runs"
jq -Rn --arg lab "$lab" --arg secs "$secs" '
def median: sort | .[(length / 2 | floor)];
[inputs | split(" ") | {way: .[0], what: .[1], v: (.[2] | tonumber)}] as $all |
def get($way; $what): [$all[] | select(.way == $way and .what == $what) | .v] |
	median;
def cmd($what): {
	tcp_up: "iperf3 -c 192.0.2.1 -t \($secs), Mbit/s",
	tcp_down: "iperf3 -c 192.0.2.1 -t \($secs) -R, Mbit/s",
	ping_min: "ping -c 200 -i 0.005 192.0.2.1, min ms",
	ping_avg: "ping -c 200 -i 0.005 192.0.2.1, avg ms",
	pps_up: "pktgen count 0 pkt_size 60, 2 s; received at outside per s",
	pps_down: "the same at outside, received at the guest per s"
}[$what];
[("tcp_up", "tcp_down", "ping_min", "ping_avg", "pps_up", "pps_down") as $what |
 ("bare", "vxlan") as $peer |
 get("vnic"; $what) as $ours | get($peer; $what) as $theirs |
 (if $theirs > 0 then ($ours / $theirs * 100 | round / 100) else null end)
	as $ratio |
 (if $peer == "bare" and ($what | startswith("tcp")) then 0.7 else null end)
	as $target |
 {name: $what, lab: $lab, ours: $ours, peer: $peer,
  peer_cmd: "\(cmd($what)), over \($peer)", peer_value: $theirs,
  ratio: $ratio, target: $target,
  ok: ($target == null or ($ratio != null and $ratio >= $target)),
  why: (if $target == null then "no target yet"
	elif $ratio == null then "the peer measured nothing"
	elif $ratio >= $target then "at least \($target) of the bare path"
	else "below \($target) of the bare path" end)}]
' <"$out/values" >"$out/net.json" || fail "no figures"
disk_rows "two UMLs (Linux 6.12, vector tap, link MTU 8900), null_blk with memory_backed=1 at the iohyp; medians of $rounds interleaved runs" \
	>"$out/disk.json" || fail "no figures of disks"
jq -s add "$out/net.json" "$out/disk.json" >build/bench.json
echo "what was executed for the disks:"
sed 's/^[a-z]* /  /' "$out/commands"
echo "$lab"
jq -r '.[] | [.name, .peer, .ours, .peer_value, .ratio, .target // "-",
	(if .ok then "ok" else "NO" end), .why] | @tsv' build/bench.json |
	awk -F '\t' 'BEGIN { printf "%-18s %-6s %10s %10s %6s %6s\n",
		"figure", "peer", "ours", "peer has", "ratio", "target" }
	{ printf "%-18s %-6s %10s %10s %6s %6s %s %s\n", $1, $2, $3, $4, $5,
		$6, $7, $8 }'
