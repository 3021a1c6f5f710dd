#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Load, a NIC, traffic, bad input, removal under traffic and unload on
# Debian's kernel, two CPUs each; stock-6.1 sets $kernel and comes here.
# shellcheck disable=SC2016 # what is in single quotes is expanded there

kernel=${kernel:-6.12}

lab_name=stock-$$
tmp=$(mktemp -d "${TMPDIR:-/tmp}/splitio-stock.$$.XXXXXX")

lab() { "$TOP/scripts/lab/lab" --name "$lab_name" "$@"; }

# on HOST CMD...: with a limit, and an empty standard input.
on() { lab run --timeout 60 "$@" </dev/null; }

cleanup()
{
	local rc=$? host

	trap '' INT TERM HUP
	trap - EXIT
	if [[ $rc -ne 0 ]]; then
		for host in iohyp guest; do
			echo "--- $host: show, kernel log"
			on "$host" -- bash -c 'iohyp show; ioguest show' || true
			lab log "$host" | tail -n 60 || true
		done
	fi
	lab down || rc=1
	rm -rf "$tmp"
	exit "$rc"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

# until_ok SECONDS WHAT HOST CMD...: polls inside the machine.
until_ok()
{
	local seconds=$1 what=$2 host=$3

	shift 3

	on "$host" -- bash -c 'end=$((SECONDS + $1)); shift
		until "$@" >/tmp/last 2>&1; do
			[[ $SECONDS -lt $end ]] || { cat /tmp/last; exit 1; }
			read -r -t 0.1 <> <(:) || true
		done' _ "$seconds" "$@" || fail "still waiting for $what"
}

# refused HOST PATTERN CMD...: exit status 1 or 2 and such a sentence.
refused()
{
	local host=$1 pattern=$2 rc=0 out

	shift 2
	out=$(on "$host" -- "$@" 2>&1) || rc=$?
	[[ $rc -eq 1 || $rc -eq 2 ]] || fail "status $rc: $* -> $out"
	grep -qE -- "$pattern" <<<"$out" ||
		fail "no sentence like '$pattern': $* -> $out"
}

# iperf JSON-NAME [OPTIONS]: from the guest, something must arrive.
iperf()
{
	local file=$tmp/$1 mbit

	shift
	on outside -- iperf3 -s -1 -D
	until_ok 15 "iperf3" outside sh -c 'ss -Hltn sport = :5201 | grep -q .'
	on guest -- iperf3 -c 192.0.2.1 -t 4 -J "$@" >"$file" ||
		fail "iperf3 $*: $(jq -r .error "$file")"
	mbit=$(jq '.end.sum_received.bits_per_second / 1e6 | floor' "$file")
	[[ $mbit -gt 0 ]] || fail "iperf3 $*: nothing arrived"
	echo "iperf3 $*: $mbit Mbit/s"
}

stage()
{
	local from release mod to=$tmp/root

	from=$("$TOP/scripts/kbuild.sh" --werror "headers-$kernel" \
		2>"$tmp/build") || { tail -n 30 "$tmp/build"; fail "no modules"; }
	release=$(modinfo -F vermagic "$from/splitio.ko" | cut -d ' ' -f 1)
	mkdir -p "$to/usr/local/sbin" "$to/lib/modules/$release/updates"
	cp "$SIO_TOOLS/iohyp" "$SIO_TOOLS/ioguest" "$to/usr/local/sbin/"
	for mod in splitio splitio_be splitio_fe; do
		strip -g -o "$to/lib/modules/$release/updates/$mod.ko" \
			"$from/$mod.ko"
	done
}

# connect: link, guest and NIC at the iohyp, then the guest dials.
connect()
{
	on iohyp -- iohyp link create eth1
	on iohyp -- iohyp guest create vm7 --join-file vm7.join
	on iohyp -- iohyp nic create vm7/web --uplink eth0 |
		grep waiting || fail "the NIC does not wait for its guest"
	on iohyp -- cat vm7.join >"$tmp/join"
	lab run --timeout 30 -i guest -- sh -c 'umask 077; cat >vm7.join' <"$tmp/join"
	on guest -- ioguest connect --join vm7.join --link eth1 --flows 2 \
		--wait 30
	on guest -- ioguest wait vm7/web --timeout 30
	on guest -- ip addr add 192.0.2.7/24 dev web
	on guest -- ip link set web up
}

bad_input()
{
	refused iohyp 'nosuch0' iohyp link create nosuch0
	refused iohyp 'exists already' iohyp link create eth1
	refused iohyp 'already|vm7' iohyp guest create vm7 --join-file x
	refused iohyp 'guest|vm9' iohyp nic create vm9/web --uplink eth0
	refused iohyp 'nosuch0' iohyp nic create vm7/db --uplink nosuch0
	refused iohyp '01:00:5e|multicast|address' iohyp nic create vm7/db --uplink eth0 \
		--mac 01:00:5e:00:00:01
	refused iohyp . iohyp guest create \
		a-name-that-is-a-good-deal-longer-than-any-guest-may-have-and-more \
		--join-file x
	refused iohyp . iohyp frobnicate
	refused guest 'nosuch0' ioguest connect --join vm7.join --link nosuch0
	refused guest . ioguest disconnect vm9
	on iohyp -- sh -c '! ip link show sio-db 2>/dev/null' ||
		fail "a refused NIC left its port behind"
}

# A disk of both CPUs: files written side by side, read back from the disk.
disk()
{
	on iohyp -- sh -ec 'modprobe null_blk nr_devices=0
	grep -q " /sys/kernel/config " /proc/mounts ||
		mount -t configfs none /sys/kernel/config
	cd /sys/kernel/config/nullb && mkdir nullb0 && cd nullb0
	echo 128 >size; echo 1 >memory_backed; echo 1 >discard
	echo 2 >submit_queues; echo 1 >power'
	refused iohyp 'no such|No such' iohyp blk create vm7/data \
		--path /dev/nosuch
	on iohyp -- iohyp blk create vm7/data --path /dev/nullb0
	on guest -- ioguest wait vm7/data --timeout 30
	until_ok 15 "the disk" guest test -b /dev/sio0
	refused iohyp 'in use|exported' iohyp blk create vm7/more \
		--path /dev/nullb0
	on guest -- mke2fs -q -t ext4 /dev/sio0
	on guest -- sh -ec 'mkdir -p /mnt/d; mount -t ext4 /dev/sio0 /mnt/d
	for i in 1 2 3 4; do
		(dd if=/dev/urandom of=/mnt/d/$i bs=256k count=24 conv=fsync \
			2>/dev/null) &
	done
	wait
	cd /mnt/d && sha256sum 1 2 3 4 >sums'
	refused iohyp 'using|unmount' iohyp blk remove vm7/data
	on guest -- sh -ec 'umount /mnt/d
	echo 3 >/proc/sys/vm/drop_caches
	mount -t ext4 /dev/sio0 /mnt/d
	cd /mnt/d && sha256sum -c sums && cd / && umount /mnt/d' ||
		fail "what was read is not what was written"
	on iohyp -- iohyp blk remove vm7/data
	until_ok 15 "the disk to go" guest sh -c '! test -b /dev/sio0'
	until_ok 15 "the device to be free" iohyp sh -c \
		'! iohyp show | grep -q "blk data"'
	on iohyp -- sh -c 'echo 0 >/sys/kernel/config/nullb/nullb0/power'
}

# dm-crypt under a disk, rules on the port, both gone with their device.
services()
{
	local text='a text that nobody else writes'

	on iohyp -- sh -ec 'echo 1 >/sys/kernel/config/nullb/nullb0/power
	umask 077; head -c 64 /dev/urandom >data.key
	echo "table netdev fw { chain in {
		type filter hook ingress device \$port priority 0
		tcp dport 8080 drop
	}; }" >web.nft'
	refused iohyp 'holds data: ext4' iohyp blk create vm7/data \
		--path /dev/nullb0 --encrypt --key-file data.key --format
	on iohyp -- wipefs -qa /dev/nullb0
	on iohyp -- iohyp blk create vm7/data --path /dev/nullb0 --encrypt \
		--key-file data.key --format
	on guest -- ioguest wait vm7/data --timeout 30
	until_ok 15 "the disk" guest test -b /dev/sio0
	on guest -- fio --name=verify --filename=/dev/sio0 --rw=randwrite \
		--bs=16k --size=16m --direct=1 --verify=crc32c >"$tmp/fio" ||
		fail "fio: $(<"$tmp/fio")"
	on guest -- sh -c "(echo '$text'; cat /dev/zero) |
		dd of=/dev/sio0 bs=4k count=1 iflag=fullblock oflag=direct"
	on iohyp -- sh -c "grep -q '$text' /dev/mapper/sio-vm7-data" ||
		fail "the text is not above the encryption"
	on iohyp -- sh -c "! grep -q '$text' /dev/nullb0" ||
		fail "the text is below the encryption"

	on guest -- sh -c 'echo hello >index.html && httpd -p 8080'
	until_ok 15 "the server" outside curl -sS -m 5 http://192.0.2.7:8080/
	on iohyp -- iohyp nic set vm7/web --firewall web.nft
	on iohyp -- iohyp show | grep 'rules of /root/web.nft' ||
		fail "the rules are not shown"
	refused outside 'timed out' sh -c \
		'curl -sS -m 2 http://192.0.2.7:8080/ || exit 1'

	on iohyp -- iohyp blk remove vm7/data
	on iohyp -- sh -c '! ls /dev/mapper | grep sio &&
		! dmsetup ls | grep sio' || fail "the mapping stays"
	on iohyp -- sh -c 'echo 0 >/sys/kernel/config/nullb/nullb0/power'
}

