#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Do middle boxes and analysers believe the wire? scripts/check-wire.sh [--short]
#
# First part: two machines, a capture on the middle bridge with offloads off,
# sequence numbers that wrap; tshark has to find nothing, and something once
# the injector sends wrong checksums. Second part: one kernel with strict
# conntrack on the middle bridge (scripts/bench/wire-conntrack.sh). Leaves
# build/wire.pcap.
# shellcheck disable=SC2119 # the options of what pair/common has are optional
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
export TOP=$top TEST=wire/check-wire
out=$top/build
frames=10000
bytes=150M
[[ ${1-} != --short ]] || bytes=100M
mkdir -p "$out"
scripts/packages.sh lab
make -s tools
# shellcheck source=scripts/tests/lib.sh
. scripts/tests/lib.sh
# shellcheck source=scripts/tests/pair/common
. scripts/tests/pair/common

judge='_ws.expert.severity >= 6291456'
bad='tcp.checksum.status == "Bad" || ip.checksum.status == "Bad"'
analyse()
{
	tshark -r "$1" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
		-d tcp.port==7423,data -Y "$2" 2>/dev/null
}

# The two bridges are joined by a veth that leaves nothing to hardware, so
# that what crosses it is what a cable would carry.
splice()
{
	local port

	m ip link add brg type bridge forward_delay 0 stp_state 0 \
		mcast_snooping 0
	m ip link add wire0 mtu 9000 type veth peer name wire1 mtu 9000
	for port in wire0 wire1 tap-guest tap-iohyp; do
		m ethtool -K "$port" tx off tso off gso off gro off \
			>/dev/null 2>&1 || true
	done
	m ip link set brg mtu 9000 up
	m ip link set tap-guest nomaster
	m ip link set tap-guest master brg
	m ip link set wire0 master brg up
	m ip link set wire1 master br0 up
}

# capture FILE: until end_capture.
capture()
{
	rm -f "$1"
	nsenter --net="/run/netns/splitio-$LAB_NAME" \
		tcpdump -i wire0 -s 0 -B 65536 -U -w "$1" \
		tcp port 7423 2>"$1.log" &
	dump=$!
	wait_for 10 "tcpdump" grep -q 'listening on' "$1.log"
}

end_capture()
{
	kill -INT "$dump"
	wait "$dump" || true
	! grep -qE '[1-9][0-9]* packets dropped by kernel' "$1" ||
		fail "the capture is not complete: $(tail -n 1 "$1")"
	rm -f "$1"
}

# data_frames FILE SOURCE: with payload, and whether the number wrapped.
data_frames()
{
	tshark -r "$1" -Y "ip.src == $2 && tcp.len > 0" -T fields \
		-e tcp.seq_raw 2>/dev/null | awk '
		NR > 1 && last > 4000000000 && $1 < 100000000 { wraps++ }
		{ last = $1 }
		END { print NR, wraps + 0 }'
}

pair_up
splice
# nobody answers yet: the rules are there before the dial that counts
lab run -i guest -- env "PATH=$pair_path" ioguest connect --name vm7 \
	--key-file - --peer 10.77.0.1 --link eth1 <<<"$pair_key"
g ioguest fault set eth1 isn=0xfff00000
pair_server
h iohyp link create eth1
h iohyp fault set eth1 isn=0xfff00000
capture "$out/wire.pcap"
pair_guest
h iohyp nic create vm7/web --uplink eth0
g ioguest wait vm7 --state up --timeout 30
pair_address web
pair_iperf "to outside" -n "$bytes" -b 300M
pair_iperf "from outside" -n "$bytes" -R -b 300M
# small ones, several to a message
g sh -c 'ping -q -f -c 2000 192.0.2.1 >/dev/null'
end_capture "$out/wire.pcap.log"
# Software that finishes a partial checksum stores 0xffff for 0, once in 65,536
# frames, and tshark calls that bad. zero-csum.py alters those that verify and
# no others; the capture as it was stays in wire-raw.pcap.
mv "$out/wire.pcap" "$out/wire-raw.pcap"
scripts/bench/zero-csum.py "$out/wire-raw.pcap" "$out/wire.pcap"
for side in 10.77.0.2 10.77.0.1; do
	read -r n wraps < <(data_frames "$out/wire.pcap" "$side")
	echo "wire: $n data frames from $side, $wraps wraps"
	[[ $n -ge $frames ]] || fail "fewer than $frames data frames"
	[[ $wraps -ge 1 ]] || fail "the sequence number never wrapped"
