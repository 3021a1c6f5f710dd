#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Helpers for the test scripts; scripts/tests/run.sh sources this before it
# runs a test, so a test script just uses them.
#
# A test ends by its last line (passed), by fail (1) or by skip (77).

NS_ALL=(guest iohyp outside)

fail()
{
	echo "FAIL: $*" >&2
	exit 1
}

skip()
{
	echo "SKIP: $*"
	exit 77
}

# Run in a namespace. Not "ip netns exec": that hides configfs.
g() { nsenter --net=/run/netns/guest -- "$@"; }
h() { nsenter --net=/run/netns/iohyp -- "$@"; }
o() { nsenter --net=/run/netns/outside -- "$@"; }
m() { nsenter --net=/run/netns/middle -- "$@"; }

# Load one of our modules and what it depends on, from $MODDIR.
sio_insmod()
{
	local dep mod=$1

	shift
	[[ ! -e /sys/module/$mod ]] || return 0
	for dep in $(modinfo -F depends "$MODDIR/$mod.ko" | tr ',' ' '); do
		case $dep in
		splitio*) sio_insmod "$dep" ;;
		*) modprobe "$dep" || fail "cannot load $dep for $mod" ;;
		esac
	done
	insmod "$MODDIR/$mod.ko" "$@" || fail "cannot load $mod"
}

sio_load()
{
	local mod

	for mod in splitio splitio_fe splitio_be; do
		sio_insmod "$mod"
	done
}

# What "module life" tests want to hold: everything can go again.
sio_unload()
{
	local mod

	for mod in splitio_be splitio_fe splitio; do
		[[ ! -e /sys/module/$mod ]] || rmmod "$mod" ||
			fail "cannot remove $mod"
	done
}

# Three machines in one kernel:
#
#   guest eth1 10.77.0.2 --- 10.77.0.1 eth1 iohyp eth0 --- eth0 outside
#
# outside has 192.0.2.1/24 and 2001:db8::1/64; the link has MTU 9000.
two_ns()
{
	local ns

	for ns in "${NS_ALL[@]}"; do
		ip netns add "$ns"
		nsenter --net="/run/netns/$ns" ip link set lo up
	done
	ip -n guest link add eth1 mtu 9000 type veth \
		peer name eth1 mtu 9000 netns iohyp
	ip -n iohyp link add eth0 type veth peer name eth0 netns outside
	ip -n guest addr add 10.77.0.2/24 dev eth1
	ip -n iohyp addr add 10.77.0.1/24 dev eth1
	ip -n outside addr add 192.0.2.1/24 dev eth0
	ip -n outside addr add 2001:db8::1/64 dev eth0 nodad
	ip -n guest link set eth1 up
	ip -n iohyp link set eth1 up
	ip -n iohyp link set eth0 up
	ip -n outside link set eth0 up
}

# A bridge into the link of two_ns, in a namespace of its own:
#
#   guest eth1 --- g0 (br0 in middle) h0 --- eth1 iohyp
middle_ns()
{
	local dev

	NS_ALL+=(middle)
	ip netns add middle
	m ip link add br0 mtu 9000 type bridge
	ip -n guest link del eth1
	ip -n guest link add eth1 mtu 9000 type veth \
		peer name g0 mtu 9000 netns middle
	ip -n iohyp link add eth1 mtu 9000 type veth \
		peer name h0 mtu 9000 netns middle
	for dev in g0 h0; do
		m ip link set "$dev" master br0 up
	done
	m ip link set br0 up
	ip -n guest addr add 10.77.0.2/24 dev eth1
	ip -n iohyp addr add 10.77.0.1/24 dev eth1
	ip -n guest link set eth1 up
	ip -n iohyp link set eth1 up
}

# Everything worth knowing when something did not happen.
dump_state()
{
	local ns

	{
		echo "--- state of $(hostname)"
		for ns in "${NS_ALL[@]}"; do
			[[ -e /run/netns/$ns ]] || continue
			echo "--- $ns: ip addr"
			nsenter --net="/run/netns/$ns" ip -d addr || true
		done
		if [[ -e /run/netns/guest ]]; then
			echo "--- ioguest show"
			g timeout 5 ioguest show || true
		fi
		if [[ -e /run/netns/iohyp ]]; then
			echo "--- iohyp show"
			h timeout 5 iohyp show || true
		fi
		echo "--- kernel log"
		dmesg | tail -n 40
	} >&2
}

# wait_for SECONDS WHAT CMD...: until CMD succeeds; its output of the last
# try is shown when it never does.
wait_for()
{
	local deadline=$((SECONDS + $1)) what=$2 out

	shift 2
	while ! out=$("$@" 2>&1); do
		if [[ $SECONDS -ge $deadline ]]; then
			dump_state
			fail "still waiting for $what; last answer: $out"
		fi
		read -r -t 0.05 <> <(:) || true
	done
}

# True when the shell expression in $1 is; for wait_for.
holds() { eval "$1"; }

# expect_fail STATUS PATTERN CMD...: CMD is refused with this exit status and
# with a sentence that matches the extended regular expression.
expect_fail()
{
	local want=$1 pattern=$2 out rc=0

	shift 2
	out=$("$@" 2>&1 </dev/null) || rc=$?
	[[ $rc -eq $want ]] ||
		fail "exit status $rc instead of $want: $* -> $out"
	grep -qE -- "$pattern" <<<"$out" ||
		fail "no sentence like '$pattern': $* -> $out"
}