stage
lab up --engine qemu --kernel "$kernel" --add "$tmp/root"
lab ps
on iohyp -- sh -c 'uname -r && [ "$(nproc)" -ge 2 ]'
on guest -- sh -c 'uname -r && [ "$(nproc)" -ge 2 ]'
on iohyp -- modprobe splitio_be
on guest -- modprobe splitio_fe
connect
until_ok 20 "ping" guest ping -c 1 -W 1 192.0.2.1
on guest -- ping -q -c 50 -i 0.05 -W 2 192.0.2.1 | grep ' 0% packet loss' ||
	fail "packets lost on an idle link"
on guest -- ioguest show | grep '2 flows' || fail "not two flows"
iperf up -P 2
iperf down -P 2 -R
bad_input
disk
services
on iohyp -- iohyp show --stats >"$tmp/stats"
grep -E 'drop_(csum|vnet)' "$tmp/stats" && fail "packets found broken"

# Removal while packets are under way both ways.
on outside -- iperf3 -s -1 -D
until_ok 15 "iperf3" outside sh -c 'ss -Hltn sport = :5201 | grep -q .'
on guest -- sh -c 'iperf3 -c 192.0.2.1 -t 60 --bidir >/dev/null 2>&1 &'
until_ok 15 "traffic" guest sh -c \
	'a=$(cat /sys/class/net/web/statistics/tx_packets)
	 usleep 200000
	 [ "$(cat /sys/class/net/web/statistics/tx_packets)" -gt $((a + 20)) ]'