done
found=$(analyse "$out/wire.pcap" "$judge || $bad")
[[ -z $found ]] || {
	head -n 40 <<<"$found"
	fail "tshark finds $(wc -l <<<"$found") frames"
}
echo "wire: tshark finds nothing in build/wire.pcap"

# The dissector: every frame is shown, nothing is wrong with any, and what one
# program sent is there once.
dissect()
{
	tshark -X lua_script:scripts/wireshark/splitio.lua -r "$out/wire.pcap" \
		"$@" 2>"$out/wire.log" || fail "tshark: $(<"$out/wire.log")"
	! grep -i lua "$out/wire.log" || fail "the dissector does not load"
	rm -f "$out/wire.log"
}
found=$(dissect -Y "$(grep -v '^#' scripts/wireshark/wrong.filter) ||
	tcp.port == 7423 && !splitio || splitio && !splitio.segment")
[[ -z $found ]] || {
	head -n 40 <<<"$found"
	fail "the dissector minds $(wc -l <<<"$found") frames"
}
# tcpdump may end before the last ones; those before must have no gap
read -r pings highest < <(dissect -Y 'icmp.type == 8' -T fields \
	-E occurrence=a -e icmp.ident -e icmp.seq | awk '{
		n = split($2, seq, ",")
		split($1, id, ",")
		for (i = 1; i <= n; i++) {
			if (seen[id[i] "/" seq[i]]++)
				continue
			count[id[i]]++
			if (seq[i] > most) {
				most = seq[i]
				flood = id[i]
			}
		}
	} END { print count[flood] + 0, most + 0 }')
[[ $pings -eq $highest && $pings -ge 1000 ]] ||
	fail "the dissector shows $pings of $highest pings"
echo "wire: the dissector shows every message, $pings pings among them"

# The same eyes must see a fault: three frames leave with a wrong checksum.
capture "$out/wire-fault.pcap"
before=$(counter h drop_csum)
g ioguest fault set eth1 badsum,type=packet,count=3
g sh -c 'ping -q -c 3 -i 0.05 -W 1 192.0.2.1 >/dev/null' || true
wait_for 10 "the iohyp to drop them" grew h drop_csum $((before + 2))
end_capture "$out/wire-fault.pcap.log"
mv "$out/wire-fault.pcap" "$out/wire-fault-raw.pcap"
scripts/bench/zero-csum.py "$out/wire-fault-raw.pcap" "$out/wire-fault.pcap"
found=$(analyse "$out/wire-fault.pcap" "$judge || $bad")
[[ $(grep -c INCORRECT <<<"$found") -eq 3 ]] || {
	echo "$found"
	fail "tshark does not see the three frames with a wrong checksum"
}
echo "wire: tshark sees a planted fault: $(grep -m 1 INCORRECT <<<"$found")"
rm -f "$out/wire-fault.pcap" "$out/wire-fault-raw.pcap"
pair_scan

# conntrack: in a kernel of ours, the host's may not have it for bridges
mods=$(scripts/kbuild.sh --werror um-6.12 2>/dev/null)
scripts/lab/one.sh --plain --mods "$mods" --timeout 120 \
	--env "SIO_TOOLS=$top/build/tools" --dmesg "$out/wire-conntrack.dmesg" \
	-- scripts/bench/wire-conntrack.sh