# expect_out PATTERN CMD...: CMD succeeds and prints a line that matches.
expect_out()
{
	local pattern=$1 out

	shift
	out=$("$@" 2>&1) || fail "exit status $?: $* -> $out"
	grep -qE -- "$pattern" <<<"$out" ||
		fail "no line like '$pattern': $* -> $out"
}

expect_eq()
{
	[[ $1 == "$2" ]] || fail "${3:-value}: $1 instead of $2"
}

# counter SIDE NAME: sum of all counters called NAME anywhere in "show".
# SIDE is h (iohyp) or g (ioguest).
counter()
{
	local tool=iohyp

	[[ $1 == h ]] || tool=ioguest
	"$1" "$tool" -j show | jq --arg n "$2" \
		'[.. | objects | .[$n]? | numbers] | add // 0'
}

# A counter of the system: sys_counter SIDE DEV NAME.
sys_counter()
{
	"$1" ip -j -s -s link show dev "$2" | jq -r --arg n "$3" \
		'.[0].stats64 | (.rx[$n] // .tx[$n])'
}

# Seconds a session may take to come back by itself: 5 s of silence, the
# pause between dials, and room for a slow debug kernel.
# shellcheck disable=SC2034 # for the tests
BACK=20

# The main path up to an open session, vm7: sio_session [CONNECT-OPTION...]
sio_session()
{
	sio_load
	two_ns
	h iohyp link create eth1
	h iohyp guest create vm7 --join-file /tmp/vm7.join
	g ioguest connect --join /tmp/vm7.join --link eth1 --wait 20 "$@"
	expect_eq "$(sess g state)" up "state of the session"
}

# Its NIC, web, with an address: sio_nic [CREATE-OPTION...]
sio_nic()
{
	h iohyp nic create vm7/web --uplink eth0 "$@"
	wait_for 10 "the NIC" g ip link show web
	g ip addr add 192.0.2.7/24 dev web
	g ip link set web up
	wait_for 10 "ping" g ping -c 1 -W 1 192.0.2.1
}

# Take all that down; what is left over makes a module stay, or is seen in
# the kernel log.
sio_end()
{
	g ioguest disconnect vm7
	h iohyp guest remove vm7 --force
	h iohyp link remove eth1
	sio_unload
}

# sess SIDE FIELD: a field of the session vm7 as JSON shows it.
sess()
{
	local tool=iohyp list=guests

	[[ $1 == h ]] || tool=ioguest list=sessions
	"$1" "$tool" -j show |
		jq -r ".${list}[] | select(.name == \"vm7\") | .session.$2"
}

# is SIDE FIELD REGEX: does the field look like that? For wait_for.
is()
{
	local value

	value=$(sess "$1" "$2")
	echo "$2 is $value"
	[[ $value =~ ^($3)$ ]]
}

# has_frames MIN FILE [FILTER]: does the capture hold so many? For wait_for.
has_frames()
{
	local min=$1 frames

	shift
	frames=$(tcpdump -nr "$@" 2>/dev/null | wc -l)
	echo "$frames frames"
	[[ $frames -ge $min ]]
}

# grew SIDE NAME OLD: is the counter larger than it was? For wait_for.
grew()
{
	local value

	value=$(counter "$1" "$2")
	echo "$2 is $value"
	[[ $value -gt $3 ]]
}

# An acknowledgment of a connection that never was, from guest to iohyp.
stray_ack()
{
	g python3 - <<'PY'
import socket, struct

def csum(data):
    s = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    s = (s >> 16) + (s & 0xffff)
    return ~(s + (s >> 16)) & 0xffff

src, dst = socket.inet_aton('10.77.0.2'), socket.inet_aton('10.77.0.1')
tcp = struct.pack('!HHIIBBHHH', 4444, 5555, 1, 1, 0x50, 0x10, 1024, 0, 0)
sum_ = csum(src + dst + struct.pack('!HH', 6, len(tcp)) + tcp)
tcp = tcp[:16] + struct.pack('!H', sum_) + tcp[18:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.sendto(tcp, ('10.77.0.1', 0))
PY
}

# --- disks -----------------------------------------------------------------

# A disk of memory, /dev/nullb0 or NULLB: null_disk [MIB [ATTRIBUTE=VALUE...]]
null_disk()
{
	local dir=/sys/kernel/config/nullb/${NULLB:-nullb0} set

	mountpoint -q /sys/kernel/config ||
		mount -t configfs none /sys/kernel/config
	modprobe null_blk nr_devices=0
	mkdir "$dir"
	echo "${1:-64}" >"$dir/size"
	echo 1 >"$dir/memory_backed"
	echo 1 >"$dir/discard"
	for set in "${@:2}"; do
		echo "${set#*=}" >"$dir/${set%%=*}"
	done
	echo 1 >"$dir/power"
}

# disk_is SIDE NAME EXPRESSION: what jq says of a disk as shown; for wait_for.
disk_is()
{
	local tool=iohyp shown

	[[ $1 == h ]] || tool=ioguest
	shown=$("$1" "$tool" -j show | jq --arg n "$2" '.. | objects |
		select(.name == $n and has("in_flight"))')
	echo "$shown"
	jq -e "$3" <<<"$shown" >/dev/null
}

# No request of the guest's disks is without an answer.
idle_disk()
{
	[[ $(g ioguest -j show | jq '[.. | .in_flight? // empty] | add') -eq 0 ]]
}