on iohyp -- iohyp nic remove vm7/web
on guest -- ioguest wait vm7/web --state gone --timeout 20
until_ok 10 "the NIC to go" guest sh -c '[ ! -e /sys/class/net/web ]'
until_ok 10 "the port to go" iohyp sh -c '[ ! -e /sys/class/net/sio-web ]'
on iohyp -- sh -c '! nft list tables | grep sio' || fail "the rules stay"

# Again, and this time the whole session goes under traffic.
on iohyp -- iohyp nic create vm7/web --uplink eth0
on guest -- ioguest wait vm7/web --timeout 30
on guest -- ip addr add 192.0.2.7/24 dev web
on guest -- ip link set web up
until_ok 20 "ping" guest ping -c 1 -W 1 192.0.2.1
on guest -- sh -c 'ping -q -f -w 30 192.0.2.1 >/dev/null 2>&1 &'
on guest -- ioguest disconnect vm7
until_ok 10 "the NIC to go" guest sh -c '[ ! -e /sys/class/net/web ]'
on iohyp -- iohyp guest remove vm7 --force
on iohyp -- iohyp link remove eth1
on guest -- modprobe -r splitio_fe
on iohyp -- modprobe -r splitio_be
on guest -- sh -c '! lsmod | grep splitio' || fail "still loaded"
on iohyp -- sh -c '! lsmod | grep splitio' || fail "still loaded"
lab scan || fail "trouble in a kernel log"
echo "all held on $kernel, $SECONDS s"
