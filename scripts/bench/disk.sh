# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The disk beside NVMe/TCP and NBD on the same null_blk, for scripts/bench.sh.
#
# local  the null_blk itself, at the iohyp
# sio    iohyp blk create, /dev/sio0 in the guest
# nvme   the kernel's target and host, one I/O queue, no digests
# nbd    nbd-server and nbd-client, one connection

# shellcheck disable=SC2016 # what is expanded is expanded over there
# shellcheck disable=SC2154 # secs and out are the bench's
DISK_NQN=nqn.2026-01.splitio:bench

# cmd WAY HOST COMMAND: execute it there, and keep it for the report.
cmd()
{
	local who=$2

	grep -qxF "$1 $2# $3" "$out/commands" || echo "$1 $2# $3" >>"$out/commands"
	case $who in
	iohyp) h sh -ec "$3" ;;
	guest) g sh -ec "$3" ;;
	esac >/dev/null
}

disk_setup()
{
	local nvmet=/sys/kernel/config/nvmet

	: >"$out/commands"
	h sh -ec 'mountpoint -q /sys/kernel/config ||
		mount -t configfs none /sys/kernel/config'
	cmd local iohyp 'modprobe null_blk nr_devices=0; cd /sys/kernel/config/nullb; mkdir nullb0; cd nullb0; echo 256 >size; echo 1 >memory_backed; echo 1 >power'
	cmd nvme iohyp "cd $nvmet; mkdir subsystems/$DISK_NQN subsystems/$DISK_NQN/namespaces/1 ports/1; echo 1 >subsystems/$DISK_NQN/attr_allow_any_host; echo -n /dev/nullb0 >subsystems/$DISK_NQN/namespaces/1/device_path"
	cmd nvme iohyp "cd $nvmet/ports/1; echo tcp >addr_trtype; echo ipv4 >addr_adrfam; echo 10.77.0.1 >addr_traddr; echo 4420 >addr_trsvcid; ln -s ../../subsystems/$DISK_NQN subsystems/$DISK_NQN"
	cmd nbd iohyp 'printf "[generic]\nuser = root\ngroup = root\n[bench]\nexportname = /dev/nullb0\nfilesize = 268435456\n" >/tmp/nbd.conf'
}

# disk_enter WAY: sets disk, and who has it
disk_enter()
{
	who=g
	case $1 in
	local) who=h disk=/dev/nullb0 ;;
	sio)
		cmd sio iohyp 'iohyp blk create vm7/data --path /dev/nullb0'
		disk=/dev/sio0
		;;
	nvme)
		cmd nvme iohyp "echo 1 >/sys/kernel/config/nvmet/subsystems/$DISK_NQN/namespaces/1/enable"
		cmd nvme guest "echo transport=tcp,traddr=10.77.0.1,trsvcid=4420,nqn=$DISK_NQN,nr_io_queues=1 >/dev/nvme-fabrics"
		disk=/dev/nvme0n1
		;;
	nbd)
		cmd nbd iohyp 'nbd-server -C /tmp/nbd.conf -p /tmp/nbd.pid'
		wait_for 10 "nbd-server" h sh -c 'ss -Hltn sport = :10809 | grep -q .'
		cmd nbd guest 'nbd-client -N bench -b 512 10.77.0.1 /dev/nbd0'
		disk=/dev/nbd0
		;;
	esac
	wait_for 10 "the disk ($1)" "$who" test -b "$disk"
}

disk_leave()
{
	case $1 in
	sio)
		h iohyp blk remove vm7/data >/dev/null
		wait_for 10 "the disk to go" g sh -c '! test -b /dev/sio0'
		wait_for 10 "the disk to close" h sh -c \
			'! iohyp show | grep -q vm7/data'
		;;
	nvme)
		g sh -c 'echo 1 >/sys/class/nvme/nvme0/delete_controller'
		h sh -c 'echo 0 >"/sys/kernel/config/nvmet/subsystems/$0/namespaces/1/enable"' "$DISK_NQN"
		;;
	nbd)
		g nbd-client -d /dev/nbd0 >/dev/null
		h sh -c 'kill "$(cat /tmp/nbd.pid)"'
		wait_for 10 "nbd-server to end" h sh -c \
			'! ss -Hltn sport = :10809 | grep -q .'
		;;
	esac
}

# disk_fio WHAT FIO-OPTIONS: IOPS
disk_fio()
{
	local iops

	iops=$(LAB_RUN_TIMEOUT=$((secs + 20)) "$who" fio --name=x \
		--filename="$disk" --direct=1 --ioengine=libaio \
		--runtime="$secs" --time_based --output-format=json "${@:2}" |
		jq '.jobs[0] | .read.iops + .write.iops | floor') ||
		fail "fio ends with status $? for $1 ($disk)"
	[[ ${iops:-0} -gt 0 ]] || fail "no figure for $1 ($disk)"
	echo "$way $1 $iops" >>"$out/disk"
}

disk_measure()
{
	local way=$1 disk who

	disk_enter "$way"
	disk_fio read_4k_qd1 --rw=randread --bs=4k --iodepth=1
	disk_fio write_4k_qd1 --rw=randwrite --bs=4k --iodepth=1
	disk_fio read_4k_qd32 --rw=randread --bs=4k --iodepth=32
	disk_fio write_4k_qd32 --rw=randwrite --bs=4k --iodepth=32
	disk_fio read_128k --rw=read --bs=128k --iodepth=8
	disk_fio write_128k --rw=write --bs=128k --iodepth=8
	disk_leave "$way"
}

# Rows for bench.json, on standard output. A peer that is far below what it
# should reach beside the local disk measured something else: no verdict then.
disk_rows()
{
	jq -Rn --arg lab "$1" --arg secs "$secs" \
		--rawfile commands "$out/commands" '
def median: sort | .[(length / 2 | floor)];
[inputs | split(" ") | {way: .[0], what: .[1], v: (.[2] | tonumber)}] as $all |
def get($way; $what): [$all[] | select(.way == $way and .what == $what) | .v] |
	median;
{ "read_4k_qd1": "--rw=randread --bs=4k --iodepth=1",
  "write_4k_qd1": "--rw=randwrite --bs=4k --iodepth=1",
  "read_4k_qd32": "--rw=randread --bs=4k --iodepth=32",
  "write_4k_qd32": "--rw=randwrite --bs=4k --iodepth=32",
  "read_128k": "--rw=read --bs=128k --iodepth=8",
  "write_128k": "--rw=write --bs=128k --iodepth=8" } as $fio |
{ "nvme": { "read_4k_qd1": 0.033, "read_4k_qd32": 0.284, "read_128k": 0.062,
	    "write_128k": 0.119 },
  "nbd": { "read_4k_qd1": 0.026, "read_4k_qd32": 0.122, "read_128k": 0.048 }
} as $known |
[("read_4k_qd1", "write_4k_qd1", "read_4k_qd32", "write_4k_qd32", "read_128k",
  "write_128k") as $what | ("nvme", "nbd") as $peer |
 get("sio"; $what) as $ours | get($peer; $what) as $theirs |
 get("local"; "read_4k_qd1") as $local |
 ($ours / $theirs * 100 | round / 100) as $ratio |
 (if $peer == "nvme" and ($what | endswith("qd32")) then 1.0 else null end)
	as $target |
 (($known[$peer][$what] // 0) * 0.6 > $theirs / $local) as $slow |
 {name: "blk_\($what)", lab: $lab, ours: $ours, peer: $peer,
  peer_cmd: "fio --direct=1 --ioengine=libaio --runtime=\($secs) \($fio[$what]), IOPS; \([$commands | split("\n")[] | select(startswith($peer + " ")) | ltrimstr($peer + " ")] | join("; "))",
  peer_value: $theirs, ratio: $ratio, target: $target,
  ok: ($slow or $target == null or $ratio >= $target),
  why: (if $slow then "no verdict: the peer is slower than it should be here"
	elif $target == null then "no target yet"
	elif $ratio >= $target then "at least \($target) of the peer"
	else "below \($target) of the peer" end)}]' <"$out/disk"
}
